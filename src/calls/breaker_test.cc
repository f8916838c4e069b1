#include "calls/breaker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calls/port_testing.h"
#include "calls/retry.h"
#include "calls/throttle.h"

namespace assize {
namespace {

using testing::ElementsAre;

class BreakerTest : public testing::Test {
 protected:
  FakeTimers timers_;
  ScriptedPort port_{timers_};
  std::unique_ptr<CallPort> breaker_ = make_breaker(port_, timers_, kind_is_vendor);
  Got got_;
};

TEST_F(BreakerTest, asks_nothing_more_of_a_vendor_whose_quota_is_used_up) {
  const Call first = call_of("one", "x"), running = call_of("two", "x"), later = call_of("three", "x"),
             other = call_of("four", "y");
  breaker_->submit(first, got_.as("first"));
  breaker_->submit(running, got_.as("running"));
  port_.answer(1, bad(CallErrorKind::quota_exhausted));
  breaker_->submit(later, got_.as("later"));
  breaker_->submit(other, got_.as("other"));
  EXPECT_THAT(got_.order, ElementsAre("first")) << "nothing answers from inside submit()";
  timers_.advance(Millis(0));
  EXPECT_EQ(got_.answers["later"].error->kind, CallErrorKind::quota_exhausted);
  EXPECT_EQ(got_.answers["later"].error->message, "not asked: x's quota is used up (first said by one)");
  EXPECT_EQ(got_.answers["later"].attempts, 0);
  EXPECT_THAT(port_.started, ElementsAre("one", "two", "four"));
  port_.answer(2, good("what runs may still answer"));
  EXPECT_FALSE(got_.answers["running"].error);
}

TEST_F(BreakerTest, opens_only_for_a_used_up_quota_of_whoever_asks_a_vendor) {
  struct Case {
    const char* name;
    const char* kind;
    Answer answer;
    bool opens;
  };
  const Case cases[] = {
      {"used up", "x", bad(CallErrorKind::quota_exhausted), true},
      {"only slow down", "x", bad(CallErrorKind::rate_limited), false},
      {"no login", "x", bad(CallErrorKind::not_logged_in), false},
      {"good", "x", good("quota_exhausted"), false},
      {"a scripted answer", "scripted", bad(CallErrorKind::quota_exhausted), false},
      {"an analyser", "lint", bad(CallErrorKind::quota_exhausted), false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto breaker = make_breaker(port, timers, kind_is_vendor);
    const Call one = call_of("one", c.kind), two = call_of("two", c.kind);
    Got got;
    breaker->submit(one, got.as("one"));
    port.answer(1, c.answer);
    breaker->submit(two, got.as("two"));
    EXPECT_EQ(port.started.size(), c.opens ? 1U : 2U);
  }
}

TEST_F(BreakerTest, an_agent_without_a_vendor_speaks_for_itself_alone) {
  const auto breaker = make_breaker(port_, timers_, [](const AgentSpec&) { return std::string(); });
  const Call one = call_of("one", "x"), two = call_of("two", "x");
  breaker->submit(one, got_.as("one"));
  port_.answer(1, bad(CallErrorKind::quota_exhausted));
  breaker->submit(two, got_.as("two"));
  breaker->submit(one, got_.as("again"));
  timers_.advance(Millis(0));
  EXPECT_THAT(port_.started, ElementsAre("one", "two"));
  EXPECT_EQ(got_.answers["again"].error->message, "not asked: agent one's quota is used up (first said by one)");
}

TEST_F(BreakerTest, stops_what_waits_above_it_as_well) {
  const auto throttle = make_throttle(*breaker_, timers_, {.max_parallel_per_vendor = 1}, kind_is_vendor);
  const auto retry = make_retry(
      *throttle, timers_, [] { return 0.5; }, nullptr);
  const Call calls[] = {call_of("a", "x"), call_of("b", "x"), call_of("c", "x")};
  for (const Call& call : calls) retry->submit(call, got_.as(call.agent->id));
  port_.answer(1, bad(CallErrorKind::overloaded));       // a waits for another attempt, b starts
  port_.answer(2, bad(CallErrorKind::quota_exhausted));  // c comes next
  timers_.advance(kRetryBase);
  EXPECT_THAT(port_.started, ElementsAre("a", "b"));
  EXPECT_EQ(got_.answers["c"].error->kind, CallErrorKind::quota_exhausted);
  EXPECT_EQ(got_.answers["c"].attempts, 0);
  EXPECT_EQ(got_.answers["a"].error->kind, CallErrorKind::quota_exhausted);
  EXPECT_EQ(got_.answers["a"].attempts, 1) << "the one that was made";
}

TEST_F(BreakerTest, cancelling_reaches_what_runs_and_what_is_refused) {
  const Call one = call_of("one", "x"), two = call_of("two", "y");
  breaker_->submit(one, got_.as("one"));
  const CallId running = breaker_->submit(two, got_.as("two"));
  port_.answer(1, bad(CallErrorKind::quota_exhausted));
  const CallId refused = breaker_->submit(one, got_.as("refused"));
  breaker_->cancel(running);
  breaker_->cancel(refused);
  breaker_->cancel(999);
  EXPECT_THAT(port_.cancelled, ElementsAre(2));
  timers_.advance(Millis(0));
  EXPECT_EQ(got_.answers["refused"].error->kind, CallErrorKind::cancelled);
  breaker_->cancel(refused);  // has answered
}

TEST_F(BreakerTest, may_go_while_calls_are_under_way) {
  const Call one = call_of("one", "x");
  breaker_->submit(one, got_.as("one"));
  port_.answer(1, bad(CallErrorKind::quota_exhausted));
  breaker_->submit(one, got_.as("refused"));
  breaker_.reset();
  timers_.advance(Millis(0));
  EXPECT_THAT(got_.order, ElementsAre("one"));
}

}  // namespace
}  // namespace assize
