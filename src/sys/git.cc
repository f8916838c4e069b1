#include "sys/git.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "core/text.h"
#include "sys/files.h"
#include "sys/git_process.h"

namespace assize {
namespace {

constexpr std::string_view kSafePath = "/usr/local/bin:/usr/bin:/bin";
constexpr ByteCount kMaxConfig{4ULL << 20};

struct Setting {
  std::string key, value;
};

// What a repository's configuration could say to run a program or to change what a diff shows.
std::vector<Setting> fixed_settings() {
  return {
      {"advice.graftFileDeprecated", "false"},
      {"core.fsmonitor", "false"},
      {"core.hooksPath", "/dev/null"},
      {"core.pager", "cat"},
      {"core.editor", "false"},
      {"core.askPass", ""},
      {"core.sshCommand", "false"},
      {"core.gitProxy", ""},
      {"core.alternateRefsCommand", "false"},
      {"core.bare", "false"},
      {"core.quotePath", "false"},
      {"core.untrackedCache", "false"},
      {"core.preloadIndex", "true"},
      {"credential.helper", ""},
      {"protocol.allow", "never"},
      {"log.showSignature", "false"},
      {"gpg.program", "false"},
      {"color.ui", "false"},
      {"diff.external", ""},
      {"diff.noprefix", "false"},
      {"diff.mnemonicPrefix", "false"},
      {"diff.suppressBlankEmpty", "false"},
      {"diff.relative", "false"},
      {"diff.submodule", "short"},
      {"diff.orderFile", "/dev/null"},
      {"diff.wsErrorHighlight", "none"},
      {"diff.indentHeuristic", "true"},
      {"submodule.recurse", "false"},
      {"gc.auto", "0"},
  };
}

Result<std::string> find_git(std::string_view path) {
  for (const std::string_view list : {path, kSafePath}) {
    for (const std::string_view directory : split(list, ':')) {
      if (!directory.starts_with('/')) continue;
      std::string program = fmt::format("{}/git", directory);
      struct stat info {};
      if (::stat(program.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(program.c_str(), X_OK) == 0)
        return program;
    }
  }
  return Error{ErrorCode::unavailable, "git is not installed", "--files and --patch work without it"};
}

bool mentions(const std::string& file, std::initializer_list<std::string_view> words) {
  const auto text = read_whole_file(file, kMaxConfig);
  if (!text) return text.error().code != ErrorCode::not_found;  // cannot be looked into: git shall say
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return contains_ascii_nocase(*text, word); });
}

// Where the repository's configuration is: the git directory, and the one it shares with other working trees.
std::vector<std::string> config_directories(const std::string& root) {
  namespace fs = std::filesystem;
  fs::path git_dir = fs::path(root) / ".git";
  if (const auto link = read_whole_file(git_dir.string(), kMaxConfig)) {  // a file: "gitdir: …"
    std::string_view target = trim(*link);
    constexpr std::string_view kWord = "gitdir:";
    if (target.starts_with(kWord)) target.remove_prefix(kWord.size());
    git_dir = fs::path(root) / fs::path(trim(target));
  }
  std::vector<std::string> directories = {git_dir.string()};
  if (const auto common = read_whole_file((git_dir / "commondir").string(), kMaxConfig)) {
    directories.push_back((git_dir / fs::path(trim(*common))).string());
  }
  return directories;
}

// The index that `named` (relative to where we stand) is, if it is one of these git directories' own; else empty.
std::string own_index(const std::string& named, const std::vector<std::string>& git_directories) {
  namespace fs = std::filesystem;
  if (named.empty()) return {};
  std::error_code error;
  const fs::path file = fs::absolute(named, error);
  const fs::path folder = fs::canonical(file.parent_path(), error);
  if (error) return {};
  const bool own = std::any_of(git_directories.begin(), git_directories.end(), [&](const std::string& directory) {
    std::error_code unreadable;
    return fs::equivalent(folder, directory, unreadable);
  });
  return own ? (folder / file.filename()).string() : std::string();
}

class RealGit final : public Git {
 public:
  RealGit(std::string root, std::string program, const GitOptions& options)
      : root_(std::move(root)), program_(std::move(program)), options_(options), settings_(fixed_settings()) {}

  Result<bool> prepare() {
    index_file_ = own_index(options_.index_file, config_directories(root_));
    TRY(switch_off_filters());
    return find_user_ignores();
  }

  Result<GitAnswer> run(const std::vector<std::string>& args, std::string_view input) override {
    // By -c and not by GIT_CONFIG_COUNT, which a git before 2.31 would silently ignore.
    std::vector<std::string> all;
    all.reserve(settings_.size() * 2 + args.size());
    for (const Setting& setting : settings_) {
      all.emplace_back("-c");
      all.push_back(fmt::format("{}={}", setting.key, setting.value));
    }
    all.insert(all.end(), args.begin(), args.end());
    return run_git_process({program_, std::move(all), environment(), root_, options_.deadline, options_.max_output},
                           input);
  }

