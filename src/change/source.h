// Where a change comes from, and how it is read. The errors are one line each, and name the option.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "change/change.h"
#include "change/diff_parser.h"
#include "core/result.h"
#include "core/workspace.h"

namespace assize {

struct Source {
  enum class Kind {
    worktree,  // the default: branch changes and uncommitted work, untracked text included
    staged,    // index against HEAD
    unstaged,  // working tree against index
    base,      // merge base of value and HEAD, to HEAD
    commit,    // value against its first parent, or the empty tree
    range,     // value is A..B (the difference of the two), or A...B (from their merge base to B)
    patch,     // value is a file, or "-"
    files,     // paths as they stand; none: everything below the root
  };
  Kind kind = Kind::worktree;
  std::string value;
  std::vector<std::string> paths;
};

// "--commit"; empty for the default.
std::string_view option_of(Source::Kind kind);

struct ReadLimits {
  PatchLimits patch;
  // A file larger than this is not read: an untracked one at all, another when the whole diff is over patch.max_bytes.
  ByteCount max_file{16ULL << 20};
};

// What the change is read from. `git` is null outside a repository; `tree` is rooted at the working tree's root when
// there is one, else at the directory that was given.
struct World {
  Git* git = nullptr;
  FileTree* tree = nullptr;
};

// An empty change is a Change without files. Error invalid: a revision that is empty, begins with '-', or is unknown;
// no commit yet; a patch that is no diff; over the limits. not_found: not a repository, no such file. io, timed_out,
// unavailable: from the world.
// The base of the default source is the merge base with the upstream, else with the first of origin/HEAD, origin/main,
// origin/master, main, master that there is; Change::source says which. Without any of them, or on that branch itself,
// it is HEAD.
Result<Change> read_change(const Source& source, const World& world, const ReadLimits& limits = {});

}  // namespace assize
