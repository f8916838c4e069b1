// The words of a finding, as grouping compares them: stems of words, identifiers whole and in parts, pairs of
// characters for scripts that put no spaces. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assize {

struct Term {
  std::uint64_t id = 0;  // hash of the stem: the same in every run
  std::string stem;
  double weight = 0;  // how much the text is about it, before its rarity counts
};

// Sorted by id, each once. `title` counts more than `detail`.
std::vector<Term> terms_of(std::string_view title, std::string_view detail);

// "caching", "caches" and "cached" are one stem. For lower-case ASCII words; others are returned as they are.
std::string stem_of(std::string_view word);

// Share of review texts that a stem is expected in, from a small table of the words that reviewers use for everything
// ("should", "error", "value"); a low default for all other words.
double background_share(std::string_view stem);
inline constexpr double kCommonShare = 0.05;  // from here on a word says nothing about a problem

}  // namespace assize
