// When an answer is worth one more call, and what becomes of the review then. Pure decisions: the prompt of the repair
// call and the call itself are the trial's.
#pragma once

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "finding/parse.h"

namespace assize {

// Whether the same agent is asked once to put its own text into the contract's form: the text may hold a review that
// could not be read (no_contract, malformed), or a clean one that does not say what it looked at (insubstantial).
// A refusal and an empty answer hold nothing to repair.
bool asks_for_repair(ReviewStatus status);

// Whether prose speaks of problems in code: places (file:line), or words of harm that are not denied.
bool names_problems(std::string_view prose);

enum class RepairResult {
  accepted,      // the repaired review stands
  failed,        // still not a readable review: what could be salvaged stays, without weight
  lost_content,  // came back empty although the text named problems: ask the review itself once more
};

struct RepairOutcome {
  RepairResult result = RepairResult::failed;
  ParsedReview review;
};

// `first` is what could be read from `first_text`; `second` was read from the repair call's answer, with
// ParseOptions::shown = what the agent was shown *in the review* (not the repair prompt, which holds its own text).
// Findings that were salvaged from the first answer and are not repeated stay, the worse severity of both stays, and so
// does the stricter verdict: a repair changes the form, never the judgement. Ids are given anew.
RepairOutcome merge_repair(const ParsedReview& first, std::string_view first_text, ParsedReview second);

// The review that was asked for once more after such a loss, with the findings and the verdict that could be read of
// the first: asking again is no way to make a finding go away.
ParsedReview merge_second_review(const ParsedReview& first, ParsedReview second);

// A valid review, and the answer to "you did not say whether you looked at these files": findings and checked files of
// both. An invalid second answer adds its findings and a warning, and covers nothing.
ParsedReview merge_rest(ParsedReview first, ParsedReview second);

}  // namespace assize
