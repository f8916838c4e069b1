// The blocking Caller over the outermost port: submits all calls, turns the event loop until all have answered.
#pragma once

#include <memory>

#include "calls/caller.h"
#include "calls/port.h"
#include "core/observer.h"
#include "sys/event_loop.h"
#include "sys/interrupts.h"

namespace assize {

class LoopCaller final : public Caller {
 public:
  // REQUIRES: all outlive it; `observer` (told of call_finished) and `interrupts` may be null.
  LoopCaller(EventLoop& loop, CallPort& port, Observer* observer, Interrupts* interrupts);

  // On the first signal every call is cancelled; they answer `cancelled`, and so does whatever is asked from then on.
  std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) override;

 private:
  EventLoop& loop_;
  CallPort& port_;
  Observer* observer_;
  Interrupts* interrupts_;
};

}  // namespace assize
