#include "change/chunks.h"

#include <algorithm>
#include <unordered_map>

#include "change/packing.h"
#include "change/slices.h"

namespace assize {
namespace {

// A hunk is not cut for the sake of dividing when the pieces would be smaller: about a hundred lines.
constexpr std::uint64_t kLeastShare = 4'000;

// The units of a change that is divided among `count` reviewers: files while there are enough of them, else hunks, else
// pieces of hunks.
std::vector<Unit> units_to_divide(const Change& change, const Plan& plan, std::size_t count, std::uint64_t bound) {
  std::vector<Unit> units = cut_into_units(change, plan, Grain::file, bound);
  if (units.size() < count) units = cut_into_units(change, plan, Grain::hunk, bound);
  const std::uint64_t share = plan.kept.value / count;
  // In sixteenths, so that shares come out even; pieces that stay together become one again.
  if (units.size() < count && share >= kLeastShare) units = cut_into_units(change, plan, Grain::hunk, share / 16);
  return units;
}

class ChunkBuilder {
 public:
  ChunkBuilder(const Change& change, const Plan& plan) : change_(change) {
    planned_.resize(change.files.size());
    for (const PlannedFile& planned : plan.files) planned_[planned.index] = &planned;
    for (const ChangeWarning& warning : change.warnings) warnings_[warning.path].push_back(&warning);
  }

  Chunk build(const std::vector<Unit>& units, const Load& load) {
    Chunk chunk;
    chunk.change.base = change_.base;
    chunk.change.head = change_.head;
    chunk.change.title = change_.title;
    chunk.change.body = change_.body;
    chunk.change.source = change_.source;
    chunk.change.repository = change_.repository;
    for (std::size_t i = 0; i < load.size();) {
      const std::size_t file = units[load[i]].file;
      std::vector<Slice> slices;
      for (; i < load.size() && units[load[i]].file == file; ++i) {
        slices.insert(slices.end(), units[load[i]].parts.begin(), units[load[i]].parts.end());
      }
      slices.empty() ? add_whole(file, chunk) : add_part(file, slices, chunk);
    }
    chunk.change.digest = digest_of(chunk.change);
    return chunk;
  }

 private:
  void add_whole(std::size_t index, Chunk& chunk) {
    const FileChange& file = change_.files[index];
    if (file.hunks.empty() || file.combined) chunk.parts.push_back({index, std::nullopt, false});
    for (std::size_t i = 0; i < file.hunks.size(); ++i) chunk.parts.push_back({index, i, false});
    add(index, file, chunk);
  }

  void add_part(std::size_t index, const std::vector<Slice>& slices, Chunk& chunk) {
    FileSlice slice = take_slices(change_.files[index], slices);
    for (const FileSlice::Part& part : slice.parts) chunk.parts.push_back({index, part.hunk, part.cut});
    add(index, std::move(slice.file), chunk);
  }

  void add(std::size_t index, FileChange file, Chunk& chunk) {
    if (const auto found = warnings_.find(file.path()); found != warnings_.end()) {
      for (const ChangeWarning* warning : found->second) chunk.change.warnings.push_back(*warning);
      warnings_.erase(found);  // the first chunk that shows the file has them
    }
    PlannedFile planned = *planned_[index];
    planned.index = chunk.change.files.size();
    chunk.plan.files.push_back(std::move(planned));
    chunk.plan.kept.value += file.bytes;
    chunk.change.files.push_back(std::move(file));
  }

  const Change& change_;
  std::vector<const PlannedFile*> planned_;  // by file
  std::unordered_map<std::string, std::vector<const ChangeWarning*>> warnings_;
};

}  // namespace

std::vector<Chunk> cut_into_chunks(const Change& change, const Plan& plan, const ChunkOptions& options) {
  if (plan.kept_files() == 0) return {};
  std::vector<Unit> units;
  std::vector<Load> loads;
  if (plan.kept <= options.max_bytes && options.at_least <= 1) {
    loads.emplace_back();
    for (const PlannedFile& planned : plan.files) {
      if (planned.set_aside) continue;
      loads[0].push_back(units.size());
      units.push_back({planned.index, change.files[planned.index].bytes, {}});
    }
  } else {
    units = cut_into_units(change, plan, Grain::file, options.chunk_bytes.value);
    loads = pack(change, units, options.chunk_bytes.value);
    if (loads.size() < options.at_least) {
      units = units_to_divide(change, plan, options.at_least, options.chunk_bytes.value);
      loads = divide(units, options.at_least, options.chunk_bytes.value);
    }
  }
  std::vector<Chunk> chunks;
  chunks.reserve(loads.size());
  ChunkBuilder builder(change, plan);
  for (const Load& load : loads) chunks.push_back(builder.build(units, load));
  return chunks;
}

}  // namespace assize
