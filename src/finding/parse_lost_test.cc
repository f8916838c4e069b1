// What an answer says against the change is never lost to the form in which it says so.
#include <gtest/gtest.h>

#include "finding/parse.h"

namespace assize {
namespace {

const std::string kClean = R"({"verdict":"approve","summary":"ok","checked":["a.c"],"findings":[]})";
const std::string kBegin = R"({"verdict":"approve","checked":["a.c"],"findings":[])";

ParsedReview parse(std::string_view answer) {
  return parse_review(answer, {.agent = "ag", .shown = {}});
}

struct Row {
  std::string name, answer;
  ReviewStatus status;
  std::string titles;  // of the findings, each with its severity
};

std::string titles_of(const ParsedReview& review) {
  std::string titles;
  for (const Finding& f : review.findings) titles += std::string(to_string(f.severity)) + " " + f.title + ";";
  return titles;
}

TEST(ParseLost, findings_in_odd_places_are_read) {
  using enum ReviewStatus;
  const std::string item = R"({"severity":"critical","title":"T","file":"a.c"})";
  const std::string quoted = R"("{\"findings\":[],\"checked\":[\"a.c\"]}")";
  const std::vector<Row> rows = {
      {"under another key", kBegin + R"(,"issues":[)" + item + "]}", findings, "critical T;"},
      {"one under another key", kBegin + R"(,"worst":)" + item + "}", findings, "critical T;"},
      {"deep under another key", kBegin + R"(,"more":{"lists":[[)" + item + "]]}}", findings, "critical T;"},
      {"a review in a review", kBegin + R"(,"review":{"findings":[)" + item + "]}}", findings, "critical T;"},
      {"loose, with its place alone", kClean + R"( and {"title":"T","file":"a.c","line":3})", findings, "high T;"},
      {"loose, without a place", kClean + R"( and {"title":"T","path":"/x"})", clean, ""},
      {"a list without titles", kClean + R"([{"message":"M","file":"a.c","line":3}])", findings, "high M;"},
      {"between two quoted texts", quoted + " " + kBegin.substr(0, kBegin.size() - 1) + item + "]} \"end\"", findings,
       "critical T;"},
  };
  for (const Row& row : rows) {
    const ParsedReview review = parse(row.answer);
    EXPECT_EQ(to_string(review.status), to_string(row.status)) << row.name << ": " << review.reason;
    EXPECT_EQ(titles_of(review), row.titles) << row.name;
  }
}

TEST(ParseLost, an_item_without_a_known_key_for_its_claim_is_a_finding) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"severity":"critical","file":"a.c","line":3,"problem":"P"})", "critical P;"},
      {R"({"severity":"critical","file":"a.c","fix":"F"})", "critical F;"},
      {R"({"severity":"critical","file":"a.c"})", "critical a problem that the reviewer did not name;"},
      {R"({"severity":"low","severity":"critical","title":"T"})", "critical T;"},
      {R"(["critical","a.c",3,"overflow"])", "critical critical · a.c · overflow;"},
      {R"(["overflow"])", "high overflow;"},
      {R"([{"severity":"low","title":"T"},{"severity":"high","title":"U"}])", "low T;high U;"},
      {R"([1,null])", ""},
      {R"({"file":"a.c"})", ""},
      {R"({"severity":"critical"})", ""},
  };
  for (const auto& [item, titles] : rows) {
    EXPECT_EQ(titles_of(parse(R"({"checked":["a.c"],"findings":[)" + item + "]}")), titles) << item;
  }
}

TEST(ParseLost, of_a_draft_and_its_final_form_the_worse_severity_stays) {
  const auto with = [](std::string_view severity) {
    return R"({"findings":[{"title":"T","file":"a.c","severity":")" + std::string(severity) + "\"}]}";
  };
  EXPECT_EQ(titles_of(parse(with("low") + with("critical"))), "critical T;");
  EXPECT_EQ(titles_of(parse(with("critical") + with("low"))), "critical T;");
}

TEST(ParseLost, a_verdict_that_is_not_understood_does_not_approve) {
  const std::vector<std::pair<std::string, std::optional<Verdict>>> rows = {
      {R"("verdict":"approve")", Verdict::approve},
      {R"("verdict":"do not merge")", Verdict::request_changes},
      {R"("verdict":false)", Verdict::request_changes},
      {R"("verdict":{"is":"bad"})", Verdict::request_changes},
      {R"("verdict":"approve","verdict":"request_changes")", Verdict::request_changes},
      {R"("verdict":"approve","decision":"reject")", Verdict::request_changes},
      {R"("verdict":"","decision":"reject")", Verdict::request_changes},
      {R"("verdict":null)", std::nullopt},
      {R"("summary":"s")", std::nullopt},
  };
  for (const auto& [member, verdict] : rows) {
    EXPECT_EQ(parse("{" + member + R"(,"checked":["a.c"],"findings":[]})").verdict, verdict) << member;
  }
  EXPECT_EQ(parse(R"({"verdict":"meh","checked":["a.c"],"findings":[]})").warnings.size(), 1U);
}

TEST(ParseLost, an_answer_that_is_cut_behind_its_findings_is_no_review) {
  const std::vector<std::pair<std::string, ReviewStatus>> rows = {
      {R"({"findings":[],"checked":["a.c"],"verdict":"request_ch)", ReviewStatus::malformed},
      {R"({"findings":[],"checked":["a.c"],"verdict":)", ReviewStatus::malformed},
      {R"({"findings":[],"checked":["a.c"],)", ReviewStatus::malformed},
      {R"({"findings":[],"checked":["a.c","b)", ReviewStatus::malformed},
      {R"({"checked":["a.c"],"findings":[])", ReviewStatus::clean},
      {R"({"findings":[],"checked":["a.c"],"verdict":"approve")", ReviewStatus::clean},
  };
  for (const auto& [answer, status] : rows) EXPECT_EQ(to_string(parse(answer).status), to_string(status)) << answer;
}

TEST(ParseLost, more_findings_than_are_read_are_no_review) {
  std::string items;
  for (int i = 0; i < 10'001; ++i)
    items += (i == 0 ? "" : ",") + (R"({"severity":"low","title":"T)" + std::to_string(i)) + "\"}";
  EXPECT_EQ(parse(R"({"checked":["a.c"],"findings":[)" + items + "]}").status, ReviewStatus::malformed);
}

}  // namespace
}  // namespace assize
