#include "calls/budget.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "calls/charge.h"
#include "calls/refusals.h"
#include "calls/words.h"

namespace assize {
namespace {

// Money in billionths of a dollar: whole numbers add up to the same in any order, and give back what was set aside to
// the last bit.
using NanoDollars = std::uint64_t;
constexpr double kNanosInDollar = 1e9;

NanoDollars nanos(double dollars) {
  const double value = std::round(dollars * kNanosInDollar);
  if (!(value > 0)) return 0;  // also what is no number
  constexpr double kMost = 9e18;
  return static_cast<NanoDollars>(std::min(value, kMost));
}

struct Amount {
  std::uint64_t tokens = 0;
  NanoDollars money = 0;
};

Amount amount_of(const Charge& charge) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 4;  // sums below stay far from the end
  return {std::min(charge.tokens, kMost), std::min<NanoDollars>(nanos(charge.cost_usd), kMost)};
}

std::uint64_t capped_sum(std::uint64_t one, std::uint64_t other) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 2;
  return one > most - std::min(other, most) ? most : one + other;
}

double dollars(NanoDollars money) {
  return static_cast<double>(money) / kNanosInDollar;
}

// When a time ends, and what to call it.
struct Bound {
  Moment end;
  std::string name;  // "the run's time of 10 min"
};

class Budget final : public CallPort {
 public:
  Budget(CallPort& inner, Timers& timers, BudgetLimits limits, VendorOf vendor_of)
      : inner_(inner), timers_(timers), refusals_(timers), limits_(limits), vendor_of_(std::move(vendor_of)) {
    if (limits_.total) run_ends_ = end_of(timers_.now(), *limits_.total);
  }

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    const Moment now = timers_.now();
    const std::optional<Bound> bound = bound_of(call, now);
    const Amount expected = amount_of(expected_charge(call, vendor_name(vendor_of_, *call.agent)));
    if (auto refusal = why_not(call, bound, expected, now)) {
      refusals_.add(id, call_error_of(CallErrorKind::budget_exhausted, std::move(*refusal)), std::move(done));
      return id;
    }
    reserved_.tokens += expected.tokens;
    reserved_.money += expected.money;
    State& state = states_[id];
    state.agent = call.agent->id;
    state.reserved = expected;
    state.done = std::move(done);
    state.inner = inner_.submit(call, [this, id](Answer answer) { on_answer(id, std::move(answer)); });
    if (bound) {
      state.bound = bound->name;
      state.clock = timers_.at(std::max(bound->end, now + kLeastTime), [this, id] { on_bound(id); });
    }
    return id;
  }

  void cancel(CallId id) override {
    if (refusals_.cancel(id)) return;
    const auto found = states_.find(id);
    if (found == states_.end() || found->second.stopped != Stopped::no) return;
    found->second.stopped = Stopped::by_caller;
    inner_.cancel(found->second.inner);
  }

 private:
  enum class Stopped { no, by_caller, by_bound };
  struct State {
    std::function<void(Answer)> done;
    CallId inner = 0;
    std::string agent;
    Amount reserved;
    Stopped stopped = Stopped::no;
    std::string bound;  // the name of the one that would stop it
    Subscribed clock;
  };

  static Moment end_of(Moment begin, Millis length) {
    constexpr Millis kLongest =
        std::chrono::hours(24 * 365);  // a number that does not overflow; no run lasts that long
    return begin + std::clamp(length, Millis(0), kLongest);
  }

  // The nearer end of the run and of the phase that the call belongs to; its first call begins a phase.
  std::optional<Bound> bound_of(const Call& call, Moment now) {
    std::optional<Bound> bound;
    if (run_ends_) bound = Bound{*run_ends_, fmt::format("the run's time of {}", in_words(*limits_.total))};
    if (!limits_.phase) return bound;
    const Phase phase = call.phase == Phase::repair ? Phase::review : call.phase;
    const int round = phase == Phase::verify ? 1 : call.round;  // its rounds are waves of one phase
    const Moment end = phase_ends_.try_emplace({phase, round}, end_of(now, *limits_.phase)).first->second;
    if (bound && bound->end <= end) return bound;
    return Bound{end, fmt::format("the {} phase's time of {}", to_string(phase), in_words(*limits_.phase))};
  }

  std::optional<std::string> why_not(const Call& call, const std::optional<Bound>& bound, const Amount& expected,
                                     Moment now) const {
    if (bound && now >= bound->end) return fmt::format("not asked: {} has ended", bound->name);
    if (!is_metered(*call.agent)) return std::nullopt;
    const std::uint64_t tokens = capped_sum(spent_.tokens, reserved_.tokens);
    if (limits_.max_tokens && capped_sum(tokens, expected.tokens) > *limits_.max_tokens) {
      return fmt::format("not asked: of the run's {} tokens {} are spent or set aside, and this may need {}",
                         *limits_.max_tokens, tokens, expected.tokens);
    }
    const NanoDollars money = capped_sum(spent_.money, reserved_.money);
    const bool free = expected.money == 0 && billed_.count(call.agent->id) == 0;
    if (limits_.max_cost_usd && !free && capped_sum(money, expected.money) > nanos(*limits_.max_cost_usd)) {
      return fmt::format("not asked: of the run's ${:.2f} ${:.4f} are spent or set aside, and this may need ${:.4f}",
                         *limits_.max_cost_usd, dollars(money), dollars(expected.money));
    }
    return std::nullopt;
  }

  void on_bound(CallId id) {
    State& state = states_.at(id);
    if (state.stopped != Stopped::no) return;
    state.stopped = Stopped::by_bound;
    inner_.cancel(state.inner);
  }

  void on_answer(CallId id, Answer answer) {
    auto node = states_.extract(id);
    State& state = node.mapped();
    reserved_.tokens -= state.reserved.tokens;
    reserved_.money -= state.reserved.money;
    const Amount charged = amount_of(answer.charged);
    spent_.tokens = capped_sum(spent_.tokens, charged.tokens);
    spent_.money = capped_sum(spent_.money, charged.money);
    if (charged.money > 0) billed_.insert(state.agent);
    // An answer that came before the stop reached it, or that failed by itself, stays what it is.
    if (state.stopped == Stopped::by_bound && answer.error && answer.error->kind == CallErrorKind::cancelled) {
      answer.error =
          call_error_of(CallErrorKind::budget_exhausted,
                        answer.attempts == 0 ? fmt::format("not asked: {} ended while it waited", state.bound)
                                             : fmt::format("stopped: {} ended", state.bound));
    }
    state.done(std::move(answer));
  }

  CallPort& inner_;
  Timers& timers_;
  Refusals refusals_;
  BudgetLimits limits_;
  VendorOf vendor_of_;
  std::optional<Moment> run_ends_;
  std::map<std::pair<Phase, int>, Moment> phase_ends_;  // by phase and round
  Amount spent_, reserved_;
  std::set<std::string> billed_;  // agents that have cost money, though they may have been expected to be free
  CallId next_ = 1;
  std::unordered_map<CallId, State> states_;
};

}  // namespace

std::unique_ptr<CallPort> make_budget(CallPort& inner, Timers& timers, BudgetLimits limits, VendorOf vendor_of) {
  return std::make_unique<Budget>(inner, timers, limits, std::move(vendor_of));
}

}  // namespace assize
