// Keeps a run within its time, tokens and money. Refuses what can no longer be afforded, and stops what outlasts the
// run or its phase; both answer `budget_exhausted`. The outermost layer below the Caller.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "calls/port.h"
#include "calls/vendor.h"
#include "sys/timers.h"

namespace assize {

struct BudgetLimits {
  std::optional<Millis> total;  // of the run; it begins when the port is made
  std::optional<Millis> phase;  // of each phase of each round; review and repair are one. Begins with its first call
  std::optional<std::uint64_t> max_tokens;
  std::optional<double> max_cost_usd;
};

// However little is left of a run or a phase, a call that is begun gets this long.
inline constexpr Millis kLeastTime{1'000};

// Time is counted over everything that happens to a call: queues, attempts, the waits between them. Its own timeout is
// kept further down, and does not run while it waits in a queue.
//
// Tokens and money: expected_charge() is set aside when a call is submitted, in the order of submission, so that which
// of many are refused depends on nothing else; the answer's `charged` (set below, see make_meter) replaces it.
// Analysers and scripted answers cost nothing and are bound by time alone.
//
// REQUIRES: `inner` and `timers` outlive it.
std::unique_ptr<CallPort> make_budget(CallPort& inner, Timers& timers, BudgetLimits limits, VendorOf vendor_of);

}  // namespace assize
