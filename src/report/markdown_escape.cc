#include "report/markdown_escape.h"

#include <algorithm>

#include "core/text.h"
#include "report/inert.h"

namespace assize::report {

namespace {

constexpr std::string_view kBreak = "&#8203;";  // ZERO WIDTH SPACE

enum class Target { markdown, html };

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_nocase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

// Whether the services may read a reference or an address that text[i] starts; a break after it stops that.
bool breaks_after(std::string_view text, std::size_t i) {
  const char next = i + 1 < text.size() ? text[i + 1] : '\0';
  switch (text[i]) {
    case '@':  // a mention, an address, a commit of another repository
    case '#':
      return true;  // an issue
    case ':':
      return next == '/';  // the scheme of an address
    case '!':              // GitLab: merge request, snippet, epic
    case '$':
    case '&':
      return is_digit(next);
    case '%':  // GitLab: milestone, label
    case '~':
      return is_alnum(next) || next == '"';
    case '-':
      return i >= 2 && starts_with_nocase(text.substr(i - 2), "gh") && is_digit(next);  // GH-12
    default:
      return false;
  }
}

// "www." is an address by itself, whatever follows its dot.
bool breaks_before(std::string_view text, std::size_t i) {
  return text[i] == '.' && i >= 3 && starts_with_nocase(text.substr(i - 3), "www");
}

// Characters at the start that would open a list, a rule or a heading where a block may start, such as in a list item.
std::size_t opener(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == '-' || text[0] == '+' || text[0] == '=') return 1;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  return digits > 0 && digits < text.size() && (text[digits] == '.' || text[digits] == ')') ? digits + 1 : 0;
}

// Runs of 7 to 40 hex digits are linked as commits when there is such a commit; a break inside stops that.
std::size_t hex_run(std::string_view text, std::size_t i) {
  if (i > 0 && is_alnum(text[i - 1])) return 0;
  std::size_t length = 0;
  while (i + length < text.size() && ((text[i + length] >= '0' && text[i + length] <= '9') ||
                                      (lower(text[i + length]) >= 'a' && lower(text[i + length]) <= 'f'))) {
    ++length;
  }
  const bool ends = i + length == text.size() || !is_alnum(text[i + length]);
  constexpr std::size_t kShortest = 7;
  constexpr std::size_t kLongest = 64;
  return ends && length >= kShortest && length <= kLongest ? length : 0;
}

void append_char(std::string& out, char c, Target target) {
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '|':  // ends no table cell either
      out += "&#124;";
      return;
    default:
      break;
  }
  constexpr std::string_view kSpecial = "\\`*_[]~$";
  if (target == Target::markdown && kSpecial.find(c) != std::string_view::npos) out += '\\';
  out += c;
}

// Stops, with a mark, when `out` has grown to max_bytes: an escape can be eight times as long as its character.
void append_escaped(std::string& out, std::string_view text, Target target, std::size_t max_bytes) {
  std::size_t i = 0;
  if (target == Target::markdown) {
    const std::size_t opening = opener(text);
    if (opening > 0) {
      out += text.substr(0, opening - 1);
      out += '\\';
      out += text[opening - 1];
      i = opening;
    }
  }
  while (i < text.size()) {
    if (out.size() >= max_bytes && (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
      out += "…";
      return;
    }
    if (const std::size_t hex = hex_run(text, i); hex > 0) {
      out += text.substr(i, 3);
      out += kBreak;
      out += text.substr(i + 3, hex - 3);
      i += hex;
      continue;
    }
    if (breaks_before(text, i)) out += kBreak;
    append_char(out, text[i], target);
    if (breaks_after(text, i)) out += kBreak;
    ++i;
  }
}

// An escaped text may be twice as long as the text was allowed to be.
constexpr std::size_t kGrowth = 2;

std::string escape_line(std::string_view text, std::size_t max_bytes, Target target) {
  std::string out;
  append_escaped(out, inert_line(text, max_bytes), target, kGrowth * max_bytes);
  return out;
}

}  // namespace

std::string md_line(std::string_view text, std::size_t max_bytes) {
  return escape_line(text, max_bytes, Target::markdown);
}

std::string html_line(std::string_view text, std::size_t max_bytes) {
  return escape_line(text, max_bytes, Target::html);
}

std::string md_text(std::string_view text, std::size_t max_bytes) {
  const std::string clean = inert_text(text, max_bytes);
  std::string out;
  for (const std::string_view line : split_lines(clean)) {
    if (out.size() >= kGrowth * max_bytes) break;  // the line before it ends in the mark
    if (!out.empty()) out += "<br>";
    append_escaped(out, trim(line), Target::markdown, kGrowth * max_bytes);
  }
  return out;
}

std::string md_code_block(std::string_view code, std::size_t max_bytes) {
  std::string line = inert_text(code, max_bytes);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : line) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + "\n" + line + "\n" + fence + "\n";
}

}  // namespace assize::report
