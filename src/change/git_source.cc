#include "change/git_source.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "change/file_class.h"
#include "change/git_diff.h"
#include "change/whole_file.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::size_t kShortName = 10;

// Each name's object, by one `git cat-file`; empty for one that does not exist.
// A name that makes git stop (@{upstream} without one) takes those after it along, so it must be the last.
Result<std::vector<std::string>> resolve(Git& git, const std::vector<std::string>& names) {
  std::string input;
  for (const std::string& name : names) input += name + "\n";
  TRY_ASSIGN(const GitAnswer answer, git.run({"cat-file", "--batch-check=%(objectname) %(objecttype)"}, input));
  std::vector<std::string> objects;
  for (const std::string_view line : split_lines(answer.out)) {
    const std::size_t space = line.find(' ');
    objects.emplace_back(line.substr(space + 1) == "commit" ? line.substr(0, space) : std::string_view{});
  }
  objects.resize(names.size());
  return objects;
}

Result<std::string> empty_tree(Git& git) {
  TRY_ASSIGN(const GitAnswer answer, git.run({"hash-object", "-t", "tree", "--stdin"}));
  return std::string(trim(answer.out));
}

Result<bool> check_revision(std::string_view revision, std::string_view option) {
  if (revision.empty()) return invalid(fmt::format("{}: the revision is empty", option));
  if (revision[0] == '-') {
    return invalid(fmt::format("{}: \"{}\" begins with '-', so it cannot be a revision", option, revision));
  }
  if (std::any_of(revision.begin(), revision.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    return invalid(fmt::format("{}: the revision has control characters", option));
  }
  return true;
}

Error unknown_revision(std::string_view revision, std::string_view option) {
  return invalid(fmt::format("{}: unknown revision \"{}\"", option, cap_bytes(to_valid_utf8(revision), 200)),
                 "git log --oneline --all shows what there is");
}

Error no_commit_yet(std::string_view option) {
  return invalid(fmt::format("{}: there is no commit yet", option), "--files reviews files as they stand");
}

Error missing_revision(std::string_view revision, std::string_view option) {
  return revision == "HEAD" || revision == "@" ? no_commit_yet(option) : unknown_revision(revision, option);
}

// Objects of the revisions, each checked, and HEAD's last.
Result<std::vector<std::string>> resolve_or_fail(Git& git, std::vector<std::string> revisions,
                                                 std::string_view option) {
  for (const std::string& revision : revisions) TRY(check_revision(revision, option));
  std::vector<std::string> names;
  names.reserve(revisions.size() + 1);
  for (const std::string& revision : revisions) names.push_back(revision + "^{commit}");
  names.emplace_back("HEAD^{commit}");
  TRY_ASSIGN(std::vector<std::string> objects, resolve(git, names));
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    if (objects[i].empty()) return missing_revision(revisions[i], option);
  }
  return objects;
}

// Empty when the two have nothing in common.
Result<std::string> merge_base(Git& git, const std::string& a, const std::string& b) {
  if (a == b) return a;
  TRY_ASSIGN(const GitAnswer answer, git.run({"merge-base", a, b}));
  return std::string(trim(answer.out));
}

// What the working tree is compared with, and how that is said.
struct Base {
  std::string object;
  std::string words;
};

// Then it is the default one, whatever its name. A detached HEAD is on no branch at all.
Result<bool> is_on_the_only_branch(Git& git) {
  TRY_ASSIGN(const GitAnswer head, git.run({"symbolic-ref", "-q", "HEAD"}));
  TRY_ASSIGN(const GitAnswer branches, git.run({"for-each-ref", "--count=2", "refs/heads", "refs/remotes"}));
  return head.exit == 0 && split_lines(branches.out).size() <= 1;
}

constexpr std::string_view kBaseless = "--staged, --unstaged and --commit HEAD need none";

