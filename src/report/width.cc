#include "report/width.h"

#include <algorithm>

#include "core/text.h"
#include "report/inert.h"
#include "report/width_table.h"

namespace assize::report {

namespace {

template <std::size_t N>
bool in(const std::array<CodeRange, N>& ranges, char32_t code) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), code,
                                      [](char32_t value, const CodeRange& range) { return value < range.first; });
  return after != ranges.begin() && code <= std::prev(after)->last;
}

int columns(char32_t code) {
  if (code < 0x300) return 1;  // the first combining mark is U+0300
  if (in(kZeroWidth, code)) return 0;
  return in(kWide, code) ? 2 : 1;
}

void wrap_line(std::string_view text, int width, std::vector<std::string>& lines) {
  std::size_t start = 0;       // of the line being filled
  std::size_t break_end = 0;   // the line ends here if it must break …
  std::size_t break_next = 0;  // … and the next one starts here; 0: no place to break yet
  int used = 0;                // columns from start
  int used_at_next = 0;        // columns from start to break_next
  bool after_wide = false;
  std::size_t i = 0;
  while (i < text.size()) {
    const CodePoint here = first_code_point(text.substr(i));
    const int cells = columns(here.code);
    const bool space = here.code == ' ';
    if (!space && (cells == 2 || after_wide) && cells > 0 && i > start && text[i - 1] != ' ') {
      break_end = break_next = i;
      used_at_next = used;
    }
    if (used + cells > width && !space) {
      if (break_next <= start) {
        break_end = break_next = i;
        used_at_next = used;
      }
      lines.emplace_back(text.substr(start, break_end - start));
      start = break_next;
      used -= used_at_next;
    }
    if (space) {
      // Spaces before a break vanish, also when they stand beyond the edge.
      if (i == 0 || text[i - 1] != ' ') break_end = i;
      break_next = i + 1;
      used_at_next = used + 1;
    }
    used += cells;
    after_wide = cells == 2 || (cells == 0 && after_wide);
    i += here.length;
  }
  std::string_view rest = text.substr(start);
  while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  if (!rest.empty() || text.empty() || start == 0) lines.emplace_back(rest);
}

}  // namespace

int display_width(std::string_view text) {
  int total = 0;
  while (!text.empty()) {
    const CodePoint here = first_code_point(text);
    total += columns(here.code);
    text.remove_prefix(here.length);
  }
  return total;
}

std::vector<std::string> wrap(std::string_view text, int width) {
  std::vector<std::string> lines;
  for (const std::string_view line : split_lines(text)) wrap_line(line, std::max(width, 2), lines);
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string cut_to_width(std::string_view text, int width) {
  if (static_cast<int>(text.size()) <= width || display_width(text) <= width) return std::string(text);
  int used = 1;  // the mark
  std::size_t i = 0;
  while (i < text.size()) {
    const CodePoint here = first_code_point(text.substr(i));
    used += columns(here.code);
    if (used > width) break;
    i += here.length;
  }
  return std::string(text.substr(0, i)) + "…";
}

}  // namespace assize::report
