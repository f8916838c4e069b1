#include "cli/intake.h"

#include <filesystem>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "change/attributes.h"
#include "change/document.h"
#include "change/post_images.h"
#include "cli/values.h"
#include "sys/files.h"
#include "sys/git.h"

namespace assize {
namespace {

Source::Kind kind_of(SourceOptions::Kind kind) {
  switch (kind) {
    case SourceOptions::Kind::standard:
      return Source::Kind::worktree;
    case SourceOptions::Kind::staged:
      return Source::Kind::staged;
    case SourceOptions::Kind::unstaged:
      return Source::Kind::unstaged;
    case SourceOptions::Kind::base:
      return Source::Kind::base;
    case SourceOptions::Kind::commit:
      return Source::Kind::commit;
    case SourceOptions::Kind::range:
      return Source::Kind::range;
    case SourceOptions::Kind::patch:
      return Source::Kind::patch;
    case SourceOptions::Kind::files:
      return Source::Kind::files;
    case SourceOptions::Kind::text:
      break;  // is no source of a change
  }
  return Source::Kind::worktree;
}

bool needs_git(Source::Kind kind) {
  return kind != Source::Kind::patch && kind != Source::Kind::files;
}

// Null outside a repository, and without git where it is not needed.
Result<std::unique_ptr<Git>> git_of(const Source& source, const Places& places, const Environment& environment) {
  if (places.unusable_repository && needs_git(source.kind)) return *places.unusable_repository;
  if (!places.in_repository) return std::unique_ptr<Git>();
  GitOptions options;
  options.path = environment("PATH").value_or("");
  options.home = environment("HOME").value_or("");
  options.xdg_config_home = environment("XDG_CONFIG_HOME").value_or("");
  options.index_file = environment("GIT_INDEX_FILE").value_or("");
  auto git = open_git(places.root, options);
  if (!git && git.error().code == ErrorCode::unavailable && !needs_git(source.kind)) return std::unique_ptr<Git>();
  return git;
}

// As much of a document as anybody would have read: some 3,000 pages.
constexpr ByteCount kMaxDocument{8ULL << 20};

// "issue.md" of "notes/issue.md".
std::string document_name(const std::string& file) {
  return file == "-" ? "text" : std::filesystem::path(file).filename().string();
}

// Prose is one piece, kept whatever its name is like; only its size can be too much.
Result<Intake> take_in_document(const std::string& file, const Places& places, PlanOptions plan_options) {
  TRY_ASSIGN(const std::unique_ptr<FileTree> tree, open_file_tree(places.root, places.working_directory));
  auto text = tree->read_named(file, kMaxDocument);
  if (!text) return Error{text.error().code, fmt::format("--text {}: {}", shown_word(file), text.error().message), {}};
  Intake intake;
  auto document = document_change(document_name(file), *text);
  if (!document) return Error{document.error().code, "--text: " + document.error().message, document.error().hint};
  intake.change = std::move(*document);
  plan_options.keep = Keep::everything;
  TRY_ASSIGN(intake.plan, make_plan(intake.change, plan_options));
  for (const FileChange& one : intake.change.files) {
    intake.images[one.path()] = std::make_shared<const std::string>(*text);
  }
  return intake;
}

}  // namespace

Result<Intake> take_in(const Options& options, const Places& places, const Environment& environment,
                       PlanOptions plan_options) {
  if (options.source.kind == SourceOptions::Kind::text) {
    return take_in_document(options.source.value, places, std::move(plan_options));
  }
  Source source;
  source.kind = kind_of(options.source.kind);
  source.value = options.source.value;
  source.paths = options.arguments;
  TRY_ASSIGN(const std::unique_ptr<Git> git, git_of(source, places, environment));
  // Paths on the command line are meant from where the user stands, also with --repo.
  TRY_ASSIGN(const std::unique_ptr<FileTree> tree, open_file_tree(places.root, places.working_directory));
  const World world{git.get(), tree.get()};

  Intake intake;
  TRY_ASSIGN(intake.change, read_change(source, world));
  if (git) {
    TRY_ASSIGN(plan_options.is_generated_by_attribute, generated_by_base(intake.change, world));
  }
  TRY_ASSIGN(intake.plan, make_plan(intake.change, plan_options));
  TRY_ASSIGN(intake.images, load_post_images(intake.change, intake.plan, source, world));
  return intake;
}

}  // namespace assize
