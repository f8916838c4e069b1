#include "change/packing.h"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace assize {
namespace {

// Units first..end, neighbours in path order.
struct Run {
  std::size_t first = 0, end = 0;
  std::uint64_t bytes = 0;
};

// How much two neighbours belong together: directories that they share, then a name that differs in its ending alone.
std::size_t closeness(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  const std::string_view shared = a.substr(0, static_cast<std::size_t>(differ - a.begin()));
  const auto directories = static_cast<std::size_t>(std::count(shared.begin(), shared.end(), '/'));
  const auto stem = [](std::string_view path) { return path.substr(0, path.find('.', path.rfind('/') + 1)); };
  return 2 * directories + (stem(a) == stem(b) ? 1 : 0);
}

class Packer {
 public:
  Packer(const Change& change, const std::vector<Unit>& units, std::uint64_t bound)
      : change_(change), units_(units), bound_(bound) {}

  std::vector<Run> runs() {
    std::vector<Run> runs;
    Run run;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (run.end > run.first && run.bytes + units_[i].bytes > bound_) {
        runs.push_back(end_of(run, i));
        run = {runs.back().end, i, run.bytes - runs.back().bytes};
      }
      run.end = i + 1;
      run.bytes += units_[i].bytes;
    }
    if (run.end > run.first) runs.push_back(run);
    return runs;
  }

  // First-fit of what is left, over the kNear loads before it: far ones are no neighbours, and the search stays short.
  std::vector<Load> loads() {
    constexpr std::size_t kNear = 32;
    std::vector<Load> loads;
    std::vector<std::uint64_t> sizes;
    for (const Run& run : runs()) {
      std::size_t at = loads.size() - std::min(loads.size(), kNear);
      while (at < loads.size() && !takes(loads[at], sizes[at], run)) ++at;
      if (at == loads.size()) {
        loads.emplace_back();
        sizes.push_back(0);
      }
      for (std::size_t i = run.first; i < run.end; ++i) loads[at].push_back(i);
      sizes[at] += run.bytes;
    }
    return loads;
  }

 private:
  // Another piece of the same file does not come back to the load that was full for it.
  bool takes(const Load& load, std::uint64_t size, const Run& run) const {
    return size + run.bytes <= bound_ && units_[load.back()].file != units_[run.first].file;
  }

  // Where the run that unit `next` does not fit into ends: at `next`, or before it where the tree parts more, if that
  // leaves it two thirds full and what is moved on fits with `next`.
  Run end_of(const Run& run, std::size_t next) const {
    Run best = run;
    std::size_t least = apart(next);
    Run shorter = run;
    while (shorter.end > run.first + 1) {
      --shorter.end;
      shorter.bytes -= units_[shorter.end].bytes;
      if (shorter.bytes < bound_ - bound_ / 3 || run.bytes - shorter.bytes + units_[next].bytes > bound_) break;
      if (const std::size_t here = apart(shorter.end); here < least) {
        least = here;
        best = shorter;
      }
    }
    return best;
  }

  std::size_t apart(std::size_t unit) const {
    return closeness(change_.files[units_[unit - 1].file].path(), change_.files[units_[unit].file].path());
  }

  const Change& change_;
  const std::vector<Unit>& units_;
  std::uint64_t bound_;
};

std::vector<Run> fill(const std::vector<Unit>& units, std::uint64_t bound) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (runs.empty() || runs.back().bytes + units[i].bytes > bound) runs.push_back({i, i, 0});
    runs.back().end = i + 1;
    runs.back().bytes += units[i].bytes;
  }
  return runs;
}

// Into two halves as even as can be. REQUIRES: two units or more.
std::pair<Run, Run> halves(const std::vector<Unit>& units, const Run& run) {
  Run left{run.first, run.first + 1, units[run.first].bytes};
  while (left.end + 1 < run.end && 2 * left.bytes + units[left.end].bytes < run.bytes) {
    left.bytes += units[left.end++].bytes;
  }
  return {left, {left.end, run.end, run.bytes - left.bytes}};
}

}  // namespace

std::vector<Load> pack(const Change& change, const std::vector<Unit>& units, std::uint64_t bound) {
  return Packer(change, units, bound).loads();
}

std::vector<Load> divide(const std::vector<Unit>& units, std::size_t count, std::uint64_t bound) {
  // The smallest size at which `count` runs are enough: fewer bytes never need fewer runs.
  std::uint64_t low = 1;
  std::uint64_t high = std::max<std::uint64_t>(bound, 1);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (fill(units, middle).size() <= count) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  std::vector<Run> runs = fill(units, low);
  while (runs.size() < std::min(count, units.size())) {
    const auto largest = std::max_element(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
      const auto size = [](const Run& run) { return run.end - run.first > 1 ? run.bytes + 1 : 0; };
      return size(a) < size(b);
    });
    const auto [left, right] = halves(units, *largest);
    *largest = left;
    runs.insert(largest + 1, right);
  }
  std::vector<Load> loads;
  for (const Run& run : runs) {
    loads.emplace_back(run.end - run.first);
    std::iota(loads.back().begin(), loads.back().end(), run.first);
  }
  return loads;
}

}  // namespace assize
