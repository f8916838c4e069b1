#include "core/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/core.h>

namespace assize {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // …

struct Step {
  enum class What { valid, invalid } what = What::valid;
  std::size_t length = 0;  // bytes consumed; at the end of the text, of an unfinished sequence, what is there
  char32_t code = 0;
};

// One sequence at the start of `bytes` (not empty), after the Unicode Standard's table 3-7. An invalid sequence is as
// long as its maximal valid prefix, at least 1.
Step decode(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {Step::What::valid, 1, static_cast<char32_t>(lead)};
  std::size_t length = 0;
  unsigned low = 0x80;  // bounds of the second byte: they exclude overlong forms, surrogates and > U+10FFFF
  unsigned high = 0xBF;
  char32_t code = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    code = lead & 0x1FU;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    code = lead & 0x0FU;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    code = lead & 0x07U;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {Step::What::invalid, 1, 0};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= bytes.size()) return {Step::What::invalid, i, 0};
    const unsigned next = byte(i);
    if (next < (i == 1 ? low : 0x80U) || next > (i == 1 ? high : 0xBFU)) return {Step::What::invalid, i, 0};
    code = (code << 6U) | (next & 0x3FU);
  }
  return {Step::What::valid, length, code};
}

// Length of the run of ASCII at the start: most text is nothing else.
std::size_t ascii_prefix(std::string_view bytes) {
  const auto it =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return static_cast<std::size_t>(it - bytes.begin());
}

// Format characters that hide or reorder text: bidirectional controls (the trojan-source set), zero-width characters,
// tags, interlinear annotation, variation selectors beyond the emoji one, and line separators that only some programs
// know.
bool is_deceptive(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array kRanges = {
      Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F}, Range{0x061C, 0x061C},   Range{0x115F, 0x1160},
      Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
      Range{0x2060, 0x206F}, Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0E},   Range{0xFEFF, 0xFEFF},
      Range{0xFFA0, 0xFFA0}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE0FFF}, Range{0x1D173, 0x1D17A},
  };
  return std::any_of(kRanges.begin(), kRanges.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

// Length of the escape sequence that starts at text[at] (an ESC), by ECMA-48: CSI to its final byte, strings (OSC, DCS,
// PM, APC, SOS) to BEL or ST, others two bytes with intermediates. One that never ends takes the rest of its line.
std::size_t escape_length(std::string_view text, std::size_t at) {
  std::size_t i = at + 1;
  if (i >= text.size()) return 1;
  const char kind = text[i];
  if (kind == '[') {
    for (++i; i < text.size(); ++i) {
      if (text[i] >= 0x40 && text[i] <= 0x7E) return i + 1 - at;
      if (text[i] < 0x20) break;
    }
    return i - at;
  }
  if (kind == ']' || kind == 'P' || kind == '^' || kind == '_' || kind == 'X') {
    for (++i; i < text.size(); ++i) {
      if (text[i] == '\a') return i + 1 - at;
      if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '\\') return i + 2 - at;
      if (text[i] == '\n') break;
    }
    return i - at;
  }
  while (i < text.size() && text[i] >= 0x20 && text[i] <= 0x2F) ++i;
  return i < text.size() && text[i] >= 0x30 && text[i] <= 0x7E ? i + 1 - at : i - at;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string to_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t ascii = ascii_prefix(bytes);
    out.append(bytes.substr(0, ascii));
    bytes.remove_prefix(ascii);
    if (bytes.empty()) break;
    const Step step = decode(bytes);
    out.append(step.what == Step::What::valid ? bytes.substr(0, step.length) : kReplacement);
    bytes.remove_prefix(step.length);
  }
  return out;
}

bool is_valid_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    bytes.remove_prefix(ascii_prefix(bytes));
    if (bytes.empty()) break;
    const Step step = decode(bytes);
    if (step.what != Step::What::valid) return false;
    bytes.remove_prefix(step.length);
  }
  return true;
}

std::string strip_controls(std::string_view text, Newlines newlines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t plain = i;
    while (plain < text.size() && text[plain] >= 0x20 && text[plain] < 0x7F) ++plain;
    out.append(text.data() + i, plain - i);
    i = plain;
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0x1B) {
      i += escape_length(text, i);
    } else if (c < 0x80) {
      if (c == '\n') {
        out += newlines == Newlines::keep ? '\n' : ' ';
      } else if (c == '\t') {
        out += '\t';
      } else if (c == '\r' && newlines == Newlines::to_space) {
        if (i + 1 >= text.size() || text[i + 1] != '\n') out += ' ';
      } else if (c >= 0x20 && c != 0x7F) {
        out += static_cast<char>(c);
      }
      ++i;
    } else {
      const Step step = decode(text.substr(i));
      if (step.what != Step::What::valid) {
        out.append(kReplacement);
      } else if (is_deceptive(step.code)) {
        out += fmt::format("⟦U+{:04X}⟧", static_cast<std::uint32_t>(step.code));
      } else if (step.code >= 0xA0) {
        out.append(text.substr(i, step.length));
      }  // else: a C1 control, dropped
      i += step.length;
    }
  }
  return out;
}

std::string cap_bytes(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  std::size_t end = max_bytes > kEllipsis.size() ? max_bytes - kEllipsis.size() : 0;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool contains_ascii_nocase(std::string_view haystack, std::string_view needle) {
  return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != haystack.end();
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = word.size() / 3 + 1;
  std::vector<std::size_t> row;
  for (const std::string_view candidate : candidates) {
    // Levenshtein distance with one row; the words are names of options and keys, so they are short.
    row.resize(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t substituted = diagonal + (lower(word[i]) == lower(candidate[j]) ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace assize
