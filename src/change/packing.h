// Which units of a change go into one chunk. For change/chunks.h. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "change/change.h"
#include "change/slices.h"

namespace assize {

// Indices into the units that were packed, in their order.
using Load = std::vector<std::size_t>;

// Units in path order -> loads of at most `bound` bytes; a unit over it has a load to itself. A load is filled with
// what follows in the tree, and when it is full its end is looked for where directories part. What is left small after
// that is put into an earlier load that has room for it.
std::vector<Load> pack(const Change& change, const std::vector<Unit>& units, std::uint64_t bound);

// Units in path order -> `count` runs of neighbours, or one for each unit when there are fewer, of which the largest is
// as small as can be; at most `bound` bytes each where that takes more than `count` of them.
std::vector<Load> divide(const std::vector<Unit>& units, std::size_t count, std::uint64_t bound);

}  // namespace assize
