#include "finding/cluster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace assize {
namespace {

using Clusters = std::vector<std::vector<std::uint32_t>>;

std::vector<SimilarPair> random_pairs(std::mt19937& random, std::uint32_t n) {
  std::vector<SimilarPair> pairs;
  for (std::uint32_t a = 0; a < n; ++a) {
    for (std::uint32_t b = a + 1; b < n; ++b) {
      // Few values, so that there are ties.
      if (random() % 3 == 0) pairs.push_back({a, b, static_cast<double>(random() % 8) / 8});
    }
  }
  return pairs;
}

TEST(AverageLink, of_few_is_that_of_many) {
  // Beyond a size the links are kept in another form: items that are like nothing bring it about.
  constexpr std::uint32_t kFew = 40;
  constexpr std::uint32_t kMany = 600;
  std::mt19937 random(11);
  for (int run = 0; run < 30; ++run) {
    const std::vector<SimilarPair> pairs = random_pairs(random, kFew);
    std::vector<std::uint32_t> joined(kMany, kNotJoined);
    for (std::uint32_t i = 0; run % 2 == 1 && i < kFew; ++i) {
      if (random() % 2 == 0) joined[i] = random() % 5;
    }
    const std::span<const std::uint32_t> given(joined);
    const Clusters few = average_link(kFew, pairs, 0.2, given.first(kFew));
    Clusters many = average_link(kMany, pairs, 0.2, given);
    std::erase_if(many, [](const auto& cluster) { return cluster.front() >= kFew; });
    EXPECT_EQ(few, many);
  }
}

TEST(AverageLink, keeps_clusters_together_and_apart_that_are_given) {
  std::mt19937 random(12);
  for (int run = 0; run < 50; ++run) {
    constexpr std::uint32_t kSize = 30;
    const std::vector<SimilarPair> pairs = random_pairs(random, kSize);
    std::vector<std::uint32_t> joined;
    for (std::uint32_t i = 0; i < kSize; ++i) joined.push_back(random() % 2 == 0 ? kNotJoined : random() % 4);
    std::vector<std::size_t> cluster_of(kSize);
    const Clusters clusters = average_link(kSize, pairs, 0.2, joined);
    for (std::size_t c = 0; c < clusters.size(); ++c) {
      for (const std::uint32_t i : clusters[c]) cluster_of[i] = c;
    }
    for (std::uint32_t a = 0; a < kSize; ++a) {
      for (std::uint32_t b = 0; b < a; ++b) {
        if (joined[a] == kNotJoined || joined[b] == kNotJoined) continue;
        EXPECT_EQ(cluster_of[a] == cluster_of[b], joined[a] == joined[b]);
      }
    }
  }
}

TEST(AverageLink, lets_given_clusters_grow) {
  // 2 is like both, and most like the second.
  const std::vector<SimilarPair> pairs = {{0, 1, 0.1}, {0, 2, 0.5}, {1, 2, 0.6}, {2, 3, 0.9}};
  const std::vector<std::uint32_t> joined = {7, 9, kNotJoined, 9};
  EXPECT_EQ(average_link(4, pairs, 0.2, joined), (Clusters{{0}, {1, 2, 3}}));
}

}  // namespace
}  // namespace assize
