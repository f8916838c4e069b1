// The difference of some files between two trees as a git patch, made in a repository of its own: neither tree's .git,
// attributes or configuration has a say in it.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/task_outcome.h"
#include "sys/git.h"
#include "sys/tree_files.h"

namespace assize {

// More than a file of this size, or than all of them together, is left out of a patch.
inline constexpr ByteCount kMaxPatchFile{32ULL << 20};
inline constexpr ByteCount kMaxPatchFiles{128ULL << 20};

// Writes what git needs to take `directory` for a repository without commits: HEAD, config, objects, refs; nothing that
// could run. Error io.
struct RepositorySeed {
  std::string object_format = "sha1";
  std::string alternates;  // absolute path of another repository's objects; empty: none
  std::string head;        // a commit to stand at, detached; empty: an unborn branch
  std::string exclude;     // content of info/exclude
  std::string shallow;     // content of shallow; empty: none
  std::string config;      // added to the configuration
};
Result<bool> make_repository(const std::string& directory, const RepositorySeed& seed);

// `paths`: what differs, in byte order. `directory` is private, exists and is empty; it is used up. Error io,
// timed_out, unavailable (no git).
Result<TreeDiff> make_patch(OpenTree& before, OpenTree& after, const std::vector<std::string>& paths,
                            const std::string& directory, const GitOptions& options);

}  // namespace assize
