#include "finding/cluster.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace assize {

namespace {

constexpr std::uint32_t kNobody = UINT32_MAX;

struct Cluster {
  std::vector<std::uint32_t> members;                // empty: joined into another
  std::unordered_map<std::uint32_t, double> shared;  // sum of similarities to another cluster's members
  bool given = false;                                // it was there from the start, and joins no other such
};

struct Neighbour {
  std::uint32_t cluster = kNobody;
  double average = 0;
};

class Chain {
 public:
  Chain(std::size_t n, std::span<const SimilarPair> pairs, double threshold, std::span<const std::uint32_t> joined)
      : threshold_(threshold), clusters_(n) {
    for (std::uint32_t i = 0; i < n; ++i) clusters_[i].members = {i};
    for (const SimilarPair& pair : pairs) {
      if (pair.similarity <= 0) continue;
      clusters_[pair.a].shared[pair.b] = pair.similarity;
      clusters_[pair.b].shared[pair.a] = pair.similarity;
    }
    join_given(joined);
  }

  std::vector<std::vector<std::uint32_t>> run() {
    for (std::uint32_t start = 0; start < clusters_.size(); ++start) {
      if (!clusters_[start].members.empty()) grow(start);
    }
    std::vector<std::vector<std::uint32_t>> result;
    for (Cluster& cluster : clusters_) {
      if (cluster.members.empty()) continue;
      std::sort(cluster.members.begin(), cluster.members.end());
      result.push_back(std::move(cluster.members));
    }
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  void join_given(std::span<const std::uint32_t> joined) {
    std::unordered_map<std::uint32_t, std::uint32_t> first_of;
    for (std::uint32_t i = 0; i < joined.size(); ++i) {
      if (joined[i] == kNotJoined) continue;
      const auto [first, is_new] = first_of.try_emplace(joined[i], i);
      if (!is_new) join(first->second, i);
    }
    for (const auto& [group, index] : first_of) clusters_[index].given = true;
    for (const auto& [group, index] : first_of) keep_apart(index);
  }

  // Cuts what a given cluster shares with other given ones.
  void keep_apart(std::uint32_t index) {
    std::erase_if(clusters_[index].shared, [&](const auto& link) {
      if (!clusters_[link.first].given) return false;
      clusters_[link.first].shared.erase(index);
      return true;
    });
  }

  // Follows nearest neighbours until two are each other's, joins them, and goes on from what is left of the chain.
  // Average link is reducible: what has no neighbour above the threshold now never gets one.
  void grow(std::uint32_t start) {
    std::vector<std::uint32_t> chain = {start};
    while (!chain.empty()) {
      const std::uint32_t top = chain.back();
      const std::uint32_t below = chain.size() > 1 ? chain[chain.size() - 2] : kNobody;
      const Neighbour nearest = nearest_of(top, below);
      if (nearest.cluster == kNobody || nearest.average < threshold_) {
        chain.pop_back();
      } else if (nearest.cluster == below) {
        chain.resize(chain.size() - 2);
        join(top, below);
        if (chain.empty()) chain.push_back(std::min(top, below));
      } else {
        chain.push_back(nearest.cluster);
      }
    }
  }

  // The most similar cluster; of equals `preferred`, so that chains end, then the first.
  Neighbour nearest_of(std::uint32_t index, std::uint32_t preferred) const {
    Neighbour best;
    const auto size = static_cast<double>(clusters_[index].members.size());
    for (const auto& [other, sum] : clusters_[index].shared) {
      const double average = sum / (size * static_cast<double>(clusters_[other].members.size()));
      const bool first_of_equals = best.cluster != preferred && (other == preferred || other < best.cluster);
      if (average > best.average || (average == best.average && first_of_equals)) best = {other, average};
    }
    return best;
  }

  void join(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t kept = std::min(a, b);
    const std::uint32_t gone = std::max(a, b);
    Cluster& into = clusters_[kept];
    Cluster& from = clusters_[gone];
    into.members.insert(into.members.end(), from.members.begin(), from.members.end());
    into.shared.erase(gone);
    from.shared.erase(kept);
    for (const auto& [other, sum] : from.shared) {
      const double total = into.shared[other] += sum;
      clusters_[other].shared.erase(gone);
      clusters_[other].shared[kept] = total;
    }
    into.given = into.given || from.given;
    from = {};
    if (into.given) keep_apart(kept);
  }

  double threshold_;
  std::vector<Cluster> clusters_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> average_link(std::size_t n, std::span<const SimilarPair> pairs,
                                                     double threshold, std::span<const std::uint32_t> joined) {
  return Chain(n, pairs, threshold, joined).run();
}

}  // namespace assize
