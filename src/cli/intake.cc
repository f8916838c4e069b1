#include "cli/intake.h"

#include <memory>
#include <utility>

#include "change/attributes.h"
#include "change/post_images.h"
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

}  // namespace

Result<Intake> take_in(const Options& options, const Places& places, const Environment& environment,
                       PlanOptions plan_options) {
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