Result<Base> base_of_worktree(Git& git) {
  // In the order of preference, but for @{upstream}, which must be asked last.
  const std::vector<std::string> names = {"HEAD^{commit}",
                                          "refs/remotes/origin/HEAD",
                                          "refs/remotes/origin/main",
                                          "refs/remotes/origin/master",
                                          "refs/heads/main",
                                          "refs/heads/master",
                                          "@{upstream}"};
  TRY_ASSIGN(std::vector<std::string> objects, resolve(git, names));
  const std::string head = objects[0];
  if (head.empty()) {
    TRY_ASSIGN(std::string tree, empty_tree(git));
    return Base{std::move(tree), "everything: there is no commit yet"};
  }
  const Base uncommitted{head, fmt::format("uncommitted work on {}", short_name(head))};
  std::size_t chosen = objects.back().empty() ? 1 : names.size() - 1;
  while (chosen < names.size() && objects[chosen].empty()) ++chosen;
  if (chosen == names.size()) {
    TRY_ASSIGN(const bool alone, is_on_the_only_branch(git));
    if (alone) return uncommitted;
    // The uncommitted work alone would pass for all of it, above all in a CI job's clone.
    return invalid("there is no upstream and no main or master branch to compare HEAD with",
                   fmt::format("--base REF names another branch; {}", kBaseless));
  }
  constexpr std::string_view kLocal = "refs/heads/";
  if (names[chosen].starts_with(kLocal)) {
    if (objects[chosen] == head) return uncommitted;
    // On main or master itself, the other of the two is not what this branch came from.
    TRY_ASSIGN(const GitAnswer branch, git.run({"symbolic-ref", "-q", "HEAD"}));
    const std::string_view current = trim(branch.out);
    if (current == "refs/heads/main" || current == "refs/heads/master") return uncommitted;
  }
  TRY_ASSIGN(std::string base, merge_base(git, objects[chosen], head));
  std::string target = names[chosen];
  if (chosen == names.size() - 1) {
    TRY_ASSIGN(const GitAnswer upstream, git.run({"rev-parse", "--abbrev-ref", "@{upstream}"}));
    if (upstream.exit == 0) target = trim(upstream.out);
  }
  for (const std::string_view prefix : {std::string_view("refs/remotes/"), kLocal}) {
    if (target.starts_with(prefix)) target.erase(0, prefix.size());
  }
  if (base.empty()) {
    return invalid(fmt::format("HEAD and {} have no commit in common", target),
                   fmt::format("a shallow clone needs git fetch --unshallow; {}", kBaseless));
  }
  std::string words = fmt::format("working tree since the merge base with {} ({})", target, short_name(base));
  return Base{std::move(base), std::move(words)};
}

Result<Change> read_worktree(const World& world, const ReadLimits& limits) {
  TRY_ASSIGN(Base base, base_of_worktree(*world.git));
  Change change;
  change.base = base.object;
  change.head = "working tree";
  change.source = std::move(base.words);
  const std::vector<std::string> states = {change.base};
  TRY_ASSIGN(change, run_diff(std::move(change), states, world, {}, limits));
  TRY_ASSIGN(const GitAnswer others, world.git->run({"ls-files", "-z", "--others", "--exclude-standard"}));
  if (others.exit != 0 || others.cut) {
    return Error{ErrorCode::io, fmt::format("git ls-files failed: {}", first_line_of(others.err)), {}};
  }
  if (!trim(others.err).empty())
    change.warnings.push_back({{}, 0, "git: " + first_line_of(others.err)});  // a directory
  std::vector<std::string> untracked;
  for (const std::string_view path : split(others.out, '\0')) {
    if (path.empty()) continue;
    if (path.ends_with('/')) {
      change.warnings.push_back(
          {std::string(path), 0, "not reviewed: a repository of its own that git does not track"});
    } else if (is_private_name(path)) {
      change.private_files.emplace_back(path);
    } else {
      untracked.emplace_back(path);
    }
  }
  add_whole_files(change, untracked, *world.tree, limits);
  return change;
}

