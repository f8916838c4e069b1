// Asks programs for their versions: all at once, each in a private empty HOME, within a deadline, and remembers the
// answers.
#pragma once

#include <string>
#include <vector>

#include "cli/config_files.h"
#include "cli/roster.h"
#include "core/result.h"

namespace assize {

inline constexpr Millis kVersionDeadline{
    20'000};  // a first start from a cold disk can take longer; then it stays unknown

// $XDG_CACHE_HOME/assize or ~/.cache/assize; empty: there is no place.
std::string cache_directory(const Environment& environment);

// What earlier runs were told; nothing runs. One for each agent; empty: not known.
std::vector<std::string> known_versions(const std::vector<ProbedAgent>& agents, const Environment& environment);

// The same, asking the programs that were not asked before. Error io: no private directory, no processes.
Result<std::vector<std::string>> ask_versions(const std::vector<ProbedAgent>& agents, const Environment& environment);

}  // namespace assize
