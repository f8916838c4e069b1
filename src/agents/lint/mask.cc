#include "agents/lint/mask.h"

#include <cctype>
#include <string>
#include <utility>

#include "core/text.h"

namespace assize::lint {

namespace {

constexpr Languages kSlashComments = Language::c | Language::cpp | Language::javascript | Language::typescript |
                                     Language::go | Language::java | Language::rust;
constexpr Languages kHashComments = Language::python | Language::shell | Language::yaml | Language::dockerfile;
constexpr Languages kCFamily = Language::c | Language::cpp;
constexpr Languages kBackticks = Language::javascript | Language::typescript | Language::go;
constexpr Languages kTripleQuotes = Language::python | Language::java;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

bool Masker::starts_line_comment(std::string_view raw, std::size_t at) const {
  const std::string_view rest = raw.substr(at);
  if (kSlashComments.has(language_)) return rest.starts_with("//");
  if (language_ == Language::sql) return rest.starts_with("--");
  if (!kHashComments.has(language_) || raw[at] != '#') return false;
  if (language_ == Language::python) return true;
  // Elsewhere a hash begins a comment only where a word begins: not in ${x#y}, $# or an URL's fragment.
  return at == 0 || raw[at - 1] == ' ' || raw[at - 1] == '\t' || raw[at - 1] == ';' || raw[at - 1] == '(';
}

bool Masker::is_quote(std::string_view raw, std::size_t at) const {
  const char c = raw[at];
  if (language_ == Language::other || language_ == Language::dockerfile) return false;
  if (c == '"') return true;
  if (c == '`') return kBackticks.has(language_);
  if (c != '\'') return false;
  const bool after_word = at > 0 && is_word(raw[at - 1]);
  if (kCFamily.has(language_)) return at == 0 || std::isxdigit(static_cast<unsigned char>(raw[at - 1])) == 0;  // 1'000
  if (language_ == Language::yaml) return !after_word;                                                         // don't
  if (language_ == Language::rust) {  // a lifetime is not a character
    return at + 2 < raw.size() && (raw[at + 1] == '\\' || raw[at + 2] == '\'');
  }
  return true;
}

// Called on an opening quote; returns the position after it.
std::size_t Masker::open_string(std::string_view raw, std::size_t at, Masked& out) {
  const char quote = raw[at];
  std::size_t length = 1;
  closer_.assign(1, quote);
  escapes_ = true;
  spans_lines_ = false;
  switch (language_) {
    case Language::cpp:
      if (quote == '"' && at > 0 && raw[at - 1] == 'R') {
        const std::size_t open = raw.find('(', at);
        if (open != std::string_view::npos && open - at <= 17) {  // a delimiter has at most 16 characters
          closer_ = ")" + std::string(raw.substr(at + 1, open - at - 1)) + "\"";
          length = open - at + 1;
          escapes_ = false;
          spans_lines_ = true;
        }
      }
      break;
    case Language::shell:
      spans_lines_ = true;
      escapes_ = quote == '"' || (at > 0 && raw[at - 1] == '$');
      break;
    case Language::sql:
      spans_lines_ = true;
      escapes_ = false;
      break;
    case Language::yaml:
      escapes_ = quote == '"';
      break;
    case Language::rust:
      spans_lines_ = quote == '"';
      break;
    default:
      break;
  }
  if (quote == '`') {
    spans_lines_ = true;
    escapes_ = language_ != Language::go;
  }
  if (kTripleQuotes.has(language_) && raw.substr(at, 3) == std::string(3, quote)) {
    closer_.assign(3, quote);
    length = 3;
    spans_lines_ = true;
  }
  out.text.append(raw.substr(at, length));
  out.code.append(raw.substr(at, length));
  inside_ = Inside::string;
  return at + length;
}

// Copies up to and including the closing quote, or to the end of the line; returns the position after what was copied.
std::size_t Masker::inside_string(std::string_view raw, std::size_t at, Masked& out) {
  while (at < raw.size()) {
    if (raw.substr(at, closer_.size()) == closer_) {
      out.text.append(closer_);
      out.code.append(closer_);
      at += closer_.size();
      inside_ = Inside::code;
      return at;
    }
    const std::size_t step = escapes_ && raw[at] == '\\' && at + 1 < raw.size() ? 2 : 1;
    out.text.append(raw.substr(at, step));
    out.code.append(step, ' ');
    at += step;
  }
  const bool continued = escapes_ && !raw.empty() && raw.back() == '\\';
  if (!spans_lines_ && !continued) inside_ = Inside::code;
  return at;
}

// `at` stands behind "<<" in a shell script.
void Masker::note_here_document(std::string_view raw, std::size_t at) {
  if (at < raw.size() && raw[at] == '<') return;  // <<< is a here-string
  while (at < raw.size() &&
         (raw[at] == '-' || raw[at] == ' ' || raw[at] == '\'' || raw[at] == '"' || raw[at] == '\\')) {
    ++at;
  }
  std::size_t end = at;
  while (end < raw.size() && is_word(raw[end])) ++end;
  if (end > at && std::isdigit(static_cast<unsigned char>(raw[at])) == 0) pending_here_ = raw.substr(at, end - at);
}

Masker::Masked Masker::line(std::string_view raw) {
  Masked out;
  out.text.reserve(raw.size());
  out.code.reserve(raw.size());
  if (inside_ == Inside::here_document) {
    if (trim(raw) == here_word_) inside_ = Inside::code;
    out.text = raw;
    out.code.assign(raw.size(), ' ');
    return out;
  }
  const bool block_comments = kSlashComments.has(language_) || language_ == Language::sql;
  std::size_t at = 0;
  while (at < raw.size()) {
    if (inside_ == Inside::block_comment) {
      const std::size_t end = raw.find("*/", at);
      const std::size_t stop = end == std::string_view::npos ? raw.size() : end + 2;
      if (end != std::string_view::npos) inside_ = Inside::code;
      out.text.append(stop - at, ' ');
      out.code.append(stop - at, ' ');
      at = stop;
    } else if (inside_ == Inside::string) {
      at = inside_string(raw, at, out);
    } else if (starts_line_comment(raw, at)) {
      break;
    } else if (block_comments && raw.substr(at, 2) == "/*") {
      inside_ = Inside::block_comment;
      out.text.append(2, ' ');
      out.code.append(2, ' ');
      at += 2;
    } else if (is_quote(raw, at)) {
      at = open_string(raw, at, out);
      if (at >= raw.size()) at = inside_string(raw, at, out);
    } else if (language_ == Language::shell && raw[at] == '\\' && at + 1 < raw.size()) {
      out.text.append(raw.substr(at, 2));
      out.code.append(raw.substr(at, 2));
      at += 2;
    } else {
      if (language_ == Language::shell && raw.substr(at, 2) == "<<" && (at == 0 || raw[at - 1] != '<')) {
        note_here_document(raw, at + 2);
      }
      out.text.push_back(raw[at]);
      out.code.push_back(raw[at]);
      ++at;
    }
  }
  out.text.resize(raw.size(), ' ');
  out.code.resize(raw.size(), ' ');
  if (!pending_here_.empty() && inside_ == Inside::code) {
    here_word_ = std::exchange(pending_here_, {});
    inside_ = Inside::here_document;
  }
  return out;
}

}  // namespace assize::lint
