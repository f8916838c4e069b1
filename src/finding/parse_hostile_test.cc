// Answers that are made to be slow, deep or misleading. Time is bounded by counting the bytes that the reader looks at.
#include <gtest/gtest.h>

#include "finding/candidates.h"
#include "finding/parse.h"

namespace assize {
namespace {

std::string repeated(std::string_view part, std::size_t size) {
  std::string text;
  while (text.size() < size) text += part;
  return text;
}

class Hostile : public testing::TestWithParam<std::string_view> {};

TEST_P(Hostile, is_read_in_linear_work_and_is_never_a_valid_review) {
  const std::string text = repeated(GetParam(), 40'000);
  JsonReader reader(text);
  find_candidates(text, reader, review_form());
  EXPECT_LE(reader.work(), 5 * text.size() + 100'000);
  EXPECT_FALSE(is_valid_review(parse_review(text, {.agent = "a", .shown = text}).status));
  EXPECT_FALSE(is_valid_review(parse_review(text, {.agent = "a", .shown = {}}).status));
}

INSTANTIATE_TEST_SUITE_P(Texts, Hostile,
                         testing::Values("{ \"", "[", "{", "{\"a\":", "{\"findings\":[", "[\"", "['a ",
                                         "{\"'\xE2\x80\x9C", "[\"\\\\", "```\n{\"", "~~~\n[", "[/*", "[,", "[1,",
                                         "{\"findings\":[]}", "\\", "{\"title\":\"x\",\"file\":\"y\"}",
                                         "\"findings\":", "{\"a\"        ", "\x80\xFF{", std::string_view("\0{", 2)));

TEST(HostileAnswers, do_not_hide_a_finding_behind_an_empty_review) {
  const std::string clean = R"({"verdict":"approve","checked":["a.c"],"findings":[]})";
  const std::string found = R"({"findings":[{"severity":"critical","title":"T","file":"a.c"}]})";
  for (const std::string& text : {clean + found, found + clean, "```json\n" + found + "\n```\n" + clean}) {
    const ParsedReview review = parse_review(text, {.agent = "a", .shown = {}});
    EXPECT_EQ(review.findings.size(), 1U) << text;
    EXPECT_NE(review.status, ReviewStatus::clean) << text;
  }
}

TEST(HostileAnswers, that_cannot_be_read_to_the_end_are_not_clean) {
  const std::string clean = R"({"verdict":"approve","checked":["a.c"],"findings":[]})";
  EXPECT_FALSE(is_valid_review(parse_review(clean + repeated("{ \"", 100'000), {.agent = "a", .shown = {}}).status));
}

TEST(HostileAnswers, with_many_reviews_in_a_review_are_not_all_compared_with_a_long_prompt) {
  // A prompt that is full of what nearly equals them: each comparison looks at all of it. Beyond the budget the answer
  // is given up, which makes it no valid review.
  const std::string shown = repeated(R"({"title":"T","severity":"loud"} )", 1U << 20);
  std::string nested;
  for (int i = 0; i < 2'000; ++i) nested += R"(,{"title":"T)" + std::to_string(i) + R"(","severity":"low"})";
  const std::string text =
      R"({"checked":["a.c"],"findings":[],"more":[[1]])" + std::string(",\"k\":[0") + nested + "]}";
  std::string apart = R"({"checked":["a.c"],"findings":[])";
  for (int i = 0; i < 2'000; ++i) apart += ",\"k" + std::to_string(i) + R"(":{"title":"T","severity":"low"})";
  EXPECT_EQ(parse_review(text, {.agent = "a", .shown = shown}).status, ReviewStatus::findings);
  EXPECT_EQ(parse_review(apart + "}", {.agent = "a", .shown = shown}).status, ReviewStatus::malformed);
  // One that is merely long costs nothing each time.
  const std::string other = repeated("int x[] = {1}; ", 1U << 20);
  EXPECT_EQ(parse_review(apart + "}", {.agent = "a", .shown = other}).status, ReviewStatus::findings);
}

TEST(HostileAnswers, with_many_findings_keep_a_bounded_number) {
  std::string text = R"({"findings":[)";
  for (int i = 0; i < 12'000; ++i) text += "{\"title\":\"T" + std::to_string(i) + "\",\"severity\":\"low\"},";
  const ParsedReview review = parse_review(text + "]}", {.agent = "a", .shown = {}});
  EXPECT_EQ(review.findings.size(), 10'000U);
  EXPECT_EQ(review.dropped.size(), 200U);
}

}  // namespace
}  // namespace assize
