// How many calls run at once, over all and per vendor. The others wait in the order in which they came. A vendor that
// said when it wants to be asked again (Retry-After) is left alone until then, if that is soon.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "calls/port.h"
#include "calls/vendor.h"
#include "sys/timers.h"

namespace assize {

struct ThrottleLimits {
  int max_parallel = 0;               // over all; 0: all at once
  int max_parallel_per_vendor = 0;    // for vendors that are not named below; 0: all at once
  std::map<std::string, int> vendor;  // "anthropic" -> 2; 0: all at once
};

// A longer Retry-After is left to each call: better a quick failure than a queue that stands still (Retry's longest
// wait of its own).
inline constexpr Millis kLongestHold{60'000};

// REQUIRES: `inner` and `timers` outlive it. Time spent waiting here is not counted by the call's own timeout.
std::unique_ptr<CallPort> make_throttle(CallPort& inner, Timers& timers, ThrottleLimits limits, VendorOf vendor_of);

}  // namespace assize