 private:
  std::vector<std::string> environment() const {
    std::vector<std::string> env = {
        fmt::format("PATH={}", kSafePath),
        fmt::format("GIT_DIR={}/.git", root_),
        fmt::format("GIT_WORK_TREE={}", root_),
        fmt::format("HOME={}", options_.home.empty() ? "/nonexistent" : options_.home),
        "LC_ALL=C",
        "TZ=UTC",
        "GIT_CONFIG_NOSYSTEM=1",
        "GIT_CONFIG_SYSTEM=/dev/null",
        "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_ATTR_NOSYSTEM=1",
        "GIT_TERMINAL_PROMPT=0",
        "GIT_OPTIONAL_LOCKS=0",
        "GIT_PAGER=cat",
        "GIT_ASKPASS=/bin/false",
        "GIT_SSH_COMMAND=/bin/false",
        "GIT_ALLOW_PROTOCOL=none",
        "GIT_NO_LAZY_FETCH=1",
        "GIT_NO_REPLACE_OBJECTS=1",
        "GIT_GRAFT_FILE=/dev/null",
    };
    if (!index_file_.empty()) env.push_back(fmt::format("GIT_INDEX_FILE={}", index_file_));
    if (!options_.xdg_config_home.empty()) env.push_back(fmt::format("XDG_CONFIG_HOME={}", options_.xdg_config_home));
    return env;
  }

  // git runs a file's clean filter when it compares the file with the index. The drivers can only be named in the
  // repository's own configuration, so git is asked for their names, and each is emptied. Most repositories have none.
  Result<bool> switch_off_filters() {
    bool possible = false;
    for (const std::string& directory : config_directories(root_)) {
      for (const char* name : {"/config", "/config.worktree"}) {
        possible = possible || mentions(directory + name, {"filter", "include"});
      }
    }
    if (!possible) return true;
    TRY_ASSIGN(const GitAnswer keys, run({"config", "--list", "--name-only", "-z"}, {}));
    if (keys.exit != 0) {
      return Error{ErrorCode::io, fmt::format("the repository's configuration cannot be read: {}", trim(keys.err)), {}};
    }
    std::set<std::string> drivers;
    constexpr std::string_view kSection = "filter.";
    for (std::string_view key : split(keys.out, '\0')) {
      const std::size_t dot = key.rfind('.');
      if (key.starts_with(kSection) && dot >= kSection.size()) {
        drivers.emplace(key.substr(kSection.size(), dot - kSection.size()));
      }
    }
    for (const std::string& driver : drivers) {
      if (driver.find('=') != std::string::npos) {  // -c would take what is before it for the key
        return Error{
            ErrorCode::unsupported,
            "the repository's configuration has a filter driver with '=' in its name, which cannot be switched off",
            "remove it with git config --remove-section"};
      }
      for (const char* command : {"clean", "smudge", "process"}) {
        settings_.push_back({fmt::format("filter.{}.{}", driver, command), ""});
      }
      settings_.push_back({fmt::format("filter.{}.required", driver), "false"});
    }
    return true;
  }

  // The ignore file of the user's own configuration: what the user never commits is not reviewed as untracked either.
  Result<bool> find_user_ignores() {
    if (options_.home.empty()) return true;
    const std::string xdg = options_.xdg_config_home.empty() ? options_.home + "/.config" : options_.xdg_config_home;
    for (const std::string& file : {xdg + "/git/config", options_.home + "/.gitconfig"}) {
      if (!mentions(file, {"excludesfile"})) continue;
      TRY_ASSIGN(const GitAnswer found,
                 run({"config", "--file", file, "--type=path", "--get", "core.excludesFile"}, {}));
      if (found.exit == 0) settings_.push_back({"core.excludesFile", std::string(trim(found.out))});
    }
    return true;
  }

  std::string root_, program_, index_file_;
  GitOptions options_;
  std::vector<Setting> settings_;
};

}  // namespace

Result<std::string> find_repository_root(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path start = fs::canonical(directory, error);
  if (error) return Error{ErrorCode::not_found, fmt::format("{}: {}", directory, error.message()), {}};
  if (!fs::is_directory(start, error))
    return Error{ErrorCode::not_found, fmt::format("{}: not a directory", directory), {}};
  for (fs::path at = start;; at = at.parent_path()) {
    const fs::path git = at / ".git";
    if (fs::is_regular_file(git, error) || fs::exists(git / "HEAD", error)) return at.string();
    if (fs::exists(at / "HEAD", error) && fs::is_directory(at / "objects", error) &&
        fs::is_directory(at / "refs", error)) {
      return Error{ErrorCode::unsupported, fmt::format("{} is a bare repository, without a working tree", at.string()),
                   "review in a clone of it"};
    }
    if (at == at.root_path()) break;
  }
  return Error{ErrorCode::not_found, fmt::format("{} is not in a git repository", directory), {}};
}

Result<std::unique_ptr<Git>> open_git(const std::string& root, const GitOptions& options) {
  TRY_ASSIGN(std::string program, find_git(options.path));
  auto git = std::make_unique<RealGit>(root, std::move(program), options);
  TRY(git->prepare());
  return std::unique_ptr<Git>(std::move(git));
}

}  // namespace assize
