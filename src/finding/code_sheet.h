// Numbered lines of one file, indexed by what they say: where a quote is looked for. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/units.h"

namespace assize {

// Code without white space and invisible characters: what quotes are compared by.
std::string fold_code(std::string_view text);

// A quote as it may stand in the file: each line in the forms that it has with and without what reviewers put before
// it.
struct Quote {
  struct Line {
    std::vector<std::string> forms;  // folded; the most literal first
  };
  std::vector<Line> lines;  // without blank ones and those that say nothing ("}")
  bool empty() const { return lines.empty(); }
};
Quote read_quote(std::string_view text);

struct QuoteMatch {
  LineRange lines;
  bool near = false;    // within the window around the line asked for
  bool unique = false;  // the only place (where the rest of the quote follows)
};

class CodeSheet {
 public:
  // Numbers must rise.
  void add(std::uint32_t number, std::string_view text);
  void index();  // after the last add()

  bool empty() const { return numbers_.empty(); }
  // First and last line of the sheet that lie in `lines`.
  std::optional<LineRange> within(LineRange lines) const;
  // Where the quote stands: the place nearest to `around` that matches best. Equal lines first, then lines that contain
  // the quoted one. Work: logarithmic in the sheet for equal lines, one scan otherwise.
  std::optional<QuoteMatch> find(const Quote& quote, std::optional<std::uint32_t> around, std::uint32_t window) const;
  // Whether a line equals the first of the quote.
  bool has_line(const Quote& quote) const;

 private:
  std::vector<std::size_t> equal_lines(std::string_view form, std::optional<std::uint32_t> around) const;
  std::vector<std::size_t> containing_lines(std::string_view form) const;
  std::size_t rest_matched(const Quote& quote, std::size_t at, std::size_t& last) const;
  std::string_view line(std::size_t i) const;

  std::vector<std::uint32_t> numbers_;
  std::vector<std::size_t> starts_;  // of each line in text_
  std::string text_;                 // folded lines, each with a newline
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_hash_;
};

}  // namespace assize
