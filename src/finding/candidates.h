// Finds the JSON values that may be what was asked for (a review, stances, verdicts) in an agent's answer: the whole
// text, fenced blocks, objects and arrays in prose. Linear: what is looked at twice is bounded by a budget, and running
// out of it is told.
#pragma once

#include <array>
#include <functional>
#include <string_view>
#include <vector>

#include "finding/lenient_json.h"
#include "finding/shapes.h"

namespace assize {

// What is looked for: how it is found in a JSON value, and how its text is known without reading it.
struct AnswerForm {
  std::function<std::vector<Shape>(JsonRef root)> shapes;  // in the order of the text
  std::array<std::string_view, 2> keys;   // used as keys, they show that a text was meant to be one; empty: none
  std::array<std::string_view, 2> marks;  // in lower case, folded (echo.h): text in this form holds one; empty: none
  // What is compared with what was shown item by item too, in any order of its keys. Unset: whole reviews only.
  std::function<bool(JsonRef item)> is_item;
};
const AnswerForm& review_form();

struct Candidate {
  JsonParse parse;
  std::vector<Shape> shapes;  // never empty
};

struct Candidates {
  std::vector<Candidate> found;   // in the order of the text
  bool empty_list_alone = false;  // the whole text, or a whole fenced block, is []
  bool broken_contract = false;   // text that was begun like a review could not be read
  bool gave_up = false;           // the budget ran out, or there were too many: not all of the text was read
};

// Values that nobody reads further: so many reviews in one answer are an attack on our time.
inline constexpr std::size_t kMaxCandidates = 256;

Candidates find_candidates(std::string_view text, JsonReader& reader, const AnswerForm& form);

}  // namespace assize
