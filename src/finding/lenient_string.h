// Strings of lenient JSON: where one ends although quotes stand inside it, and what it says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "finding/lenient_json.h"

namespace assize {

// Bytes of the quotation mark that stands at `pos` (", ', or a typographic one), 0 when there is none.
std::size_t lenient_quote_at(std::string_view text, std::size_t pos);

// Whether what follows `pos` can follow a value or a key: a comma, a colon, a closing bracket, a comment, the end, or a
// quote on a later line (a forgotten comma).
bool ends_lenient_value(std::string_view text, std::size_t pos);

struct StringScan {
  bool closed = false;
  std::size_t stop = 0;  // after the closing quote, or the end of the text
};

// Decodes the string whose opening quote is at `pos` onto `out`. A quote of the same family that nothing of
// ends_lenient_value() follows is part of the string. What is appended is valid wherever the text is.
StringScan scan_lenient_string(std::string_view text, std::size_t pos, std::string& out, JsonRepairs& repairs);

}  // namespace assize
