// The decision: rules over structured data, in a fixed order; the first that applies decides. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>

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

// Each valid reviewer's verdict recomputed from the groups that it raised and that are not unsupported: request_changes
// for a severity in fail_on, comment for any other above info, else approve. The majority decides, the stricter on a
// tie.
Vote take_vote(const Outcome& outcome, const GateSettings& settings);

// Decides over a complete outcome (everything but its decision is filled in).
Decision decide(const Outcome& outcome, const GateSettings& settings);

}  // namespace assize
