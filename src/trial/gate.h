// The decision: rules over structured data, in a fixed order; the first that applies decides. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/outcome.h"

namespace assize {

enum class UnverifiedPolicy { escalate, fail, ignore };
enum class UnreviewedPolicy { risky, report, fail };
enum class OfflineExit { zero, three };  // exit code of a PARTIAL by rules alone
enum class Strict { no, yes };
enum class DecideBy { gate, vote };  // a vote can only tighten what the gate says

// Defaults from the specification of the gate.
struct GateSettings {
  std::set<Severity> fail_on = {Severity::critical, Severity::high};
  std::optional<std::size_t> min_reviews;  // default: half of the declared required reviewers, rounded up, at least 1
  std::optional<std::size_t> min_vendors;  // default: min(2, distinct vendors declared)
  UnverifiedPolicy unverified = UnverifiedPolicy::escalate;
  UnreviewedPolicy unreviewed = UnreviewedPolicy::risky;
  std::set<Severity> escalate_on;  // off while empty
  std::size_t escalate_threshold = 1;
  int escalate_exit = 4;
  OfflineExit offline_exit = OfflineExit::three;
  Strict strict = Strict::no;
  DecideBy decide_by = DecideBy::gate;
};

// The lenses that an agent was dealt: the words of AgentReport::lens between its commas.
std::vector<std::string_view> lenses_of(const AgentReport& agent);

// A valid review of all parts that it was asked about, or of some: it counts where it is valid.
bool has_valid_review(const AgentReport& agent);

// The verdict of each reviewer with a valid review, recomputed from the groups that it raised and that are not
// unsupported: request_changes for a severity in fail_on, comment for any other above info, else approve. The verdict
// with the most ballots decides, the stricter on a tie.
Vote take_vote(const Outcome& outcome, const GateSettings& settings);

// Decides over a complete outcome (everything but its decision is filled in). With DecideBy::vote the panel's vote is
// the trace's last step: it fires only when it tightens the decision, and then is the one step that fired.
Decision decide(const Outcome& outcome, const GateSettings& settings);

}  // namespace assize
