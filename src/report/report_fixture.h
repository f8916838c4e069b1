// Outcomes for the tests and benchmarks of the reports: a rich one, one that uses every field, a hostile one whose
// every string tries something, and a long one.
#pragma once

#include <cstddef>
#include <string>

#include "core/outcome.h"

namespace assize::fixture {

// Four reviewers (two agree, one is unavailable, one gave no readable review), two analysers, six files, five groups.
Outcome rich_outcome();

// The rich outcome after three rounds of debate, verification, a chair's summary and a vote, in three parts, with a
// budget that ran out: two agents more (one with a partial review, one that chairs alone), and a group more, split off.
Outcome debated_outcome();

// All agents clean: PASS, no groups.
Outcome clean_outcome();

// The debated outcome with `text` in every string that comes from outside: titles, paths, quotes, errors, models,
// warnings.
Outcome with_everywhere(const std::string& text);

// One string of everything that a report must render inert.
std::string hostile_text();

// `count` groups of one finding each, with details of a usual length.
Outcome many_groups(std::size_t count);

}  // namespace assize::fixture
