// Any bytes as a diff: parse, plan, render, apply. Besides not crashing, what comes out must be consistent.
#include <cstdint>
#include <set>

#include "change/diff_parser.h"
#include "change/glob.h"
#include "change/plan.h"
#include "change/post_images.h"
#include "change/render.h"
#include "core/text.h"

namespace {

using namespace assize;  // NOLINT: a program of one file

void check_hunk(const Hunk& hunk) {
  CHECK(!hunk.lines.empty());
  std::uint32_t old_count = 0;
  std::uint32_t new_count = 0;
  for (const Line& line : hunk.lines) {
    CHECK(line.text.find('\n') == std::string_view::npos);
    const bool in_old = line.kind != LineKind::added;
    const bool in_new = line.kind != LineKind::removed;
    const std::uint32_t old_first = hunk.old_start;
    CHECK(line.old_no == (in_old ? old_first + old_count : 0));
    CHECK(line.new_no == (in_new ? hunk.new_start + new_count : 0));
    old_count += in_old ? 1 : 0;
    new_count += in_new ? 1 : 0;
  }
  CHECK(old_count == hunk.old_count);
  CHECK(new_count == hunk.new_count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto parsed = parse_patch(bytes);
  if (!parsed) return 0;
  Change change;
  change.files = std::move(parsed->files);
  std::set<std::string> paths;
  std::size_t total = 0;
  for (const FileChange& file : change.files) {
    CHECK(!file.path().empty());
    CHECK(paths.insert(file.path()).second);
    for (const Hunk& hunk : file.hunks) {
      check_hunk(hunk);
      total += hunk.lines.size();
    }
    (void)is_post_image(bytes, file);
    (void)apply_hunks(bytes, file);
  }
  CHECK(total <= size);
  const std::string glob(bytes.substr(0, bytes.find('\n')));
  PlanOptions options;
  options.max_bytes = {~0ULL};
  if (auto parsed_glob = Glob::parse(glob)) options.exclude = {glob};
  const auto plan = make_plan(change, options);
  if (!plan) return 0;
  CHECK(plan->files.size() == change.files.size());
  const std::string shown = render_numbered(change, *plan);
  CHECK(is_valid_utf8(shown));
  CHECK(strip_controls(shown, Newlines::keep) == shown);  // inert
  for (const FileCoverage& file : coverage_of(change, *plan)) CHECK(file.set_aside.has_value() == file.hunks.empty());
  return 0;
}
