#include "report/progress.h"

#include <gmock/gmock.h>

#include "report/report_fixture.h"
#include "report/report_sample_run.h"

namespace assize {
namespace {

class Progress : public testing::Test {
 protected:
  static Call call_of(const std::string& agent, Phase phase = Phase::review) {
    AgentSpec spec;
    spec.id = agent;
    Call call;
    call.agent = std::make_shared<const AgentSpec>(std::move(spec));
    call.phase = phase;
    return call;
  }

  Millis now_{0};
  std::string out_;
  ProgressLines lines_{[this](std::string_view line) { out_ += line; }, [this] { return now_; }};
};

TEST_F(Progress, says_who_started_answered_and_failed) {
  Answer good;
  good.duration = Millis(12'345);
  Answer bad;
  bad.duration = Millis(900'000);
  bad.error = CallError{CallErrorKind::timed_out, "no answer within 15 min", std::nullopt, std::nullopt, std::nullopt};
  lines_.phase_started(Phase::review, 1);
  lines_.call_started(call_of("claude"));
  lines_.call_started(call_of("codex"));
  lines_.call_retry(call_of("codex"), *bad.error, Millis(1'500));
  lines_.call_finished(call_of("claude"), good);
  lines_.call_finished(call_of("codex"), bad);
  bad.error->kind = CallErrorKind::not_applicable;
  lines_.call_finished(call_of("shellcheck"), bad);
  EXPECT_EQ(out_,
            "review\n"
            "  claude started\n"
            "  codex started\n"
            "  codex tries again in 1.5 s: timed_out: no answer within 15 min\n"
            "  claude answered after 12.3 s\n"
            "  codex failed after 15 min 0 s: timed_out: no answer within 15 min\n"
            "  shellcheck has nothing to read here\n");
}

TEST_F(Progress, says_what_became_of_each_review) {
  for (const AgentReport& agent : fixture::rich_outcome().panel) lines_.review_read(agent);
  EXPECT_THAT(out_, testing::HasSubstr("  claude: 3 findings\n"));
  EXPECT_THAT(out_, testing::Not(testing::HasSubstr("qwen")));  // its failed call was told when it failed
}

TEST_F(Progress, a_heartbeat_comes_within_thirty_seconds_of_silence_while_a_call_runs) {
  lines_.call_started(call_of("claude"));
  out_.clear();
  lines_.call_progress(call_of("claude"), 70'000);
  std::vector<std::int64_t> beats;
  for (now_ = Millis(0); now_ <= Millis(100'000); now_ += Millis(1'000)) {
    out_.clear();
    lines_.tick();
    if (!out_.empty()) beats.push_back(now_.count());
  }
  EXPECT_THAT(beats, testing::ElementsAre(29'000, 58'000, 87'000));
  now_ = Millis(130'000);
  out_.clear();
  lines_.tick();
  EXPECT_EQ(out_, "  2 min 10 s, waiting for 1 answer: claude (2 min 10 s, 68 KiB)\n");
}

TEST_F(Progress, no_heartbeat_when_nothing_runs) {
  now_ = Millis(60'000);
  lines_.tick();
  lines_.call_started(call_of("claude"));
  lines_.call_finished(call_of("claude"), Answer{});
  out_.clear();
  now_ = Millis(200'000);
  lines_.tick();
  EXPECT_EQ(out_, "");
}

TEST_F(Progress, names_the_parts_of_a_large_change_and_says_each_start_once) {
  Outcome outcome = fixture::debated_outcome();
  lines_.run_started(outcome);
  lines_.phase_started(Phase::review, 1);
  Answer answer;
  answer.duration = Millis(1'000);
  for (int chunk = 0; chunk < 3; ++chunk) {
    Call call = call_of("local");
    call.chunk = chunk;
    lines_.call_started(call);
    lines_.call_finished(call, answer);
    lines_.review_read(outcome.panel.at(6));
  }
  out_ += "--\n";
  lines_.phase_finished(Phase::review, 1, outcome);
  EXPECT_EQ(out_,
            "review\n"
            "  local, part 1 started\n"
            "  local, part 1 answered after 1.0 s\n"
            "  local, part 2 answered after 1.0 s\n"
            "  local, part 3 answered after 1.0 s\n"
            "--\n"
            "  claude: 3 findings\n"
            "  codex: 1 finding\n"
            "  local: partial review: 1 of 3 parts; part 1: no answer within 5 min; part 3: prose without a JSON "
            "object\n"
            "  8 findings in 6 groups\n");
}

TEST_F(Progress, says_what_each_phase_brought) {
  Outcome outcome = fixture::debated_outcome();
  for (AgentReport& agent : outcome.panel) agent.chunks.clear();
  Outcome before = outcome;
  before.stances.clear();
  before.findings.pop_back();
  lines_.phase_finished(Phase::review, 1, before);
  lines_.phase_finished(Phase::debate, 2, outcome);
  lines_.phase_finished(Phase::verify, 1, outcome);
  lines_.phase_finished(Phase::synthesis, 1, outcome);
  EXPECT_EQ(out_,
            "  7 findings in 6 groups\n"
            "  4 stances, 1 new finding\n"
            "  1 verified, 1 refuted, 1 disputed, 1 for a person to judge, 2 unverified\n");
}

TEST_F(Progress, hostile_text_stays_in_its_line) {
  fixture::play(fixture::with_everywhere(fixture::hostile_text()), lines_);
  for (const unsigned char c : out_) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7F));
  EXPECT_EQ(out_.find("\nPASS"), std::string::npos);
}

}  // namespace
}  // namespace assize
