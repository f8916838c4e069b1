#include "calls/loop_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <unordered_map>

namespace assize {
namespace {

using testing::ElementsAre;

// Answers by the agent's id: "quick…" on the next turn, everybody else when it is cancelled: "late…" has its answer
// ready then, "broken…" has failed by itself, the rest is stopped in the middle of a sentence.
class TurnPort final : public CallPort {
 public:
  explicit TurnPort(EventLoop& loop) : loop_(loop) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    open_[id] = {call.agent->id, std::move(done), nullptr};
    if (call.agent->id.starts_with("quick")) answer_soon(id, answer_of("done"));
    return id;
  }
  void cancel(CallId id) override {
    ++cancels;
    const auto found = open_.find(id);
    if (found == open_.end() || found->second.turn) return;
    const std::string& name = found->second.name;
    if (name.starts_with("late")) return answer_soon(id, answer_of("done"));
    Answer answer = answer_of("half a sen");
    const CallErrorKind kind = name.starts_with("broken") ? CallErrorKind::network : CallErrorKind::cancelled;
    answer.error = CallError{kind, "own words", {}, {}, {}};
    answer_soon(id, answer);
  }
  std::size_t cancels = 0;

 private:
  struct Open {
    std::string name;
    std::function<void(Answer)> done;
    Subscribed turn;
  };
  static Answer answer_of(std::string text) {
    Answer answer;
    answer.text = std::move(text);
    return answer;
  }
  void answer_soon(CallId id, const Answer& answer) {
    open_[id].turn = loop_.after(Millis(0), [this, id, answer] {
      auto node = open_.extract(id);
      node.mapped().done(answer);
    });
  }
  EventLoop& loop_;
  CallId next_ = 1;
  std::unordered_map<CallId, Open> open_;
};

class LoopCallerTest : public testing::Test {
 protected:
  static std::vector<Call> calls(const std::vector<std::string>& names) {
    std::vector<Call> all;
    for (const std::string& name : names) {
      auto spec = std::make_shared<AgentSpec>();
      spec->id = name;
      Call call;
      call.agent = std::move(spec);
      all.push_back(std::move(call));
    }
    return all;
  }
  static std::string state_of(const Answer& answer) {
    return (answer.error ? std::string(to_string(answer.error->kind)) : "good") + (answer.cut ? ", cut" : "");
  }
  static std::vector<std::string> states_of(const std::vector<Answer>& answers) {
    std::vector<std::string> states;
    for (const Answer& answer : answers) states.push_back(state_of(answer));
    return states;
  }

