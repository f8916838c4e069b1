#include "finding/read_findings.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(ReadFindings, needs_only_id_agent_and_title) {
  const auto findings = read_findings(R"({"findings":[{"id":"f1","agent":"a","title":"T"}]})", "in.json");
  ASSERT_TRUE(findings) << findings.error().message;
  ASSERT_EQ(findings->size(), 1U);
  EXPECT_EQ(findings->front().id, "f1");
  EXPECT_EQ(findings->front().agent, "a");
  EXPECT_EQ(findings->front().title, "T");
  EXPECT_TRUE(findings->front().severity_guessed);
}

TEST(ReadFindings, reads_everything_else) {
  const auto findings = read_findings(R"({"note":1,"findings":[{"id":"f1","agent":"a","title":"T","severity":"low",
    "category":"docs","file":"a.c","line":3,"end_line":5,"quote":"x;","detail":"D","fix":"F","confidence":0.5,
    "rule":"R1","symbol":"s"}]})",
                                      "in.json");
  ASSERT_TRUE(findings) << findings.error().message;
  const Finding& f = findings->front();
  EXPECT_EQ(f.severity, Severity::low);
  EXPECT_FALSE(f.severity_guessed);
  EXPECT_EQ(f.category, Category::docs);
  EXPECT_EQ(f.cited.path, "a.c");
  EXPECT_EQ(f.cited.lines, (LineRange{3, 5}));
  EXPECT_EQ(f.cited.quote, "x;");
  EXPECT_EQ(f.detail, "D");
  EXPECT_EQ(f.fix, "F");
  EXPECT_EQ(f.confidence, 0.5);
  EXPECT_EQ(f.rule, "R1");
}

TEST(ReadFindings, reads_an_outcome) {
  const auto findings = read_findings(R"({"schema":"assize.outcome.v1","findings":[{"id":"a-1","agent":"a",
    "severity":"high","severity_guessed":false,"category":"bug","title":"T","detail":"","fix":"",
    "cited":{"path":"x/a.c","line":7,"end_line":8,"side":"post_image","quote":null,"symbol":null},
    "anchor":{"state":"moved","path":"a.c","line":9,"end_line":9,"side":"pre_image"},"code":null}]})",
                                      "in.json");
  ASSERT_TRUE(findings) << findings.error().message;
  const Finding& f = findings->front();
  EXPECT_EQ(f.cited.path, "x/a.c");
  EXPECT_EQ(f.cited.lines, (LineRange{7, 8}));
  EXPECT_EQ(f.anchor.state, AnchorState::moved);
  EXPECT_EQ(f.anchor.path, "a.c");
  EXPECT_EQ(f.anchor.lines, (LineRange{9, 9}));
  EXPECT_EQ(f.anchor.side, Side::pre_image);
}

TEST(ReadFindings, says_what_is_wrong_and_where) {
  const std::vector<std::pair<std::string_view, std::string_view>> table = {
      {"", "in.json: not JSON"},
      {"{", "in.json: not JSON"},
      {"{} x", "in.json: something follows the JSON value at byte 3"},
      {"[]", "in.json: no list \"findings\""},
      {R"({"findings":{}})", "in.json: no list \"findings\""},
      {R"({"findings":[3]})", "in.json: findings[0]: not an object"},
      {R"({"findings":[{"agent":"a","title":"T"}]})", "in.json: findings[0]: \"id\" is missing or empty"},
      {R"({"findings":[{"id":7,"agent":"a","title":"T"}]})", "in.json: findings[0]: \"id\" must be a string"},
      {R"({"findings":[{"id":"x","agent":"a","title":" "}]})", "in.json: findings[0]: \"title\" is missing or empty"},
      {R"({"findings":[{"id":"x","agent":"a","title":"T","severity":"spicy"}]})",
       "in.json: findings[0]: \"spicy\" is no severity"},
      {R"({"findings":[{"id":"x","agent":"a","title":"T","line":0}]})",
       "in.json: findings[0]: \"line\" must be a line number from 1"},
      {R"({"findings":[{"id":"x","agent":"a","title":"T","confidence":2}]})",
       "in.json: findings[0]: \"confidence\" must be from 0 to 1"},
      {R"({"findings":[{"id":"x","agent":"a","title":"T","anchor":{"state":"lost"}}]})",
       "in.json: findings[0]: \"lost\" is no anchor state"},
      {R"({"findings":[{"id":"x","agent":"a","title":"T"},{"id":"x","agent":"b","title":"U"}]})",
       "in.json: findings[1]: the id \"x\" is not unique"},
  };
  for (const auto& [text, message] : table) {
    const auto findings = read_findings(text, "in.json");
    ASSERT_FALSE(findings) << text;
    EXPECT_EQ(findings.error().code, ErrorCode::invalid);
    EXPECT_TRUE(findings.error().message.starts_with(message)) << findings.error().message;
  }
}

TEST(ReadFindings, survives_deep_nesting) {
  EXPECT_FALSE(read_findings(std::string(100'000, '['), "in.json"));
}

}  // namespace
}  // namespace assize
