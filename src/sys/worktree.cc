#include "sys/worktree.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "core/text.h"
#include "sys/files.h"
#include "sys/tree_files.h"
#include "sys/tree_patch.h"

namespace assize {
namespace {

namespace fs = std::filesystem;
using Type = OpenTree::Entry::Type;
using Tracked = WorkTreeOptions::Tracked;

constexpr std::size_t kLookEvery = 64;           // files between two looks at `stopped`
constexpr std::size_t kMaxChanged = 100'000;     // files that one agent may have changed
constexpr ByteCount kMaxSmallFile{16ULL << 20};  // of a git directory: exclude, shallow, index

Error cancelled() {
  return Error{ErrorCode::cancelled, "stopped while the working tree was copied", {}};
}

Result<bool> make_empty_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return true;
  return Error{ErrorCode::io, fmt::format("cannot make {}: {}", path, std::generic_category().message(errno)), {}};
}

Result<std::string> output(Result<GitAnswer> ran, std::string_view doing) {
  TRY_ASSIGN(GitAnswer answer, std::move(ran));
  if (answer.exit == 0 && !answer.cut) return std::move(answer.out);
  return Error{
      ErrorCode::io, fmt::format("cannot {}: {}", doing, answer.cut ? "too much output" : trim(answer.err)), {}};
}

std::string read_if_there(const std::string& path) {
  return read_whole_file(path, kMaxSmallFile).value_or(std::string());
}

// Where the repository keeps what a second git directory needs.
struct Source {
  std::string head, object_format, objects, shallow, exclude;
};

Result<Source> find_source(Git& git, const std::string& root) {
  Source source;
  TRY_ASSIGN(const GitAnswer head, git.run({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}));
  if (head.exit != 0) {
    return invalid("the repository has no commit yet: agents that may write need one to start from",
                   "commit something first, or use --mode read_only");
  }
  source.head = trim(head.out);
  TRY_ASSIGN(const std::string paths, output(git.run({"rev-parse", "--show-object-format", "--git-path", "objects",
                                                      "--git-path", "shallow", "--git-path", "info/exclude"}),
                                             "find the repository's objects"));
  const auto lines = split_lines(paths);
  constexpr std::size_t kExpected = 4;
  if (lines.size() != kExpected) {
    return Error{ErrorCode::unsupported, "the repository's path has a line break in it", {}};
  }
  const auto absolute = [&](std::string_view path) { return (fs::path(root) / fs::path(path)).lexically_normal(); };
  source.object_format = lines[0];
  source.objects = absolute(lines[1]).string();
  source.shallow = read_if_there(absolute(lines[2]).string());
  source.exclude = read_if_there(absolute(lines[3]).string());
  return source;
}

// Whether the link at `path` ends outside of the tree, so that writing through it would leave the tree. Follows it step
// by step, also where it leads to what is not there (yet); "not there" is taken for a directory.
bool leads_out(OpenTree& tree, const std::string& path) {
  constexpr int kMostLinks = 40;  // as the kernel; whoever goes in circles gets nowhere
  constexpr ByteCount kLongestTarget{4096};
  const auto parts_of = [](std::string_view text) {
    const auto parts = split(text, '/');
    return std::vector<std::string>(parts.rbegin(), parts.rend());
  };
  std::vector<std::string> here, ahead = parts_of(path);  // what is ahead, last first
  for (int links = 0; !ahead.empty();) {
    const std::string step = std::move(ahead.back());
    ahead.pop_back();
    if (step.empty() || step == ".") continue;
    if (step == "..") {
      if (here.empty()) return true;
      here.pop_back();
      continue;
    }
    here.push_back(step);
    const std::string reached = fmt::format("{}", fmt::join(here, "/"));
    if (tree.look(reached).type != Type::link) continue;
    const auto target = tree.read(reached, kLongestTarget);
    if (!target || target->starts_with('/')) return true;
    if (++links > kMostLinks) return false;
    here.pop_back();
    const std::vector<std::string> more = parts_of(*target);
    ahead.insert(ahead.end(), more.begin(), more.end());
  }
  return false;
}

class RealWorkTrees final : public WorkTrees {
 public:
  RealWorkTrees(std::string root, std::string directory, WorkTreeOptions options)
      : root_(std::move(root)), directory_(std::move(directory)), options_(std::move(options)) {}
  RealWorkTrees(const RealWorkTrees&) = delete;
  RealWorkTrees& operator=(const RealWorkTrees&) = delete;
  ~RealWorkTrees() override {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory_, ignored)) remove_whole_tree(entry.path().string());
  }

  Result<bool> prepare() {
    TRY_ASSIGN(const std::unique_ptr<Git> git, open_git(root_, options_.git));
    TRY_ASSIGN(source_, find_source(*git, root_));
    TRY(list_files(*git));
    options_.git.index_file.clear();  // from here on our own repositories
    const std::string start = directory_ + "/start";
    TRY(make_empty_directory(start));
    TRY_ASSIGN(OpenTree from, OpenTree::open(root_));
    TRY_ASSIGN(start_, OpenTree::open(start));
    TRY(copy_files(from, *start_, WhatIsMissing::left_out));
    return drop_links_that_lead_out();
  }

  const std::string& head() const override { return source_.head; }
  const std::vector<LeftOut>& left_out() const override { return left_out_; }

  Result<std::string> add() override {
    const std::string path = fmt::format("{}/tree-{}", directory_, trees_.size() + 1);
    TRY(make_empty_directory(path));
    TRY_ASSIGN(OpenTree tree, OpenTree::open(path));
    TRY(copy_files(*start_, tree, WhatIsMissing::an_error));
    for (const std::string& folder : empty_folders_) TRY(tree.make_directory(folder));
    TRY(make_repository(path, {.object_format = source_.object_format,
                               .alternates = source_.objects,
                               .head = source_.head,
                               .exclude = source_.exclude,
                               .shallow = source_.shallow,
                               // For an agent that commits; its HOME has no identity.
                               .config = "[user]\n\tname = agent\n\temail = agent@localhost\n"}));
    // So that the agent sees as uncommitted what the user does.
    TRY_ASSIGN(const std::unique_ptr<Git> git, open_git(path, options_.git));
    TRY(output(git->run({"-c", "core.protectNTFS=false", "read-tree", "HEAD"}), "read the commit's tree"));
    trees_.emplace(path, std::move(tree));
    return path;
  }

  Result<TreeDiff> diff(const std::string& path) override {
    const auto found = trees_.find(path);
    CHECK(found != trees_.end());
    OpenTree& tree = found->second;
    if (!tree.is_still_there()) {
      return Error{ErrorCode::io, "the agent removed its whole tree, or put something else in its place", {}};
    }
    TRY_ASSIGN(const std::vector<std::string> repositories, remove_all_named(path, ".git"));
    // Opened anew: directories that were open before may have been replaced.
    TRY_ASSIGN(OpenTree now, OpenTree::open(path));
    std::vector<std::string> changed;
    TRY_ASSIGN(const std::vector<std::string> candidates, files_now(path));
    for (const std::string& file : candidates) {
      TRY_ASSIGN(const bool same, start_->same_as(now, file));
      if (!same) changed.push_back(file);
    }
    const std::string workshop = path + "-patch";
    TRY(make_empty_directory(workshop));
    TRY_ASSIGN(TreeDiff diff, make_patch(*start_, now, changed, workshop, options_.git));
    remove_whole_tree(workshop);
    for (const std::string& repository : repositories) {
      if (repository == ".git") continue;
      diff.notes.push_back(
          fmt::format("{} is not in the diff: what stands beside it counts, git's own files do not", repository));
    }
    return diff;
  }

 private:
  // A tracked file that was deleted and not staged is not there; that is what the user sees.
  enum class WhatIsMissing { left_out, an_error };

  void leave_out(std::string path, std::string reason) { left_out_.push_back({std::move(path), std::move(reason)}); }

  Result<bool> list_files(Git& git) {
    std::map<std::string, Tracked> found;
    TRY_ASSIGN(const std::string staged, output(git.run({"ls-files", "-z", "--stage"}), "list the tracked files"));
    for (const std::string_view row : split(staged, '\0')) {  // MODE SP OBJECT SP STAGE TAB PATH
      const std::size_t tab = row.find('\t');
      if (tab == std::string_view::npos) continue;
      const std::string path(row.substr(tab + 1));
      constexpr std::string_view kSubmodule = "160000";
      if (row.starts_with(kSubmodule)) {
        empty_folders_.push_back(path);
        leave_out(path, "a submodule");
      } else {
        found[path] = Tracked::yes;
      }
    }
    TRY_ASSIGN(const std::string others,
               output(git.run({"ls-files", "-z", "--others", "--exclude-standard"}), "list the untracked files"));
    for (const std::string_view path : split(others, '\0')) {
      if (path.empty()) continue;
      if (path.ends_with('/')) {
        leave_out(std::string(path), "a repository of its own");
      } else {
        found.emplace(path, Tracked::no);
      }
    }
    for (const auto& [path, tracked] : found) {
      std::string reason = options_.refuse ? options_.refuse(path, tracked) : std::string();
      if (reason.empty()) {
        files_.push_back(path);
      } else {
        leave_out(path, std::move(reason));
      }
    }
    return true;
  }

  Result<bool> copy_files(OpenTree& from, OpenTree& to, WhatIsMissing missing) {
    std::vector<std::string> copied;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (i % kLookEvery == 0 && options_.stopped && options_.stopped()) return cancelled();
      const std::string& path = files_[i];
      const OpenTree::Entry entry = from.look(path);
      if (missing == WhatIsMissing::left_out && entry.type != Type::regular && entry.type != Type::link) {
        if (entry.type == Type::other) leave_out(path, "neither a file nor a link");
        continue;
      }
      const auto done = from.copy_to(to, path);
      if (done) {
        copied.push_back(path);
        continue;
      }
      // The user's own file: not to be read, or gone in this moment. Ours: the disk is full.
      const bool theirs = missing == WhatIsMissing::left_out && to.look(path).type == Type::missing;
      if (!theirs) return done.error();
      if (done.error().code != ErrorCode::not_found) leave_out(path, done.error().message);
    }
    files_ = std::move(copied);
    return true;
  }

  Result<bool> drop_links_that_lead_out() {
    std::vector<std::string> leading_out;
    for (const std::string& path : files_) {
      if (start_->look(path).type == Type::link && leads_out(*start_, path)) leading_out.push_back(path);
    }
    for (const std::string& path : leading_out) {
      TRY(start_->remove_file(path));
      leave_out(path, "a link that leads out of the tree");
      files_.erase(std::lower_bound(files_.begin(), files_.end(), path));
    }
    return true;
  }

  // What may differ: all that was there at the start, and new files that are not ignored. In byte order.
  Result<std::vector<std::string>> files_now(const std::string& path) {
    TRY(make_repository(path, {.exclude = source_.exclude}));
    TRY_ASSIGN(const std::unique_ptr<Git> git, open_git(path, options_.git));
    TRY_ASSIGN(const std::string listed,
               output(git->run({"ls-files", "-z", "--others", "--exclude-standard"}), "list the agent's files"));
    std::vector<std::string> all;
    for (const std::string_view file : split(listed, '\0')) {
      if (!file.empty() && !file.ends_with('/')) all.emplace_back(file);
    }
    std::sort(all.begin(), all.end());
    std::vector<std::string> united;
    std::set_union(files_.begin(), files_.end(), all.begin(), all.end(), std::back_inserter(united));
    if (united.size() > files_.size() + kMaxChanged) {
      return Error{ErrorCode::io, fmt::format("the agent made more than {} files", kMaxChanged), {}};
    }
    return united;
  }

  std::string root_, directory_;
  WorkTreeOptions options_;
  Source source_;
  std::vector<std::string> files_;          // of the start, in byte order
  std::vector<std::string> empty_folders_;  // where submodules stand
  std::vector<LeftOut> left_out_;
  std::optional<OpenTree> start_;
  std::map<std::string, OpenTree> trees_;  // by path
};

}  // namespace

Result<std::unique_ptr<WorkTrees>> WorkTrees::make(const std::string& root, const std::string& directory,
                                                   WorkTreeOptions options) {
  CHECK(directory.starts_with('/'));
  auto trees = std::make_unique<RealWorkTrees>(root, directory, std::move(options));
  TRY(trees->prepare());
  return std::unique_ptr<WorkTrees>(std::move(trees));
}

}  // namespace assize
