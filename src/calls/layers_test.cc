// Throttle and Retry over a port that answers when the test says so, with a clock that the test moves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "calls/port_testing.h"
#include "calls/retry.h"
#include "calls/throttle.h"
#include "sys/fake_timers.h"

namespace assize {
namespace {

using testing::ElementsAre;

struct ThrottleCase {
  const char* name;
  ThrottleLimits limits;
  std::vector<std::string> vendors;  // of the calls a, b, c, …
  std::vector<std::string> at_once;  // started before anything answers
};

TEST(Throttle, lets_as_many_run_as_it_is_told) {
  const ThrottleCase cases[] = {
      {"all at once", {}, {"x", "x", "y"}, {"a", "b", "c"}},
      {"over all", {.max_parallel = 2}, {"x", "x", "y"}, {"a", "b"}},
      {"per vendor", {.max_parallel_per_vendor = 1}, {"x", "x", "y"}, {"a", "c"}},
      {"one vendor named", {.vendor = {{"x", 1}}}, {"x", "x", "y", "y"}, {"a", "c", "d"}},
      {"named wins over the rest",
       {.max_parallel_per_vendor = 1, .vendor = {{"x", 2}}},
       {"x", "x", "y", "y"},
       {"a", "b", "c"}},
      {"named as unlimited", {.max_parallel_per_vendor = 1, .vendor = {{"x", 0}}}, {"x", "x", "x"}, {"a", "b", "c"}},
      {"both", {.max_parallel = 2, .max_parallel_per_vendor = 1}, {"x", "x", "y", "z"}, {"a", "c"}},
  };
  for (const ThrottleCase& c : cases) {
    SCOPED_TRACE(c.name);
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto throttle = make_throttle(port, timers, c.limits, kind_is_vendor);
    std::vector<Call> calls;
    for (std::size_t i = 0; i < c.vendors.size(); ++i)
      calls.push_back(call_of(std::string(1, static_cast<char>('a' + i)), c.vendors[i]));
    Got got;
    for (const Call& call : calls) throttle->submit(call, got.as(call.agent->id));
    EXPECT_EQ(port.started, c.at_once);
    while (!port.open.empty()) port.answer(port.open.begin()->first, good(""));
    EXPECT_EQ(got.answers.size(), calls.size());
  }
}

TEST(Throttle, starts_the_next_in_the_order_they_came) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto throttle = make_throttle(port, timers, {.max_parallel = 1}, kind_is_vendor);
  const Call a = call_of("a", "x"), b = call_of("b", "x"), c = call_of("c", "x");
  Got got;
  for (const Call* call : {&a, &b, &c}) throttle->submit(*call, got.as(call->agent->id));
  for (CallId id = 1; id <= 3; ++id) port.answer(id, good(""));
  EXPECT_THAT(port.started, ElementsAre("a", "b", "c"));
}

TEST(Throttle, a_waiting_call_that_is_cancelled_never_starts) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto throttle = make_throttle(port, timers, {.max_parallel = 1}, kind_is_vendor);
  const Call a = call_of("a", "x"), b = call_of("b", "x");
  Got got;
  const CallId running = throttle->submit(a, got.as("a"));
  const CallId waiting = throttle->submit(b, got.as("b"));
  throttle->cancel(waiting);
  throttle->cancel(running);
  throttle->cancel(999);
  EXPECT_TRUE(got.order.empty()) << "nothing answers from inside cancel()";
  timers.advance(Millis(0));
  EXPECT_EQ(got.answers["b"].error->kind, CallErrorKind::cancelled);
  EXPECT_THAT(port.cancelled, ElementsAre(1));
  port.answer(1, bad(CallErrorKind::cancelled));
  EXPECT_THAT(port.started, ElementsAre("a"));
}

