// Trees for agents that may write: each a copy of a repository's working tree as the user sees it, uncommitted work
// included, in a private directory and with a .git of its own that borrows the repository's objects. The repository
// itself is only read. What an agent changed is found by comparing its tree with the untouched first copy: nothing that
// the agent left in its .git, its attributes or its modes has a say in that, and nothing of it is run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/task_outcome.h"
#include "sys/git.h"

namespace assize {

struct WorkTreeOptions {
  GitOptions git;
  // Why a file is not for agents; empty: it is. Asked once a file.
  enum class Tracked { no, yes };
  std::function<std::string(std::string_view path, Tracked tracked)> refuse;
  std::function<bool()> stopped;  // asked now and then while files are copied; true: give up, `cancelled`
};

class WorkTrees {
 public:
  // Copies the working tree at `root` (from find_repository_root) to `directory`, which is absolute, private, exists
  // and is empty. Left out, and listed: submodules and repositories inside, links that lead out of the tree, what is
  // neither file nor link, what may not be read, and what `refuse` says. Ignored files are left out silently. Errors:
  // invalid when there is no commit yet; cancelled; io; those of open_git().
  static Result<std::unique_ptr<WorkTrees>> make(const std::string& root, const std::string& directory,
                                                 WorkTreeOptions options);
  // Removes everything below `directory`.
  virtual ~WorkTrees() = default;

  virtual const std::string& head() const = 0;  // the commit that the working tree stands at
  virtual const std::vector<LeftOut>& left_out() const = 0;

  // One more tree; its absolute path. Errors cancelled, io.
  virtual Result<std::string> add() = 0;
  // What has changed in a tree since add(). Its .git is gone afterwards: once a tree, when nothing runs in it any more.
  // New files count unless the tree's own ignore rules leave them out. Errors: io, also when somebody else stands in
  // the place of the tree; timed_out.
  virtual Result<TreeDiff> diff(const std::string& tree) = 0;
};

}  // namespace assize
