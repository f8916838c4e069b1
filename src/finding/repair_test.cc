#include "finding/repair.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

ParsedReview read(std::string_view text) {
  return parse_review(text, {.agent = "a", .shown = {}});
}
constexpr std::string_view kProse = "There is a buffer overflow in parse(): src/a.c:12 copies without a check.";
constexpr std::string_view kClean = R"({"verdict":"approve","checked":["a.c"],"findings":[]})";
constexpr std::string_view kOne =
    R"({"checked":["a.c"],"findings":[{"severity":"high","title":"Overflow","file":"a.c","line":12}]})";

TEST(AsksForRepair, where_a_review_may_be_hidden) {
  const std::vector<std::pair<ReviewStatus, bool>> table = {
      {ReviewStatus::findings, false}, {ReviewStatus::clean, false},       {ReviewStatus::insubstantial, true},
      {ReviewStatus::malformed, true}, {ReviewStatus::no_contract, true},  {ReviewStatus::refused, false},
      {ReviewStatus::empty, false},    {ReviewStatus::unavailable, false},
  };
  for (const auto& [status, expected] : table) EXPECT_EQ(asks_for_repair(status), expected) << to_string(status);
}

TEST(NamesProblems, hears_what_is_said_and_what_is_denied) {
  const std::vector<std::pair<std::string_view, bool>> table = {
      {kProse, true},
      {"The token is logged, which is insecure.", true},
      {"See server.py:88.", true},
      {"This leaks memory.", true},
      {"I see no bugs here. All good.", false},
      {"There are no security vulnerabilities and nothing is wrong.", false},
      {"It does not leak.", false},
      {"No style issues. However, the lock order can deadlock.", true},
      {"At 12:30 I finished.", false},
      {"LGTM", false},
      {"", false},
  };
  for (const auto& [prose, expected] : table) EXPECT_EQ(names_problems(prose), expected) << prose;
}

TEST(MergeRepair, accepts_a_readable_review) {
  const RepairOutcome outcome = merge_repair(read(kProse), kProse, read(kOne));
  EXPECT_EQ(outcome.result, RepairResult::accepted);
  EXPECT_EQ(outcome.review.status, ReviewStatus::findings);
  EXPECT_EQ(outcome.review.findings.size(), 1U);
}

TEST(MergeRepair, that_came_back_empty_where_problems_were_named_is_invalid) {
  const RepairOutcome outcome = merge_repair(read(kProse), kProse, read(kClean));
  EXPECT_EQ(outcome.result, RepairResult::lost_content);
  EXPECT_FALSE(is_valid_review(outcome.review.status));
}

TEST(MergeRepair, that_lost_salvaged_findings_is_invalid) {
  const std::string cut = R"({"findings":[{"severity":"high","title":"X","file":"a.c"},{"sev)";
  const RepairOutcome outcome = merge_repair(read(cut), cut, read(kClean));
  EXPECT_EQ(outcome.result, RepairResult::lost_content);
  EXPECT_EQ(outcome.review.findings.size(), 1U);
}

TEST(MergeRepair, of_harmless_prose_may_be_clean) {
  const std::string_view prose = "I read a.c and see no problems.";
  const RepairOutcome outcome = merge_repair(read(prose), prose, read(kClean));
  EXPECT_EQ(outcome.result, RepairResult::accepted);
  EXPECT_EQ(outcome.review.status, ReviewStatus::clean);
}

TEST(MergeRepair, of_a_review_without_checked_files_may_be_clean_whatever_its_summary_says) {
  const std::string_view text = R"({"summary":"Mends a crash and a leak.","checked":["x"],"findings":[]})";
  EXPECT_EQ(merge_repair(read(text), text, read(kClean)).result, RepairResult::accepted);
}

