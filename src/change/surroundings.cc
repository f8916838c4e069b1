#include "change/surroundings.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "change/render.h"
#include "core/text.h"

namespace assize {
namespace {

// Line numbers (1-based) of a file of `count` lines that lie near a hunk and in none, in order. Hunks come in order and
// do not overlap, so each line is looked at once.
std::vector<std::uint32_t> lines_near(const FileChange& file, std::uint32_t count) {
  std::vector<std::uint32_t> lines;
  std::uint32_t next = 1;
  const auto take = [&](std::uint64_t first, std::uint64_t end) {
    for (std::uint64_t line = std::max<std::uint64_t>(first, next); line < std::min<std::uint64_t>(end, count + 1);
         ++line) {
      lines.push_back(static_cast<std::uint32_t>(line));
      next = static_cast<std::uint32_t>(line + 1);
    }
  };
  for (std::size_t i = 0; i < file.hunks.size(); ++i) {
    const Hunk& hunk = file.hunks[i];
    // A hunk that only removes stands after line new_start.
    const std::uint64_t start = hunk.new_count == 0 ? std::uint64_t{hunk.new_start} + 1 : hunk.new_start;
    const std::uint64_t end = start + hunk.new_count;
    const std::uint64_t following = i + 1 < file.hunks.size() ? file.hunks[i + 1].new_start : std::uint64_t{count} + 1;
    take(start > kSurroundingLines ? start - kSurroundingLines : 1, start);
    next = std::max(next, static_cast<std::uint32_t>(std::min<std::uint64_t>(end, UINT32_MAX)));
    take(end, std::min(end + kSurroundingLines, following));
  }
  return lines;
}

std::string render_near(const FileChange& file, const std::string& image) {
  const auto text = split_lines(image);
  std::string out;
  std::uint32_t previous = 0;
  for (const std::uint32_t number : lines_near(file, static_cast<std::uint32_t>(text.size()))) {
    if (previous != 0 && number != previous + 1) out += "     …\n";
    fmt::format_to(std::back_inserter(out), "{:>4}   ", number);
    append_inert(text[number - 1], out);
    out += '\n';
    previous = number;
  }
  return out;
}

}  // namespace

std::string render_surroundings(const Change& change, const Plan& plan, const PostImages& images, ByteCount budget) {
  std::string out;
  std::size_t left_out = 0;
  for (const PlannedFile& planned : plan.files) {
    const FileChange& file = change.files[planned.index];
    const auto image = images.find(file.path());
    if (planned.set_aside || file.hunks.empty() || image == images.end()) continue;
    const std::string near = render_near(file, *image->second);
    if (near.empty()) continue;
    if (out.size() + near.size() > budget.value) {
      ++left_out;
      continue;
    }
    append_inert(file.path(), out);
    out += ":\n" + near;
  }
  if (left_out > 0) out += fmt::format("({} more files have code around their hunks that did not fit)\n", left_out);
  return out;
}

}  // namespace assize
