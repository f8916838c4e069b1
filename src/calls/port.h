// What the layers below the Caller are made of: the asynchronous form of one call. Each concern (Retry, Throttle, …) is
// a CallPort around the next one; LoopCaller turns the outermost into a blocking Caller. One thread, one event loop.
#pragma once

#include <cstdint>
#include <functional>

#include "core/call.h"

namespace assize {

using CallId = std::uint64_t;

class CallPort {
 public:
  virtual ~CallPort() = default;

  // Starts a call. `done` runs exactly once, from the event loop, never from inside submit() or cancel(). `call` and
  // whatever it points to must live until then. Answer::attempts counts what was begun: 0 says that the agent was never
  // asked, and that nothing was spent.
  virtual CallId submit(const Call& call, std::function<void(Answer)> done) = 0;

  // Stops a call that has not answered: its `done` runs (from the loop) with the error `cancelled` and what came so
  // far, after nothing of its process is left. Unknown ids are ignored.
  virtual void cancel(CallId id) = 0;
};

}  // namespace assize
