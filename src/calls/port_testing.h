// For the tests of the layers: a port that answers when the test says so, and a place where answers are kept.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calls/port.h"
#include "calls/vendor.h"
#include "sys/fake_timers.h"

namespace assize {

// Remembers what is asked of it; the test answers.
class ScriptedPort final : public CallPort {
 public:
  explicit ScriptedPort(FakeTimers& timers) : timers_(timers) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    started.push_back(call.agent->id);
    timeouts.push_back(call.limits.timeout ? call.limits.timeout->count() : -1);
    times.push_back(std::chrono::duration_cast<Millis>(timers_.now().time_since_epoch()).count());
    open[id] = std::move(done);
    return id;
  }
  void cancel(CallId id) override {
    cancelled.push_back(id);
    if (!when_cancelled || open.count(id) == 0) return;
    turns.push_back(timers_.after(Millis(0), [this, id] {
      if (open.count(id) != 0) answer(id, *when_cancelled);
    }));
  }

  void answer(CallId id, Answer answer) {
    auto done = std::move(open.extract(id).mapped());
    done(std::move(answer));
  }

  std::map<CallId, std::function<void(Answer)>> open;
  std::vector<std::string> started;
  std::vector<long> timeouts, times;
  std::vector<CallId> cancelled;
  std::optional<Answer> when_cancelled;  // what a cancelled call answers on the next turn; nothing: as the test says
  std::vector<Subscribed> turns;

 private:
  FakeTimers& timers_;
  CallId next_ = 1;
};

// Kinds stand for vendors in these tests.
inline std::string kind_is_vendor(const AgentSpec& spec) {
  return spec.kind;
}

inline Call call_of(std::string id, std::string kind, CallLimits limits = {}) {
  auto spec = std::make_shared<AgentSpec>();
  spec->id = std::move(id);
  spec->kind = std::move(kind);
  Call call;
  call.agent = std::move(spec);
  call.limits = limits;
  return call;
}

inline Answer good(std::string text, Millis duration = Millis(0)) {
  Answer answer;
  answer.text = std::move(text);
  answer.attempts = 1;
  answer.duration = duration;
  return answer;
}

inline Answer bad(CallErrorKind kind, Millis duration = Millis(0), std::optional<Millis> retry_after = {}) {
  Answer answer;
  answer.error = CallError{kind, "", {}, {}, retry_after};
  answer.attempts = 1;
  answer.duration = duration;
  answer.usage.input_tokens = 10;
  return answer;
}

struct Got {
  std::vector<std::string> order;
  std::map<std::string, Answer> answers;
  std::function<void(Answer)> as(std::string name) {
    return [this, name](Answer answer) {
      order.push_back(name);
      answers[name] = std::move(answer);
    };
  }
};

}  // namespace assize
