// What a verifier cites as evidence: places in free text, and whether they exist.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "finding/normalise.h"
#include "finding/verdicts.h"

namespace assize {

namespace {

constexpr std::size_t kEvidenceBytes = 4'000;     // of a text that is looked at
constexpr std::uint32_t kMaxEvidenceLines = 200;  // more is the file, and not a place in it

// Without the quotes, brackets and punctuation that prose puts around a place.
std::string_view strip_around(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n`'\"*()[]{}<>,;.!?";
  while (!text.empty() && kAround.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  // A path may start with a dot.
  while (!text.empty() && text.front() != '.' && kAround.find(text.front()) != std::string_view::npos) {
    text.remove_prefix(1);
  }
  return text;
}

// The text as a whole, what stands between commas and semicolons, and its words: paths may have spaces.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces = {text};
  const auto cut_at = [&](std::string_view separators) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
      if (end > at) pieces.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  };
  cut_at(",;\n");
  cut_at(" \t\r\n,;()[]<>`\"'");
  return pieces;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    if (const std::string_view word = strip_around(text.substr(at, end - at)); !word.empty()) words.push_back(word);
    at = end + 1;
  }
  return words;
}

bool exists(std::string_view path, const std::optional<LineRange>& lines, const ChangeView& shown) {
  if (path.ends_with(':')) path.remove_suffix(1);
  if (!lines || path.empty() || lines->last - lines->first >= kMaxEvidenceLines) return false;
  return shown.has_lines(path, *lines);
}

}  // namespace

bool evidence_anchors(std::string_view evidence, const ChangeView& shown) {
  const std::string_view text = evidence.substr(0, kEvidenceBytes);
  for (const std::string_view piece : pieces_of(text)) {
    std::string_view bare = strip_around(piece);
    while (bare.ends_with(':')) bare = strip_around(bare.substr(0, bare.size() - 1));
    const PathAndLines place = split_path_suffix(bare);
    if (exists(place.path, place.lines, shown)) return true;
  }
  // "line 12 of a.c", "a.c line 12", "a.c: 12"
  const std::vector<std::string_view> words = words_of(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto lines = read_lines(words[i + 1]);
    if (!lines) continue;
    if (words[i].ends_with(':') && exists(words[i], lines, shown)) return true;
    const std::string word = to_lower_ascii(words[i]);
    if (word != "line" && word != "lines") continue;
    if (i > 0 && exists(words[i - 1], lines, shown)) return true;
    const bool of = i + 3 < words.size() && (words[i + 2] == "of" || words[i + 2] == "in");
    if (of && exists(words[i + 3], lines, shown)) return true;
  }
  return false;
}

}  // namespace assize
