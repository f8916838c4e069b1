#include "calls/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "calls/charge.h"
#include "calls/port_testing.h"
#include "calls/retry.h"
#include "calls/throttle.h"

namespace assize {
namespace {

using testing::ElementsAre;

constexpr std::size_t kPromptBytes = 400;                                                // 100 tokens
constexpr std::uint64_t kNeeds = kPromptBytes / kBytesPerToken + kExpectedAnswerTokens;  // of one call

Call asked(std::string id, std::string kind = "anthropic", Phase phase = Phase::review, int round = 1) {
  Call call = call_of(std::move(id), std::move(kind));
  call.prompt.assign(kPromptBytes, 'x');
  call.phase = phase;
  call.round = round;
  return call;
}

Answer cancelled() {
  Answer answer = bad(CallErrorKind::cancelled);
  answer.text = "so far";
  return answer;
}

class BudgetTest : public testing::Test {
 protected:
  BudgetTest() { port_.when_cancelled = cancelled(); }
  void make(BudgetLimits limits) {
    meter_ = make_meter(port_, kind_is_vendor);
    budget_ = make_budget(*meter_, timers_, limits, kind_is_vendor);
  }
  // Submits calls with names of their own; they live as long as the test.
  CallId ask(Call call) {
    calls_.push_back(std::make_unique<Call>(std::move(call)));
    return budget_->submit(*calls_.back(), got_.as(calls_.back()->agent->id));
  }
  std::string error_of(const std::string& name) {
    const auto found = got_.answers.find(name);
    if (found == got_.answers.end()) return "no answer";
    return found->second.error ? std::string(to_string(found->second.error->kind)) : "";
  }

