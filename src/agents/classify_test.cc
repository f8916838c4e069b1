#include "agents/classify.h"

#include <gtest/gtest.h>

#include <array>

namespace assize {
namespace {

TEST(Classify, rules_are_anchored_to_the_start_of_a_line) {
  static constexpr std::array kRules = {MessageRule{"Fatal:", "key", CallErrorKind::not_logged_in},
                                        MessageRule{"Fatal:", "", CallErrorKind::failed}};
  const auto kind = [](std::string_view text) {
    const auto found = match_rules(text, kRules);
    return found ? std::string(to_string(found->kind)) : std::string();
  };
  EXPECT_EQ(kind("x\n  Fatal: no key\n"), "not_logged_in");
  EXPECT_EQ(kind("Fatal: disk\nFatal: no key"), "not_logged_in");  // the earlier rule wins
  EXPECT_EQ(kind("Fatal: disk"), "failed");
  EXPECT_EQ(kind("it says Fatal: no key"), "");
  EXPECT_EQ(kind("key Fatal"), "");
}

TEST(Classify, status_and_message_make_the_kind) {
  const auto kind = [](int status, std::string_view message = {}) {
    return std::string(to_string(kind_of_status(status, message)));
  };
  EXPECT_EQ(kind(400), "invalid_request");
  EXPECT_EQ(kind(400, "This model's maximum context length is 8192 tokens"), "prompt_too_long");
  EXPECT_EQ(kind(401), "not_logged_in");
  EXPECT_EQ(kind(402), "quota_exhausted");
  EXPECT_EQ(kind(403), "permission_denied");
  EXPECT_EQ(kind(404), "model_unavailable");
  EXPECT_EQ(kind(413), "prompt_too_long");
  EXPECT_EQ(kind(429), "rate_limited");
  EXPECT_EQ(kind(429, "You exceeded your current quota, please check your plan"), "quota_exhausted");
  EXPECT_EQ(kind(429, "You exceeded your current quota. Please retry in 21s."), "rate_limited");
  EXPECT_EQ(kind(429, "Quota exceeded for metric requests per minute"), "rate_limited");
  EXPECT_EQ(kind(500), "overloaded");
  EXPECT_EQ(kind(529), "overloaded");
}

TEST(Classify, reads_waits) {
  const auto wait = [](std::string_view text) { return retry_after_in(text).value_or(Millis(-1)).count(); };
  EXPECT_EQ(wait("Suggested retry after 2s."), 2000);
  EXPECT_EQ(wait("Please try again in 1.898s. See"), 1898);
  EXPECT_EQ(wait("try again in 6m0s"), 360'000);
  EXPECT_EQ(wait("Try again in 20 seconds"), 20'000);
  EXPECT_EQ(wait("retry-after: 30"), 30'000);
  EXPECT_EQ(wait("retry in 250ms"), 250);
  EXPECT_EQ(wait("quota will reset after 1h2m3s."), 3'723'000);
  EXPECT_EQ(wait("try again in 900000000000 hours"), 86'400'000);
  EXPECT_EQ(wait("try again in a moment"), -1);
  EXPECT_EQ(wait("try again later"), -1);
  EXPECT_EQ(retry_after_header(" 120 "), Millis(120'000));
  EXPECT_EQ(retry_after_header("Mon, 23 Nov 2026 08:15:10 GMT"), std::nullopt);
}

TEST(Classify, status_has_three_digits_in_its_place) {
  EXPECT_EQ(status_after("unexpected status 401 Unauthorized", "unexpected status "), 401);
  EXPECT_EQ(status_after("401 bad", ""), 401);
  EXPECT_EQ(status_after("4011 bad", ""), std::nullopt);
  EXPECT_EQ(status_after("99 bad", ""), std::nullopt);
  EXPECT_EQ(status_after("status 401", ""), std::nullopt);
}

TEST(Classify, messages_are_one_clean_line) {
  EXPECT_EQ(call_error(CallErrorKind::failed, "a\nb\x1b[31mc\xff").message, "a bc\xEF\xBF\xBD");
  EXPECT_LE(call_error(CallErrorKind::failed, std::string(100'000, 'x')).message.size(), 400U);
}

}  // namespace
}  // namespace assize
