#include "change/source.h"

#include <algorithm>

#include <fmt/format.h>

#include "change/file_class.h"
#include "change/git_source.h"
#include "change/whole_file.h"

namespace assize {
namespace {

Result<Change> read_patch_source(const Source& source, const World& world, const ReadLimits& limits) {
  if (source.value.empty()) return invalid("--patch: the file's name is empty", "- reads standard input");
  const std::string_view shown = source.value == "-" ? "standard input" : std::string_view(source.value);
  const auto named = [&](Error error) {
    error.message = fmt::format("--patch: {}: {}", shown, error.message);
    return error;
  };
  auto bytes = world.tree->read_named(source.value, limits.patch.max_bytes);
  if (!bytes) return named(std::move(bytes).error());
  auto parsed = parse_patch(std::make_shared<const std::string>(std::move(*bytes)), limits.patch);
  if (!parsed) return named(std::move(parsed).error());
  Change change;
  change.files = std::move(parsed->files);
  change.warnings = std::move(parsed->warnings);
  change.source = fmt::format("--patch {}", source.value);
  return change;
}

// A folder that was named and gives nothing is a mistake, and not an empty change.
Error nothing_in(std::string_view folder) {
  return Error{
      ErrorCode::not_found,
      fmt::format("--files: {}: there is no file in it that can be listed and that git does not ignore", folder),
      "a file that is named itself is reviewed whether it is ignored or not"};
}

// What of the tree is meant, in byte order.
Result<std::vector<ListedFile>> files_meant(const Source& source, const World& world) {
  std::vector<std::string> folders;
  std::vector<ListedFile> files;
  for (const std::string& given : source.paths) {
    const auto named = [&](Error error) {
      error.message = fmt::format("--files: {}: {}", given, error.message);
      return error;
    };
    auto path = world.tree->resolve(given);
    if (!path) return named(std::move(path).error());
    const Result<TreeFile> file = path->empty() ? Result<TreeFile>(Error{ErrorCode::io, "a directory", {}})
                                                : world.tree->read(*path, ByteCount{0});
    if (file) {
      files.push_back({std::move(*path), true});  // named outright: neither ignored nor private
    } else if (file.error().code != ErrorCode::io) {
      return named(file.error());
    } else if (world.git != nullptr) {
      folders.push_back(std::move(*path));
    } else {
      auto listed = world.tree->list(*path);
      if (!listed) return named(std::move(listed).error());
      if (listed->empty()) return nothing_in(given);
      for (std::string& below : *listed) files.push_back({std::move(below), false});
    }
  }
  if (source.paths.empty()) {
    if (world.git != nullptr) {
      folders.emplace_back();
    } else {
      TRY_ASSIGN(std::vector<std::string> listed, world.tree->list(""));
      for (std::string& file : listed) files.push_back({std::move(file), false});
    }
  }
  if (!folders.empty()) {
    TRY_ASSIGN(std::vector<ListedFile> listed, list_files(*world.git, folders));
    for (const std::string& folder : folders) {
      const bool any = std::any_of(listed.begin(), listed.end(), [&](const ListedFile& file) {
        return file.path.starts_with(folder) && (file.path.size() == folder.size() || file.path[folder.size()] == '/');
      });
      if (!any && !folder.empty()) return nothing_in(folder);
    }
    files.insert(files.end(), std::make_move_iterator(listed.begin()), std::make_move_iterator(listed.end()));
  }
  // A file that is named and also in a folder that is named is there once.
  std::stable_sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  files.erase(std::unique(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path == b.path; }),
              files.end());
  return files;
}

Result<Change> read_files_source(const Source& source, const World& world, const ReadLimits& limits) {
  TRY_ASSIGN(const std::vector<ListedFile> files, files_meant(source, world));
  Change change;
  change.head = "working tree";
  change.source = source.paths.empty() ? "--files" : fmt::format("--files {}", fmt::join(source.paths, " "));
  std::vector<std::string> paths;
  for (const ListedFile& file : files) {
    if (!file.tracked && is_private_name(file.path)) {
      change.private_files.push_back(file.path);
    } else {
      paths.push_back(file.path);
    }
  }
  add_whole_files(change, paths, *world.tree, limits);
  return change;
}

}  // namespace

std::string_view option_of(Source::Kind kind) {
  switch (kind) {
    case Source::Kind::worktree:
      return "";
    case Source::Kind::staged:
      return "--staged";
    case Source::Kind::unstaged:
      return "--unstaged";
    case Source::Kind::base:
      return "--base";
    case Source::Kind::commit:
      return "--commit";
    case Source::Kind::range:
      return "--range";
    case Source::Kind::patch:
      return "--patch";
    case Source::Kind::files:
      return "--files";
  }
  return "";
}

Result<Change> read_change(const Source& source, const World& world, const ReadLimits& limits) {
  CHECK(world.tree != nullptr);
  const bool needs_git = source.kind != Source::Kind::patch && source.kind != Source::Kind::files;
  if (needs_git && world.git == nullptr) {
    const std::string_view option = option_of(source.kind);
    return Error{
        ErrorCode::not_found,
        fmt::format("{}{}{} is not in a git repository", option, option.empty() ? "" : ": ", world.tree->root()),
        "--repo DIR names another one; --files and --patch need none"};
  }
  auto read = source.kind == Source::Kind::patch   ? read_patch_source(source, world, limits)
              : source.kind == Source::Kind::files ? read_files_source(source, world, limits)
                                                   : read_git_change(source, world, limits);
  if (!read) return std::move(read).error();
  if (source.kind != Source::Kind::patch || world.git != nullptr) read->repository = world.tree->root();
  read->digest = digest_of(*read);
  return read;
}

}  // namespace assize
