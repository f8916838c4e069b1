// For the layers that answer some calls themselves: keeps them until the next turn of the loop, since nothing may be
// answered from inside submit() or cancel().
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include "calls/port.h"
#include "sys/timers.h"

namespace assize {

inline CallError call_error_of(CallErrorKind kind, std::string message) {
  return CallError{kind, std::move(message), {}, {}, {}};
}

class Refusals {
 public:
  explicit Refusals(Timers& timers) : timers_(timers) {}

  // `done` gets an answer with this error and nothing else: no attempt, no charge.
  void add(CallId id, CallError error, std::function<void(Answer)> done) {
    Waiting& waiting = waiting_[id];
    waiting.error = std::move(error);
    waiting.done = std::move(done);
    waiting.turn = timers_.after(Millis(0), [this, id] {
      auto node = waiting_.extract(id);
      Answer answer;
      answer.error = std::move(node.mapped().error);
      node.mapped().done(std::move(answer));
    });
  }

  // It answers `cancelled` instead. False: it is none of these.
  bool cancel(CallId id) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return false;
    found->second.error = call_error_of(CallErrorKind::cancelled, "cancelled before it started");
    return true;
  }

 private:
  struct Waiting {
    CallError error;
    std::function<void(Answer)> done;
    Subscribed turn;
  };
  Timers& timers_;
  std::unordered_map<CallId, Waiting> waiting_;
};

}  // namespace assize
