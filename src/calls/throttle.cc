#include "calls/throttle.h"

#include <list>
#include <unordered_map>
#include <utility>

namespace assize {
namespace {

class Throttle final : public CallPort {
 public:
  Throttle(CallPort& inner, Timers& timers, ThrottleLimits limits)
      : inner_(inner), timers_(timers), limits_(std::move(limits)) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    waiting_.push_back(Waiting{id, &call, std::move(done)});
    start_what_fits();
    return id;
  }

  void cancel(CallId id) override {
    if (const auto found = running_.find(id); found != running_.end()) return inner_.cancel(found->second);
    for (Waiting& waiting : waiting_) {
      if (waiting.id != id || waiting.cancelled) continue;
      waiting.cancelled = timers_.after(Millis(0), [this, id] { answer_cancelled(id); });
      return;
    }
  }

 private:
  struct Waiting {
    CallId id = 0;
    const Call* call = nullptr;
    std::function<void(Answer)> done;
    Subscribed cancelled;  // set: it will answer on the next turn of the loop
  };

  int limit_of(const std::string& kind) const {
    const auto named = limits_.kind.find(kind);
    return named != limits_.kind.end() ? named->second : limits_.max_parallel_per_kind;
  }

  bool fits(const std::string& kind) const {
    if (limits_.max_parallel > 0 && static_cast<int>(running_.size()) >= limits_.max_parallel) return false;
    const int limit = limit_of(kind);
    if (limit <= 0) return true;
    const auto count = per_kind_.find(kind);
    return count == per_kind_.end() || count->second < limit;
  }

  void start_what_fits() {
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (limits_.max_parallel > 0 && static_cast<int>(running_.size()) >= limits_.max_parallel) return;
      const std::string& kind = it->call->agent->kind;
      if (it->cancelled || !fits(kind)) {
        ++it;
        continue;
      }
      const CallId id = it->id;
      const Call& call = *it->call;
      auto done = std::move(it->done);
      it = waiting_.erase(it);
      ++per_kind_[kind];
      running_[id] = inner_.submit(call, [this, id, kind = kind, done = std::move(done)](Answer answer) {
        running_.erase(id);
        --per_kind_[kind];
        start_what_fits();
        done(std::move(answer));
      });
    }
  }

  void answer_cancelled(CallId id) {
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (it->id != id) continue;
      const auto done = std::move(it->done);
      waiting_.erase(it);
      Answer answer;
      answer.error = CallError{CallErrorKind::cancelled, "cancelled before it started", {}, {}, {}};
      return done(std::move(answer));
    }
  }

  CallPort& inner_;
  Timers& timers_;
  ThrottleLimits limits_;
  CallId next_ = 1;
  std::list<Waiting> waiting_;
  std::unordered_map<CallId, CallId> running_;  // ours -> inner's
  std::map<std::string, int> per_kind_;
};

}  // namespace

std::unique_ptr<CallPort> make_throttle(CallPort& inner, Timers& timers, ThrottleLimits limits) {
  return std::make_unique<Throttle>(inner, timers, std::move(limits));
}

}  // namespace assize
