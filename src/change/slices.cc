#include "change/slices.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "change/chunks.h"
#include "change/line_reader.h"

namespace assize {
namespace {

std::uint64_t digits(std::uint64_t number) {
  std::uint64_t count = 1;
  for (; number > 9; number /= 10) ++count;
  return count;
}

std::uint64_t bytes_of(const Line& line) {
  constexpr std::uint64_t kNoNewline = std::string_view("\\ No newline at end of file\n").size();
  return line.text.size() + 2 + (line.no_newline ? kNoNewline : 0);  // marker and newline
}

// "@@ -a,b +c,d @@\n" with numbers as long as the longest of the hunk.
std::uint64_t header_bytes(const Hunk& hunk) {
  const std::uint64_t largest =
      std::max(std::uint64_t{hunk.old_start} + hunk.old_count, std::uint64_t{hunk.new_start} + hunk.new_count);
  return std::string_view("@@ -, +, @@\n").size() + 4 * digits(largest);
}

// The header lines of a file as git writes them.
std::uint64_t header_bytes(const FileChange& file) {
  const auto size = [](std::string_view text) { return std::uint64_t{text.size()}; };
  const std::uint64_t names = file.old_path.size() + file.new_path.size();
  std::uint64_t bytes = size("diff --git a/ b/\n--- a/\n+++ b/\n") + 2 * names;
  if (file.old_mode != file.new_mode) bytes += size("old mode 100644\nnew mode 100644\n");
  if (!file.new_blob.empty()) bytes += size("index .. 100644\n") + file.old_blob.size() + file.new_blob.size();
  if (file.kind == FileKind::renamed || file.kind == FileKind::copied) bytes += size("copy from \ncopy to \n") + names;
  return bytes;
}

// Names this short are repeated with each piece, however small the pieces.
constexpr std::uint64_t kShortHeader = 1'000;

bool can_be_cut(const FileChange& file, std::uint64_t bound) {
  return (!file.hunks.empty() || file.combined) && header_bytes(file) <= std::max(bound / 2, kShortHeader);
}

// Lines first..end whose `sizes` come to at most `room`, the first of them already in the piece before.
struct Piece {
  std::size_t first = 0, end = 0;
  std::uint64_t bytes = 0;
};

// The piece that brings the lines from `next` on: at least one, and before them the lines that are shown again.
Piece piece_from(const std::vector<std::uint64_t>& sizes, std::size_t next, std::uint64_t room) {
  Piece piece{next, next, 0};
  // Never more than half: lines shown twice are paid for twice.
  while (piece.first > 0 && next - piece.first < kChunkOverlap) {
    const std::uint64_t shared = piece.bytes + sizes[piece.first - 1];
    if (shared > room / 2 || shared + sizes[next] > room) break;
    piece.bytes = shared;
    --piece.first;
  }
  do {
    piece.bytes += sizes[piece.end++];
  } while (piece.end < sizes.size() && piece.bytes + sizes[piece.end] <= room);
  return piece;
}

// What heads the raw text of a combined diff: all before its first hunk.
std::size_t raw_heading(std::string_view text) {
  LineReader reader(text);
  while (!reader.at_end() && !reader.starts_with("@@@")) reader.advance();
  return reader.offset();
}

// Cuts one file that is over the bound.
class FileCutter {
 public:
  FileCutter(const FileChange& file, std::size_t index, Grain grain, std::uint64_t bound, std::vector<Unit>& units)
      : file_(file), grain_(grain), header_(header_bytes(file)), units_(units) {
    room_ = less(bound, header_);
    unit_.file = index;
  }

  void run() {
    if (file_.combined) cut_raw(*file_.combined);
    for (std::size_t i = 0; i < file_.hunks.size(); ++i) cut_hunk(i);
    close();
  }

 private:
  static std::uint64_t less(std::uint64_t from, std::uint64_t amount) { return from > amount ? from - amount : 0; }

  void cut_raw(std::string_view text) {
    const std::size_t heading = raw_heading(text);
    if (text.size() <= room_ || heading > std::max(room_ / 2, kShortHeader)) {
      add({std::nullopt, 0, text.size()}, text.size());
      return;
    }
    std::vector<std::size_t> starts;
    std::vector<std::uint64_t> sizes;
    for (LineReader reader(text); !reader.at_end();) {
      starts.push_back(reader.offset());
      reader.advance();
      sizes.push_back(reader.offset() - starts.back());
    }
    starts.push_back(text.size());
    for (const Piece& piece : cut_lines(sizes, less(room_, heading))) {
      close();
      add({std::nullopt, starts[piece.first], starts[piece.end]}, heading + piece.bytes);
    }
  }

  void cut_hunk(std::size_t index) {
    const Hunk& hunk = file_.hunks[index];
    std::vector<std::uint64_t> sizes(hunk.lines.size());
    std::transform(hunk.lines.begin(), hunk.lines.end(), sizes.begin(), bytes_of);
    if (!sizes.empty()) sizes[0] += hunk.section.size() + 1;  // it is shown with the first line alone
    const std::uint64_t header = header_bytes(hunk);
    const std::uint64_t total = std::accumulate(sizes.begin(), sizes.end(), header);
    if (grain_ == Grain::hunk || unit_.bytes + total > room_) close();
    if (total <= room_) {
      add({index, 0, sizes.size()}, total);
      return;
    }
    // The last piece stays open: more can follow it.
    Slice slice{index};
    for (const Piece& piece : cut_lines(sizes, less(room_, header))) {
      close();
      for (; slice.first < piece.first; ++slice.first) count(hunk.lines[slice.first].kind, Count::up, slice);
      for (; slice.first > piece.first; --slice.first) count(hunk.lines[slice.first - 1].kind, Count::down, slice);
      slice.end = piece.end;
      add(slice, header + piece.bytes);
    }
  }