TEST(MergeRepair, keeps_what_was_salvaged_and_numbers_anew) {
  const std::string cut = R"({"findings":[{"severity":"high","title":"Other","file":"b.c"},
    {"severity":"high","title":"overflow","file":"a.c","line":12},{"sev)";
  const RepairOutcome outcome = merge_repair(read(cut), cut, read(kOne));
  ASSERT_EQ(outcome.result, RepairResult::accepted);
  ASSERT_EQ(outcome.review.findings.size(), 2U);
  EXPECT_EQ(outcome.review.findings[0].id, "a-1");
  EXPECT_EQ(outcome.review.findings[1].id, "a-2");
  EXPECT_EQ(outcome.review.findings[1].title, "Other");
}

TEST(MergeRepair, that_failed_keeps_all_findings_without_weight) {
  const std::string cut = R"({"findings":[{"severity":"high","title":"X","file":"a.c"},{"sev)";
  const RepairOutcome outcome = merge_repair(read(cut), cut, read("Sorry, what?"));
  EXPECT_EQ(outcome.result, RepairResult::failed);
  EXPECT_EQ(outcome.review.status, ReviewStatus::malformed);
  EXPECT_EQ(outcome.review.findings.size(), 1U);
}

TEST(MergeRepair, changes_no_judgement) {
  const std::string cut = R"({"verdict":"request_changes","findings":[{"severity":"critical","title":"overflow",
    "file":"a.c","line":12},{"sev)";
  const RepairOutcome outcome = merge_repair(read(cut), cut, read(kOne));
  ASSERT_EQ(outcome.result, RepairResult::accepted);
  ASSERT_EQ(outcome.review.findings.size(), 1U);
  EXPECT_EQ(outcome.review.findings[0].severity, Severity::critical);
  EXPECT_EQ(outcome.review.verdict, Verdict::request_changes);

  const std::string_view unwilling = R"({"verdict":"request_changes","findings":[],"summ)";
  EXPECT_EQ(merge_repair(read(unwilling), unwilling, read(kClean)).review.verdict, Verdict::request_changes);
}

TEST(MergeRepair, that_lost_items_that_could_not_be_read_is_invalid) {
  const std::string_view text = R"({"checked":["a.c"],"findings":[null]})";
  EXPECT_EQ(merge_repair(read(text), text, read(kClean)).result, RepairResult::lost_content);
}

TEST(MergeSecondReview, keeps_what_the_first_had_said) {
  const std::string cut =
      R"({"verdict":"request_changes","findings":[{"severity":"critical","title":"X","file":"a.c"},{"s)";
  const ParsedReview merged = merge_second_review(read(cut), read(kClean));
  EXPECT_EQ(merged.status, ReviewStatus::findings);
  EXPECT_EQ(merged.verdict, Verdict::request_changes);
  ASSERT_EQ(merged.findings.size(), 1U);
  EXPECT_EQ(merged.findings[0].id, "a-1");
}

TEST(MergeRest, makes_a_review_of_one_that_had_named_no_files) {
  const ParsedReview merged = merge_rest(read(R"({"verdict":"approve","findings":[]})"), read(kClean));
  EXPECT_EQ(merged.status, ReviewStatus::clean);
  EXPECT_EQ(merged.reason, "");
  EXPECT_EQ(merge_rest(read(R"({"findings":[]})"), read(kOne)).status, ReviewStatus::findings);
  EXPECT_EQ(merge_rest(read(R"({"findings":[]})"), read("fine")).status, ReviewStatus::insubstantial);
}

TEST(MergeRest, adds_files_and_findings) {
  const ParsedReview first = read(R"({"checked":["b.c"],"findings":[]})");
  const ParsedReview merged = merge_rest(first, read(kOne));
  EXPECT_EQ(merged.status, ReviewStatus::findings);
  EXPECT_EQ(merged.checked, (std::vector<std::string>{"b.c", "a.c"}));
  EXPECT_EQ(merged.findings.size(), 1U);
}

TEST(MergeRest, that_is_invalid_covers_nothing_and_spoils_nothing) {
  const ParsedReview merged = merge_rest(read(kClean), read("no"));
  EXPECT_EQ(merged.status, ReviewStatus::clean);
  EXPECT_EQ(merged.checked, (std::vector<std::string>{"a.c"}));
  EXPECT_EQ(merged.warnings.size(), 1U);
}

}  // namespace
}  // namespace assize
