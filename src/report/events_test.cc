#include "report/events.h"

#include <utility>

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include "core/text.h"
#include "report/report_fixture.h"
#include "report/report_sample_run.h"

namespace assize {
namespace {

namespace bj = boost::json;

struct Recorded {
  std::vector<std::string> lines;
  std::vector<bj::value> events() const {
    std::vector<bj::value> parsed;
    for (const std::string& line : lines) parsed.push_back(bj::parse(line));
    return parsed;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const bj::value& event : events()) out.emplace_back(event.at("event").as_string());
    return out;
  }
  LineSink sink() {
    return [this](std::string_view line) { lines.emplace_back(line); };
  }
};

std::string fixed_time() {
  return "2026-01-02T03:04:05Z";
}

TEST(Events, tell_a_run_in_order) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  Outcome outcome = fixture::clean_outcome();
  fixture::play(outcome, events);
  EXPECT_THAT(recorded.names(),
              testing::ElementsAre("run_started", "phase_started", "call_started", "call_started", "call_progress",
                                   "call_progress", "call_progress", "call_progress", "call_retry", "call_finished",
                                   "call_finished", "review", "review", "phase_finished", "decision", "run_finished"));
}

TEST(Events, are_one_line_each_numbered_and_stamped) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  fixture::play(fixture::with_everywhere(fixture::hostile_text()), events);
  std::int64_t expected = 0;
  for (const std::string& line : recorded.lines) {
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    for (const unsigned char c : std::string_view(line).substr(0, line.size() - 1)) ASSERT_TRUE(c >= 0x20 && c != 0x7F);
    const bj::value event = bj::parse(line);
    EXPECT_EQ(event.at("schema").as_string(), "assize.events.v1");
    EXPECT_EQ(event.at("seq").as_int64(), expected++);
    EXPECT_EQ(event.at("time").as_string(), fixed_time());
  }
}

TEST(Events, give_reviews_in_roster_order_with_their_findings) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  events.phase_finished(Phase::review, 1, fixture::rich_outcome());
  std::vector<std::string> agents;
  for (const bj::value& event : recorded.events()) {
    if (event.at("event").as_string() != "review") continue;
    agents.emplace_back(event.at("review").at("agent").as_string());
    EXPECT_EQ(event.at("findings").as_array().size(),
              static_cast<std::size_t>(event.at("review").at("findings").as_int64()));
  }
  EXPECT_THAT(agents, testing::ElementsAre("claude", "codex", "gemini", "qwen", "lint", "cppcheck"));
}

// What each phase_finished of a kind carries.
std::vector<bj::value> finished(const Recorded& recorded, std::string_view phase) {
  std::vector<bj::value> found;
  for (const bj::value& event : recorded.events()) {
    if (event.at("event").as_string() == "phase_finished" && event.at("phase").as_string() == phase) {
      found.push_back(event);
    }
  }
  return found;
}

TEST(Events, a_round_of_debate_ends_with_its_stances_and_what_it_raised) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  fixture::play(fixture::debated_outcome(), events);
  const std::vector<bj::value> rounds = finished(recorded, "debate");
  ASSERT_EQ(rounds.size(), 2U);
  EXPECT_EQ(rounds[0].at("stances").as_array().size(), 3U);
  ASSERT_EQ(rounds[0].at("missed").as_array().size(), 1U);
  EXPECT_EQ(rounds[0].at("missed").at(0).at("id").as_string(), "codex-2");
  ASSERT_EQ(rounds[1].at("stances").as_array().size(), 1U);
  EXPECT_EQ(rounds[1].at("stances").at(0).at("agent").as_string(), "claude");
  EXPECT_EQ(rounds[1].at("missed").as_array().size(), 0U);
}

TEST(Events, verification_ends_with_the_verdicts_each_told_once) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  Outcome outcome = fixture::debated_outcome();
  const std::vector<GroupVerdict> all = std::exchange(outcome.verdicts, {});
  outcome.verdicts.assign(all.begin(), all.begin() + 3);
  events.phase_finished(Phase::verify, 1, outcome);
  outcome.verdicts = all;
  events.phase_finished(Phase::verify, 2, outcome);
  const std::vector<bj::value> waves = finished(recorded, "verify");
  ASSERT_EQ(waves.size(), 2U);
  EXPECT_EQ(waves[0].at("verdicts").as_array().size(), 3U);
  ASSERT_EQ(waves[1].at("verdicts").as_array().size(), 1U);
  EXPECT_EQ(waves[1].at("verdicts").at(0).at("agent").as_string(), "claude");
}

TEST(Events, phases_end_with_the_groups_that_they_changed) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  fixture::play(fixture::debated_outcome(), events);
  const auto ids = [](const bj::value& event) {
    std::vector<std::string> out;
    for (const bj::value& group : event.at("groups").as_array()) out.emplace_back(group.at("id").as_string());
    return out;
  };
  EXPECT_THAT(ids(finished(recorded, "review").at(0)), testing::ElementsAre("G1", "G2", "G3", "G4", "G5", "G6"));
  EXPECT_THAT(ids(finished(recorded, "debate").at(0)), testing::ElementsAre("G1", "G2", "G5"));
  EXPECT_THAT(ids(finished(recorded, "debate").at(1)), testing::IsEmpty());
  EXPECT_THAT(ids(finished(recorded, "verify").at(0)), testing::ElementsAre("G1", "G2", "G3", "G5", "G6"));
  EXPECT_EQ(finished(recorded, "verify").at(0).at("groups").at(0).at("status").as_string(), "verified");
  EXPECT_EQ(finished(recorded, "synthesis").at(0).at("synthesis").at("agent").as_string(), "judge");
  const bj::value last = recorded.events().back();
  EXPECT_TRUE(last.at("budget").at("exhausted").as_bool());
}

TEST(Events, nothing_follows_run_finished) {
  Recorded recorded;
  {
    EventWriter events(recorded.sink(), fixed_time);
    fixture::play(fixture::clean_outcome(), events);
    events.run_finished(fixture::clean_outcome());
    events.failed(invalid("late"), 2);
    events.phase_started(Phase::debate, 2);
  }
  EXPECT_EQ(recorded.names().back(), "run_finished");
  EXPECT_EQ(std::count(recorded.lines.begin(), recorded.lines.end(), recorded.lines.back()), 1);
  EXPECT_EQ(recorded.events().back().at("state").as_string(), "completed");
}

TEST(Events, an_error_ends_the_stream_also_before_the_run_has_started) {
  Recorded recorded;
  EventWriter events(recorded.sink(), fixed_time);
  events.failed(Error{ErrorCode::not_found, "no such commit", "git fetch"}, 2);
  EXPECT_THAT(recorded.names(), testing::ElementsAre("error", "run_finished"));
  EXPECT_EQ(recorded.events().front().at("error").at("code").as_string(), "not_found");
  EXPECT_TRUE(recorded.events().front().at("run").is_null());
  EXPECT_EQ(recorded.events().back().at("exit").as_int64(), 2);
}

TEST(Events, a_run_that_is_dropped_is_closed_as_interrupted) {
  Recorded recorded;
  {
    EventWriter events(recorded.sink(), fixed_time);
    events.run_started(fixture::rich_outcome());
  }
  EXPECT_EQ(recorded.events().back().at("state").as_string(), "interrupted");
  EXPECT_EQ(recorded.events().back().at("exit").as_int64(), 130);

  Recorded unused;
  { const EventWriter events(unused.sink(), fixed_time); }
  EXPECT_TRUE(unused.lines.empty());
}

}  // namespace
}  // namespace assize
