// What debaters' and verifiers' answers have in common, and what is made to be slow or to break their reading.
#include "finding/listed_answer.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "finding/stances.h"
#include "finding/verdicts.h"

namespace assize {
namespace {

std::string repeated(std::string_view part, std::size_t size) {
  std::string text;
  while (text.size() < size) text += part;
  return text;
}

const std::vector<std::string> kGroups = {"G1", "G2"};
const std::vector<AskedGroup> kAsked = {{.id = "G1", .members = {"a-1"}}, {.id = "G2", .members = {"a-2", "b-2"}}};

ParsedStances stances_in(std::string_view answer, std::string_view shown = {}) {
  return parse_stances(answer, {.agent = "a", .round = 2, .groups = kGroups, .shown = shown});
}
ParsedVerdicts verdicts_in(std::string_view answer, std::string_view shown = {}) {
  return parse_verdicts(answer, {.agent = "a", .task = VerifierTask::check, .groups = kAsked, .shown = shown});
}

class HostileLists : public testing::TestWithParam<std::string_view> {};

TEST_P(HostileLists, are_read_in_bounded_work) {
  const std::string text = repeated(GetParam(), 40'000);
  for (const std::string& answer : {text, "{\"stances\":[" + text, "{\"verdicts\":[" + text + "]}"}) {
    EXPECT_LE(stances_in(answer, text).stances.size(), 2U);
    EXPECT_LE(verdicts_in(answer, text).verdicts.size(), 2U);
    EXPECT_LE(verdicts_in(answer).verdicts.size(), 2U);
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, HostileLists,
                         testing::Values("{ \"", "[", "{\"stances\":", "{\"verdicts\":[", "{\"group\":",
                                         R"({"group":"G1","stance":"agree"},)", R"({"group":"G2","status":"refuted"})",
                                         R"({"group":"G2","status":"unsupported","members":[1,2,2,1]},)",
                                         R"([{"group":"G1","stance":"agree"}])", "{\"group\":\"G1\",\"stance\":[", "\\",
                                         "\"stances\":", "\x80\xFF{", "\"members\":[[[", R"({"stances":{"G1":)",
                                         std::string_view("{\"group\":\0", 10)));

TEST(Lists, of_many_items_about_one_group_are_one_answer) {
  std::string many = "[";
  for (int i = 0; i < 5'000; ++i) many += R"({"group":"G1","status":"unsupported"},)";
  EXPECT_EQ(verdicts_in(many + "]").verdicts.at(0).status, VerdictStatus::unsupported);
  many += R"({"group":"G1","status":"verified"}])";
  EXPECT_EQ(verdicts_in(many).verdicts.at(0).status, VerdictStatus::verified);
}

TEST(Lists, tell_of_many_wrong_ids_only_the_first) {
  std::string many = "[";
  for (int i = 10; i < 1'000; ++i) many += fmt::format(R"({{"group":"X{}","stance":"agree"}},)", i);
  const ParsedStances parsed = stances_in(many + "]");
  EXPECT_TRUE(parsed.readable);
  ASSERT_EQ(parsed.warnings.size(), 1U);
  EXPECT_EQ(parsed.warnings[0],
            "stances on groups that were not asked about were dropped: X10, X11, X12, X13, X14 (990 in all)");
}

TEST(Lists, that_nearly_repeat_a_long_prompt_are_given_up) {
  // Each item is compared with what the prompt is full of; what cannot be compared in bounded work is no answer.
  const std::string shown = repeated(R"({"group":"G1","status":"unsupported","reason":"xy"} )", 256U << 10);
  std::string many = R"({"verdicts":[)";
  for (int i = 0; i < 6'000; ++i) many += R"({"group":"G1","status":"unsupported","reason":"xz"},)";
  const ParsedVerdicts parsed = verdicts_in(many + "]}", shown);
  bool told = !parsed.readable;
  for (const std::string& warning : parsed.warnings) told = told || warning.find("not all") != std::string::npos;
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace assize
