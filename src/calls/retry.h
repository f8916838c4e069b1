// Asks again when an attempt failed in a way that another may mend (is_retryable). `timeout` of the call bounds all
// attempts and the waits between them; time in a queue below does not count.
#pragma once

#include <functional>
#include <memory>

#include "calls/port.h"
#include "core/observer.h"
#include "sys/timers.h"

namespace assize {

inline constexpr Millis kRetryBase{1'000};  // the first wait is drawn from 0..1 s, then 0..2 s, … (full jitter)
inline constexpr Millis kRetryCap{60'000};

using Jitter = std::function<double()>;  // uniform in [0, 1)
Jitter make_jitter(std::uint64_t seed);

// REQUIRES: `inner` and `timers` outlive it; `observer` may be null and is told of call_retry.
std::unique_ptr<CallPort> make_retry(CallPort& inner, Timers& timers, Jitter jitter, Observer* observer);

}  // namespace assize