TEST(Throttle, a_busy_vendor_does_not_hold_up_the_others) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto throttle = make_throttle(port, timers, {.max_parallel = 2, .max_parallel_per_vendor = 1}, kind_is_vendor);
  const Call calls[] = {call_of("x1", "x"), call_of("x2", "x"), call_of("x3", "x"),
                        call_of("y1", "y"), call_of("y2", "y"), call_of("z1", "z")};
  Got got;
  std::map<std::string, CallId> ids;
  for (const Call& call : calls) ids[call.agent->id] = throttle->submit(call, got.as(call.agent->id));
  EXPECT_THAT(port.started, ElementsAre("x1", "y1"));
  throttle->cancel(ids["x2"]);  // the next of its vendor
  port.answer(2, good(""));     // y1: x is busy, so y2 is the first that may
  port.answer(1, good(""));     // x1: x3 came before z1
  port.answer(3, good(""));
  EXPECT_THAT(port.started, ElementsAre("x1", "y1", "y2", "x3", "z1"));
  timers.advance(Millis(0));
  EXPECT_EQ(got.answers["x2"].error->kind, CallErrorKind::cancelled);
}

TEST(Throttle, an_agent_without_a_vendor_is_counted_by_itself) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto throttle = make_throttle(port, timers, {.max_parallel_per_vendor = 1}, {});
  const Call a = call_of("a", "x"), b = call_of("b", "x");
  Got got;
  for (const Call* call : {&a, &a, &b}) throttle->submit(*call, got.as("any"));
  EXPECT_THAT(port.started, ElementsAre("a", "b"));
}

