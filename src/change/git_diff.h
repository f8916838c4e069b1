// One diff by git, with every option that a configuration could change said outright.
#pragma once

#include <string>
#include <vector>

#include "change/source.h"

namespace assize {

// Runs `git diff` with `states` ({"--cached", base}, {from, to}, …) and parses it into change.files and warnings.
// When it is larger than can be read, the files over limits.max_file are left out and listed as unread.
// Error invalid: still too large; `option` is named in it.
Result<Change> run_diff(Change change, const std::vector<std::string>& states, const World& world,
                        std::string_view option, const ReadLimits& limits);

// The pathspec of exactly this path.
std::string literal_pathspec(std::string_view path);

}  // namespace assize
