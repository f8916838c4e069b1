// Cuts a change that is too large for one prompt into parts that are reviewed on their own. A chunk is a smaller
// change, so that everything that reads a change reads a chunk: rendering, anchoring, coverage. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "change/change.h"
#include "change/plan.h"
#include "core/result.h"

namespace assize {

inline constexpr ByteCount kDefaultChunkBytes{100'000};  // about 35,000 tokens once every line carries its number
inline constexpr std::uint32_t kChunkOverlap = 3;        // spec: lines that both parts of a cut hunk show

struct ChunkOptions {
  ByteCount max_bytes{200'000};  // kept bytes up to this are one chunk
  ByteCount chunk_bytes = kDefaultChunkBytes;
  std::size_t at_least = 1;  // parts to aim at when the change is divided among reviewers; there can be fewer
};

struct Chunk {
  // What of the whole change it shows. `hunk` is empty for a file without hunks; `cut`: only some of its lines.
  struct Part {
    std::size_t file = 0;  // index into the whole change
    std::optional<std::size_t> hunk;
    bool cut = false;
  };
  Change change;  // its files and hunks alone; source, base, head, title, body and repository are those of the whole
  Plan plan;      // everything in it is kept
  std::vector<Part> parts;
};

// Never empty when a file is kept: one chunk when the kept bytes fit. Else first-fit in path order, so that files stay
// whole and neighbours in the tree stay together; a file over the bound is split at hunks, a hunk over the bound at
// lines with kChunkOverlap lines shown twice and correct counts in each @@ header. Every kept line is in at least one
// chunk.
std::vector<Chunk> cut_into_chunks(const Change& change, const Plan& plan, const ChunkOptions& options);

}  // namespace assize
