// Average-link agglomerative clustering over a sparse similarity graph. Pure and deterministic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace assize {

struct SimilarPair {
  std::uint32_t a = 0, b = 0;  // a < b, each pair once
  double similarity = 0;       // pairs that are not listed have 0
};

// Clusters of 0..n-1, each sorted, in the order of their first members. Two clusters join while the average similarity
// over all their pairs is at least `threshold`, the most similar first (nearest-neighbour chains give the same tree in
// time that is linear in pairs times the length of the chains). Never single-link: one strong pair joins nothing large.
// `joined`: for each of them the number of the cluster that it is in from the start, or kNotJoined; such clusters grow
// and never join each other. Empty: none are.
inline constexpr std::uint32_t kNotJoined = UINT32_MAX;
std::vector<std::vector<std::uint32_t>> average_link(std::size_t n, std::span<const SimilarPair> pairs,
                                                     double threshold, std::span<const std::uint32_t> joined = {});

}  // namespace assize
