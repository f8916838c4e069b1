#include "report/uri.h"

#include <algorithm>

#include "core/text.h"

namespace assize::report {

std::string percent_encode_path(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(path.size());
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || c == '/';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0x0FU];
    }
  }
  return out;
}

std::string relative_uri(std::string_view path) {
  if (path.empty()) return {};
  const auto parts = split(path, '/');
  const bool odd = std::any_of(parts.begin(), parts.end(),
                               [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
  return odd ? std::string() : percent_encode_path(path);
}

}  // namespace assize::report
