// git in one repository, run so that nothing of the repository can run anything.
//
// A repository under review may be hostile: its configuration and attributes can name programs (hooks, fsmonitor,
// external diffs, text conversion, clean filters, transports, pagers, signature checks). git is therefore called with
// an environment of our own: no system or user configuration, every such setting overridden, filter drivers found in
// the repository's configuration switched off by name, no transport allowed, no lazy fetching, no replacement objects.
// The repository is found here and named outright (GIT_DIR, GIT_WORK_TREE). So core.worktree cannot point elsewhere,
// and git's owner check, which guards what is switched off anyway, does not stand in the way of root in a CI job.
// Nothing is written: not even the index is refreshed.
#pragma once

#include <memory>
#include <string>

#include "core/workspace.h"

namespace assize {

// Root of the working tree that `directory` is in: the nearest parent with a .git. Error not_found; unsupported for a
// bare repository.
Result<std::string> find_repository_root(const std::string& directory);

struct GitOptions {
  std::string path;  // where git is looked for: the caller's PATH; only its absolute entries count
  std::string home;  // for the user's own ignore file, the only thing of the user's that is read; may be empty
  std::string xdg_config_home;  // may be empty
  // The caller's GIT_INDEX_FILE; may be empty. `git commit -a` has its pre-commit hook look at another index than the
  // usual one. It counts only in the git directory of this repository.
  std::string index_file;
  Millis deadline{120'000};                  // of each call; spec: change, Sources
  ByteCount max_output{(256ULL << 20) + 1};  // one byte over what a diff may have
};

// REQUIRES: `root` is from find_repository_root. Error unavailable: no git.
Result<std::unique_ptr<Git>> open_git(const std::string& root, const GitOptions& options);

}  // namespace assize
