#include "finding/lenient_string.h"

#include <array>
#include <cstdint>
#include <optional>

namespace assize {

namespace {

// Typographic quotes are E2 80 9x: ‘ ’ ‚ ‛ are 98..9B, “ ” „ ‟ are 9C..9F.
bool is_smart_at(std::string_view text, std::size_t pos) {
  return pos + 2 < text.size() && text[pos] == '\xE2' && text[pos + 1] == '\x80' &&
         static_cast<unsigned char>(text[pos + 2]) >= 0x98 && static_cast<unsigned char>(text[pos + 2]) <= 0x9F;
}
bool is_double_at(std::string_view text, std::size_t pos) {
  return text[pos] == '"' || (is_smart_at(text, pos) && static_cast<unsigned char>(text[pos + 2]) >= 0x9C);
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::optional<std::uint32_t> hex4(std::string_view text, std::size_t pos) {
  if (pos + 4 > text.size()) return std::nullopt;
  std::uint32_t code = 0;
  for (std::size_t i = pos; i < pos + 4; ++i) {
    const char c = text[i];
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    code = code * 16 + digit;
  }
  return code;
}

// \uXXXX at `pos` (of the backslash), with its second half; returns the bytes read.
std::size_t unicode_escape(std::string_view text, std::size_t pos, std::string& out, JsonRepairs& repairs) {
  const auto first = hex4(text, pos + 2);
  if (!first) {
    repairs.add(JsonRepair::bad_escape);
    out += "\\u";
    return 2;
  }
  const bool high = *first >= 0xD800 && *first < 0xDC00;
  const bool low = *first >= 0xDC00 && *first < 0xE000;
  if (high && text.substr(pos + 6, 2) == "\\u") {
    const auto second = hex4(text, pos + 8);
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      append_utf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
      return 12;
    }
  }
  if (high || low) {
    repairs.add(JsonRepair::lone_surrogate);
    append_utf8(0xFFFD, out);
  } else {
    append_utf8(*first, out);
  }
  return 6;
}

// The escape at `pos`; returns the bytes read. What JSON does not know keeps its backslash: models forget to double it
// in patterns and Windows paths.
std::size_t escape(std::string_view text, std::size_t pos, std::string& out, JsonRepairs& repairs) {
  constexpr std::string_view kNames = "bfnrt\"\\/";
  constexpr std::string_view kValues = "\b\f\n\r\t\"\\/";
  const char c = text[pos + 1];
  if (c == 'u') return unicode_escape(text, pos, out, repairs);
  if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
    out += kValues[i];
    return 2;
  }
  repairs.add(JsonRepair::bad_escape);
  if (c == '\n') return 2;  // a continued line
  if (c != '\'') out += '\\';
  if (static_cast<unsigned char>(c) >= 0x80) return 1;  // the character itself comes next, whole
  out += c;
  return 2;
}

}  // namespace

std::size_t lenient_quote_at(std::string_view text, std::size_t pos) {
  if (pos >= text.size()) return 0;
  if (text[pos] == '"' || text[pos] == '\'') return 1;
  return is_smart_at(text, pos) ? 3 : 0;
}

bool ends_lenient_value(std::string_view text, std::size_t pos) {
  bool crossed_line = false;
  for (; pos < text.size(); ++pos) {
    const char c = text[pos];
    if (c == '\n') crossed_line = true;
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
    if (c == ',' || c == ':' || c == '}' || c == ']' || c == '#') return true;
    if (c == '/') return pos + 1 < text.size() && (text[pos + 1] == '/' || text[pos + 1] == '*');
    return crossed_line && c == '"';
  }
  return true;
}

StringScan scan_lenient_string(std::string_view text, std::size_t pos, std::string& out, JsonRepairs& repairs) {
  const bool is_double = is_double_at(text, pos);
  const bool is_smart = text[pos] == '\xE2';
  if (is_smart) repairs.add(JsonRepair::smart_quotes);
  if (text[pos] == '\'') repairs.add(JsonRepair::single_quotes);
  // A plain quote opens what only a plain one closes; typographic ones also come in mixed pairs.
  const auto closes = [&](std::size_t at) {
    if (!is_smart) return text[at] == (is_double ? '"' : '\'');
    return lenient_quote_at(text, at) != 0 && is_double_at(text, at) == is_double;
  };

  pos += lenient_quote_at(text, pos);
  std::size_t run = pos;  // start of what has not been copied yet
  const auto copy_run = [&] { out.append(text, run, pos - run); };
  while (pos < text.size()) {
    const char c = text[pos];
    if (c == '\\' && pos + 1 < text.size()) {
      copy_run();
      pos += escape(text, pos, out, repairs);
      run = pos;
    } else if ((c == '"' || c == '\'' || c == '\xE2') && closes(pos)) {
      const std::size_t after = pos + lenient_quote_at(text, pos);
      if (ends_lenient_value(text, after)) {
        copy_run();
        return {.closed = true, .stop = after};
      }
      if (c == '"') repairs.add(JsonRepair::inner_quote);
      pos = after;
    } else {
      if (static_cast<unsigned char>(c) < 0x20) {
        repairs.add(c == '\n' || c == '\r' ? JsonRepair::raw_newline : JsonRepair::raw_control);
      }
      ++pos;
    }
  }
  copy_run();
  return {.closed = false, .stop = text.size()};
}

}  // namespace assize
