#include "cli/values.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(Values, durations_take_units) {
  const std::pair<const char*, std::int64_t> good[] = {{"0", 0},         {"500ms", 500},    {"90s", 90'000},
                                                       {"10m", 600'000}, {"1h", 3'600'000}, {"168h", 604'800'000}};
  for (const auto& [text, millis] : good) EXPECT_EQ(duration_from(text), Millis(millis)) << text;
  for (const char* text :
       {"", "10", "s", "1.5s", "-1s", "10 s", "10S", "169h", "99999999999999999999h", "1d", "ms", "1m1s"}) {
    EXPECT_EQ(duration_from(text), std::nullopt) << text;
  }
}

TEST(Values, a_duration_is_printed_in_the_largest_unit_that_keeps_it_whole) {
  for (const char* text : {"0", "500ms", "90s", "10m", "1h"}) EXPECT_EQ(to_string(*duration_from(text)), text);
  EXPECT_EQ(to_string(*duration_from("60s")), "1m");
}

TEST(Values, sizes_take_units) {
  const std::pair<const char*, std::uint64_t> good[] = {{"0", 0},          {"4096", 4096},    {"200k", 200'000},
                                                        {"5M", 5'000'000}, {"1m", 1'000'000}, {"64Ki", 65'536},
                                                        {"1Mi", 1 << 20}};
  for (const auto& [text, bytes] : good) EXPECT_EQ(size_from(text), ByteCount{bytes}) << text;
  for (const char* text : {"", "k", "1.5M", "-1", "200 k", "200KB", "18446744073709551616", "99999999999999G"}) {
    EXPECT_EQ(size_from(text), std::nullopt) << text;
  }
}

TEST(Values, numbers_are_plain_decimals) {
  const std::pair<const char*, double> good[] = {{"0", 0}, {"2", 2}, {"0.5", 0.5}, {"12.25", 12.25}, {"-1", -1}};
  for (const auto& [text, number] : good) EXPECT_EQ(number_from(text), number) << text;
  for (const char* text : {"", "-", ".5", "5.", "1e3", "0x1", "nan", "inf", "1,5", " 1", "1 ", "1.2.3", "+1"}) {
    EXPECT_EQ(number_from(text), std::nullopt) << text;
  }
}

TEST(Values, agent_ids_fit_into_file_names) {
  for (const char* id : {"a", "house-rules", "gpt_4.1", "..."}) EXPECT_TRUE(is_agent_id(id)) << id;
  for (const char* id : {"", ".", "..", "a b", "a/b", "a=b", "ä", "a\n"}) EXPECT_FALSE(is_agent_id(id)) << id;
  EXPECT_TRUE(is_agent_id(std::string(64, 'x')));
  EXPECT_FALSE(is_agent_id(std::string(65, 'x')));
}

TEST(Values, a_hostile_value_stays_one_short_line_in_the_message) {
  const std::string value = "a\nb\x1b[31m" + std::string(100'000, 'x') + "\xff";
  const Error error = bad_value("--base", value, "a revision");
  EXPECT_EQ(error.message.find_first_of("\n\x1b"), std::string::npos);
  EXPECT_LT(error.message.size(), 200U);
}

}  // namespace
}  // namespace assize
