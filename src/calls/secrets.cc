#include "calls/secrets.h"

#include <algorithm>
#include <utility>

namespace assize {

Secrets::Secrets(std::vector<std::string> values) : values_(std::move(values)) {
  std::erase_if(values_, [](const std::string& value) { return value.size() < kShortestSecret; });
  std::sort(values_.begin(), values_.end(),
            [](const std::string& one, const std::string& other) { return one.size() > other.size(); });
}

std::string Secrets::hide(std::string_view text) const {
  std::string out(text);
  for (const std::string& value : values_) {
    auto found = out.find(value);
    if (found == std::string::npos) continue;
    std::string clean;
    std::size_t from = 0;
    for (; found != std::string::npos; found = out.find(value, from)) {
      clean.append(out, from, found - from);
      clean += kHidden;
      from = found + value.size();
    }
    clean.append(out, from, std::string::npos);
    out = std::move(clean);
  }
  return out;
}

std::string Secrets::next(std::string_view bytes) {
  if (values_.empty()) return std::string(bytes);
  held_ += bytes;
  held_ = hide(held_);
  const std::size_t keep = std::min(held_.size(), values_.front().size() - 1);
  std::string out = held_.substr(0, held_.size() - keep);
  held_.erase(0, out.size());
  return out;
}

std::string Secrets::rest() {
  return hide(std::exchange(held_, {}));
}

}  // namespace assize
