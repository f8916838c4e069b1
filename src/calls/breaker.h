// Stops asking a vendor whose quota is used up. After an answer `quota_exhausted` every later call on the same account
// (account_of) answers `quota_exhausted` at once, for as long as this lives: a run. Stands below Throttle, so that
// calls that wait there, or for another attempt, are stopped as well. Analysers and scripted answers are passed
// through.
#pragma once

#include <memory>

#include "calls/port.h"
#include "calls/vendor.h"
#include "sys/timers.h"

namespace assize {

// REQUIRES: `inner` and `timers` outlive it.
std::unique_ptr<CallPort> make_breaker(CallPort& inner, Timers& timers, VendorOf vendor_of);

}  // namespace assize
