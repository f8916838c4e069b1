#include "calls/retry.h"

#include <algorithm>
#include <limits>
#include <random>
#include <unordered_map>
#include <utility>

#include "calls/charge.h"
#include "core/text.h"

namespace assize {
namespace {

void add(std::optional<std::uint64_t>& total, const std::optional<std::uint64_t>& more) {
  if (!more) return;
  const std::uint64_t had = total.value_or(0);
  total = had + std::min(*more, std::numeric_limits<std::uint64_t>::max() - had);  // a report may be any number
}
void add(std::optional<double>& total, const std::optional<double>& more) {
  if (more) total = total.value_or(0) + *more;
}

class Retry final : public CallPort {
 public:
  Retry(CallPort& inner, Timers& timers, Jitter jitter, Observer* observer)
      : inner_(inner), timers_(timers), jitter_(std::move(jitter)), observer_(observer) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    State& state = states_[id];
    state.original = &call;
    state.done = std::move(done);
    start_attempt(id);
    return id;
  }

  void cancel(CallId id) override {
    const auto found = states_.find(id);
    if (found == states_.end()) return;
    State& state = found->second;
    if (state.cancelled) return;
    state.cancelled = true;
    if (state.running) return inner_.cancel(state.inner);
    // Between attempts: the failed one is what there is to show.
    state.wait = timers_.after(Millis(0), [this, id] {
      State& waiting = states_.at(id);
      waiting.last.error =
          CallError{CallErrorKind::cancelled, "cancelled while waiting for another attempt", {}, {}, {}};
      finish(id);
    });
  }

 private:
  struct State {
    const Call* original = nullptr;
    std::optional<Call> again;  // from the second attempt on: the call with what is left of its time
    std::function<void(Answer)> done;
    CallId inner = 0;
    bool running = false;
    bool cancelled = false;
    int tries = 0;
    int attempts = 0;  // tries of which something began below
    Millis spent{0};   // by attempts and waits
    Usage usage;       // of all attempts: the failed ones cost as well
    Charge charged;
    Answer last;
    Subscribed wait;
  };

  void start_attempt(CallId id) {
    State& state = states_.at(id);
    state.running = true;
    ++state.tries;
    // A copy lives in the node of the map, whose address does not change.
    state.inner = inner_.submit(state.again ? *state.again : *state.original,
                                [this, id](Answer answer) { on_answer(id, std::move(answer)); });
  }

  void on_answer(CallId id, Answer answer) {
    State& state = states_.at(id);
    state.running = false;
    state.attempts += answer.attempts;
    state.spent += answer.duration;
    state.charged = sum(state.charged, answer.charged);
    add(state.usage.input_tokens, answer.usage.input_tokens);
    add(state.usage.output_tokens, answer.usage.output_tokens);
    add(state.usage.cached_tokens, answer.usage.cached_tokens);
    add(state.usage.cost_usd, answer.usage.cost_usd);
    // What an earlier attempt had said before it failed is still worth reading when no later one says anything. It has
    // no weight: the error stays the last one's.
    const bool failed = answer.error && answer.error->kind != CallErrorKind::malformed_answer;  // its text may count
    if (failed && trim(answer.text).empty() && !trim(state.last.text).empty()) {
      answer.text = std::move(state.last.text);
      answer.warnings.push_back("what was read of it is from an earlier attempt");
    }
    state.last = std::move(answer);
    const auto wait = wait_before_next(state);
    if (!wait) return finish(id);
    if (observer_ != nullptr) observer_->call_retry(*state.original, *state.last.error, *wait);
    state.spent += *wait;
    if (!state.again) state.again = *state.original;
    if (state.again->limits.timeout) state.again->limits.timeout = *state.original->limits.timeout - state.spent;
    state.wait = timers_.after(*wait, [this, id] { start_attempt(id); });
  }

  // How long to wait before another attempt; nothing when there is to be none.
  std::optional<Millis> wait_before_next(const State& state) {
    if (state.cancelled || !state.last.error || !is_retryable(state.last.error->kind)) return std::nullopt;
    if (state.tries > state.original->limits.retries) return std::nullopt;
    Millis wait{0};
    if (state.last.error->retry_after) {
      wait = std::max(*state.last.error->retry_after, Millis(0));
    } else {
      constexpr int kLargestShift = 16;  // far past the cap
      const Millis ceiling = std::min(kRetryCap, kRetryBase * (1L << std::min(state.tries - 1, kLargestShift)));
      wait = Millis(static_cast<Millis::rep>(jitter_() * static_cast<double>(ceiling.count())));
    }
    if (state.original->limits.timeout && state.spent + wait >= *state.original->limits.timeout) return std::nullopt;
    return wait;
  }

  void finish(CallId id) {
    auto node = states_.extract(id);
    State& state = node.mapped();
    state.last.attempts = state.attempts;
    state.last.duration = state.spent;
    state.last.usage = state.usage;
    state.last.charged = state.charged;
    state.done(std::move(state.last));
  }

  CallPort& inner_;
  Timers& timers_;
  Jitter jitter_;
  Observer* observer_;
  CallId next_ = 1;
  std::unordered_map<CallId, State> states_;
};

}  // namespace

Jitter make_jitter(std::uint64_t seed) {
  return [generator = std::mt19937_64(seed)]() mutable {
    constexpr int kMantissaBits = 53;  // as many as a double holds; std's distribution differs between libraries
    return static_cast<double>(generator() >> (64 - kMantissaBits)) / static_cast<double>(1ULL << kMantissaBits);
  };
}

std::unique_ptr<CallPort> make_retry(CallPort& inner, Timers& timers, Jitter jitter, Observer* observer) {
  return std::make_unique<Retry>(inner, timers, std::move(jitter), observer);
}

}  // namespace assize
