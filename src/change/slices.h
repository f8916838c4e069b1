// The pieces into which a change can be cut: whole files, hunks, lines of hunks. For change/chunks.h. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "change/change.h"
#include "change/plan.h"

namespace assize {

// Lines first..end (not included) of one hunk; without a hunk, bytes first..end of the raw text of a combined diff.
struct Slice {
  std::optional<std::size_t> hunk;
  std::size_t first = 0, end = 0;
  std::uint32_t old_before = 0, new_before = 0;  // lines of either side in the hunk before `first`
};

// What stays together: a file, or a piece of one.
struct Unit {
  std::size_t file = 0;      // index into the change
  std::uint64_t bytes = 0;   // as the diff prints it, the header of its file included
  std::vector<Slice> parts;  // in the file's order; empty: the whole file
};

// Files are units while they fit the bound; or each hunk is one.
enum class Grain { file, hunk };

// The kept files in path order. A file over `bound` is split at its hunks, a hunk over it at lines, of which up to
// kChunkOverlap are in both pieces (fewer where they would take more than half of a piece); so is a combined diff. A
// line over the bound is a piece of its own. A file whose names alone take half of the bound stays whole, as they would
// be repeated with each piece.
std::vector<Unit> cut_into_units(const Change& change, const Plan& plan, Grain grain, std::uint64_t bound);

// The file with these parts of it alone: counts and starts of their @@ headers are right, lines that two consecutive
// parts share come once. What heads a combined diff is repeated.
struct FileSlice {
  FileChange file;
  struct Part {
    std::optional<std::size_t> hunk;  // of the whole file
    bool cut = false;                 // only some of its lines
  };
  std::vector<Part> parts;
};
FileSlice take_slices(const FileChange& file, const std::vector<Slice>& slices);

}  // namespace assize
