#include "finding/echo.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "core/text.h"
#include "finding/candidates.h"

namespace assize {

namespace {

// "  42 + code" and "42 | code": numbered lines as prompts show them.
std::string_view without_number(std::string_view line) {
  std::size_t i = line.find_first_not_of(" \t");
  if (i == std::string_view::npos) return {};
  const std::size_t digits = i;
  while (i < line.size() && line[i] >= '0' && line[i] <= '9') ++i;
  const bool is_number = i > digits && i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '|');
  return is_number ? line.substr(i) : line;
}

constexpr std::string_view kMarkers = "+-#/*|<>;%";  // of diffs, comments, quotations

bool is_dropped(char c) {
  return c == '\0' || c == '_' || std::strchr(" \t\r\n\f\v\"'\\`", c) != nullptr ||
         kMarkers.find(c) != std::string_view::npos;
}

// The code unit of "0041" at the start of `text`.
std::optional<unsigned> hex_unit(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  unsigned unit = 0;
  for (const char c : text.substr(0, 4)) {
    const char low = static_cast<char>(c | 0x20);
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (low < 'a' || low > 'f')) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit ? c - '0' : low - 'a' + 10);
  }
  return unit;
}

// What stands at `i` after backslashes: skipped when it is a line break or a tab; of \u0041 the letter. Other letters
// of \uXXXX than ASCII stay as they are written.
void take_escape(std::string_view line, std::size_t& i, std::string& folded) {
  if (i >= line.size()) return;
  if (line[i] == 'n' || line[i] == 'r' || line[i] == 't') {
    ++i;
  } else if (line[i] == 'u') {
    const auto unit = hex_unit(line.substr(i + 1));
    if (!unit || *unit >= 0x80) return;
    if (!is_dropped(static_cast<char>(*unit))) folded += static_cast<char>(*unit);
    i += 5;
  }
}

// The shown text as what it shows: without numbers and markers in front of its lines.
std::string plain_lines(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (const std::string_view line : split_lines(text)) {
    const std::string_view code = without_number(line);
    const std::size_t begin = code.find_first_not_of(std::string(kMarkers) + " \t");
    if (begin != std::string_view::npos) plain += code.substr(begin);
    plain += '\n';
  }
  return plain;
}

// Without one level of the escapes of a string literal; \uXXXX is left to the reader of the JSON.
std::string unescaped(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '"' || next == '\'' || next == '\\' || next == '/') {
      plain += next;
      ++i;
    } else if (next == 'n' || next == 'r' || next == 't') {
      plain += ' ';
      ++i;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// A value in a form that does not depend on the order of keys and of plain lists, on white space, quotes and the case
// of keys. As deep as the reader reads.
std::string one_form(JsonRef value) {
  switch (value.kind()) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return value.truth() ? "true" : "false";
    case JsonKind::number:
      return fmt::format("{}", value.number());
    case JsonKind::string:
      return "'" + copy_invariant(value.text()) + "'";
    case JsonKind::array:
    case JsonKind::object:
      break;
  }
  const bool list = value.is(JsonKind::array);
  std::vector<std::string> parts;
  for (JsonRef item = value.first(); item; item = item.next()) {
    parts.push_back(list ? one_form(item) : to_lower_ascii(copy_invariant(item.key())) + ":" + one_form(item));
  }
  std::sort(parts.begin(), parts.end());
  return fmt::format("{}{}{}", list ? "[" : "{", fmt::join(parts, ","), list ? "]" : "}");
}

}  // namespace

std::string copy_invariant(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const std::string_view numbered : split_lines(text)) {
    const std::string_view line = without_number(numbered);
    for (std::size_t i = 0; i < line.size();) {
      const char c = line[i++];
      if (c == '\\') {
        while (i < line.size() && line[i] == '\\') ++i;
        take_escape(line, i, folded);
      } else if (!is_dropped(c)) {
        folded += c;
      }
    }
  }
  return folded;
}

void EchoDetector::fold() {
  if (is_folded_) return;
  folded_ = copy_invariant(shown_);
  is_folded_ = true;
  work_ += shown_.size();
}

bool EchoDetector::occurs(std::string_view part) {
  if (shown_.empty()) return false;
  fold();
  const std::string needle = copy_invariant(part);
  if (needle.empty()) return false;
  work_ += folded_.size();
  // memmem is linear (two-way search); std::string::find is not.
  return memmem(folded_.data(), folded_.size(), needle.data(), needle.size()) != nullptr;
}

void EchoDetector::read_reviews(std::string_view text) {
  JsonReader reader(text);
  for (const Candidate& candidate : find_candidates(text, reader).found) {
    for (const Shape& shape : candidate.shapes) {
      if (shape.kind == ShapeKind::review) reviews_.insert(one_form(shape.value));
    }
  }
}

bool EchoDetector::repeats(JsonRef review) {
  if (shown_.empty() || !review.is(JsonKind::object) || review.is_open()) return false;
  if (!reviews_read_) {
    reviews_read_ = true;
    fold();
    // Almost no change holds a review; those that do are worth a second look.
    if (contains_ascii_nocase(folded_, "findings:[")) {
      const std::string plain = plain_lines(shown_);
      read_reviews(plain);
      if (plain.find('\\') != std::string::npos) read_reviews(unescaped(plain));
    }
  }
  return !reviews_.empty() && reviews_.contains(one_form(review));
}

}  // namespace assize
