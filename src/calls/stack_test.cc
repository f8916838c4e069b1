#include "calls/stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "calls/room.h"
#include "calls/testing.h"
#include "sys/tree_files.h"

namespace assize {
namespace {

using testing::ElementsAre;

struct Log final : Observer {
  void call_started(const Call& call) override { lines.push_back("started " + call.agent->id); }
  void call_retry(const Call& call, const CallError& error, Millis) override {
    lines.push_back("retry " + call.agent->id + " " + std::string(to_string(error.kind)));
  }
  void call_finished(const Call& call, const Answer& answer) override {
    lines.push_back("finished " + call.agent->id +
                    (answer.error ? " " + std::string(to_string(answer.error->kind)) : ""));
  }
  std::vector<std::string> lines;
};

class StackTest : public testing::Test {
 protected:
  StackTest() {
    adapter_.program = ASSIZE_FAKE_AGENT;
    auto folder = make_run_directory(testing::TempDir());
    CHECK(folder);
    folder_ = *folder;
  }
  ~StackTest() override { remove_whole_tree(folder_); }

  std::unique_ptr<CallStack> make(ThrottleLimits throttle = {}, BudgetLimits budget = {}) {
    CallStackSettings settings;
    settings.world = &world_;
    settings.resolve = [this](std::string_view) -> Result<const Adapter*> { return &adapter_; };
    settings.observer = &log_;
    settings.throttle = std::move(throttle);
    settings.budget = budget;
    auto stack = CallStack::make(std::move(settings));
    CHECK(stack);
    return std::move(*stack);
  }

  static Call call(std::string id, std::string script) {
    auto spec = std::make_shared<AgentSpec>();
    spec->id = std::move(id);
    spec->kind = "test";
    spec->extra_args = {std::move(script)};
    Call call;
    call.agent = std::move(spec);
    return call;
  }

  std::string folder_;
  TestWorld world_;
  TestAdapter adapter_;
  Log log_;
};

TEST_F(StackTest, answers_stand_in_the_order_asked_and_are_told_in_the_order_they_come) {
  const auto stack = make();
  // The first waits until the others have left their marks, so the order of arrival is known.
  const std::vector<Call> calls = {call("slow", "sleep 300; answer one"), call("quick", "answer two")};
  std::vector<std::size_t> arrived;
  const auto answers = stack->caller().ask(calls, [&](std::size_t index, const Answer&) {
    arrived.push_back(index);
    return std::nullopt;
  });
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].text, "one\n");
  EXPECT_EQ(answers[1].text, "two\n");
  EXPECT_THAT(arrived, ElementsAre(1, 0));
  EXPECT_THAT(log_.lines, ElementsAre("started slow", "started quick", "finished quick", "finished slow"));
  EXPECT_TRUE(stack->caller().ask({}, {}).empty());
}

TEST_F(StackTest, an_attempt_that_another_may_mend_is_made_again) {
  adapter_.decoder_throws = false;
  const auto stack = make();
  Call stalling = call("a", "count " + folder_ + "/count; hang");
  stalling.limits.stall_timeout = Millis(40);
  stalling.limits.retries = 1;
  const auto answers = stack->caller().ask({&stalling, 1}, {});
  EXPECT_EQ(answers[0].attempts, 2);
  EXPECT_EQ(answers[0].error->kind, CallErrorKind::stalled);
  EXPECT_EQ(std::filesystem::file_size(folder_ + "/count"), 2U);
  EXPECT_THAT(log_.lines, ElementsAre("started a", "retry a stalled", "started a", "finished a stalled"));
}

TEST_F(StackTest, the_run_directory_is_private_and_goes_with_the_stack) {
  std::string directory;
  {
    const auto stack = make();
    directory = stack->run_directory();
    EXPECT_EQ(std::filesystem::status(directory).permissions(), std::filesystem::perms::owner_all);
  }
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST_F(StackTest, a_signal_cancels_what_runs_what_waits_and_what_is_asked_later) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto stack = make(ThrottleLimits{.max_parallel = 2});
    EXPECT_FALSE(stack->interrupted_by());
    const std::vector<Call> calls = {call("a", "hang"), call("b", "hang"), call("c", "answer x")};
    const Subscribed raiser = stack->every(Millis(50), [&] {
      if (!stack->interrupted_by()) ::raise(signal);
    });
    const auto answers = stack->caller().ask(calls, {});
    for (const Answer& answer : answers) EXPECT_EQ(answer.error->kind, CallErrorKind::cancelled);
    EXPECT_EQ(stack->interrupted_by(), signal);
    const Call later = call("later", "answer x");
    EXPECT_EQ(stack->caller().ask({&later, 1}, {})[0].error->kind, CallErrorKind::cancelled);
  }
}

