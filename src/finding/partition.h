// The core of grouping, without the panel: which findings are one problem. For measuring; others use group.h.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/finding.h"
#include "finding/similarity.h"

namespace assize {

// Indexes into `findings`: each in exactly one part. Parts and their contents depend on the findings, not their order.
std::vector<std::vector<std::size_t>> partition(std::span<const Finding> findings, const GroupTuning& tuning = {});

}  // namespace assize
