#include "report/json.h"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include "core/text.h"
#include "report/report_fixture.h"

namespace assize {
namespace {

namespace bj = boost::json;

std::vector<std::string> keys(const bj::value& object) {
  std::vector<std::string> names;
  for (const auto& entry : object.as_object()) names.emplace_back(entry.key());
  return names;
}

TEST(JsonReport, has_its_keys_in_a_fixed_order) {
  const bj::value json = bj::parse(render_json(fixture::rich_outcome()));
  EXPECT_THAT(keys(json),
              testing::ElementsAre("schema", "revision", "run", "mode", "offline", "decision", "vote", "synthesis",
                                   "change", "chunks", "divide", "lenses", "reviewed", "totals", "panel", "chair",
                                   "coverage", "private_files", "groups", "findings", "stances", "verdicts", "risk",
                                   "risk_reason", "rounds", "verification", "stop_reason", "stop_reason_text", "budget",
                                   "warnings", "seed", "versions", "digests", "time"));
  EXPECT_THAT(keys(json.at("decision")), testing::ElementsAre("value", "exit", "rule", "reason", "fail_on", "trace"));
}

TEST(JsonReport, says_what_the_outcome_says) {
  const bj::value json = bj::parse(render_json(fixture::rich_outcome()));
  EXPECT_EQ(json.at("schema").as_string(), "assize.outcome.v1");
  EXPECT_EQ(json.at("decision").at("value").as_string(), "FAIL");
  EXPECT_EQ(json.at("decision").at("exit").as_int64(), 1);
  EXPECT_EQ(json.at("seed").as_string(), "18446744073709551615");
  EXPECT_EQ(json.at("totals").at("groups").at("high").as_int64(), 2);
  EXPECT_EQ(json.at("totals").at("reviews").at("valid").as_int64(), 2);
  const bj::value& group = json.at("groups").at(0);
  EXPECT_EQ(group.at("location").at("path").as_string(), "src/store.c");
  EXPECT_EQ(group.at("agreement").at("k").as_int64(), 2);
  EXPECT_EQ(group.at("members").as_array().size(), 3U);
  EXPECT_TRUE(json.at("panel").at(2).at("model").is_null());
  EXPECT_EQ(json.at("panel").at(3).at("error").at("kind").as_string(), "malformed_answer");
  EXPECT_DOUBLE_EQ(json.at("panel").at(0).at("usage").at("cost_usd").as_double(), 0.0421);
  EXPECT_EQ(json.at("findings").at(0).at("code").as_string(), "    free(buf);");
}

TEST(JsonReport, has_what_debate_verification_and_chair_said) {
  const bj::value json = bj::parse(render_json(fixture::debated_outcome()));
  EXPECT_EQ(json.at("revision").as_int64(), 2);
  EXPECT_EQ(json.at("chair").as_string(), "judge");
  EXPECT_EQ(json.at("synthesis").at("recommendation").as_string(), "approve");
  EXPECT_EQ(json.at("vote").at("verdict").as_string(), "request_changes");
  EXPECT_EQ(json.at("vote").at("ballots").as_array().size(), 2U);
  EXPECT_EQ(json.at("stances").at(1).at("stance").as_string(), "unsure");
  EXPECT_EQ(json.at("stances").at(1).at("severity").as_string(), "medium");
  EXPECT_EQ(json.at("verdicts").at(3).at("task").as_string(), "refute");
  EXPECT_TRUE(json.at("verdicts").at(3).at("raiser").as_bool());
  EXPECT_EQ(json.at("verdicts").at(3).at("members").at(0).as_string(), "claude-2");
  const bj::value& group = json.at("groups").at(1);
  EXPECT_EQ(group.at("status").as_string(), "needs_human");
  EXPECT_EQ(group.at("status_reason").as_string(), "codex leaves it to a person, and the second verdict is missing");
  EXPECT_EQ(group.at("suggested_severity").as_string(), "medium");
  EXPECT_EQ(group.at("support").at(0).as_string(), "claude");
  EXPECT_EQ(json.at("groups").at(5).at("split_from").as_string(), "G3");
  const bj::value& missed = json.at("findings").at(4);
  EXPECT_EQ(missed.at("round").as_int64(), 2);
  EXPECT_EQ(missed.at("chunk").as_int64(), 1);
  EXPECT_EQ(missed.at("reported_severity").as_string(), "high");
  EXPECT_TRUE(json.at("findings").at(0).at("reported_severity").is_null());
}

TEST(JsonReport, has_parts_budget_and_panel_in_full) {
  const bj::value json = bj::parse(render_json(fixture::debated_outcome()));
  EXPECT_EQ(json.at("chunks").at(2).at("valid").as_array().size(), 0U);
  EXPECT_EQ(json.at("chunks").at(2).at("asked").at(0).as_string(), "local");
  EXPECT_EQ(json.at("lenses").as_array().size(), 3U);
  EXPECT_TRUE(json.at("divide").is_null());
  EXPECT_EQ(json.at("risk").as_string(), "high");
  const bj::value& budget = json.at("budget");
  EXPECT_EQ(budget.at("limits").at("total_timeout_ms").as_int64(), 600'000);
  EXPECT_TRUE(budget.at("limits").at("phase_timeout_ms").is_null());
  EXPECT_EQ(budget.at("spent").at("tokens").as_int64(), 48'123);
  EXPECT_TRUE(budget.at("exhausted").as_bool());
  const bj::value& local = json.at("panel").at(6);
  EXPECT_EQ(local.at("status").as_string(), "partial");
  EXPECT_FALSE(local.at("valid").as_bool());
  EXPECT_EQ(local.at("chunks").at(0).at("reason").as_string(), "no answer within 5 min");
  EXPECT_EQ(local.at("cancel_reason").as_string(), "timeout");
  EXPECT_TRUE(json.at("panel").at(7).at("chair_only").as_bool());
  const bj::value& totals = json.at("totals");
  EXPECT_EQ(totals.at("reviews").at("declared").as_int64(), 5);
  EXPECT_EQ(totals.at("reviews").at("partial").as_int64(), 1);
  EXPECT_EQ(totals.at("reviews").at("chair_only").as_int64(), 1);
  EXPECT_EQ(totals.at("groups").at("by_status").at("needs_human").as_int64(), 1);
}

// 0.1 + 0.2 and 0.2 + 0.1 + 0.0 may differ in the last digit: sums come in different orders.
TEST(JsonReport, writes_money_without_the_noise_of_adding_it_up) {
  EXPECT_THAT(render_json(fixture::debated_outcome()), testing::HasSubstr("\"cost_usd\": 0.3,\n"));
}

TEST(JsonReport, says_verdicts_on_prose_in_its_own_words) {
  Outcome outcome = fixture::debated_outcome();
  outcome.mode = "issue";
  const bj::value json = bj::parse(render_json(outcome));
  EXPECT_EQ(json.at("panel").at(0).at("verdict").as_string(), "NEEDS_INFO");
  EXPECT_EQ(json.at("panel").at(1).at("verdict").as_string(), "UNCLEAR");
  EXPECT_EQ(json.at("synthesis").at("recommendation").as_string(), "READY");
  EXPECT_EQ(json.at("vote").at("verdict").as_string(), "NEEDS_INFO");
  EXPECT_EQ(json.at("vote").at("ballots").at(0).at("verdict").as_string(), "NEEDS_INFO");
}

TEST(JsonReport, is_the_same_byte_for_byte_and_ends_in_a_newline) {
  const std::string report = render_json(fixture::debated_outcome());
  EXPECT_EQ(report, render_json(fixture::debated_outcome()));
  EXPECT_TRUE(report.ends_with("}\n"));
}

TEST(JsonReport, keeps_hostile_text_as_inert_data) {
  const std::string text = fixture::hostile_text();
  const std::string report = render_json(fixture::with_everywhere(text));
  for (const unsigned char c : report) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7F));
  EXPECT_EQ(report.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(bj::parse(report).at("findings").at(0).at("title").as_string(), to_valid_utf8(text));
}

TEST(GroupsJson, has_groups_and_findings_alone) {
  const bj::value json = bj::parse(render_groups_json(fixture::rich_outcome()));
  EXPECT_THAT(keys(json), testing::ElementsAre("groups", "findings"));
  EXPECT_EQ(json.at("groups").as_array().size(), 5U);
}

TEST(ErrorJson, has_code_message_and_hint) {
  EXPECT_EQ(render_error_json(Error{ErrorCode::not_found, "no such \"ref\"", "git fetch"}),
            "{\"error\":{\"code\":\"not_found\",\"message\":\"no such \\\"ref\\\"\",\"hint\":\"git fetch\"}}\n");
}

}  // namespace
}  // namespace assize
