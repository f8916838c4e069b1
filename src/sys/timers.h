// Time as the layers above the event loop see it: a monotonic clock and one-shot timers. The event loop implements it
// with real time, FakeTimers (sys/fake_timers.h) with a clock that a test moves by hand.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "core/units.h"

namespace assize {

using Moment = std::chrono::steady_clock::time_point;  // monotonic

// What keeps a timer or a watch alive: the object is the subscription, and destroying it is how one unsubscribes. It
// may be destroyed from inside its own callback. Must not outlive the loop that it came from.
class Subscription {
 public:
  Subscription() = default;
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  virtual ~Subscription() = default;
};
using Subscribed = std::unique_ptr<Subscription>;

class Timers {
 public:
  virtual ~Timers() = default;
  virtual Moment now() const = 0;
  // Runs `fire` once, from the loop, not before `when`; timers that are due together run in the order of their moments.
  [[nodiscard]] virtual Subscribed at(Moment when, std::function<void()> fire) = 0;
  [[nodiscard]] Subscribed after(Millis wait, std::function<void()> fire) { return at(now() + wait, std::move(fire)); }
};

}  // namespace assize