TEST(Throttle, leaves_a_vendor_alone_for_as_long_as_it_says) {
  struct Case {
    const char* name;
    Answer answer;
    Millis held;
  };
  const Case cases[] = {
      {"slow down", bad(CallErrorKind::rate_limited, Millis(0), Millis(5'000)), Millis(5'000)},
      {"overloaded", bad(CallErrorKind::overloaded, Millis(0), Millis(60'000)), Millis(60'000)},
      {"no time named", bad(CallErrorKind::rate_limited), Millis(0)},
      {"a time in the past", bad(CallErrorKind::rate_limited, Millis(0), Millis(-1)), Millis(0)},
      {"too long to stand still", bad(CallErrorKind::rate_limited, Millis(0), Millis(60'001)), Millis(0)},
      {"not about the vendor's load", bad(CallErrorKind::failed, Millis(0), Millis(5'000)), Millis(0)},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto throttle = make_throttle(port, timers, {.max_parallel = 1}, kind_is_vendor);
    const Call a = call_of("a", "x"), b = call_of("b", "x"), other = call_of("other", "y"), c3 = call_of("c", "x");
    Got got;
    for (const Call* call : {&a, &b, &other}) throttle->submit(*call, got.as(call->agent->id));
    port.answer(1, c.answer);
    if (c.held == Millis(0)) {
      EXPECT_THAT(port.started, ElementsAre("a", "b"));
      continue;
    }
    EXPECT_THAT(port.started, ElementsAre("a", "other")) << "whoever is not concerned goes on";
    port.answer(2, good(""));
    throttle->submit(c3, got.as("c"));
    timers.advance(c.held - Millis(1));
    EXPECT_EQ(port.started.size(), 2U);
    timers.advance(Millis(1));
    EXPECT_THAT(port.started, ElementsAre("a", "other", "b"));
    port.answer(3, good(""));
    EXPECT_THAT(port.started, ElementsAre("a", "other", "b", "c"));
  }
}

TEST(Throttle, the_longer_of_two_waits_holds) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto throttle = make_throttle(port, timers, {.max_parallel = 2}, kind_is_vendor);
  const Call a = call_of("a", "x"), b = call_of("b", "x"), c = call_of("c", "x");
  Got got;
  for (const Call* call : {&a, &b, &c}) throttle->submit(*call, got.as(call->agent->id));
  port.answer(1, bad(CallErrorKind::rate_limited, Millis(0), Millis(9'000)));
  timers.advance(Millis(1'000));
  port.answer(2, bad(CallErrorKind::rate_limited, Millis(0), Millis(2'000)));
  timers.advance(Millis(7'999));
  EXPECT_EQ(port.started.size(), 2U);
  timers.advance(Millis(1));
  EXPECT_THAT(port.started, ElementsAre("a", "b", "c"));
}

struct Retrying : Observer {
  void call_retry(const Call&, const CallError&, Millis wait) override { waits.push_back(wait.count()); }
  std::vector<long> waits;
};

Jitter always(double value) {
  return [value] { return value; };
}

TEST(Retry, waits_longer_each_time_up_to_the_cap_with_full_jitter) {
  struct Case {
    double jitter;
    std::vector<long> waits;
  };
  const Case cases[] = {
      {0.0, {0, 0, 0, 0, 0, 0, 0, 0}},
      {0.5, {500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}},
      {1.0, {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}},
  };
  for (const Case& c : cases) {
    FakeTimers timers;
    ScriptedPort port(timers);
    Retrying observer;
    const auto retry = make_retry(port, timers, always(c.jitter), &observer);
    const Call call = call_of("a", "x", CallLimits{.timeout = {}, .retries = 8});
    Got got;
    retry->submit(call, got.as("a"));
    for (CallId id = 1; id <= 9; ++id) {
      port.answer(id, bad(CallErrorKind::overloaded));
      timers.advance(kRetryCap);
    }
    EXPECT_EQ(observer.waits, c.waits);
    EXPECT_EQ(got.answers["a"].attempts, 9);
    EXPECT_EQ(got.answers["a"].error->kind, CallErrorKind::overloaded);
    EXPECT_EQ(got.answers["a"].usage.input_tokens, 90U) << "failed attempts cost as well";
  }
}

TEST(Retry, asks_again_only_for_what_another_attempt_may_mend) {
  for (int kind = 0; kind <= static_cast<int>(CallErrorKind::internal); ++kind) {
    const auto error = static_cast<CallErrorKind>(kind);
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto retry = make_retry(port, timers, always(0), nullptr);
    const Call call = call_of("a", "x", CallLimits{.timeout = {}, .retries = 1});
    Got got;
    retry->submit(call, got.as("a"));
    port.answer(1, bad(error));
    timers.advance(Millis(0));
    EXPECT_EQ(port.started.size(), is_retryable(error) ? 2U : 1U) << to_string(error);
    EXPECT_EQ(got.answers.size(), is_retryable(error) ? 0U : 1U) << to_string(error);
  }
}

TEST(Retry, a_good_second_attempt_is_the_answer) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto retry = make_retry(port, timers, always(0.25), nullptr);
  const Call call = call_of("a", "x");
  Got got;
  retry->submit(call, got.as("a"));
  port.answer(1, bad(CallErrorKind::network, Millis(300)));
  timers.advance(Millis(249));
  EXPECT_EQ(port.started.size(), 1U);
  timers.advance(Millis(1));
  port.answer(2, good("text", Millis(1000)));
  const Answer& answer = got.answers["a"];
  EXPECT_FALSE(answer.error);
  EXPECT_EQ(answer.text, "text");
  EXPECT_EQ(answer.attempts, 2);
  EXPECT_EQ(answer.duration, Millis(1550)) << "attempts and the wait between them";
}

TEST(Retry, what_an_attempt_had_said_is_kept_when_the_later_ones_say_nothing) {
  const auto last_after = [](CallErrorKind second) {
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto retry = make_retry(port, timers, always(0), nullptr);
    const Call call = call_of("a", "x", {.retries = 1});
    Got got;
    retry->submit(call, got.as("a"));
    Answer half = good("half an answer");
    half.error = CallError{CallErrorKind::stalled, "", {}, {}, {}};
    port.answer(1, half);
    timers.advance(Millis(0));
    port.answer(2, bad(second));
    return got.answers["a"];
  };
  const Answer kept = last_after(CallErrorKind::network);
  EXPECT_EQ(kept.error->kind, CallErrorKind::network);
  EXPECT_EQ(kept.text, "half an answer");
  // The text beside this error counts as an answer, so it must be of the same attempt.
  EXPECT_EQ(last_after(CallErrorKind::malformed_answer).text, "");
}

TEST(Retry, what_the_vendor_asks_for_wins_over_the_back_off) {
  FakeTimers timers;
  ScriptedPort port(timers);
  Retrying observer;
  const auto retry = make_retry(port, timers, always(0.5), &observer);
  const Call call = call_of("a", "x");
  Got got;
  retry->submit(call, got.as("a"));
  port.answer(1, bad(CallErrorKind::rate_limited, Millis(0), Millis(90'000)));
  timers.advance(Millis(90'000));
  EXPECT_THAT(observer.waits, ElementsAre(90'000));
  EXPECT_EQ(port.started.size(), 2U);
}

TEST(Retry, one_time_limit_bounds_all_attempts) {
  struct Case {
    const char* name;
    Millis first_attempt;
    std::optional<Millis> retry_after;
    bool again;
    long time_left;
  };
  const Case cases[] = {
      {"there is time", Millis(4'000), {}, true, 5'500},
      {"the attempt took it all", Millis(10'000), {}, false, 0},
      {"the wait would take the rest", Millis(9'500), {}, false, 0},
      {"the vendor asks for more than is left", Millis(1'000), Millis(3'600'000), false, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    FakeTimers timers;
    ScriptedPort port(timers);
    const auto retry = make_retry(port, timers, always(0.5), nullptr);
    const Call call = call_of("a", "x", CallLimits{.timeout = Millis(10'000)});
    Got got;
    retry->submit(call, got.as("a"));
    port.answer(1, bad(CallErrorKind::rate_limited, c.first_attempt, c.retry_after));
    timers.advance(Millis(600));
    EXPECT_EQ(port.started.size(), c.again ? 2U : 1U);
    EXPECT_EQ(got.answers.size(), c.again ? 0U : 1U);
    EXPECT_EQ(port.timeouts.back(), c.again ? c.time_left : 10'000);
  }
}

TEST(Retry, cancelling_stops_the_attempt_or_the_wait) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto retry = make_retry(port, timers, always(0.5), nullptr);
  const Call a = call_of("a", "x"), b = call_of("b", "x");
  Got got;
  const CallId running = retry->submit(a, got.as("a"));
  const CallId waiting = retry->submit(b, got.as("b"));
  port.answer(2, bad(CallErrorKind::network));
  retry->cancel(running);
  retry->cancel(waiting);
  EXPECT_THAT(port.cancelled, ElementsAre(1));
  EXPECT_TRUE(got.order.empty());
  port.answer(1, bad(CallErrorKind::stalled));  // would be retried, had nobody cancelled it
  timers.advance(kRetryCap);
  EXPECT_EQ(port.started.size(), 2U);
  EXPECT_EQ(got.answers["b"].error->kind, CallErrorKind::cancelled);
  EXPECT_EQ(got.answers.count("a"), 1U);
}

TEST(Retry, counts_what_began_and_not_what_was_turned_back_on_the_way) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto retry = make_retry(port, timers, always(0), nullptr);
  const Call call = call_of("a", "x");
  Got got;
  retry->submit(call, got.as("a"));
  Answer failed = bad(CallErrorKind::network);
  failed.usage.input_tokens = std::numeric_limits<std::uint64_t>::max();  // an agent may report anything
  port.answer(1, failed);
  timers.advance(Millis(0));
  Answer refused = bad(CallErrorKind::quota_exhausted);
  refused.attempts = 0;
  port.answer(2, refused);
  EXPECT_EQ(got.answers["a"].attempts, 1);
  EXPECT_EQ(got.answers["a"].error->kind, CallErrorKind::quota_exhausted);
  EXPECT_EQ(got.answers["a"].usage.input_tokens, std::numeric_limits<std::uint64_t>::max());
}

TEST(Jitter, is_the_same_for_the_same_seed_and_stays_below_one) {
  const Jitter one = make_jitter(7), two = make_jitter(7), other = make_jitter(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const double value = one();
    EXPECT_EQ(value, two());
    differs = differs || value != other();
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace assize
