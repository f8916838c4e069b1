#include "finding/echo.h"

#include <cstring>

#include "core/text.h"

namespace assize {

namespace {

// "  42 + code" and "42 | code": numbered lines as prompts show them.
std::string_view without_number(std::string_view line) {
  std::size_t i = line.find_first_not_of(" \t");
  if (i == std::string_view::npos) return {};
  const std::size_t digits = i;
  while (i < line.size() && line[i] >= '0' && line[i] <= '9') ++i;
  const bool is_number = i > digits && i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '|');
  return is_number ? line.substr(i) : line;
}

bool is_dropped(char c) {
  return std::strchr(" \t\r\n\f\v\"'\\`+-#/*|", c) != nullptr;  // also NUL, as strchr finds the terminator
}

}  // namespace

std::string copy_invariant(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::string_view line : split_lines(text)) {
    for (const char c : without_number(line)) {
      if (!is_dropped(c)) folded += c;
    }
  }
  return folded;
}

bool EchoDetector::occurs(std::string_view part) {
  if (shown_.empty()) return false;
  if (!is_folded_) {
    folded_ = copy_invariant(shown_);
    is_folded_ = true;
    work_ += shown_.size();
  }
  const std::string needle = copy_invariant(part);
  if (needle.empty()) return false;
  work_ += folded_.size();
  // memmem is linear (two-way search); std::string::find is not.
  return memmem(folded_.data(), folded_.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace assize
