#include "report/procedure.h"

#include <gmock/gmock.h>

#include "report/report_fixture.h"

namespace assize::report {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(Procedure, of_a_plain_run_is_nothing_to_speak_of) {
  EXPECT_THAT(procedure_of(fixture::clean_outcome()), IsEmpty());
  for (const std::string plain : {"", "nothing_contested", "single_round", "too_few_reviews"}) {
    Outcome outcome = fixture::clean_outcome();
    outcome.stop_reason = plain;
    EXPECT_THAT(procedure_of(outcome), IsEmpty()) << plain;
  }
}

TEST(Procedure, tells_depth_parts_lenses_rounds_and_budget) {
  EXPECT_THAT(
      procedure_of(fixture::debated_outcome()),
      ElementsAre("Depth by the risk of the change, high: src/store.c is a path of high risk.", "Reviewed in 3 parts.",
                  "No valid review of part 3 (src/a b#c.sh, x.sh and 1 more).",
                  "Fewer valid reviews than were asked for: part 1 (2 of 3).",
                  "Lenses: security (claude, local), performance (codex), accessibility (nobody with a valid review).",
                  "3 rounds, 2 of debate: the run's budget is used up.",
                  "The budget ran out (10 min 0 s in all, 50.0k tokens, $0.50); left out: round 4 of the debate."));
}

TEST(Procedure, counts_the_parts_that_it_does_not_name) {
  Outcome outcome = fixture::clean_outcome();
  outcome.chunks.assign(12, ChunkReport{{"a.c"}, 10, {"claude"}, {}});
  EXPECT_THAT(procedure_of(outcome),
              ElementsAre("Reviewed in 12 parts.",
                          "No valid review of part 1 (a.c), part 2 (a.c), part 3 (a.c), part 4 (a.c), part 5 (a.c), "
                          "part 6 (a.c) and 6 more."));
  outcome.chunks.assign(12, ChunkReport{{"a.c"}, 10, {"claude"}, {"claude"}});
  EXPECT_THAT(procedure_of(outcome), ElementsAre("Reviewed in 12 parts, each by all that were asked."));
}

TEST(Procedure, tells_an_end_that_is_not_plain) {
  Outcome outcome = fixture::clean_outcome();
  outcome.stop_reason = "budget_exhausted";
  outcome.stop_reason_text = "the run's budget is used up";
  EXPECT_THAT(procedure_of(outcome), ElementsAre("No debate was held: the run's budget is used up."));
  outcome.stop_reason_text.clear();
  EXPECT_THAT(procedure_of(outcome), ElementsAre("No debate was held: budget_exhausted."));
}

TEST(Procedure, says_that_nobody_checked_only_where_there_was_something_to_check) {
  Outcome outcome = fixture::rich_outcome();
  outcome.verification = false;
  EXPECT_THAT(procedure_of(outcome), Contains(StartsWith("Verification was off")));
  outcome.groups.clear();
  EXPECT_THAT(procedure_of(outcome), Not(Contains(StartsWith("Verification was off"))));
}

TEST(Spent, is_what_the_account_says_else_what_agents_report) {
  Outcome outcome = fixture::debated_outcome();
  EXPECT_EQ(spent_text(outcome), "48.1k of 50.0k tokens, $0.30 of $0.50 (in part estimated)");
  outcome.budget = {};
  outcome.budget.spent = {1'234, 0.0, false};
  EXPECT_EQ(spent_text(outcome), "1.2k tokens");
  outcome.budget.spent = {};
  EXPECT_EQ(spent_text(outcome), "32.3k tokens in, 1.5k tokens out, $0.04 (as 1 of 4 agents report)");
}

TEST(Vote, shows_only_when_a_rule_looked_at_it) {
  Outcome outcome = fixture::debated_outcome();
  EXPECT_TRUE(was_voted(outcome));
  outcome.decision.trace.erase(outcome.decision.trace.begin());
  EXPECT_FALSE(was_voted(outcome));
}

}  // namespace
}  // namespace assize::report
