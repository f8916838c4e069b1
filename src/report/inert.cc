#include "report/inert.h"

#include <algorithm>

#include "core/text.h"

namespace assize::report {

namespace {

// What is far over the cap is cut before it is cleaned, so that the cost follows the cap and not the input. A character
// that is removed can be 4 bytes long, hence the factor; what remains is cut to the cap exactly.
std::string clean(std::string_view text, std::size_t max_bytes, Newlines newlines) {
  constexpr std::size_t kSlack = 4;
  const std::string near = cap_bytes(text, max_bytes * kSlack);
  return strip_controls(to_valid_utf8(near), newlines);
}

}  // namespace

std::string inert_line(std::string_view text, std::size_t max_bytes) {
  const std::string cleaned = clean(text, max_bytes, Newlines::to_space);
  std::string line;
  line.reserve(cleaned.size());
  for (const char c : cleaned) {
    if (c != ' ' && c != '\t') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return cap_bytes(line, max_bytes);
}

std::string inert_text(std::string_view text, std::size_t max_bytes) {
  const std::string cleaned = clean(text, max_bytes, Newlines::keep);
  std::string out;
  out.reserve(cleaned.size());
  for (const std::string_view line : split_lines(cleaned)) {
    for (const char c : line) {
      if (c == '\t') {
        out += "    ";
      } else {
        out += c;
      }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return cap_bytes(out, max_bytes);
}

CodePoint first_code_point(std::string_view valid) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(valid[i])); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = std::min<std::size_t>(lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2, valid.size());
  char32_t code = lead & (length == 4 ? 0x07U : length == 3 ? 0x0FU : 0x1FU);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (byte(i) & 0x3FU);
  return {code, length};
}

}  // namespace assize::report