Result<Change> read_staged(const World& world, const ReadLimits& limits) {
  TRY_ASSIGN(std::vector<std::string> head, resolve(*world.git, {"HEAD^{commit}"}));
  Change change;
  change.head = "index";
  change.base = std::move(head[0]);
  change.source = fmt::format("--staged: index against {}",
                              change.base.empty() ? "nothing (there is no commit yet)" : short_name(change.base));
  if (change.base.empty()) {
    TRY_ASSIGN(change.base, empty_tree(*world.git));
  }
  const std::vector<std::string> states = {"--cached", change.base};
  return run_diff(std::move(change), states, world, "--staged", limits);
}

Result<Change> read_unstaged(const World& world, const ReadLimits& limits) {
  Change change;
  change.base = "index";
  change.head = "working tree";
  change.source = "--unstaged: working tree against index";
  return run_diff(std::move(change), {}, world, "--unstaged", limits);
}

// Both are commits; `words` is for Change::source.
Result<Change> diff_of(std::string base, std::string head, std::string words, const World& world,
                       std::string_view option, const ReadLimits& limits) {
  Change change;
  change.base = std::move(base);
  change.head = std::move(head);
  change.source = std::move(words);
  const std::vector<std::string> states = {change.base, change.head};
  return run_diff(std::move(change), states, world, option, limits);
}

Result<Change> read_base(const Source& source, const World& world, const ReadLimits& limits) {
  constexpr std::string_view kOption = "--base";
  TRY_ASSIGN(std::vector<std::string> objects, resolve_or_fail(*world.git, {source.value}, kOption));
  if (objects[1].empty()) return no_commit_yet(kOption);
  TRY_ASSIGN(std::string base, merge_base(*world.git, objects[0], objects[1]));
  if (base.empty()) {
    return invalid(fmt::format("{}: {} and HEAD have no commit in common", kOption, source.value),
                   "a shallow clone needs git fetch --unshallow");
  }
  std::string words =
      fmt::format("--base {} ({}) to HEAD ({})", source.value, short_name(base), short_name(objects[1]));
  return diff_of(std::move(base), std::move(objects[1]), std::move(words), world, kOption, limits);
}

// The header of a commit object, then the message.
struct CommitText {
  bool has_parent = false;
  std::string title, body;
};
CommitText parse_commit(std::string_view object) {
  CommitText commit;
  const std::size_t end = object.find("\n\n");
  commit.has_parent = ("\n" + std::string(object.substr(0, end))).find("\nparent ") != std::string::npos;
  if (end == std::string_view::npos) return commit;
  const std::string_view message = trim(object.substr(end + 2));
  const std::size_t title_end = message.find('\n');
  commit.title = std::string(trim(message.substr(0, title_end)));
  if (title_end != std::string_view::npos) commit.body = std::string(trim(message.substr(title_end)));
  return commit;
}

Result<Change> read_commit(const Source& source, const World& world, const ReadLimits& limits) {
  constexpr std::string_view kOption = "--commit";
  TRY(check_revision(source.value, kOption));
  const std::string named = source.value + "^{commit}";
  TRY_ASSIGN(std::vector<std::string> objects, resolve(*world.git, {named, named + "^1^{commit}"}));
  const std::string& commit = objects[0];
  std::string& parent = objects[1];
  if (commit.empty()) return missing_revision(source.value, kOption);
  TRY_ASSIGN(const GitAnswer object, world.git->run({"cat-file", "commit", commit}));
  CommitText text = parse_commit(object.out);
  if (parent.empty()) {
    if (text.has_parent) {
      return invalid(fmt::format("{}: the parent of {} is not in this clone", kOption, short_name(commit)),
                     "a shallow clone needs git fetch --deepen=1");
    }
    TRY_ASSIGN(parent, empty_tree(*world.git));
  }
  TRY_ASSIGN(Change change, diff_of(parent, commit, fmt::format("--commit {} ({})", source.value, short_name(commit)),
                                    world, kOption, limits));
  change.title = std::move(text.title);
  change.body = std::move(text.body);
  return change;
}

