// What the gate's rules stand on: who counts, whether enough of them have reviewed every part of the change, how they
// vote. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "trial/gate.h"

namespace assize {

// The reviewers that count are the declared model agents, but for those in the chair alone, optional ones that are not
// there, and, where the files are divided, those for whom no part was left.
struct Quorum {
  std::vector<const AgentReport*> reviewers;  // that count, in roster order
  std::size_t valid = 0;                      // of them, with a valid review of some part at least
  std::size_t min_reviews = 1;
  std::set<std::string_view> vendors;  // of the valid ones
  std::size_t min_vendors = 1;
  std::vector<std::string> failed;     // agents without any valid answer, by id; analysers among them
  std::vector<std::string> partial;    // reviewers with a valid answer about some parts only
  std::vector<std::string> cancelled;  // agents that were stopped because the run was
  std::size_t analysers_that_looked = 0;
};

Quorum take_quorum(const Outcome& outcome, const GateSettings& settings);

inline constexpr int kExitFail = 1;
inline constexpr int kExitInconclusive = 3;

// Whether any file of the change was put to the panel.
bool anything_shown(const Outcome& outcome);

// With DecideBy::vote: appends the panel's vote to the trace, and tightens the decision by it. No ballots make anything
// but a FAIL inconclusive; a vote for changes makes a PASS, a PARTIAL and an ESCALATE a FAIL. An offline panel, and one
// that was shown nothing, has no vote.
void apply_vote(Decision& decision, const Outcome& outcome, const GateSettings& settings);

// The first thing that is missing, as a sentence: reviews or vendors over the run or for a part of the change, or a
// hunk that too few cover, in all or in one lens. Empty: enough have reviewed everything.
std::optional<std::string> missing_reviews(const Outcome& outcome, const Quorum& quorum);

}  // namespace assize
