// Which pairs of findings are compared at all: those of one file and one neighbourhood. Keeps grouping near-linear.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "finding/cluster.h"
#include "finding/similarity.h"

namespace assize {

// Indexes of findings that may share a problem. No pair across two blocks does.
using Block = std::vector<std::uint32_t>;

// Splits by file, and a file where kFarLines lie between two findings; those without a line stay with the whole file.
// Findings without a file are one block. `places` are sorted by path and first line.
std::vector<Block> make_blocks(std::span<const Place> places);

// The pairs of a block to compare: all of them up to kDenseBlock findings, else those that share one of their rarest
// words and stand near each other in the block.
inline constexpr std::size_t kDenseBlock = 400;
std::vector<SimilarPair> candidate_pairs(const Block& block, const TextSpace& space);

}  // namespace assize
