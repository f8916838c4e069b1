// The core of grouping, without the panel: which findings are one problem. For measuring; others use group.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/finding.h"
#include "finding/similarity.h"

namespace assize {

// Indexes into `findings`: each in exactly one part. Parts and their contents depend on the findings, not their order.
// `groups`: for each finding the number of the group that it is in already, or kNotJoined; no part has members of two
// of them. (One group's members may come in several parts: those of parts of a file that are not compared.)
std::vector<std::vector<std::size_t>> partition(std::span<const Finding> findings, const GroupTuning& tuning = {},
                                                std::span<const std::uint32_t> groups = {});

}  // namespace assize
