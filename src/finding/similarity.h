// How likely two findings are one problem: a number from what they say and where they say it is. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/finding.h"

namespace assize {

// Knobs of the grouping, in one place so that a measurement can turn them. The defaults are the product's.
struct GroupTuning {
  double threshold = 0.18;  // average similarity from which two clusters are one problem
  double background = 0.5;  // share of the compiled-in word frequencies against those of this change
  double same_agent = 0.5;  // an agent seldom reports one problem twice
  double overlap_gain = 1.15, overlap_bonus = 0.03;  // lines that overlap
  double near_gain = 1.05, near_bonus = 0.01;        // at most kNearLines apart
  double far_gain = 0.3;                             // from kFarLines on; falls linearly from kNearLines on
};
inline constexpr std::uint32_t kNearLines = 5;
inline constexpr std::uint32_t kFarLines = 100;

// Where grouping takes a finding to be: its anchor, or what it cites when that was not resolved.
struct Place {
  std::string path;                   // empty: nowhere
  std::uint32_t first = 0, last = 0;  // 0: no line
};
Place place_of(const Finding& finding);

// Vectors of a set of findings over the words of that set.
class TextSpace {
 public:
  TextSpace(std::span<const Finding* const> findings, const GroupTuning& tuning);

  struct Entry {
    std::uint64_t term = 0;
    double weight = 0;
  };
  // Sorted by term; of length 1, or empty.
  std::span<const Entry> vector(std::size_t finding) const { return vectors_[finding]; }
  double cosine(std::size_t a, std::size_t b) const;

 private:
  std::vector<std::vector<Entry>> vectors_;
};

// The text's similarity, with what the places say.
double combine(double text, const Place& a, const Place& b, const GroupTuning& tuning);

}  // namespace assize
