#include "guard/fence.h"

#include <fmt/core.h>

#include "core/text.h"

namespace assize {

namespace {
constexpr std::string_view kWord = "ASSIZE";

bool is_word_here(std::string_view text, std::size_t at) {
  return text.size() - at >= kWord.size() && to_lower_ascii(text.substr(at, kWord.size())) == "assize";
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// A fence opens with three or more '<', then perhaps blanks, then the word.
bool opens_fence(std::string_view line, std::size_t run_end) {
  while (run_end < line.size() && is_blank(line[run_end])) ++run_end;
  return is_word_here(line, run_end);
}

void append_brackets(std::string& out, std::string_view mark, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out.append(mark);
}

// One pass over a line: runs of three or more brackets become marks when the word follows (open) or came before
// (close).
void append_defused(std::string_view line, std::string& out) {
  if (line.find("<<<") == std::string_view::npos && line.find(">>>") == std::string_view::npos) {
    out.append(line);
    return;
  }
  bool word_seen = false;
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    if (c == '<' || c == '>') {
      std::size_t end = i;
      while (end < line.size() && line[end] == c) ++end;
      const std::size_t count = end - i;
      if (count >= 3 && (c == '<' ? opens_fence(line, end) : word_seen)) {
        append_brackets(out, c == '<' ? "‹" : "›", count);
      } else {
        out.append(line.substr(i, count));
      }
      i = end;
      continue;
    }
    if ((c == 'A' || c == 'a') && is_word_here(line, i)) word_seen = true;
    out += c;
    ++i;
  }
}
}  // namespace

std::string defuse_fences(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    append_defused(text.substr(0, end), out);
    if (end == std::string_view::npos) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string fence(std::string_view kind, std::string_view nonce, std::string_view text) {
  std::string body = defuse_fences(strip_controls(to_valid_utf8(text), Newlines::keep));
  if (!body.empty() && body.back() != '\n') body += '\n';
  return fmt::format("<<<ASSIZE:{}:{}\n{}ASSIZE:{}:{}>>>\n", kind, nonce, body, kind, nonce);
}

}  // namespace assize
