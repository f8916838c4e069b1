#include "finding/blocks.h"

#include <algorithm>
#include <unordered_map>

namespace assize {

namespace {

constexpr std::size_t kRareWords = 8;   // of each finding, that others are found by
constexpr std::size_t kFollowers = 24;  // findings with the same word, next in the block's order

// The findings of one file: cut at wide gaps between lines, unless some have no line.
void split_file(const Block& file, std::span<const Place> places, std::vector<Block>& blocks) {
  const bool has_lineless = places[file.front()].first == 0;  // sorted: these come first
  if (has_lineless && file.size() <= kDenseBlock) {
    blocks.push_back(file);
    return;
  }
  std::uint32_t reach = 0;
  Block* open = nullptr;
  for (const std::uint32_t i : file) {
    if (open == nullptr || places[i].first > reach + kFarLines) open = &blocks.emplace_back();
    open->push_back(i);
    reach = std::max(reach, places[i].last);
  }
}

}  // namespace

std::vector<Block> make_blocks(std::span<const Place> places) {
  std::vector<Block> blocks;
  Block file;
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    if (!file.empty() && places[file.back()].path != places[i].path) {
      split_file(file, places, blocks);
      file.clear();
    }
    file.push_back(i);
  }
  if (!file.empty()) split_file(file, places, blocks);
  return blocks;
}

std::vector<SimilarPair> candidate_pairs(const Block& block, const TextSpace& space) {
  std::vector<SimilarPair> pairs;
  const auto size = static_cast<std::uint32_t>(block.size());
  if (size <= kDenseBlock) {
    for (std::uint32_t a = 0; a < size; ++a) {
      for (std::uint32_t b = a + 1; b < size; ++b) pairs.push_back({a, b, 0});
    }
    return pairs;
  }

  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> with_word;
  for (std::uint32_t a = 0; a < size; ++a) {
    const auto entries = space.vector(block[a]);
    std::vector<TextSpace::Entry> rarest(entries.begin(), entries.end());
    const auto heavier = [](const TextSpace::Entry& x, const TextSpace::Entry& y) {
      return x.weight != y.weight ? x.weight > y.weight : x.term < y.term;
    };
    const std::size_t kept = std::min(kRareWords, rarest.size());
    std::partial_sort(rarest.begin(), rarest.begin() + static_cast<std::ptrdiff_t>(kept), rarest.end(), heavier);
    for (std::size_t i = 0; i < kept; ++i) with_word[rarest[i].term].push_back(a);
  }
  std::vector<std::uint64_t> keys;
  for (const auto& [word, holders] : with_word) {
    for (std::size_t i = 0; i < holders.size(); ++i) {
      const std::size_t end = std::min(holders.size(), i + 1 + kFollowers);
      for (std::size_t j = i + 1; j < end; ++j) {
        keys.push_back((static_cast<std::uint64_t>(holders[i]) << 32) | holders[j]);
      }
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  pairs.reserve(keys.size());
  for (const std::uint64_t key : keys) {
    pairs.push_back({static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), 0});
  }
  return pairs;
}

}  // namespace assize
