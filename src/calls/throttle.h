// How many calls run at once, over all and per kind of agent. The others wait in the order in which they came.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "calls/port.h"
#include "sys/timers.h"

namespace assize {

struct ThrottleLimits {
  int max_parallel = 0;             // over all; 0: all at once
  int max_parallel_per_kind = 0;    // for kinds that are not named below; 0: all at once
  std::map<std::string, int> kind;  // "claude" -> 2; 0: all at once
};

// REQUIRES: `inner` and `timers` outlive it. Time spent waiting here is not counted by any limit of the call.
std::unique_ptr<CallPort> make_throttle(CallPort& inner, Timers& timers, ThrottleLimits limits);

}  // namespace assize