Result<Change> read_range(const Source& source, const World& world, const ReadLimits& limits) {
  constexpr std::string_view kOption = "--range";
  const std::string& range = source.value;
  TRY(check_revision(range, kOption));
  const std::size_t dots = range.find("..");
  const bool three = dots != std::string::npos && range.compare(dots, 3, "...") == 0;
  const std::string from = range.substr(0, dots);
  const std::string to = dots == std::string::npos ? "" : range.substr(dots + (three ? 3 : 2));
  if (from.empty() || to.empty()) {
    return invalid(fmt::format("{}: \"{}\" is no range", kOption, range), "write it as A..B");
  }
  TRY_ASSIGN(std::vector<std::string> objects, resolve_or_fail(*world.git, {from, to}, kOption));
  std::string base = objects[0];
  if (three) {
    TRY_ASSIGN(base, merge_base(*world.git, objects[0], objects[1]));
    if (base.empty()) return invalid(fmt::format("{}: {} and {} have no commit in common", kOption, from, to));
  }
  std::string words = fmt::format("--range {} ({} to {})", range, short_name(base), short_name(objects[1]));
  return diff_of(std::move(base), std::move(objects[1]), std::move(words), world, kOption, limits);
}

}  // namespace

std::string_view short_name(std::string_view object) {
  return object.substr(0, kShortName);
}

std::string first_line_of(std::string_view text) {
  // git gives advice before it says what is wrong.
  constexpr std::string_view kAdvice = "hint:";
  std::string_view line;
  for (const std::string_view candidate : split_lines(text)) {
    line = trim(candidate);
    if (!line.empty() && !line.starts_with(kAdvice)) break;
  }
  return line.empty() ? "it said nothing" : cap_bytes(strip_controls(to_valid_utf8(line), Newlines::to_space), 300);
}

Result<Change> read_git_change(const Source& source, const World& world, const ReadLimits& limits) {
  switch (source.kind) {
    case Source::Kind::worktree:
      return read_worktree(world, limits);
    case Source::Kind::staged:
      return read_staged(world, limits);
    case Source::Kind::unstaged:
      return read_unstaged(world, limits);
    case Source::Kind::base:
      return read_base(source, world, limits);
    case Source::Kind::commit:
      return read_commit(source, world, limits);
    case Source::Kind::range:
      return read_range(source, world, limits);
    case Source::Kind::patch:
    case Source::Kind::files:
      break;
  }
  CHECK(!"a source that does not need git");
  return Change{};
}

Result<std::vector<ListedFile>> list_files(Git& git, const std::vector<std::string>& paths) {
  std::vector<std::string> args = {"ls-files",      "-z", "-t", "--cached", "--others", "--exclude-standard",
                                   "--deduplicate", "--"};
  for (const std::string& path : paths) args.push_back(path.empty() ? ":(top)" : literal_pathspec(path));
  TRY_ASSIGN(const GitAnswer answer, git.run(args));
  if (answer.exit != 0 || answer.cut) {
    return Error{ErrorCode::io, fmt::format("--files: git ls-files failed: {}", first_line_of(answer.err)), {}};
  }
  std::vector<ListedFile> files;
  for (const std::string_view entry : split(answer.out, '\0')) {
    if (entry.size() > 2) files.push_back({std::string(entry.substr(2)), entry[0] != '?'});
  }
  std::sort(files.begin(), files.end(), [](const ListedFile& a, const ListedFile& b) { return a.path < b.path; });
  files.erase(std::unique(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path == b.path; }),
              files.end());
  return files;
}

}  // namespace assize
