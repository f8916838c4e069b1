#include "calls/vendor.h"

#include <gtest/gtest.h>

#include "calls/words.h"

namespace assize {
namespace {

std::string maker(const AgentSpec& spec) {
  return spec.model;
}

TEST(Vendor, an_agent_without_one_stands_for_itself) {
  EXPECT_EQ(vendor_name(maker, {.id = "a", .model = "anthropic"}), "anthropic");
  EXPECT_EQ(vendor_name(maker, {.id = "a"}), "agent a");
  EXPECT_EQ(vendor_name({}, {.id = "a", .model = "anthropic"}), "agent a");
}

TEST(Vendor, an_account_is_a_vendor_at_a_server_with_a_key) {
  const AgentSpec one{.id = "one", .kind = "openai", .model = "m", .endpoint = "https://api.example/v1/a"};
  struct Case {
    const char* name;
    AgentSpec other;
    bool same;
  };
  const Case cases[] = {
      {"another path", {.id = "two", .kind = "codex", .model = "m", .endpoint = "https://API.example/v2"}, true},
      {"another protocol", {.id = "two", .model = "m", .endpoint = "http://api.example/v1"}, false},
      {"another server", {.id = "two", .model = "m", .endpoint = "https://api.example:8443/v1"}, false},
      {"no endpoint", {.id = "two", .model = "m"}, false},
      {"another vendor", {.id = "two", .model = "n", .endpoint = "https://api.example/v1"}, false},
      {"another key", {.id = "two", .model = "m", .endpoint = "https://api.example/v1", .api_key_env = "K"}, false},
      {"a key of a file",
       {.id = "two", .model = "m", .endpoint = "https://api.example/v1", .api_key_file = "K"},
       false},
  };
  for (const Case& c : cases) EXPECT_EQ(account_of(maker, one) == account_of(maker, c.other), c.same) << c.name;
  EXPECT_NE(account_of(maker, {.id = "a"}), account_of(maker, {.id = "b"})) << "both without a vendor";
}

TEST(Words, say_a_time_in_the_largest_unit_that_keeps_it_whole) {
  EXPECT_EQ(in_words(Millis(0)), "0 s");
  EXPECT_EQ(in_words(Millis(1'500)), "1500 ms");
  EXPECT_EQ(in_words(Millis(90'000)), "90 s");
  EXPECT_EQ(in_words(Millis(600'000)), "10 min");
  EXPECT_EQ(in_words(Millis(7'200'000)), "2 h");
}

}  // namespace
}  // namespace assize
