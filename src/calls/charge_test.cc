#include "calls/charge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "calls/port_testing.h"
#include "calls/retry.h"

namespace assize {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr double kNear = 1e-12;

Call asked(std::string kind, std::size_t prompt_bytes, std::string endpoint = {}) {
  auto spec = std::make_shared<AgentSpec>();
  spec->id = "a";
  spec->kind = std::move(kind);
  spec->endpoint = std::move(endpoint);
  Call call;
  call.agent = std::move(spec);
  call.prompt.assign(prompt_bytes, 'x');
  return call;
}

Answer said(std::string text, Usage usage = {}, std::optional<CallErrorKind> error = {}) {
  Answer answer;
  answer.text = std::move(text);
  answer.usage = usage;
  answer.attempts = 1;
  if (error) answer.error = CallError{*error, "", {}, {}, {}};
  return answer;
}

TEST(Charge, expects_the_prompt_and_an_answer) {
  const Charge expected = expected_charge(asked("claude", 401), "anthropic");
  EXPECT_EQ(expected.tokens, 101U + kExpectedAnswerTokens) << "a started token counts";
  EXPECT_NEAR(expected.cost_usd, (101 * 15 + 2'000 * 75) / 1e6, kNear);
  EXPECT_TRUE(expected.estimated);
  EXPECT_EQ(expected_charge(asked("claude", 0), "anthropic").tokens, kExpectedAnswerTokens);
}

TEST(Charge, has_a_price_for_everyone_but_what_runs_here) {
  struct Case {
    const char* name;
    AgentSpec spec;
    const char* vendor;
    std::uint64_t input, output;
  };
  const Case cases[] = {
      {"a known vendor", {.kind = "openai"}, "openai", 10, 40},
      {"an unknown vendor costs as much as the dearest", {.kind = "openai"}, "newcomer", 15, 75},
      {"no vendor", {.id = "a", .kind = "opencode"}, "agent a", 15, 75},
      {"a server of this machine", {.kind = "openai", .endpoint = "http://127.0.0.1:11434/v1"}, "alibaba", 0, 0},
      {"on its second address", {.kind = "openai", .endpoint = "http://[::1]:11434/v1"}, "alibaba", 0, 0},
      {"one that looks like it", {.kind = "openai", .endpoint = "https://localhost.example.org"}, "alibaba", 3, 15},
      {"nonsense", {.kind = "openai", .endpoint = "localhost"}, "alibaba", 3, 15},
      {"a server of the next one", {.kind = "openai", .endpoint = "http://10.0.0.2:11434/v1"}, "alibaba", 3, 15},
      {"a program of the user's", {.kind = "command"}, "command", 0, 0},
      {"one that names a model", {.kind = "command", .model = "claude-x"}, "anthropic", 15, 75},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(price_of(c.spec, c.vendor).input, c.input) << c.name;
    EXPECT_EQ(price_of(c.spec, c.vendor).output, c.output) << c.name;
  }
}

TEST(Charge, is_what_is_reported_and_else_what_can_be_told_from_the_lengths) {
  const std::string text(40, 'y');  // 10 tokens, beside a prompt of 100
  struct Case {
    const char* name;
    Answer answer;
    std::uint64_t tokens;
    double cost;
    bool estimated;
  };
  const Case cases[] = {
      {"everything reported", said(text, {1'000, 50, 200, 0.25}), 1'050, 0.25, false},
      {"no money reported", said(text, {1'000, 50, {}, {}}), 1'050, (1'000 * 15 + 50 * 75) / 1e6, true},
      {"only money reported", said(text, {{}, {}, {}, 0.25}), 110, 0.25, true},
      {"cached tokens alone are input", said(text, {{}, 50, 200, 0.25}), 250, 0.25, false},
      {"no output reported", said(text, {1'000, {}, {}, 0.25}), 1'010, 0.25, true},
      {"nothing reported", said(text), 110, (100 * 15 + 10 * 75) / 1e6, true},
      {"zeros beside an answer", said(text, {0, 0, 0, 0.0}), 110, (100 * 15 + 10 * 75) / 1e6, true},
      {"a gift", said(text, {1'000, 50, {}, -5.0}), 1'050, (1'000 * 15 + 50 * 75) / 1e6, true},
      {"no number", said(text, {1'000, 50, {}, std::nan("")}), 1'050, (1'000 * 15 + 50 * 75) / 1e6, true},
      {"more than there are numbers", said(text, {kMost, kMost, {}, 1.0}), kMost, 1.0, false},
      {"a failure that read the prompt", said("", {}, CallErrorKind::timed_out), 100, 0.0015, true},
      {"half an answer", said(text, {}, CallErrorKind::rate_limited), 110, (100 * 15 + 10 * 75) / 1e6, true},
      {"a failure with a bill", said("", {70, 5, {}, 0.5}, CallErrorKind::overloaded), 75, 0.5, false},
      {"a failure without one", said("", {0, 0, {}, 0.0}, CallErrorKind::failed), 0, 0, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Charge charge = charge_of(asked("claude", 400), c.answer, "anthropic");
    EXPECT_EQ(charge.tokens, c.tokens);
    EXPECT_NEAR(charge.cost_usd, c.cost, kNear);
    EXPECT_EQ(charge.estimated, c.estimated);
  }
}

TEST(Charge, is_nothing_for_whom_no_model_was_asked) {
  Answer never = said("", {}, CallErrorKind::cancelled);
  never.attempts = 0;
  struct Case {
    const char* name;
    const char* kind;
    Answer answer;
  };
  const Case cases[] = {
      {"an analyser", "lint", said("found much", {1'000, 50, {}, 0.25})},
      {"a tool that failed", "tool", said("", {}, CallErrorKind::timed_out)},
      {"a scripted answer", "scripted", said("yes", {1'000, 50, {}, 0.25})},
      {"a call that never began", "claude", never},
      {"no program", "claude", said("", {}, CallErrorKind::not_installed)},
      {"a rate limit", "claude", said("", {}, CallErrorKind::rate_limited)},
      {"a rate limit with a report of nothing", "claude", said("", {0, 0, 0, 0.0}, CallErrorKind::rate_limited)},
  };
  for (const Case& c : cases) {
    const Charge charge = charge_of(asked(c.kind, 400), c.answer, "anthropic");
    EXPECT_EQ(charge.tokens, 0U) << c.name;
    EXPECT_EQ(charge.cost_usd, 0) << c.name;
    EXPECT_FALSE(charge.estimated) << c.name;
  }
}

TEST(Meter, charges_every_attempt_of_a_call) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto meter = make_meter(port, [](const AgentSpec&) { return "anthropic"; });
  const auto retry = make_retry(
      *meter, timers, [] { return 0.0; }, nullptr);
  const Call call = asked("claude", 400);
  Got got;
  retry->submit(call, got.as("a"));
  port.answer(1, said("", {}, CallErrorKind::stalled));  // reports nothing, though the prompt was read
  timers.advance(Millis(0));
  port.answer(2, said("", {}, CallErrorKind::rate_limited));
  timers.advance(Millis(0));
  port.answer(3, said("good", {1'000, 50, {}, 0.25}));
  EXPECT_EQ(got.answers["a"].charged.tokens, 100U + 1'050U);
  EXPECT_NEAR(got.answers["a"].charged.cost_usd, 0.0015 + 0.25, kNear);
  EXPECT_TRUE(got.answers["a"].charged.estimated) << "a part of it";
}

TEST(Meter, passes_a_cancel_on) {
  FakeTimers timers;
  ScriptedPort port(timers);
  const auto meter = make_meter(port, {});
  const Call call = asked("claude", 400);
  Got got;
  meter->cancel(meter->submit(call, got.as("a")));
  EXPECT_EQ(port.cancelled, std::vector<CallId>{1});
}

}  // namespace
}  // namespace assize
