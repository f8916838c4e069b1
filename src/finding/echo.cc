#include "finding/echo.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

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

constexpr std::array<bool, 256> kDropped = [] {
  std::array<bool, 256> dropped{};
  for (const char c : std::string_view(" \t\r\n\f\v\"'\\`_\0", 12)) dropped[static_cast<unsigned char>(c)] = true;
  for (const char c : kMarkers) dropped[static_cast<unsigned char>(c)] = true;
  return dropped;
}();
bool is_dropped(char c) {
  return kDropped[static_cast<unsigned char>(c)];
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
std::optional<char> take_escape(std::string_view line, std::size_t& i) {
  if (i >= line.size()) return std::nullopt;
  if (line[i] == 'n' || line[i] == 'r' || line[i] == 't') {
    ++i;
  } else if (line[i] == 'u') {
    const auto unit = hex_unit(line.substr(i + 1));
    if (!unit || *unit >= 0x80) return std::nullopt;
    i += 5;
    if (!is_dropped(static_cast<char>(*unit))) return static_cast<char>(*unit);
  }
  return std::nullopt;
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

// The first eight bytes of a text, as a number that is compared quickly.
std::uint64_t head_of(std::string_view text) {
  std::uint64_t head = 0;
  std::memcpy(&head, text.data(), std::min(text.size(), sizeof head));
  return head;
}

// How many bytes two texts have in common at their starts, in steps; all of `b` only when `a` starts with it.
std::size_t common_prefix(std::string_view a, std::string_view b) {
  constexpr std::size_t kStep = 32;
  for (std::size_t at = 0; at < b.size(); at += kStep) {
    if (a.substr(std::min(at, a.size()), kStep).substr(0, b.size() - at) != b.substr(at, kStep)) {
      return std::min(at + kStep, b.size() - 1);
    }
  }
  return b.size();
}

}  // namespace

std::string copy_invariant(std::string_view text) {
  std::string folded(text.size(), '\0');  // what is dropped is written over: most of a run's time was in appending
  std::size_t size = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = without_number(text.substr(start, end - start));
    start = end + 1;
    for (std::size_t i = 0; i < line.size();) {
      const char c = line[i++];
      if (c != '\\') {
        folded[size] = c;
        size += is_dropped(c) ? 0 : 1;
        continue;
      }
      while (i < line.size() && line[i] == '\\') ++i;
      if (const auto letter = take_escape(line, i)) folded[size++] = *letter;
    }
  }
  folded.resize(size);
  return folded;
}

void EchoDetector::fold() {
  if (is_folded_) return;
  folded_ = copy_invariant(shown_);
  is_folded_ = true;
  work_ += shown_.size();
}

// Whether the folded text holds `needle`, which starts with a bracket and has eight bytes. An answer may have hundreds
// of items: each is looked up, where a scan of the whole prompt for each would not be linear.
bool EchoDetector::starts_somewhere(std::string_view needle) {
  if (!brackets_known_) {
    brackets_known_ = true;
    const std::string_view text = folded_;
    for (std::size_t at = 0; at < text.size(); ++at) {  // find_first_of of two is a call for each byte
      if (text[at] != '{' && text[at] != '[') continue;
      brackets_.emplace_back(head_of(text.substr(at)), static_cast<std::uint32_t>(at));
    }
    std::sort(brackets_.begin(), brackets_.end());
    work_ += text.size();
  }
  const std::uint64_t head = head_of(needle);
  auto place = std::lower_bound(brackets_.begin(), brackets_.end(), std::pair(head, std::uint32_t{0}));
  for (; place != brackets_.end() && place->first == head; ++place) {
    const std::size_t same = common_prefix(std::string_view(folded_).substr(place->second), needle);
    work_ += same;
    if (same == needle.size()) return true;
  }
  return false;
}

bool EchoDetector::occurs(std::string_view part) {
  if (shown_.empty()) return false;
  fold();
  const std::string needle = copy_invariant(part);
  if (needle.empty()) return false;
  work_ += needle.size();
  const bool is_value = needle.front() == '{' || needle.front() == '[';
  if (is_value && needle.size() >= sizeof(std::uint64_t)) return starts_somewhere(needle);
  work_ += folded_.size();
  // memmem is linear (two-way search); std::string::find is not.
  return memmem(folded_.data(), folded_.size(), needle.data(), needle.size()) != nullptr;
}

bool EchoDetector::holds_mark() const {
  const std::string_view text = folded_;
  for (const std::string_view mark : form_.marks) {
    if (mark.empty()) continue;
    for (std::size_t at = text.find(mark.back()); at != std::string_view::npos; at = text.find(mark.back(), at + 1)) {
      if (at + 1 >= mark.size() && to_lower_ascii(text.substr(at + 1 - mark.size(), mark.size())) == mark) return true;
    }
  }
  return false;
}

void EchoDetector::read_values(std::string_view text) {
  JsonReader reader(text);
  const auto note = [&](JsonRef item) {
    if (item.is(JsonKind::object) && form_.is_item(item)) values_.insert(one_form(item));
  };
  for (const Candidate& candidate : find_candidates(text, reader, form_).found) {
    for (const Shape& shape : candidate.shapes) {
      if (shape.kind == ShapeKind::review) values_.insert(one_form(shape.value));
      if (!form_.is_item) continue;
      note(shape.value);
      for (JsonRef item = shape.value.first(); item; item = item.next()) {
        note(item);
        for (JsonRef inner = item.first(); inner; inner = inner.next()) note(inner);
      }
    }
  }
}

bool EchoDetector::repeats(JsonRef value) {
  if (shown_.empty() || !value.is(JsonKind::object) || value.is_open()) return false;
  if (!values_known_) {
    values_known_ = true;
    fold();
    // Almost no change holds such a value; those that do are worth a second look.
    if (holds_mark()) {
      const std::string plain = plain_lines(shown_);
      read_values(plain);
      if (plain.find('\\') != std::string::npos) read_values(unescaped(plain));
    }
  }
  return !values_.empty() && values_.contains(one_form(value));
}

}  // namespace assize
