// Makes text from outside (agents, file names, programs) safe to show. What comes out is valid UTF-8 that moves no
// cursor, hides nothing and is no longer than asked. What a format escapes beyond that is its own business.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assize::report {

// How much of one string a report for people shows. The reader caps titles at 300 and details at 8,000 bytes already;
// these hold for outcomes that came another way. What was cut ends in "…".
inline constexpr std::size_t kTitleBytes = 300;
inline constexpr std::size_t kDetailBytes = 8'000;
inline constexpr std::size_t kCodeBytes = 400;
inline constexpr std::size_t kPathBytes = 1'024;
inline constexpr std::size_t kMessageBytes = 1'000;

// One line: newlines, tabs and runs of spaces become one space; trimmed.
std::string inert_line(std::string_view text, std::size_t max_bytes);

// Several lines: \n stays, a tab becomes four spaces, trailing white space goes.
std::string inert_text(std::string_view text, std::size_t max_bytes);

struct CodePoint {
  char32_t code = 0;
  std::size_t length = 1;  // bytes
};
// The first character of valid UTF-8 that is not empty.
CodePoint first_code_point(std::string_view valid);

}  // namespace assize::report
