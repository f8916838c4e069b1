#include "cli/intake.h"

#include <utility>

#include "change/attributes.h"
#include "change/post_images.h"
#include "sys/file_tree.h"
#include "sys/git.h"

namespace assize {
namespace {

Source::Kind kind_of(SourceOptions::Kind kind) {
  switch (kind) {
    case SourceOptions::Kind::standard: return Source::Kind::worktree;
    case SourceOptions::Kind::staged: return Source::Kind::staged;
    case SourceOptions::Kind::unstaged: return Source::Kind::unstaged;
    case SourceOptions::Kind::base: return Source::Kind::base;
    case SourceOptions::Kind::commit: return Source::Kind::commit;
    case SourceOptions::Kind::range: return Source::Kind::range;
    case SourceOptions::Kind::patch: return Source::Kind::patch;
    case SourceOptions::Kind::files: return Source::Kind::files;
  }
  return Source::Kind::worktree;
}

}  // namespace

Result<Intake> take_in(const Options& options, const Places& places, const PlanOptions& plan_options) {
  Source source;
  source.kind = kind_of(options.source.kind);
  source.value = options.source.value;
  source.paths = options.arguments;
  return Intake{};
}

}  // namespace assize
