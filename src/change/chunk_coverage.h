// What reviews of chunks cover of the whole change. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "change/chunks.h"
#include "core/outcome.h"

namespace assize {

// A valid review of one chunk by `agent` covers this file of it.
struct ChunkCover {
  std::string agent;
  std::string path;
  int chunk = 0;
};

// Appends each agent to the hunks of `coverage` that it covers: those of which it covers every chunk that shows a part
// of them, the raw text of a combined diff being part of all. `coverage` is coverage_of the change that was cut into
// `chunks`; agents come in the order in which `covers` names them first. Repeats, and what is in no chunk, change
// nothing.
void mark_covered(std::vector<FileCoverage>& coverage, std::span<const Chunk> chunks,
                  std::span<const ChunkCover> covers);

}  // namespace assize
