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

TEST(Shortfall, tells_a_partial_review_and_a_chair) {
  const Outcome outcome = fixture::debated_outcome();
  EXPECT_EQ(shortfall_of(outcome.panel.at(6)), "partial review");
  EXPECT_EQ(problem_of(outcome.panel.at(6)),
            "1 of 3 parts; part 1: no answer within 5 min; part 3: prose without a JSON object");
  EXPECT_EQ(shortfall_of(outcome.panel.at(7)), "no reviewer");
  EXPECT_EQ(problem_of(outcome.panel.at(7)), "chairs and verifies");
}

TEST(Totals, a_chair_is_no_reviewer_and_a_partial_review_is_not_valid) {
  const Totals totals = totals_of(fixture::debated_outcome());
  EXPECT_EQ(totals.reviewers, 5U);
  EXPECT_EQ(totals.valid, 2U);
  EXPECT_EQ(totals.partial, 1U);
  EXPECT_EQ(totals.invalid, 1U);
  EXPECT_EQ(totals.unavailable, 1U);
  EXPECT_EQ(totals.chair_only, 1U);
  EXPECT_THAT(totals.statuses, testing::ElementsAre(2, 1, 1, 1, 1));  // in the order of GroupStatus
}

TEST(Words, a_status_with_its_reason) {
  const Outcome outcome = fixture::debated_outcome();
  const OutcomeIndex index(outcome);
  std::vector<std::string> texts;
  for (const Group& group : outcome.groups) texts.push_back(status_text(group, index));
  EXPECT_THAT(texts,
              testing::ElementsAre(
                  "verified by judge", "needs a person: codex leaves it to a person, and the second verdict is missing",
                  "refuted by codex and claude", "unverified", "disputed: 0 for, 2 against (claude, codex)",
                  "unverified: split off from G3, whose other statements are refuted"));
  EXPECT_EQ(tally_text(outcome.groups.at(1), index), "1 for (claude), 0 against");
  EXPECT_EQ(tally_text(outcome.groups.at(3), index), "");  // nobody debated it
  EXPECT_EQ(tally_text(outcome.groups.at(4), index), "");  // its status says it
}

TEST(Words, a_status_that_not_all_verdicts_bear_out_has_the_reason) {
  Outcome outcome = fixture::debated_outcome();
  outcome.verdicts.at(3).status = VerdictStatus::needs_human;
  outcome.verdicts.erase(outcome.verdicts.begin());
  const OutcomeIndex index(outcome);
  EXPECT_EQ(status_text(outcome.groups.at(0), index), "verified: judge verified it");
  EXPECT_EQ(status_text(outcome.groups.at(2), index),
            "refuted: claude and codex refute it, without a line that exists for evidence");
}

TEST(Words, for_verdicts_on_changes_and_on_prose) {
  EXPECT_EQ(verdict_word(Verdict::approve, "review"), "approve");
  EXPECT_EQ(verdict_word(Verdict::approve, "issue"), "READY");
  EXPECT_EQ(verdict_word(Verdict::request_changes, "issue"), "NEEDS_INFO");
  EXPECT_EQ(verdict_word(Verdict::comment, "issue"), "UNCLEAR");
}

TEST(Opinions, are_the_verdicts_and_the_latest_objection_of_each) {
  Outcome outcome = fixture::debated_outcome();
  outcome.stances.push_back({"G5", "codex", 3, StanceValue::disagree, "Still none.", std::nullopt});
  const OutcomeIndex index(outcome);
  std::vector<std::string> said;
  for (const Opinion& opinion : opinions_on(outcome.groups.at(4), index))
    said.push_back(opinion.who + ": " + opinion.text);
  EXPECT_THAT(said, testing::ElementsAre("claude disagrees: I cannot find that loop any more.",
                                         "codex disagrees: Still none."));
  EXPECT_TRUE(opinions_on(outcome.groups.at(3), index).empty());
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
