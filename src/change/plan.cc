#include "change/plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "change/file_class.h"
#include "change/glob.h"

namespace assize {
namespace {

bool is_executable_mode(std::string_view mode) {
  return mode == "100755";
}

// May hold code: by its name, its mode, or its first bytes.
bool can_run(const FileChange& file) {
  return is_source_name(file.path()) || is_executable_name(file.path()) || is_executable_mode(file.new_mode) ||
         starts_like_program(file);
}

class Planner {
 public:
  Planner(const PlanOptions& options, GlobList include, GlobList exclude)
      : options_(options), include_(std::move(include)), exclude_(std::move(exclude)) {}

  PlannedFile plan(const FileChange& file, std::size_t index) const {
    PlannedFile planned;
    planned.index = index;
    if (options_.keep == Keep::everything) return keep(file, planned);
    const std::string& path = file.path();
    const auto aside = [&](SetAside reason, std::string detail, bool risky) {
      planned.set_aside = reason;
      planned.detail = std::move(detail);
      planned.risky = risky;
      return planned;
    };
    if (!include_.empty() && !include_.match(path)) return aside(SetAside::not_included, "matches no --include", false);
    if (const std::string* glob = exclude_.match(path)) return aside(SetAside::excluded, *glob, false);
    if (file.submodule) return aside(SetAside::submodule, "its commits are not part of this change", true);
    if (!file.unreadable.empty()) return aside(SetAside::no_text, "cannot be read: " + file.unreadable, true);
    if (file.unread || file.bytes > options_.max_file_bytes.value) {
      return aside(SetAside::too_large_file,
                   fmt::format("{} bytes; at most {} of one file are shown", file.bytes, options_.max_file_bytes.value),
                   true);
    }
    if (file.combined) return keep(file, planned);
    if (file.binary) return aside(SetAside::binary, "the diff does not show its contents", can_run(file));
    if (!is_source_name(path) && !starts_with_script(file) && looks_binary(file)) {
      return aside(SetAside::binary, "its bytes are not text", can_run(file));
    }
    if (options_.is_generated_by_attribute && options_.is_generated_by_attribute(path)) {
      return aside(SetAside::generated, "linguist-generated in .gitattributes of the base", false);
    }
    if (const auto generated = generated_by_name(path)) {
      const bool risky = generated->runs || is_executable_mode(file.new_mode) || starts_like_program(file);
      return aside(SetAside::generated, std::string(generated->rule), risky);
    }
    if (file.hunks.empty() && file.damaged)
      return aside(SetAside::no_text, "the diff does not show its lines", can_run(file));
    return keep(file, planned);
  }

 private:
  static bool starts_with_script(const FileChange& file) {
    return !file.hunks.empty() && !file.hunks[0].lines.empty() && file.hunks[0].lines[0].text.starts_with("#!");
  }

  static PlannedFile keep(const FileChange& file, PlannedFile planned) {
    for (const Hunk& hunk : file.hunks) {
      planned.cut_lines += static_cast<std::uint32_t>(std::count_if(
          hunk.lines.begin(), hunk.lines.end(), [](const Line& line) { return line.text.size() > kMaxShownLine; }));
    }
    if (planned.cut_lines > 0) {
      const std::string lines = planned.cut_lines == 1 ? "a line" : fmt::format("{} lines", planned.cut_lines);
      planned.detail = fmt::format("{} over {} bytes, cut", lines, kMaxShownLine);
    }
    if (file.damaged) planned.detail = "the diff's counts do not add up: something may be missing";
    planned.risky = planned.cut_lines > 0 || file.damaged;
    return planned;
  }

  const PlanOptions& options_;
  GlobList include_, exclude_;
};

Error too_large(const Change& change, const Plan& plan, const PlanOptions& options) {
  const auto largest =
      std::max_element(plan.files.begin(), plan.files.end(), [&](const PlannedFile& a, const PlannedFile& b) {
        const auto size = [&](const PlannedFile& f) { return f.set_aside ? 0 : change.files[f.index].bytes; };
        return size(a) < size(b);
      });
  const FileChange& file = change.files[largest->index];
  return invalid(fmt::format("too_large: the change has {} bytes of diff in {} files to review, more than the {} of "
                             "--max-bytes; the largest is {} with {}",
                             plan.kept.value, plan.kept_files(), options.max_bytes.value, file.path(), file.bytes),
                 "raise --max-bytes, review it in parts with --chunk, or leave files out with --exclude GLOB");
}

}  // namespace

std::size_t Plan::kept_files() const {
  return static_cast<std::size_t>(
      std::count_if(files.begin(), files.end(), [](const PlannedFile& file) { return !file.set_aside; }));
}

Result<Plan> make_plan(const Change& change, const PlanOptions& options) {
  TRY_ASSIGN(GlobList include, GlobList::parse(options.include));
  TRY_ASSIGN(GlobList exclude, GlobList::parse(options.exclude));
  const Planner planner(options, std::move(include), std::move(exclude));
  Plan plan;
  plan.files.reserve(change.files.size());
  for (std::size_t i = 0; i < change.files.size(); ++i) {
    plan.files.push_back(planner.plan(change.files[i], i));
    if (!plan.files.back().set_aside) plan.kept.value += change.files[i].bytes;
  }
  if (options.chunking == Chunking::refuse && plan.kept > options.max_bytes) return too_large(change, plan, options);
  return plan;
}

std::vector<FileCoverage> coverage_of(const Change& change, const Plan& plan) {
  std::vector<FileCoverage> coverage;
  coverage.reserve(plan.files.size());
  for (const PlannedFile& planned : plan.files) {
    const FileChange& file = change.files[planned.index];
    FileCoverage entry;
    entry.path = file.path();
    if (file.old_path != file.path()) entry.old_path = file.old_path;
    entry.kind = to_string(file.kind);
    entry.set_aside = planned.set_aside;
    entry.detail = planned.detail;
    entry.bytes = file.bytes;
    entry.risky = planned.risky;
    for (const Hunk& hunk : file.hunks) {
      for (const Line& line : hunk.lines) {
        if (line.kind == LineKind::added) ++entry.added;
        if (line.kind == LineKind::removed) ++entry.removed;
      }
      if (planned.set_aside) continue;
      // A hunk that only removes has no line of its own in the post-image: the line before it stands for it.
      const bool gone = file.kind == FileKind::deleted;
      const std::uint32_t start = std::max(gone ? hunk.old_start : hunk.new_start, 1U);
      const std::uint32_t count = gone ? hunk.old_count : hunk.new_count;
      entry.hunks.push_back({{start, count == 0 ? start : start + count - 1}, {}});
    }
    if (!planned.set_aside && file.hunks.empty()) entry.hunks.push_back({});
    coverage.push_back(std::move(entry));
  }
  return coverage;
}

}  // namespace assize
