// Which config files there are, which of them count, and what they say together.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config.h"
#include "cli/options.h"
#include "core/result.h"

namespace assize {

// Our own environment, as a function so that a test has its own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
Environment process_environment();

// Where things are, for one invocation.
struct Places {
  std::string config_directory;   // the user's: $XDG_CONFIG_HOME/assize; empty: there is none
  std::string working_directory;  // where the user stands
  std::string directory;          // --repo or the current directory, absolute
  std::string root;               // the nearest directory upwards with .git; else `directory`
  bool in_repository = false;
  std::optional<Error> unusable_repository;  // a bare one: what to say when the change is asked of it
  bool trust_repository = false;             // ASSIZE_TRUST_REPO_CONFIG=1

  std::string user_file() const { return config_directory + "/config.toml"; }
  std::string repository_file() const { return root + "/assize.toml"; }
};
// Error invalid: --repo is not a directory.
Result<Places> find_places(const std::string& repo, const Environment& environment);

struct ConfigFile {
  Layer layer = Layer::user;
  std::string path;
  enum class State { read, absent, untrusted, changed } state = State::absent;
};

struct LoadedConfig {
  Config config;
  std::vector<ConfigFile> files;        // the ones looked for, in the order of the layers
  std::vector<ConfigProblem> problems;  // of all files that were read
  // Directory of the file that a layer was read from: what relative paths in it mean.
  std::string directory_of(Layer layer) const;
};

// Errors: a file that counts cannot be read or is not TOML; --config names none.
Result<LoadedConfig> load_config(const Places& places, const Options& options);

// The first problem that stops a run: an error, or an unknown key under --strict-config.
std::optional<Error> first_error(const LoadedConfig& loaded, bool strict);
// The rest, one line each.
std::vector<std::string> config_warnings(const LoadedConfig& loaded, bool strict);

}  // namespace assize
