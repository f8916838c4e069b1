#include "change/chunk_coverage.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "core/result.h"

namespace assize {
namespace {

// The parts of each file in each chunk, and how many chunks show each hunk. A place is a hunk of the change, or one
// more for each file that stands for what it shows besides hunks.
class Places {
 public:
  Places(const std::vector<FileCoverage>& coverage, std::span<const Chunk> chunks) : chunks_(chunks.size()) {
    for (const FileCoverage& file : coverage) {
      first_.push_back(needed_.size());
      needed_.resize(needed_.size() + file.hunks.size() + 1);
    }
    for (std::size_t c = 0; c < chunks.size(); ++c) {
      for (const Chunk::Part& part : chunks[c].parts) {
        CHECK(part.file < coverage.size());
        const FileCoverage& file = coverage[part.file];
        CHECK(part.hunk.value_or(0) < file.hunks.size());
        auto& shown = chunks_[c][file.path];
        shown.file = part.file;
        shown.places.push_back(first_[part.file] + part.hunk.value_or(file.hunks.size()));
        ++needed_[shown.places.back()];
      }
    }
  }

  struct Shown {
    std::size_t file = 0;
    std::vector<std::size_t> places;
  };
  // Null when the chunk does not show it.
  const Shown* find(int chunk, std::string_view path) const {
    if (chunk < 0 || static_cast<std::size_t>(chunk) >= chunks_.size()) return nullptr;
    const auto& files = chunks_[static_cast<std::size_t>(chunk)];
    const auto found = files.find(path);
    return found == files.end() ? nullptr : &found->second;
  }

  // Whether `seen` chunks of each place are all that show hunk `hunk` of the file.
  bool is_covered(const FileCoverage& file, std::size_t index, std::size_t hunk,
                  const std::vector<std::uint32_t>& seen) const {
    const std::size_t place = first_[index] + hunk;
    const std::size_t besides = first_[index] + file.hunks.size();
    return needed_[place] + needed_[besides] > 0 && seen[place] == needed_[place] && seen[besides] == needed_[besides];
  }

  std::size_t size() const { return needed_.size(); }

 private:
  std::vector<std::size_t> first_;     // place of each file's first hunk
  std::vector<std::uint32_t> needed_;  // chunks that show each place
  std::vector<std::unordered_map<std::string_view, Shown>> chunks_;
};

}  // namespace

void mark_covered(std::vector<FileCoverage>& coverage, std::span<const Chunk> chunks,
                  std::span<const ChunkCover> covers) {
  const Places places(coverage, chunks);
  std::vector<std::string_view> agents;  // in the order of `covers`
  std::unordered_map<std::string_view, std::vector<const Places::Shown*>> shown;
  for (const ChunkCover& cover : covers) {
    const auto [at, is_new] = shown.try_emplace(cover.agent);
    if (is_new) agents.push_back(cover.agent);
    if (const Places::Shown* file = places.find(cover.chunk, cover.path)) at->second.push_back(file);
  }
  std::vector<std::uint32_t> seen(places.size());
  for (const std::string_view agent : agents) {
    std::vector<const Places::Shown*>& files = shown[agent];
    // The pointers are those of one table, so equal ones are repeats; the order decides nothing.
    std::sort(files.begin(), files.end(), [](const Places::Shown* a, const Places::Shown* b) {
      return a->file != b->file ? a->file < b->file : std::less<>()(a, b);
    });
    files.erase(std::unique(files.begin(), files.end()), files.end());
    for (const Places::Shown* file : files) {
      for (const std::size_t place : file->places) ++seen[place];
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (i > 0 && files[i]->file == files[i - 1]->file) continue;
      FileCoverage& file = coverage[files[i]->file];
      for (std::size_t hunk = 0; hunk < file.hunks.size(); ++hunk) {
        if (places.is_covered(file, files[i]->file, hunk, seen)) file.hunks[hunk].agents.emplace_back(agent);
      }
    }
    for (const Places::Shown* file : files) {
      for (const std::size_t place : file->places) seen[place] = 0;
    }
  }
}

}  // namespace assize
