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
  EXPECT_THAT(keys(json), testing::ElementsAre("schema", "revision", "run", "mode", "offline", "decision", "change",
                                               "reviewed", "totals", "panel", "coverage", "private_files", "groups",
                                               "findings", "rounds", "verification", "stop_reason", "stop_reason_text",
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

TEST(JsonReport, is_the_same_byte_for_byte_and_ends_in_a_newline) {
  const std::string report = render_json(fixture::rich_outcome());
  EXPECT_EQ(report, render_json(fixture::rich_outcome()));
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