  FakeTimers timers_;
  ScriptedPort port_{timers_};
  std::vector<std::unique_ptr<Call>> calls_;
  Got got_;
  std::unique_ptr<CallPort> meter_, budget_;
};

TEST_F(BudgetTest, without_limits_charges_and_does_nothing_else) {
  make({});
  ask(asked("a"));
  EXPECT_EQ(timers_.pending(), 0U);
  timers_.advance(std::chrono::hours(100));
  port_.answer(1, good("four"));
  EXPECT_EQ(got_.answers["a"].charged.tokens, 101U);
  EXPECT_TRUE(got_.answers["a"].charged.estimated);
}

struct TimeCase {
  const char* name;
  BudgetLimits limits;
  Millis begins;  // the call that is looked at; another review began at 0
  Phase phase;
  int round;
  std::optional<Millis> stopped;  // when; nothing: it is refused
  const char* message;
};

TEST_F(BudgetTest, a_call_ends_with_its_run_or_its_phase) {
  const TimeCase cases[] = {
      {"the run's end",
       {.total = Millis(600'000)},
       Millis(0),
       Phase::review,
       1,
       Millis(600'000),
       "stopped: the run's time of 10 min ended"},
      {"counts from the run's begin",
       {.total = Millis(90'000)},
       Millis(80'000),
       Phase::verify,
       1,
       Millis(90'000),
       "stopped: the run's time of 90 s ended"},
      {"the phase's end",
       {.phase = Millis(60'000)},
       Millis(50'000),
       Phase::review,
       1,
       Millis(60'000),
       "stopped: the review phase's time of 1 min ended"},
      {"repairs belong to the review",
       {.phase = Millis(60'000)},
       Millis(50'000),
       Phase::repair,
       1,
       Millis(60'000),
       "stopped: the review phase's time of 1 min ended"},
      {"another phase begins with its first call",
       {.phase = Millis(60'000)},
       Millis(50'000),
       Phase::verify,
       1,
       Millis(110'000),
       "stopped: the verify phase's time of 1 min ended"},
      {"and so does another round",
       {.phase = Millis(60'000)},
       Millis(50'000),
       Phase::review,
       2,
       Millis(110'000),
       "stopped: the review phase's time of 1 min ended"},
      {"the nearer of the two: the run",
       {.total = Millis(70'000), .phase = Millis(60'000)},
       Millis(50'000),
       Phase::debate,
       2,
       Millis(70'000),
       "stopped: the run's time of 70 s ended"},
      {"the nearer of the two: the phase",
       {.total = Millis(70'000), .phase = Millis(60'000)},
       Millis(50'000),
       Phase::review,
       1,
       Millis(60'000),
       "stopped: the review phase's time of 1 min ended"},
      {"at least a second",
       {.total = Millis(10'000)},
       Millis(9'999),
       Phase::debate,
       2,
       Millis(10'999),
       "stopped: the run's time of 10 s ended"},
      {"nothing of the run is left",
       {.total = Millis(10'000)},
       Millis(10'000),
       Phase::debate,
       2,
       {},
       "not asked: the run's time of 10 s has ended"},
      {"nothing of the phase is left",
       {.phase = Millis(10'000)},
       Millis(20'000),
       Phase::repair,
       1,
       {},
       "not asked: the review phase's time of 10 s has ended"},
      {"the next phase is not concerned",
       {.phase = Millis(10'000)},
       Millis(20'000),
       Phase::debate,
       2,
       Millis(30'000),
       "stopped: the debate phase's time of 10 s ended"},
  };
  for (const TimeCase& c : cases) {
    SCOPED_TRACE(c.name);
    FakeTimers timers;
    ScriptedPort port(timers);
    port.when_cancelled = cancelled();
    const auto budget = make_budget(port, timers, c.limits, kind_is_vendor);
    const Call first = asked("first"), call = asked("a", "anthropic", c.phase, c.round);
    Got got;
    budget->submit(first, got.as("first"));
    port.answer(1, good("done"));
    timers.advance(c.begins);
    budget->submit(call, got.as("a"));
    if (c.stopped) {
      timers.advance(*c.stopped - c.begins - Millis(1));
      EXPECT_EQ(got.answers.count("a"), 0U);
      timers.advance(Millis(1));
    } else {
      EXPECT_EQ(got.answers.count("a"), 0U) << "nothing answers from inside submit()";
      timers.advance(Millis(0));
      EXPECT_EQ(port.started.size(), 1U);
    }
    ASSERT_EQ(got.answers.count("a"), 1U);
    EXPECT_EQ(got.answers["a"].error->kind, CallErrorKind::budget_exhausted);
    EXPECT_EQ(got.answers["a"].error->message, c.message);
    EXPECT_EQ(got.answers["a"].text, c.stopped ? "so far" : "");
    EXPECT_EQ(timers.pending(), 0U);
  }
}

TEST_F(BudgetTest, what_the_run_did_not_stop_stays_what_it_is) {
  struct Case {
    const char* name;
    Answer when_stopped;
    const char* error;
  };
  const Case cases[] = {
      {"an answer that was on its way", good("done"), ""},
      {"a failure of its own", bad(CallErrorKind::network), "network"},
      {"its own timeout", bad(CallErrorKind::timed_out), "timed_out"},
      {"stopped", cancelled(), "budget_exhausted"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    FakeTimers timers;
    ScriptedPort port(timers);
    port.when_cancelled = c.when_stopped;
    const auto budget = make_budget(port, timers, {.total = Millis(10'000)}, kind_is_vendor);
    const Call call = asked("a");
    Got got;
    budget->submit(call, got.as("a"));
    timers.advance(Millis(10'000));
    const Answer& answer = got.answers.at("a");
    EXPECT_EQ(answer.error ? to_string(answer.error->kind) : "", c.error);
  }
}

TEST_F(BudgetTest, an_interrupt_is_told_from_the_end_of_the_run) {
  make({.total = Millis(10'000)});
  port_.when_cancelled.reset();
  const CallId before = ask(asked("before")), after = ask(asked("after"));
  budget_->cancel(before);
  budget_->cancel(before);
  timers_.advance(Millis(10'000));
  budget_->cancel(after);  // the clock was first
  budget_->cancel(999);
  EXPECT_THAT(port_.cancelled, ElementsAre(1, 2)) << "each once";
  const CallId refused = ask(asked("refused")), left_alone = ask(asked("left alone"));
  budget_->cancel(refused);
  port_.answer(1, cancelled());
  port_.answer(2, cancelled());
  timers_.advance(Millis(0));
  EXPECT_EQ(error_of("before"), "cancelled");
  EXPECT_EQ(error_of("after"), "budget_exhausted");
  EXPECT_EQ(error_of("refused"), "cancelled");
  EXPECT_EQ(error_of("left alone"), "budget_exhausted");
  budget_->cancel(left_alone);
}

TEST_F(BudgetTest, time_covers_queues_and_the_waits_between_attempts) {
  const auto throttle = make_throttle(port_, timers_, {.max_parallel = 1}, kind_is_vendor);
  const auto retry = make_retry(
      *throttle, timers_, [] { return 0.5; }, nullptr);
  budget_ = make_budget(*retry, timers_, {.total = Millis(30'000)}, kind_is_vendor);
  ask(asked("between", "x"));
  port_.answer(1, bad(CallErrorKind::rate_limited, Millis(0), Millis(500'000)));
  ask(asked("running", "y"));
  ask(asked("waiting", "z"));
  timers_.advance(Millis(29'999));
  EXPECT_TRUE(got_.order.empty());
  timers_.advance(Millis(1));
  EXPECT_EQ(got_.answers["between"].error->message, "stopped: the run's time of 30 s ended");
  EXPECT_EQ(got_.answers["between"].attempts, 1);
  EXPECT_EQ(got_.answers["running"].error->message, "stopped: the run's time of 30 s ended");
  EXPECT_EQ(got_.answers["waiting"].error->message, "not asked: the run's time of 30 s ended while it waited");
  EXPECT_EQ(got_.answers["waiting"].attempts, 0);
  EXPECT_EQ(got_.answers["waiting"].charged.tokens, 0U);
  for (const char* name : {"between", "running", "waiting"}) EXPECT_EQ(error_of(name), "budget_exhausted");
  timers_.advance(std::chrono::hours(1));
  EXPECT_THAT(port_.started, ElementsAre("between", "running")) << "and nothing starts afterwards";
}

TEST_F(BudgetTest, a_queue_is_not_counted_by_the_calls_own_timeout) {
  const auto throttle = make_throttle(port_, timers_, {.max_parallel = 1}, kind_is_vendor);
  budget_ = make_budget(*throttle, timers_, {.total = std::chrono::hours(2)}, kind_is_vendor);
  ask(asked("first"));
  ask(asked("second"));
  timers_.advance(std::chrono::hours(1));  // past the 15 minutes that a call may take
  EXPECT_TRUE(got_.order.empty());
  port_.answer(1, good("done"));
  EXPECT_THAT(port_.started, ElementsAre("first", "second"));
}

TEST_F(BudgetTest, refuses_in_the_order_asked_what_tokens_do_not_reach_for) {
  make({.max_tokens = 2 * kNeeds});
  for (const char* id : {"a", "b", "c", "d"}) ask(asked(id));
  EXPECT_TRUE(got_.order.empty()) << "nothing answers from inside submit()";
  timers_.advance(Millis(0));
  EXPECT_THAT(port_.started, ElementsAre("a", "b"));
  EXPECT_THAT(got_.order, ElementsAre("c", "d"));
  EXPECT_EQ(error_of("c"), "budget_exhausted");
  EXPECT_EQ(got_.answers["c"].error->message,
            "not asked: of the run's 4200 tokens 4200 are spent or set aside, and this may need 2100");
  EXPECT_EQ(got_.answers["c"].attempts, 0);
  EXPECT_EQ(got_.answers["c"].charged.tokens, 0U);

  // What was set aside and not used serves the next.
  Answer modest = good("text");
  modest.usage = {900, 100, {}, 0.01};
  port_.answer(1, modest);
  ask(asked("too early"));
  port_.answer(2, modest);
  ask(asked("in time"));
  ask(asked("too late"));
  timers_.advance(Millis(0));
  EXPECT_THAT(port_.started, ElementsAre("a", "b", "in time"));
  EXPECT_EQ(error_of("too early"), "budget_exhausted");
  EXPECT_EQ(error_of("too late"), "budget_exhausted");
}

TEST_F(BudgetTest, refuses_what_money_does_not_reach_for) {
  const double one = (100 * 15 + 2'000 * 75) / 1e6;
  make({.max_cost_usd = 2 * one});
  for (const char* id : {"a", "b", "c"}) ask(asked(id));
  timers_.advance(Millis(0));
  EXPECT_THAT(port_.started, ElementsAre("a", "b")) << "exactly two fit";
  EXPECT_EQ(got_.answers["c"].error->message,
            "not asked: of the run's $0.30 $0.3030 are spent or set aside, and this may need $0.1515");
}

TEST_F(BudgetTest, analysers_and_scripts_are_bound_by_time_alone) {
  make({.total = Millis(10'000), .max_tokens = 0, .max_cost_usd = 0});
  const char* const kinds[] = {"lint", "tool", "scripted"};
  for (const char* kind : kinds) ask(asked(kind, kind));
  ask(asked("model"));
  timers_.advance(Millis(0));
  EXPECT_THAT(port_.started, ElementsAre("lint", "tool", "scripted"));
  timers_.advance(Millis(10'000));
  for (const char* kind : kinds) EXPECT_EQ(error_of(kind), "budget_exhausted") << kind;
  ask(asked("late", "lint"));
  timers_.advance(Millis(0));
  EXPECT_EQ(error_of("late"), "budget_exhausted");
  EXPECT_EQ(port_.started.size(), 3U);
}

TEST_F(BudgetTest, what_costs_nothing_is_asked_though_the_money_is_gone) {
  make({.max_cost_usd = 0.2});
  Answer dear = good("text");
  dear.usage = {100, 100, {}, 0.5};
  const auto local = [](std::string id) {
    Call call = asked(std::move(id), "x");
    auto spec = std::make_shared<AgentSpec>(*call.agent);
    spec->endpoint = "http://127.0.0.1:11434/v1";
    call.agent = std::move(spec);
    return call;
  };
  ask(asked("paid"));
  port_.answer(1, dear);
  ask(asked("paid again"));
  ask(local("local"));
  ask(local("gateway"));
  port_.answer(2, good("text"));
  port_.answer(3, dear);  // a local server that passes the bill on
  ask(local("local"));
  ask(local("gateway"));
  EXPECT_THAT(port_.started, ElementsAre("paid", "local", "gateway", "local"));
}

TEST_F(BudgetTest, failures_cost_what_they_cost) {
  make({.max_tokens = kNeeds + 100});
  ask(asked("a"));
  port_.answer(1, bad(CallErrorKind::timed_out));  // 10 tokens, as reported
  EXPECT_EQ(got_.answers["a"].charged.tokens, 10U);
  Answer died = bad(CallErrorKind::crashed);
  died.usage = {};
  ask(asked("b"));
  port_.answer(2, died);  // read the prompt and said nothing
  EXPECT_EQ(got_.answers["b"].charged.tokens, 100U);
  ask(asked("c"));
  timers_.advance(Millis(0));
  EXPECT_EQ(error_of("c"), "budget_exhausted");
}

TEST_F(BudgetTest, an_absurd_report_uses_the_budget_up_and_does_not_wrap) {
  for (const BudgetLimits& limits : {BudgetLimits{.max_tokens = 1'000'000}, BudgetLimits{.max_cost_usd = 1e6}}) {
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto meter = make_meter(port, kind_is_vendor);
    const auto budget = make_budget(*meter, timers, limits, kind_is_vendor);
    const std::vector<Call> calls(5, asked("a"));
    Got got;
    Answer absurd = good("text");
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    absurd.usage = {kMost, kMost, kMost, 1e300};
    for (const Call& call : calls) budget->submit(call, got.as("a"));
    for (CallId id = 1; id <= 5; ++id) port.answer(id, absurd);
    budget->submit(calls[0], got.as("late"));
    timers.advance(Millis(0));
    EXPECT_EQ(got.answers.at("late").error->kind, CallErrorKind::budget_exhausted);
  }
}

TEST_F(BudgetTest, limits_that_are_no_numbers_let_nothing_through) {
  for (const double limit : {0.0, -1.0, std::nan("")}) {
    make({.max_cost_usd = limit});
    ask(asked("a"));
    timers_.advance(Millis(0));
    EXPECT_EQ(error_of("a"), "budget_exhausted");
  }
  make({.total = Millis(-1)});
  ask(asked("b"));
  timers_.advance(Millis(0));
  EXPECT_EQ(error_of("b"), "budget_exhausted");
  EXPECT_TRUE(port_.started.empty());
  make({.total = Millis::max(), .phase = Millis::max()});
  ask(asked("c"));
  timers_.advance(std::chrono::hours(24));
  EXPECT_EQ(error_of("c"), "no answer") << "for ever does not overflow";
}

// Which calls are refused, in this phase and the next, when answers come in some order.
std::vector<std::string> refused_with(std::uint64_t seed) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto meter = make_meter(port, kind_is_vendor);
  const auto budget = make_budget(*meter, timers, {.max_tokens = 650'000, .max_cost_usd = 20.0}, kind_is_vendor);
  const char* const vendors[] = {"anthropic", "openai", "google", "alibaba", "lint"};
  std::mt19937_64 random(seed);
  Got got;
  for (int phase = 0; phase < 3; ++phase) {
    std::vector<Call> calls;
    for (int chunk = 0; chunk < 64; ++chunk) {
      for (const char* vendor : vendors) {
        calls.push_back(asked(std::to_string(phase) + vendor + std::to_string(chunk), vendor));
        calls.back().prompt.assign(static_cast<std::size_t>(100 + 37 * chunk), 'x');
      }
    }
    for (const Call& call : calls) budget->submit(call, got.as(call.agent->id));
    timers.advance(Millis(0));
    std::vector<CallId> order;
    for (const auto& [id, done] : port.open) order.push_back(id);
    std::shuffle(order.begin(), order.end(), random);
    for (const CallId id : order) {
      Answer answer = good(std::string(id % 97, 'y'));
      if (id % 3 != 0) answer.usage = {500 + id, 100 + id % 7, {}, 0.001 * static_cast<double>(id % 11) / 3};
      port.answer(id, answer);
    }
  }
  std::vector<std::string> refused;
  for (const auto& [name, answer] : got.answers) {
    if (answer.error) refused.push_back(name);
  }
  EXPECT_EQ(got.answers.size(), 3U * 64 * 5);
  return refused;
}

TEST_F(BudgetTest, who_is_refused_does_not_depend_on_the_order_of_answers) {
  const std::vector<std::string> refused = refused_with(1);
  EXPECT_GT(refused.size(), 10U);
  EXPECT_LT(refused.size(), 3U * 64 * 4);
  for (std::uint64_t seed = 2; seed < 30; ++seed) EXPECT_EQ(refused_with(seed), refused) << seed;
}

TEST_F(BudgetTest, may_go_while_calls_are_under_way) {
  make({.total = Millis(10'000), .max_tokens = kNeeds});
  ask(asked("a"));
  ask(asked("refused"));
  budget_.reset();
  timers_.advance(Millis(20'000));
  EXPECT_TRUE(got_.order.empty());
}

}  // namespace
}  // namespace assize
