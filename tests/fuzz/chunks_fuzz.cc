// Any diff, cut with small bounds. Every line is in a part, and each part is a consistent change; what is quoted of it
// is inert text. The first byte is the bound in tens of bytes, the second the number of parts asked for.
#include <cstdint>
#include <set>

#include "change/chunk_coverage.h"
#include "change/chunks.h"
#include "change/diff_parser.h"
#include "change/excerpt.h"
#include "core/text.h"

namespace {

using namespace assize;  // NOLINT: a program of one file

void check_hunk(const Hunk& hunk) {
  CHECK(!hunk.lines.empty());
  std::uint32_t old_count = 0;
  std::uint32_t new_count = 0;
  for (const Line& line : hunk.lines) {
    CHECK(line.old_no == (line.kind != LineKind::added ? hunk.old_start + old_count : 0));
    CHECK(line.new_no == (line.kind != LineKind::removed ? hunk.new_start + new_count : 0));
    old_count += line.kind != LineKind::added ? 1 : 0;
    new_count += line.kind != LineKind::removed ? 1 : 0;
  }
  CHECK(old_count == hunk.old_count);
  CHECK(new_count == hunk.new_count);
}

// The lines' texts point into the patch, so that their addresses name them (an empty one shares its own with none).
using Shown = std::set<std::pair<const char*, LineKind>>;

void collect(const FileChange& file, Shown& lines) {
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) lines.emplace(line.text.data(), line.kind);
  }
}

void check_chunk(const Change& change, const Chunk& chunk, Shown& shown) {
  CHECK(chunk.plan.files.size() == chunk.change.files.size());
  CHECK(chunk.plan.kept_files() == chunk.change.files.size());
  std::set<std::string> paths;
  std::size_t parts = 0;
  for (const FileChange& file : chunk.change.files) {
    CHECK(paths.insert(file.path()).second);
    for (const Hunk& hunk : file.hunks) check_hunk(hunk);
    parts += file.hunks.size() + (file.hunks.empty() || file.combined ? 1 : 0);
    collect(file, shown);
  }
  CHECK(parts == chunk.parts.size());
  for (const Chunk::Part& part : chunk.parts) CHECK(paths.contains(change.files.at(part.file).path()));
  CHECK(is_valid_utf8(render_numbered(chunk.change, chunk.plan)));
}

void check_excerpts(const Change& change, std::string_view image, std::uint32_t line) {
  for (const FileChange& file : change.files) {
    const PostImages images = {{file.path(), std::make_shared<const std::string>(image)}};
    for (const Side side : {Side::post_image, Side::pre_image}) {
      const Anchor anchor{.path = file.path(), .lines = LineRange{line, line + line % 7}, .side = side};
      for (const PostImages& known : {images, PostImages()}) {
        const std::string text = render_excerpt(change, known, anchor, 5);
        CHECK(is_valid_utf8(text));
        CHECK(strip_controls(text, Newlines::keep) == text);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  auto parsed = parse_patch(bytes);
  if (!parsed) return 0;
  Change change;
  change.files = std::move(parsed->files);
  change.warnings = std::move(parsed->warnings);
  const auto plan = make_plan(change, {});
  CHECK(plan);
  Shown whole;
  for (const PlannedFile& planned : plan->files) {
    if (!planned.set_aside) collect(change.files[planned.index], whole);
  }
  const ChunkOptions options{.max_bytes = {0}, .chunk_bytes = {data[0] * 10ULL}, .at_least = data[1] % 8U};
  const auto chunks = cut_into_chunks(change, *plan, options);
  CHECK(chunks.empty() == (plan->kept_files() == 0));
  Shown shown;
  std::vector<ChunkCover> covers;
  for (const Chunk& chunk : chunks) {
    check_chunk(change, chunk, shown);
    for (const FileChange& file : chunk.change.files) {
      covers.push_back({"a", file.path(), static_cast<int>(&chunk - chunks.data())});
    }
  }
  CHECK(shown == whole);
  auto coverage = coverage_of(change, *plan);
  mark_covered(coverage, chunks, covers);
  for (const FileCoverage& file : coverage) {
    for (const HunkCoverage& hunk : file.hunks) CHECK(hunk.agents.size() == 1);
  }
  check_excerpts(change, bytes, data[1]);
  return 0;
}
