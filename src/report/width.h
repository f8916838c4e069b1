// How many columns of a terminal a text takes, and wrapping by that measure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assize::report {

// Columns of valid UTF-8 without control characters: wide characters (CJK, emoji) take 2, combining marks 0.
int display_width(std::string_view text);

// Lines of at most `width` columns (at least 2). Breaks at spaces, which vanish there, and beside wide characters; a
// word that is longer than a line is cut, so that the terminal itself never wraps. Newlines break; never returns no
// line.
std::vector<std::string> wrap(std::string_view text, int width);

// At most `width` columns, with "…" when something was cut.
std::string cut_to_width(std::string_view text, int width);

}  // namespace assize::report
