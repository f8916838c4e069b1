// How a run went, in sentences that every report for people has: rounds, depth, parts, lenses, budget, end. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/outcome.h"

namespace assize::report {

// One sentence each, in a fixed order; none for a run of which there is nothing to say: one round over one part, all of
// it done. Raw text: not escaped, not cleaned.
std::vector<std::string> procedure_of(const Outcome& outcome);

// What the run cost: over all calls where somebody kept account, else what the reviewers report; empty: not known.
std::string spent_text(const Outcome& outcome);

// Whether the reviewers' vote is what decided, or was to.
bool was_voted(const Outcome& outcome);

}  // namespace assize::report
