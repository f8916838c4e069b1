// Reads the house's rules for a review. Pure: the text comes in, a Policy goes out. What it asks for counts, so the
// text must come from a trusted place (docs/policy.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "trial/policy.h"

namespace assize {

inline constexpr std::size_t kMaxPolicyBytes = 256 << 10;  // all of it goes into each prompt but the lists of globs

struct PolicyFile {
  Policy policy;
  std::vector<std::string> warnings;  // keys that nobody knows, each with the nearest known one
};
// `name` is what messages and reports call the file. Error invalid, one line with `NAME:LINE:COLUMN: ` in front: not
// TOML, a value of the wrong type, a glob that cannot be read, a severity that there is not, an empty forbidden text.
Result<PolicyFile> read_policy(std::string_view text, std::string_view name);

}  // namespace assize
