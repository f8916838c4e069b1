#include "cli/task_trees.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "change/file_class.h"
#include "core/text.h"
#include "sys/git.h"
#include "sys/worktree.h"

namespace assize {
namespace {

// Where the agents' programs look for settings in their working directory: servers and hooks that they start, endpoints
// that the user's key would be sent to. gemini and qwen read .env as settings.
constexpr std::array<std::string_view, 9> kSettings = {
    ".claude", ".codex", ".gemini", ".qwen", ".opencode", "opencode.json", "opencode.jsonc", ".mcp.json", ".env"};

std::string why_not(std::string_view path, WorkTreeOptions::Tracked tracked) {
  for (const std::string_view part : split(path, '/')) {
    if (std::find(kSettings.begin(), kSettings.end(), part) != kSettings.end()) return "settings of agents";
  }
  if (tracked == WorkTreeOptions::Tracked::no && is_private_name(path)) return "private, and not tracked by git";
  return {};
}

class RunTrees final : public TaskTrees {
 public:
  explicit RunTrees(std::unique_ptr<WorkTrees> trees) : trees_(std::move(trees)) {}

  std::string head() const override { return trees_->head(); }
  std::vector<LeftOut> left_out() const override { return trees_->left_out(); }
  Result<std::string> open(const std::string& agent) override {
    TRY_ASSIGN(std::string path, trees_->add());
    paths_[agent] = path;
    return path;
  }
  Result<TreeDiff> diff(const std::string& agent) override { return trees_->diff(paths_.at(agent)); }

 private:
  std::unique_ptr<WorkTrees> trees_;
  std::map<std::string, std::string> paths_;  // by agent
};

}  // namespace

Result<std::unique_ptr<TaskTrees>> open_task_trees(const Places& places, const Environment& environment,
                                                   const std::string& directory, std::function<bool()> stopped) {
  if (places.unusable_repository) return *places.unusable_repository;
  if (!places.in_repository) {
    return invalid("agents that may write get a copy of a git repository's working tree, and this is none",
                   "use --repo DIR, or --mode read_only");
  }
  WorkTreeOptions options;
  options.git.path = environment("PATH").value_or("");
  options.git.home = environment("HOME").value_or("");
  options.git.xdg_config_home = environment("XDG_CONFIG_HOME").value_or("");
  options.git.index_file = environment("GIT_INDEX_FILE").value_or("");
  options.refuse = why_not;
  options.stopped = std::move(stopped);
  TRY_ASSIGN(std::unique_ptr<WorkTrees> trees, WorkTrees::make(places.root, directory, std::move(options)));
  return std::unique_ptr<TaskTrees>(std::make_unique<RunTrees>(std::move(trees)));
}

}  // namespace assize