TEST_F(StackTest, a_second_signal_ends_the_process_at_once) {
  const auto two_signals = [this](int signal) {
    const auto stack = make();
    const Call stubborn = call("a", "ignore-term; hang");
    int ticks = 0;
    const Subscribed raiser = stack->every(Millis(50), [&] {
      if (++ticks <= 2) ::raise(signal);
    });
    stack->caller().ask({&stubborn, 1}, {});
    std::exit(0);
  };
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(two_signals(SIGINT), testing::ExitedWithCode(130), "");
  EXPECT_EXIT(two_signals(SIGTERM), testing::ExitedWithCode(143), "");
}

TEST_F(StackTest, cancel_all_may_be_called_while_answers_arrive) {
  const auto stack = make();
  const std::vector<Call> calls = {call("a", "hang"), call("b", "answer x"), call("c", "hang")};
  const auto answers = stack->caller().ask(calls, [&](std::size_t, const Answer&) {
    stack->cancel_all();
    return std::nullopt;
  });
  EXPECT_EQ(answers[0].error->kind, CallErrorKind::cancelled);
  EXPECT_FALSE(answers[1].error);
  EXPECT_EQ(answers[2].error->kind, CallErrorKind::cancelled);
}

TEST_F(StackTest, what_on_answer_throws_comes_out_after_everything_has_stopped) {
  const auto stack = make();
  const std::vector<Call> calls = {call("a", "hang"), call("b", "answer x")};
  EXPECT_THROW(stack->caller().ask(
                   calls, [](std::size_t, const Answer&) -> std::optional<Millis> { throw std::runtime_error("bug"); }),
               std::runtime_error);
  EXPECT_EQ(log_.lines.back(), "finished a cancelled");
}

TEST_F(StackTest, a_straggler_is_stopped_when_the_grace_ends) {
  const auto stack = make();
  const std::vector<Call> calls = {call("slow", "hang"), call("quick", "answer two")};
  const auto answers = stack->caller().ask(calls, [](std::size_t, const Answer&) { return std::optional(Millis(0)); });
  EXPECT_TRUE(answers[0].cut);
  EXPECT_EQ(answers[0].error->kind, CallErrorKind::timed_out);
  EXPECT_EQ(answers[0].attempts, 1) << "and not tried again";
  EXPECT_EQ(answers[1].text, "two\n");
  EXPECT_FALSE(answers[1].cut);
  EXPECT_EQ(log_.lines.back(), "finished slow timed_out");
}

TEST_F(StackTest, the_end_of_the_run_stops_what_runs_and_what_waits) {
  const auto stack = make({.max_parallel = 1}, {.total = Millis(300)});
  const std::vector<Call> calls = {call("a", "hang"), call("b", "answer x")};
  const auto answers = stack->caller().ask(calls, {});
  EXPECT_EQ(answers[0].error->message, "stopped: the run's time of 300 ms ended");
  EXPECT_EQ(answers[1].error->message, "not asked: the run's time of 300 ms ended while it waited");
  for (const Answer& answer : answers) EXPECT_EQ(answer.error->kind, CallErrorKind::budget_exhausted);
  EXPECT_EQ(stack->caller().ask(calls, {})[0].error->message, "not asked: the run's time of 300 ms has ended");
  EXPECT_THAT(log_.lines, ElementsAre("started a", "finished b budget_exhausted", "finished a budget_exhausted",
                                      "finished a budget_exhausted", "finished b budget_exhausted"));
}

TEST_F(StackTest, charges_and_refuses) {
  const auto stack = make({}, {.max_tokens = 2'001});
  const std::vector<Call> calls = {call("a", "answer four"), call("b", "answer x")};
  std::vector<Call> with_prompts = calls;
  for (Call& each : with_prompts) each.prompt = "1234";
  const auto answers = stack->caller().ask(with_prompts, {});
  EXPECT_EQ(answers[0].charged.tokens, 1U + 2U) << "the prompt, and five bytes of answer";
  EXPECT_TRUE(answers[0].charged.estimated);
  EXPECT_EQ(answers[1].error->kind, CallErrorKind::budget_exhausted);
  EXPECT_THAT(log_.lines, ElementsAre("started a", "finished b budget_exhausted", "finished a"));
}

TEST_F(StackTest, a_vendor_without_quota_is_not_asked_again) {
  const auto stack = make();
  adapter_.direct.emplace();
  adapter_.direct->error = CallError{CallErrorKind::quota_exhausted, "used up", {}, {}, {}};
  const Call first = call("a", "answer x"), later = call("b", "answer x");
  stack->caller().ask({&first, 1}, {});
  adapter_.direct.reset();
  const auto answers = stack->caller().ask({&later, 1}, {});
  EXPECT_EQ(answers[0].error->message, "not asked: test's quota is used up (first said by a)");
  EXPECT_THAT(log_.lines, ElementsAre("started a", "finished a quota_exhausted", "finished b quota_exhausted"));
}

TEST_F(StackTest, settings_that_cannot_work_are_refused) {
  CallStackSettings nothing;
  EXPECT_FALSE(CallStack::make(nothing));
  CallStackSettings relative;
  relative.world = &world_;
  relative.run_directory = "here";
  EXPECT_FALSE(CallStack::make(relative));
}

}  // namespace
}  // namespace assize
