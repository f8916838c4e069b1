#include "change/excerpt.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "change/line_reader.h"
#include "change/render.h"

namespace assize {
namespace {

constexpr std::size_t kMostRows = 160;         // of one excerpt: four times the context of a single line
constexpr std::size_t kMostLineBytes = 2'000;  // longer lines were not written by a person

struct Row {
  LineKind kind = LineKind::context;
  std::uint32_t number = 0;  // old for a removed line
  std::string_view text;
  bool after_gap = false;
};

// Lines first..last of one side, as wide as no 32-bit number is.
struct Window {
  std::uint64_t first = 0, last = 0;
  bool contains(std::uint64_t line) const { return line >= first && line <= last; }
};

Window around(LineRange lines, std::uint32_t context) {
  const std::uint64_t first = std::max<std::uint32_t>(lines.first, 1);
  return {first > context ? first - context : 1, std::max<std::uint64_t>(first, lines.last) + context};
}

// Calls visit(line, old, new, hunk) for each line of the hunks: its place on either side, which for a line that a side
// lacks is that of the line that follows there.
template <class Visit>
void for_each_line(const FileChange& file, Visit visit) {
  for (const Hunk& hunk : file.hunks) {
    std::uint64_t old_next = std::uint64_t{hunk.old_start} + (hunk.old_count == 0 ? 1 : 0);
    std::uint64_t new_next = std::uint64_t{hunk.new_start} + (hunk.new_count == 0 ? 1 : 0);
    for (const Line& line : hunk.lines) {
      visit(line, old_next, new_next, &hunk);
      if (line.kind != LineKind::added) ++old_next;
      if (line.kind != LineKind::removed) ++new_next;
    }
  }
}

Row row_of(const Line& line) {
  return {line.kind, line.kind == LineKind::removed ? line.old_no : line.new_no, line.text, false};
}

// What the diff shows within `window` of one side.
std::vector<Row> rows_of_diff(const FileChange& file, Window window, Side side) {
  std::vector<Row> rows;
  const Hunk* last = nullptr;
  for_each_line(file, [&](const Line& line, std::uint64_t old_place, std::uint64_t new_place, const Hunk* hunk) {
    if (!window.contains(side == Side::post_image ? new_place : old_place)) return;
    rows.push_back(row_of(line));
    rows.back().after_gap = last != nullptr && last != hunk;
    last = hunk;
  });
  return rows;
}

// The lines of the post-image where lines of the pre-image stand or stood; first = 0 when the diff shows none of them.
LineRange lines_after(const FileChange& file, LineRange old_lines) {
  LineRange lines;
  for_each_line(file, [&](const Line& line, std::uint64_t old_place, std::uint64_t new_place, const Hunk*) {
    if (line.kind == LineKind::added || !old_lines.contains(static_cast<std::uint32_t>(old_place))) return;
    if (lines.first == 0) lines.first = static_cast<std::uint32_t>(new_place);
    lines.last = static_cast<std::uint32_t>(new_place);
  });
  return lines;
}

// The lines of the post-image within `window`, with what the change did there.
std::vector<Row> rows_of_image(std::string_view image, const FileChange* file, Window window) {
  std::vector<Row> lines;
  LineReader reader(image);
  while (!reader.at_end() && reader.number() < window.first) reader.advance();
  for (; !reader.at_end() && reader.number() <= window.last; reader.advance()) {
    lines.push_back({LineKind::context, static_cast<std::uint32_t>(reader.number()), reader.line(), false});
  }
  if (file == nullptr) return lines;
  if (reader.at_end()) window.last = std::max(window.last, reader.number());  // what was removed at the end
  struct Removed {
    std::uint64_t place = 0;
    Row row;
  };
  std::vector<Removed> removed;
  for_each_line(*file, [&](const Line& line, std::uint64_t, std::uint64_t place, const Hunk*) {
    if (!window.contains(place)) return;
    if (line.kind == LineKind::removed) {
      removed.push_back({place, row_of(line)});
    } else if (const std::uint64_t index = place - window.first; index < lines.size()) {
      // A path that several patches touch has hunks that speak of other states than the image.
      if (lines[index].text == line.text) lines[index].kind = line.kind;
    }
  });
  std::stable_sort(removed.begin(), removed.end(),
                   [](const Removed& a, const Removed& b) { return a.place < b.place; });
  std::vector<Row> rows;
  rows.reserve(lines.size() + removed.size());
  auto next = removed.begin();
  const auto take_removed = [&](std::uint64_t place) {
    for (; next != removed.end() && next->place <= place; ++next) rows.push_back(next->row);
  };
  for (const Row& line : lines) {
    take_removed(line.number);
    rows.push_back(line);
  }
  take_removed(window.last);
  return rows;
}

void append_line(std::string_view text, std::string& out) {
  std::size_t keep = text.size();
  if (keep > kMostLineBytes) {
    keep = kMostLineBytes;
    while (keep > kMostLineBytes - 4 && (static_cast<unsigned char>(text[keep]) & 0xC0U) == 0x80U) --keep;
  }
  append_inert(text.substr(0, keep), out);
  if (keep < text.size()) out += fmt::format(" …[cut: {} more bytes of this line]", text.size() - keep);
  out += '\n';
}

std::string render(std::vector<Row> rows) {
  std::size_t left_out = 0;
  if (rows.size() > kMostRows) {
    left_out = rows.size() - kMostRows;
    const auto middle = rows.begin() + kMostRows / 2;
    rows.erase(middle, middle + static_cast<std::ptrdiff_t>(left_out));
  }
  std::uint32_t largest = 0;
  bool crlf = true;  // said nowhere, as it says nothing about the problem; a CR that other lines lack is shown
  for (const Row& row : rows) {
    largest = std::max(largest, row.number);
    crlf = crlf && row.text.ends_with('\r');
  }
  const int width = number_width(largest);
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (left_out > 0 && i == kMostRows / 2) {
      out += fmt::format("     … ({} lines left out)\n", left_out);
    } else if (row.after_gap) {
      out += "     …\n";
    }
    append_number(row.kind, row.number, width, out);
    append_line(crlf ? row.text.substr(0, row.text.size() - 1) : row.text, out);
  }
  return out;
}

const FileChange* find_file(const Change& change, const std::string& path) {
  const auto found = std::find_if(change.files.begin(), change.files.end(),
                                  [&](const FileChange& file) { return file.path() == path; });
  if (found != change.files.end()) return &*found;
  const auto old = std::find_if(change.files.begin(), change.files.end(),
                                [&](const FileChange& file) { return file.old_path == path; });
  return old == change.files.end() ? nullptr : &*old;
}

}  // namespace

std::string render_excerpt(const Change& change, const PostImages& images, const Anchor& anchor,
                           std::uint32_t context) {
  if (!anchor.lines) return {};
  const FileChange* file = find_file(change, anchor.path);
  const auto image = images.find(file ? file->path() : anchor.path);
  const bool deleted = file && file->new_path.empty();
  const Side side = deleted ? Side::pre_image : anchor.side;
  if (image != images.end() && image->second && !deleted) {
    LineRange lines = *anchor.lines;
    if (side == Side::pre_image) lines = file ? lines_after(*file, lines) : LineRange{};
    if (lines.first > 0) return render(rows_of_image(*image->second, file, around(lines, context)));
  }
  return file ? render(rows_of_diff(*file, around(*anchor.lines, context), side)) : std::string();
}

}  // namespace assize
