// Recognises the forms in which reviewers give findings: the contract, MCO's, AI Jury's array, codex's; and reads one
// item of any of them. Field names tell the forms apart, so a mixed answer is read as well.
#pragma once

#include <string>
#include <vector>

#include "core/finding.h"
#include "core/outcome.h"
#include "finding/lenient_json.h"

namespace assize {

enum class ShapeKind {
  review,  // an object with "findings"
  list,    // an array of findings
  single,  // one finding on its own
};
struct Shape {
  ShapeKind kind = ShapeKind::review;
  JsonRef value;
};

// The reviews in a JSON value: itself, or what it wraps. In the order of the text.
std::vector<Shape> find_shapes(JsonRef root);
// Findings that stand in a review object under another key than "findings".
std::vector<Shape> find_other_shapes(JsonRef review);

// What an item lacked or had wrong, for one warning over all items.
struct ItemNotes {
  std::size_t guessed_severities = 0;
  std::size_t clamped_confidences = 0;
};

// A finding from one item of a list (an object, or a string that is its title). An empty title: there is none, which
// makes it no finding. Agent, id and raw_ref are left to the caller.
Finding read_item(JsonRef item, ItemNotes& notes);

// Parts of a review object; all may be missing.
struct StatedVerdict {
  std::optional<Verdict> value;  // the strictest that is stated; request_changes for words that are not understood
  bool unknown = false;          // such words were there
};
StatedVerdict verdict_of(JsonRef review);
std::string summary_of(JsonRef review);
std::vector<std::string> checked_of(JsonRef review);  // normalised, in order, without repeats

}  // namespace assize
