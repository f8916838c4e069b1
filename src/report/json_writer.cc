#include "report/json_writer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

#include "core/text.h"
#include "report/inert.h"

namespace assize::report {

namespace {

// Escaped though JSON would not ask for it: such text would act on a terminal, or look like other text, when the
// document is printed. Its value is the same.
bool is_escaped(char32_t code) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array kRanges = {
      Range{0x007F, 0x009F}, Range{0x00AD, 0x00AD}, Range{0x061C, 0x061C},   Range{0x180B, 0x180F},
      Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},   Range{0x3164, 0x3164},
      Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE0FFF},
  };
  return std::any_of(kRanges.begin(), kRanges.end(),
                     [code](const Range& r) { return code >= r.first && code <= r.last; });
}

void append_unit(std::string& out, unsigned unit) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kHex[(unit >> shift) & 0xFU];
}

void append_escaped(std::string& out, char32_t code) {
  if (code >= 0x10000) {
    const unsigned rest = static_cast<unsigned>(code) - 0x10000U;
    append_unit(out, 0xD800U + (rest >> 10U));
    append_unit(out, 0xDC00U + (rest & 0x3FFU));
  } else {
    append_unit(out, static_cast<unsigned>(code));
  }
}

void append_valid_string(std::string& out, std::string_view text) {
  std::size_t plain = 0;  // start of what needs no escape
  std::size_t i = 0;
  const auto flush = [&](std::size_t end) { out.append(text.substr(plain, end - plain)); };
  while (i < text.size()) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\') {
      ++i;
      continue;
    }
    const CodePoint here = first_code_point(text.substr(i));
    if (byte >= 0x80 && !is_escaped(here.code)) {
      i += here.length;
      continue;
    }
    flush(i);
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        append_escaped(out, here.code);
    }
    i += here.length;
    plain = i;
  }
  flush(text.size());
}

}  // namespace

void JsonWriter::new_line() {
  out_ += '\n';
  out_.append(2 * has_items_.size(), ' ');
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) return;
  if (has_items_.back()) out_ += ',';
  has_items_.back() = true;
  if (style_ == JsonStyle::indented) new_line();
}

void JsonWriter::open(char bracket) {
  before_value();
  out_ += bracket;
  has_items_.push_back(false);
}

void JsonWriter::close(char bracket) {
  const bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items && style_ == JsonStyle::indented) new_line();
  out_ += bracket;
}

void JsonWriter::key(std::string_view name) {
  before_value();
  out_ += '"';
  append_valid_string(out_, to_valid_utf8(name));
  out_ += style_ == JsonStyle::indented ? "\": " : "\":";
  after_key_ = true;
}

void JsonWriter::value(std::string_view text) {
  before_value();
  out_ += '"';
  if (is_valid_utf8(text)) {
    append_valid_string(out_, text);
  } else {
    append_valid_string(out_, to_valid_utf8(text));
  }
  out_ += '"';
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  raw(fmt::format("{}", number));
}

void JsonWriter::raw(std::string_view token) {
  before_value();
  out_ += token;
}

void JsonWriter::field_or_null(std::string_view name, std::string_view text) {
  key(name);
  if (text.empty()) {
    null();
  } else {
    value(text);
  }
}

std::string JsonWriter::take() {
  std::string document = std::move(out_);
  *this = JsonWriter(style_);
  return document;
}

}  // namespace assize::report
