#include "agents/lint/source.h"

#include <algorithm>

#include "agents/lint/mask.h"
#include "core/text.h"

namespace assize::lint {

namespace {

// Whether the post-image holds the added lines where the change says they are. It may not when it was read from a tree
// that has moved on.
bool agrees(const std::vector<std::string_view>& image, const ScopeFile& file) {
  return std::all_of(file.lines.begin(), file.lines.end(), [&](const ScopeLine& line) {
    if (line.kind != ScopeLine::Kind::added) return true;
    std::string_view text = line.text;
    if (text.ends_with('\r')) text.remove_suffix(1);
    return line.number >= 1 && line.number <= image.size() && image[line.number - 1] == text;
  });
}

std::string without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

std::vector<SourceLine> lines_of(const ScopeFile& file, bool& whole) {
  std::vector<SourceLine> lines;
  if (file.post_image != nullptr) {
    const std::vector<std::string_view> image = split_lines(*file.post_image);
    if (agrees(image, file)) {
      whole = true;
      lines.resize(image.size());
      for (std::size_t i = 0; i < image.size(); ++i) {
        lines[i].number = static_cast<std::uint32_t>(i + 1);
        lines[i].raw = image[i];
      }
      for (const ScopeLine& line : file.lines) {
        if (line.kind == ScopeLine::Kind::added) lines[line.number - 1].added = true;
      }
      return lines;
    }
  }
  for (const ScopeLine& line : file.lines) {
    if (line.kind == ScopeLine::Kind::removed) continue;
    lines.push_back({.number = line.number,
                     .added = line.kind == ScopeLine::Kind::added,
                     .raw = without_return(line.text),
                     .text = {},
                     .code = {}});
  }
  return lines;
}

bool holds_code(const SourceLine& line) {
  return !trim(line.code).empty();
}

}  // namespace

Source source_of(const ScopeFile& file) {
  Source source;
  source.path = file.path;
  source.lines = lines_of(file, source.whole);
  const bool has_first = !source.lines.empty() && source.lines.front().number == 1;
  source.language = language_of(file.path, has_first ? std::string_view(source.lines.front().raw) : std::string_view());
  Masker masker(source.language);
  std::uint32_t expected = 1;
  for (SourceLine& line : source.lines) {
    if (line.number != expected) masker.reset();
    expected = line.number + 1;
    Masker::Masked masked = masker.line(line.raw);
    if (line.raw.size() > kMaxCodeLine) continue;
    line.text = std::move(masked.text);
    line.code = std::move(masked.code);
  }
  return source;
}

std::size_t next_code_line(const Source& source, std::size_t index) {
  const std::size_t end = std::min(source.lines.size(), index + kGuardWindow);
  for (std::size_t i = index + 1; i < end; ++i) {
    if (holds_code(source.lines[i])) return i;
  }
  return kNoLine;
}

}  // namespace assize::lint
