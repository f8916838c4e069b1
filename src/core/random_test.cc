#include "core/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace assize {
namespace {

TEST(Pcg32, gives_the_numbers_of_the_reference_implementation) {
  Pcg32 generator(42, 54);  // the demo of pcg-c-basic prints these
  const std::vector<std::uint32_t> expected = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
  for (const std::uint32_t number : expected) EXPECT_EQ(generator.next(), number);
}

TEST(Pcg32, stays_below_its_bound_and_reaches_all_of_it) {
  Pcg32 generator(1, 1);
  std::vector<int> seen(7);
  for (int i = 0; i < 1000; ++i) ++seen.at(generator.below(7));
  for (const int count : seen) EXPECT_GT(count, 90);
}

TEST(RandomStream, differs_by_seed_purpose_and_name_and_nothing_else) {
  const auto first = [](std::uint64_t seed, const char* purpose, const char* name) {
    return random_stream(seed, purpose, name).next();
  };
  EXPECT_EQ(first(1, "chair", "a"), first(1, "chair", "a"));
  EXPECT_NE(first(1, "chair", "a"), first(2, "chair", "a"));
  EXPECT_NE(first(1, "chair", "a"), first(1, "order", "a"));
  EXPECT_NE(first(1, "chair", "a"), first(1, "chair", "b"));
  EXPECT_NE(first(1, "ab", "c"), first(1, "a", "bc"));
}

}  // namespace
}  // namespace assize