  enum class Count { up, down };
  static void count(LineKind kind, Count way, Slice& slice) {
    if (kind != LineKind::added) way == Count::up ? ++slice.old_before : --slice.old_before;
    if (kind != LineKind::removed) way == Count::up ? ++slice.new_before : --slice.new_before;
  }

  static std::vector<Piece> cut_lines(const std::vector<std::uint64_t>& sizes, std::uint64_t room) {
    std::vector<Piece> pieces;
    for (std::size_t next = 0; next < sizes.size(); next = pieces.back().end) {
      pieces.push_back(piece_from(sizes, next, room));
    }
    return pieces;
  }

  void add(Slice slice, std::uint64_t bytes) {
    unit_.parts.push_back(slice);
    unit_.bytes += bytes;
  }

  void close() {
    if (unit_.parts.empty()) return;
    unit_.bytes += header_;
    units_.push_back(unit_);
    unit_.parts.clear();
    unit_.bytes = 0;
  }

  const FileChange& file_;
  Grain grain_;
  std::uint64_t header_ = 0, room_ = 0;
  Unit unit_;  // not closed yet; its bytes are without the header
  std::vector<Unit>& units_;
};

// Everything but lines, raw text and size.
FileChange heading_of(const FileChange& file) {
  FileChange copy;
  copy.old_path = file.old_path;
  copy.new_path = file.new_path;
  copy.kind = file.kind;
  copy.old_mode = file.old_mode;
  copy.new_mode = file.new_mode;
  copy.old_blob = file.old_blob;
  copy.new_blob = file.new_blob;
  copy.binary = file.binary;
  copy.submodule = file.submodule;
  copy.unread = file.unread;
  copy.unreadable = file.unreadable;
  copy.damaged = file.damaged;
  copy.storage = file.storage;
  return copy;
}

// Lines of a hunk as a hunk. One without lines of a side is numbered from the line before it on that side.
Hunk take_lines(const Hunk& hunk, const Slice& slice) {
  if (slice.first == 0 && slice.end == hunk.lines.size()) return hunk;
  const auto at = [&](std::size_t line) { return hunk.lines.begin() + static_cast<std::ptrdiff_t>(line); };
  Hunk piece;
  piece.lines.assign(at(slice.first), at(slice.end));
  for (const Line& line : piece.lines) {
    if (line.kind != LineKind::added) ++piece.old_count;
    if (line.kind != LineKind::removed) ++piece.new_count;
  }
  const std::uint32_t old_next = hunk.old_start + (hunk.old_count == 0 ? 1 : 0) + slice.old_before;
  const std::uint32_t new_next = hunk.new_start + (hunk.new_count == 0 ? 1 : 0) + slice.new_before;
  piece.old_start = piece.old_count == 0 ? old_next - 1 : old_next;
  piece.new_start = piece.new_count == 0 ? new_next - 1 : new_next;
  // What follows the second @@ names what encloses the hunk's first lines: of later ones it can be wrong.
  if (slice.first == 0) piece.section = hunk.section;
  return piece;
}

std::string take_raw(std::string_view text, const Slice& slice) {
  std::string taken(text.substr(0, std::min(slice.first, raw_heading(text))));
  return taken.append(text.substr(slice.first, slice.end - slice.first));
}

// Slices that touch or overlap become one.
std::vector<Slice> joined(const std::vector<Slice>& slices) {
  std::vector<Slice> result;
  for (const Slice& slice : slices) {
    if (!result.empty() && result.back().hunk == slice.hunk && slice.first <= result.back().end) {
      result.back().end = std::max(result.back().end, slice.end);
    } else {
      result.push_back(slice);
    }
  }
  return result;
}

}  // namespace

std::vector<Unit> cut_into_units(const Change& change, const Plan& plan, Grain grain, std::uint64_t bound) {
  std::vector<std::size_t> kept;
  for (const PlannedFile& planned : plan.files) {
    if (!planned.set_aside) kept.push_back(planned.index);
  }
  // Of strings in byte order, those of one directory come together.
  std::sort(kept.begin(), kept.end(),
            [&](std::size_t a, std::size_t b) { return change.files[a].path() < change.files[b].path(); });
  std::vector<Unit> units;
  units.reserve(kept.size());
  for (const std::size_t index : kept) {
    const FileChange& file = change.files[index];
    const bool fits = file.bytes <= bound && (grain == Grain::file || file.hunks.size() < 2);
    if (fits || !can_be_cut(file, bound)) {
      units.push_back({index, file.bytes, {}});
    } else {
      FileCutter(file, index, grain, bound, units).run();
    }
  }
  return units;
}

FileSlice take_slices(const FileChange& file, const std::vector<Slice>& slices) {
  FileSlice result;
  result.file = heading_of(file);
  result.file.bytes = header_bytes(file);
  for (const Slice& slice : joined(slices)) {
    const std::size_t size = slice.end - slice.first;
    if (slice.hunk) {
      result.file.hunks.push_back(take_lines(file.hunks[*slice.hunk], slice));
      result.parts.push_back({slice.hunk, size < file.hunks[*slice.hunk].lines.size()});
    } else {
      result.file.combined = result.file.combined.value_or("") + take_raw(*file.combined, slice);
      result.parts.push_back({std::nullopt, size < file.combined->size()});
    }
  }
  for (const Hunk& hunk : result.file.hunks) {
    result.file.bytes += header_bytes(hunk) + hunk.section.size() + (hunk.section.empty() ? 0 : 1);
    for (const Line& line : hunk.lines) result.file.bytes += bytes_of(line);
  }
  if (result.file.combined) result.file.bytes += result.file.combined->size();
  return result;
}

}  // namespace assize
