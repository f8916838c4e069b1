#include "report/view.h"

#include <gmock/gmock.h>

#include "report/report_fixture.h"
#include "report/unreviewed.h"

namespace assize::report {
namespace {

TEST(Totals, reviewers_with_a_valid_an_invalid_and_no_review_add_up) {
  const Totals totals = totals_of(fixture::rich_outcome());
  EXPECT_EQ(totals.reviewers, 4U);
  EXPECT_EQ(totals.valid, 2U);
  EXPECT_EQ(totals.invalid, 1U);
  EXPECT_EQ(totals.unavailable, 1U);
  EXPECT_EQ(totals.analysers, 2U);
  EXPECT_EQ(totals.analysers_valid, 2U);
  EXPECT_THAT(totals.groups, testing::ElementsAre(0, 1, 0, 2, 1));  // info … critical, without the refuted one
  EXPECT_EQ(totals.unsupported, 1U);
  EXPECT_EQ(totals.unanchored, 1U);
}

TEST(Usage, says_when_not_all_agents_report_their_cost) {
  EXPECT_EQ(usage_text(usage_of(fixture::rich_outcome())),
            "32.3k tokens in, 1.5k tokens out, $0.04 (as 1 of 3 agents report)");
  EXPECT_EQ(usage_text(usage_of(Outcome{})), "");
}

TEST(Words, durations_and_places) {
  EXPECT_EQ(duration_text(Millis(0)), "0 ms");
  EXPECT_EQ(duration_text(Millis(999)), "999 ms");
  EXPECT_EQ(duration_text(Millis(12'345)), "12.3 s");
  EXPECT_EQ(duration_text(Millis(125'000)), "2 min 5 s");
  EXPECT_EQ(lines_text({"a", LineRange{4, 4}, Side::post_image}), ":4");
  EXPECT_EQ(lines_text({"a", LineRange{4, 6}, Side::pre_image}), ":4-6 (removed)");
  EXPECT_EQ(lines_text({"a", std::nullopt, Side::post_image}), "");
  EXPECT_EQ(agreement_text({AgreementLevel::majority, 3, 4, 5}), "3/4 reviewers (majority)");
  EXPECT_EQ(agreement_text({AgreementLevel::single, 1, 1, 5}), "1/1 reviewer");
}

TEST(Shortfall, tells_silence_from_a_bad_answer_and_from_nothing_to_do) {
  const Outcome outcome = fixture::rich_outcome();
  EXPECT_EQ(shortfall_of(outcome.panel.at(0)), "");
  EXPECT_EQ(problem_of(outcome.panel.at(0)), "");
  EXPECT_EQ(shortfall_of(outcome.panel.at(2)), "unavailable");
  EXPECT_EQ(problem_of(outcome.panel.at(2)), "not logged in: run `gemini` once");
  EXPECT_EQ(shortfall_of(outcome.panel.at(3)), "no valid review");
  EXPECT_EQ(problem_of(outcome.panel.at(3)), "malformed_answer: no JSON object in 17 bytes");
  AgentReport idle;
  idle.role = AgentRole::analyser;
  idle.available = true;
  idle.error = CallError{CallErrorKind::not_applicable, "no changed file is a shell script", {}, {}, {}};
  EXPECT_EQ(shortfall_of(idle), "not applicable");
  EXPECT_EQ(problem_of(idle), "no changed file is a shell script");
}

TEST(Unreviewed, lists_every_file_with_its_reason) {
  std::vector<std::string> lines;
  for (const Unreviewed& item : unreviewed_of(fixture::rich_outcome())) {
    lines.push_back(item.path + "|" + item.lines + "|" + item.reason);
  }
  EXPECT_THAT(lines, testing::ElementsAre("src/a b#c.sh||no valid review covers it", "img/logo.png||binary",
                                          "package-lock.json||generated (name of a lock file)",
                                          ".env.local||private by its name, never shown to an agent"));
}

TEST(Unreviewed, names_the_lines_of_a_file_that_was_covered_in_part) {
  Outcome outcome = fixture::clean_outcome();
  outcome.coverage.front().hunks.back().agents.clear();
  const auto list = unreviewed_of(outcome);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().lines, "90-99");
  EXPECT_EQ(list.front().reason, "no valid review covers it, analysers alone");
}

TEST(Unreviewed, lists_what_was_shown_in_part_only) {
  Outcome outcome = fixture::clean_outcome();
  outcome.coverage.front().risky = true;
  outcome.coverage.front().detail = "2 lines over 1048576 bytes, cut";
  const auto list = unreviewed_of(outcome);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().reason, "only in part: 2 lines over 1048576 bytes, cut");
}

TEST(Unreviewed, offline_counts_what_analysers_looked_at) {
  Outcome outcome = fixture::rich_outcome();
  outcome.offline = true;
  outcome.coverage.resize(3);
  outcome.private_files.clear();
  const auto list = unreviewed_of(outcome);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().path, "src/a b#c.sh");
}

}  // namespace
}  // namespace assize::report
