// The blocking Caller over the outermost port: submits all calls, turns the event loop until all have answered.
#pragma once

#include <vector>

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
  // Calls that the grace ends are cancelled too; what they then answer is made `timed_out`, `cut`, with its text kept.
  std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) override;

  // Cancels what is under way and whatever is asked from then on. May be called from any callback of the loop.
  void cancel_all();

 private:
  struct Asking;
  void arrived(Asking& asking, std::size_t index, Answer answer);
  void start_grace(Asking& asking, Millis grace);
  void cancel_open(Asking& asking);

  EventLoop& loop_;
  CallPort& port_;
  Observer* observer_;
  Interrupts* interrupts_;
  Asking* asking_ = nullptr;  // what is under way
  bool cancelled_ = false;
};

}  // namespace assize
