#include "finding/similarity.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "finding/path_index.h"
#include "finding/terms.h"

namespace assize {

Place place_of(const Finding& finding) {
  Place place;
  place.path = finding.anchor.path.empty() ? normalise_path(finding.cited.path) : finding.anchor.path;
  const auto& lines = finding.anchor.lines ? finding.anchor.lines : finding.cited.lines;
  if (lines && !place.path.empty()) {
    place.first = lines->first;
    place.last = lines->last;
  }
  return place;
}

TextSpace::TextSpace(std::span<const Finding* const> findings, const GroupTuning& tuning) {
  std::vector<std::vector<Term>> terms;
  terms.reserve(findings.size());
  std::unordered_map<std::uint64_t, std::size_t> documents;
  for (const Finding* finding : findings) {
    terms.push_back(terms_of(finding->title, finding->detail));
    for (const Term& term : terms.back()) ++documents[term.id];
  }

  const auto n = static_cast<double>(findings.size());
  std::unordered_map<std::uint64_t, double> rarity;
  rarity.reserve(documents.size());
  vectors_.resize(findings.size());
  for (std::size_t i = 0; i < terms.size(); ++i) {
    double squares = 0;
    for (const Term& term : terms[i]) {
      const auto [entry, is_new] = rarity.try_emplace(term.id, 0);
      if (is_new) {
        const double local = std::log((n + 1) / (static_cast<double>(documents[term.id]) + 0.5));
        const double general = -std::log(background_share(term.stem));
        entry->second = (1 - tuning.background) * local + tuning.background * general;
      }
      const double weight = term.weight * entry->second;
      if (weight <= 0) continue;
      vectors_[i].push_back({term.id, weight});
      squares += weight * weight;
    }
    const double length = std::sqrt(squares);
    for (Entry& entry : vectors_[i]) entry.weight /= length;
  }
}

double TextSpace::cosine(std::size_t a, std::size_t b) const {
  const auto& x = vectors_[a];
  const auto& y = vectors_[b];
  double sum = 0;
  for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    if (x[i].term < y[j].term) {
      ++i;
    } else if (y[j].term < x[i].term) {
      ++j;
    } else {
      sum += x[i++].weight * y[j++].weight;
    }
  }
  return sum;
}

double combine(double text, const Place& a, const Place& b, const GroupTuning& tuning) {
  if (a.path != b.path && !a.path.empty() && !b.path.empty()) return text * tuning.far_gain;
  if (a.first == 0 || b.first == 0) return text;
  const std::uint32_t gap = a.first > b.last ? a.first - b.last : b.first > a.last ? b.first - a.last : 0;
  if (text <= 0) return 0;
  if (gap == 0) return text * tuning.overlap_gain + tuning.overlap_bonus;
  if (gap <= kNearLines) return text * tuning.near_gain + tuning.near_bonus;
  const double way = std::min(1.0, static_cast<double>(gap - kNearLines) / (kFarLines - kNearLines));
  return text * (1 - way * (1 - tuning.far_gain));
}

}  // namespace assize