  EventLoop loop_;
  TurnPort port_{loop_};
  LoopCaller caller_{loop_, port_, nullptr, nullptr};
};

TEST_F(LoopCallerTest, the_grace_cuts_what_is_still_open) {
  struct Case {
    Millis grace;
    const char* message;
  };
  const Case cases[] = {
      {Millis(0), "stopped: enough others had answered, and the grace of 0 s ended"},
      {Millis(-5), "stopped: enough others had answered, and the grace of 0 s ended"},
      {Millis(2), "stopped: enough others had answered, and the grace of 2 ms ended"},
  };
  for (const Case& c : cases) {
    const auto asked = calls({"slow 1", "quick", "slow 2"});
    std::vector<std::size_t> told;
    const auto answers = caller_.ask(asked, [&](std::size_t index, const Answer&) {
      told.push_back(index);
      return std::optional(c.grace);
    });
    EXPECT_THAT(states_of(answers), ElementsAre("timed_out, cut", "good", "timed_out, cut"));
    EXPECT_EQ(answers[0].error->message, c.message);
    EXPECT_EQ(answers[0].text, "half a sen");
    EXPECT_EQ(answers[1].text, "done");
    EXPECT_THAT(told, ElementsAre(1, 0, 2)) << "cut answers are handed over too";
  }
}

TEST_F(LoopCallerTest, without_a_grace_nobody_is_cut) {
  const auto answers =
      caller_.ask(calls({"quick 1", "quick 2"}), [](std::size_t, const Answer&) { return std::nullopt; });
  EXPECT_THAT(states_of(answers), ElementsAre("good", "good"));
  EXPECT_EQ(port_.cancels, 0U);
}

TEST_F(LoopCallerTest, an_answer_in_time_is_untouched) {
  const auto asked = calls({"quick 1", "quick 2", "quick 3"});
  const auto answers =
      caller_.ask(asked, [](std::size_t, const Answer&) { return std::optional<Millis>(std::chrono::hours(1)); });
  EXPECT_THAT(states_of(answers), ElementsAre("good", "good", "good"));
  EXPECT_EQ(port_.cancels, 0U);
  // The clock of one ask is not that of the next.
  EXPECT_THAT(states_of(caller_.ask(calls({"quick"}), {})), ElementsAre("good"));
}

TEST_F(LoopCallerTest, what_came_when_the_grace_ended_stays_what_it_is) {
  const auto asked = calls({"quick", "late", "broken", "slow"});
  const auto answers = caller_.ask(asked, [](std::size_t, const Answer&) { return std::optional(Millis(0)); });
  EXPECT_THAT(states_of(answers), ElementsAre("good", "good", "network", "timed_out, cut"));
  EXPECT_EQ(answers[2].error->message, "own words");
}

TEST_F(LoopCallerTest, the_first_grace_counts) {
  const auto asked = calls({"quick 1", "quick 2", "slow"});
  std::vector<Millis> graces = {Millis(0), std::chrono::hours(1), std::chrono::hours(1)};
  std::size_t next = 0;
  EXPECT_THAT(states_of(caller_.ask(asked, [&](std::size_t, const Answer&) { return std::optional(graces[next++]); })),
              ElementsAre("good", "good", "timed_out, cut"));
  // The other way round nothing ends before somebody ends it.
  graces = {std::chrono::hours(1), Millis(0), Millis(0)};
  next = 0;
  const Subscribed end = loop_.after(Millis(30), [this] { caller_.cancel_all(); });
  EXPECT_THAT(states_of(caller_.ask(asked, [&](std::size_t, const Answer&) { return std::optional(graces[next++]); })),
              ElementsAre("good", "good", "cancelled"));
}

TEST_F(LoopCallerTest, an_interrupt_is_told_from_the_end_of_the_grace) {
  const auto asked = calls({"quick", "slow"});
  // Cancelled before the grace ended.
  EXPECT_THAT(states_of(caller_.ask(asked,
                                    [&](std::size_t, const Answer&) {
                                      caller_.cancel_all();
                                      return std::optional(Millis(0));
                                    })),
              ElementsAre("good", "cancelled"));
  // Cut before somebody cancelled.
  LoopCaller fresh(loop_, port_, nullptr, nullptr);
  const auto all = calls({"quick", "slow 1", "slow 2"});
  EXPECT_THAT(states_of(fresh.ask(all,
                                  [&](std::size_t index, const Answer&) {
                                    if (index == 1) fresh.cancel_all();
                                    return std::optional(Millis(0));
                                  })),
              ElementsAre("good", "timed_out, cut", "timed_out, cut"));
  EXPECT_THAT(states_of(fresh.ask(calls({"slow"}), {})), ElementsAre("cancelled")) << "and so is whatever comes later";
}

TEST_F(LoopCallerTest, cancelling_again_and_again_asks_each_call_once) {
  std::vector<std::string> names(300, "slow");
  names.emplace_back("quick");
  const auto answers = caller_.ask(calls(names), [&](std::size_t, const Answer&) {
    caller_.cancel_all();
    return std::nullopt;
  });
  EXPECT_EQ(state_of(answers[0]), "cancelled");
  EXPECT_EQ(port_.cancels, 300U) << "and not the one that had answered";
}

TEST_F(LoopCallerTest, what_another_callback_throws_comes_out_after_everything_has_stopped) {
  const Subscribed tick = loop_.after(Millis(1), [] { throw std::runtime_error("bug"); });
  std::size_t told = 0;
  EXPECT_THROW(caller_.ask(calls({"slow 1", "slow 2"}),
                           [&](std::size_t, const Answer&) {
                             ++told;
                             return std::nullopt;
                           }),
               std::runtime_error);
  EXPECT_EQ(port_.cancels, 2U);
  EXPECT_THAT(states_of(caller_.ask(calls({"slow"}), {})), ElementsAre("cancelled"));
}

}  // namespace
}  // namespace assize
