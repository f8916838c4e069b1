// Which policy file counts, and whether it may: a change under review must not be able to bring its own rules along.
#pragma once

#include <string>
#include <vector>

#include "cli/config_files.h"
#include "core/result.h"
#include "trial/policy.h"

namespace assize {

struct ChosenPolicy {
  Policy policy;     // empty: none is asked for
  std::string path;  // absolute
  std::string text;  // for the digest of the run's settings
  std::vector<std::string> warnings;
};

// Where the config or --policy says the policy is; empty: nowhere. A path of a config file is meant from beside it.
std::string policy_path(const LoadedConfig& loaded);

// One that a flag, the user's config or --config names is what the user asked for. One that the repository's own config
// names counts only when its exact content is trusted, as that config does (`assize trust` records both). Errors: it
// cannot be read, it is not trusted, or what it says is wrong (cli/policy_file.h).
Result<ChosenPolicy> load_policy(const LoadedConfig& loaded, const Places& places, const Options& options);

}  // namespace assize
