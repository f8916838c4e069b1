#include "finding/cluster.h"

#include <algorithm>
#include <unordered_map>

namespace assize {

namespace {

constexpr std::uint32_t kNobody = UINT32_MAX;
constexpr std::size_t kMatrixSize = 512;  // clusters up to which a table of all pairs is small (2 MiB) and quick

// What two clusters share: the sum of the similarities of their members. Pairs that share nothing are not kept.
class SparseLinks {
 public:
  explicit SparseLinks(std::size_t n) : shared_(n) {}
  void set(std::uint32_t a, std::uint32_t b, double sum) {
    shared_[a][b] = sum;
    shared_[b][a] = sum;
  }
  void cut(std::uint32_t a, std::uint32_t b) {
    shared_[a].erase(b);
    shared_[b].erase(a);
  }
  // `gone` has joined `kept`.
  void join(std::uint32_t kept, std::uint32_t gone) {
    cut(kept, gone);
    for (const auto& [other, sum] : shared_[gone]) {
      const double total = shared_[kept][other] += sum;
      shared_[other].erase(gone);
      shared_[other][kept] = total;
    }
    shared_[gone].clear();
  }
  template <class Visit>
  void each(std::uint32_t index, Visit visit) const {
    for (const auto& [other, sum] : shared_[index]) visit(other, sum);
  }

 private:
  std::vector<std::unordered_map<std::uint32_t, double>> shared_;
};

// The same as a table.
class MatrixLinks {
 public:
  explicit MatrixLinks(std::size_t n) : n_(n), sums_(n * n, 0), alive_(n) {
    for (std::uint32_t i = 0; i < n; ++i) alive_[i] = i;
  }
  void set(std::uint32_t a, std::uint32_t b, double sum) { at(a, b) = at(b, a) = sum; }
  void cut(std::uint32_t a, std::uint32_t b) { set(a, b, 0); }
  void join(std::uint32_t kept, std::uint32_t gone) {
    cut(kept, gone);
    alive_.erase(std::find(alive_.begin(), alive_.end(), gone));
    for (const std::uint32_t other : alive_) {
      if (at(gone, other) > 0) set(kept, other, at(kept, other) + at(gone, other));
    }
  }
  template <class Visit>
  void each(std::uint32_t index, Visit visit) const {
    const double* row = &sums_[index * n_];
    for (const std::uint32_t other : alive_) {
      if (row[other] > 0) visit(other, row[other]);
    }
  }

 private:
  double& at(std::uint32_t a, std::uint32_t b) { return sums_[a * n_ + b]; }
  std::size_t n_;
  std::vector<double> sums_;
  std::vector<std::uint32_t> alive_;  // sorted
};

struct Cluster {
  std::vector<std::uint32_t> members;  // empty: joined into another
  bool given = false;                  // it was there from the start, and joins no other such
};

struct Neighbour {
  std::uint32_t cluster = kNobody;
  double average = 0;
};

template <class Links>
class Chain {
 public:
  Chain(std::size_t n, std::span<const SimilarPair> pairs, double threshold, std::span<const std::uint32_t> joined)
      : threshold_(threshold), clusters_(n), links_(n) {
    for (std::uint32_t i = 0; i < n; ++i) clusters_[i].members = {i};
    for (const SimilarPair& pair : pairs) {
      if (pair.similarity > 0) links_.set(pair.a, pair.b, pair.similarity);
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
    std::vector<std::uint32_t> others;
    links_.each(index, [&](std::uint32_t other, double) {
      if (clusters_[other].given) others.push_back(other);
    });
    for (const std::uint32_t other : others) links_.cut(index, other);
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
    links_.each(index, [&](std::uint32_t other, double sum) {
      const double average = sum / (size * static_cast<double>(clusters_[other].members.size()));
      const bool first_of_equals = best.cluster != preferred && (other == preferred || other < best.cluster);
      if (average > best.average || (average == best.average && first_of_equals)) best = {other, average};
    });
    return best;
  }

  void join(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t kept = std::min(a, b);
    const std::uint32_t gone = std::max(a, b);
    Cluster& into = clusters_[kept];
    Cluster& from = clusters_[gone];
    into.members.insert(into.members.end(), from.members.begin(), from.members.end());
    into.given = into.given || from.given;
    from = {};
    links_.join(kept, gone);
    if (into.given) keep_apart(kept);
  }

  double threshold_;
  std::vector<Cluster> clusters_;
  Links links_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> average_link(std::size_t n, std::span<const SimilarPair> pairs,
                                                     double threshold, std::span<const std::uint32_t> joined) {
  if (n <= kMatrixSize) return Chain<MatrixLinks>(n, pairs, threshold, joined).run();
  return Chain<SparseLinks>(n, pairs, threshold, joined).run();
}

}  // namespace assize
