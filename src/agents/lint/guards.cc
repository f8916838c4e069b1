#include "agents/lint/guards.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>

#include "core/text.h"

namespace assize::lint {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Position of `word` in `text` as a whole word, from `from` on.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    const bool ends = at + word.size() >= text.size() || !is_word(text[at + word.size()]);
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

std::size_t window_begin(std::size_t line, std::size_t back) {
  return line > back ? line - back : 0;
}

std::size_t indent_of(std::string_view text) {
  return std::min(text.find_first_not_of(" \t"), text.size());
}

bool is_workflow(const Source& source) {
  return source.path.find(".github/workflows/") != std::string::npos || source.path.ends_with("action.yml") ||
         source.path.ends_with("action.yaml");
}

double bits_per_character(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts.at(static_cast<unsigned char>(c));
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace

bool same_operands(const Source&, std::size_t, Captures captures) {
  return captures.size() > 2 && !captures[1].empty() && captures[1] == captures[2];
}

bool nothing_follows(const Source& source, std::size_t line, Captures captures) {
  std::size_t next = next_code_line(source, line);
  if (next == kNoLine) return false;
  std::string_view body = trim(source.lines[next].code);
  const std::string_view head = trim(source.lines[line].code);
  if (source.language == Language::python) {
    const bool inside = indent_of(source.lines[next].code) > indent_of(source.lines[line].code);
    return inside && (body == "pass" || body == "continue" || body == "...");
  }
  (void)captures;
  return head.ends_with('{') && body.starts_with('}') && source.lines[next].number == source.lines[line].number + 1;
}

bool declared_pointer(const Source& source, std::size_t line, Captures captures) {
  if (captures.size() < 2 || captures[1].empty()) return false;
  const std::string pointer = "*" + std::string(captures[1]);
  for (std::size_t i = line + 1; i > window_begin(line, kGuardWindow); --i) {
    const std::string_view code = source.lines[i - 1].code;
    if (const std::size_t array = find_word(code, captures[1]);
        array != std::string_view::npos && i - 1 != line && code.substr(array + captures[1].size()).starts_with('[') &&
        code.find('=') == std::string_view::npos) {
      return false;  // an array of that name is nearer
    }
    const std::size_t at = code.find(pointer);
    if (at == std::string_view::npos || i - 1 == line) continue;
    const std::string_view after = code.substr(at + pointer.size());
    if (after.empty() || !is_word(after.front())) return true;
  }
  return false;
}

bool used_on_next_line(const Source& source, std::size_t line, Captures captures) {
  if (captures.size() < 2) return false;
  const std::size_t next = next_code_line(source, line);
  if (next == kNoLine) return false;
  const std::string_view code = source.lines[next].code;
  const std::size_t at = find_word(code, captures[1]);
  if (at == std::string_view::npos || trim(code).starts_with('}') || trim(code).starts_with("case ")) return false;
  if (at > 0 && (code[at - 1] == '>' || code[at - 1] == '.') && captures[1].find('>') == std::string_view::npos) {
    return false;  // a member of something else
  }
  const std::string_view after = trim(code.substr(at + captures[1].size()));
  return !(after.starts_with('=') && !after.starts_with("=="));
}

bool not_sized_above(const Source& source, std::size_t line, Captures) {
  for (std::size_t i = window_begin(line, 6); i <= line; ++i) {
    const std::string_view code = source.lines[i].code;
    const std::size_t length = code.find("strlen");
    if (length == std::string_view::npos) continue;
    const std::string_view rest = code.substr(length);
    if (rest.find("+ 1") != std::string_view::npos || rest.find("+1") != std::string_view::npos ||
        rest.find(">=") != std::string_view::npos || code.find("1 +") != std::string_view::npos ||
        code.find("sizeof") != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool interpolates_values(const Source&, std::size_t, Captures captures) {
  std::string name;  // of the group that took part in the match
  for (const std::string_view capture : captures.subspan(1)) {
    if (!capture.empty()) name = to_lower_ascii(capture);
  }
  static constexpr std::array kPlaceholders = {"placeholder", "marks", "qmarks", "question", "columns"};
  return std::none_of(kPlaceholders.begin(), kPlaceholders.end(),
                      [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool about_passwords(const Source& source, std::size_t line, Captures) {
  for (std::size_t i = window_begin(line, 3); i <= line; ++i) {
    if (contains_ascii_nocase(source.lines[i].code, "passw") || contains_ascii_nocase(source.lines[i].code, "pwd")) {
      return true;
    }
  }
  return false;
}

bool looks_random(const Source&, std::size_t, Captures captures) {
  if (captures.size() < 2 || captures[1].size() < 8) return false;
  const std::string_view value = captures[1];
  static constexpr std::array kPlaceholders = {
      "example", "changeme", "change-me", "change_me", "placeholder", "xxxx",     "your",
      "dummy",   "test",     "sample",    "redacted",  "secret",      "password", "token",
      "insert",  "none",     "null",      "todo",      "****",        "....",     "1234567"};
  for (const std::string_view word : kPlaceholders) {
    if (contains_ascii_nocase(value, word)) return false;
  }
  if (value.find_first_of("${}<>()[]%/ ") != std::string_view::npos && value.find_first_of("${<(%/ ") < 2) return false;
  const auto has = [&](auto is) {
    return std::any_of(value.begin(), value.end(), [&](char c) { return is(static_cast<unsigned char>(c)) != 0; });
  };
  // Measured on words and identifiers: prose stays below 3 bits a character or has one kind of character only.
  const int kinds = int{has(::isdigit)} + int{has(::islower)} + int{has(::isupper)} + int{has(::ispunct)};
  return kinds >= 2 && has(::isdigit) && bits_per_character(value) >= 2.8;
}

bool statement_lacks_where(const Source& source, std::size_t line, Captures) {
  const std::size_t end = std::min(source.lines.size(), line + kGuardWindow);
  std::uint32_t number = source.lines[line].number;
  for (std::size_t i = line; i < end; ++i, ++number) {
    if (source.lines[i].number != number) return false;  // the rest is not shown
    const std::string_view code = source.lines[i].code;
    if (contains_ascii_nocase(code, "where") || contains_ascii_nocase(code, "limit ")) return false;
    if (code.find(';') != std::string_view::npos) return true;
  }
  return false;  // no end in sight: better silent
}

bool in_run_block(const Source& source, std::size_t line, Captures) {
  if (!is_workflow(source)) return false;
  std::size_t depth = indent_of(source.lines[line].raw);
  for (std::size_t i = line + 1; i > window_begin(line, kGuardWindow); --i) {
    const std::string_view raw = source.lines[i - 1].raw;
    const std::string_view body = trim(raw);
    if (body.empty()) continue;
    const std::size_t indent = indent_of(raw);
    if (i - 1 != line && indent >= depth) continue;
    const std::string_view key = body.starts_with("- ") ? trim(body.substr(2)) : body;
    if (key.starts_with("run:") || key.starts_with("script:")) return true;
    if (i - 1 != line) return false;
    depth = indent;
  }
  return false;
}

bool started_by_pull_request_target(const Source& source, std::size_t line, Captures) {
  if (!is_workflow(source)) return false;
  for (std::size_t i = 0; i < std::min(line, kGuardWindow); ++i) {
    if (source.lines[i].text.find("pull_request_target") != std::string::npos) return true;
  }
  return false;
}

bool last_user(const Source& source, std::size_t line, Captures) {
  const std::size_t end = std::min(source.lines.size(), line + kGuardWindow);
  for (std::size_t i = line + 1; i < end; ++i) {
    if (source.lines[i].code.starts_with("USER ")) return false;
  }
  return true;
}

bool script_goes_on(const Source& source, std::size_t line, Captures) {
  if (!source.whole) return false;
  for (std::size_t i = 0; i < std::min(line, kGuardWindow); ++i) {
    const std::string_view code = trim(source.lines[i].code);
    if (code.starts_with("set -")) {
      const std::string_view flags = code.substr(5);
      const bool errexit = flags.find("errexit") != std::string_view::npos;
      if (errexit || flags.substr(0, flags.find(' ')).find('e') != std::string_view::npos) return false;
    }
    if (i == 0 && source.lines[0].raw.starts_with("#!") && source.lines[0].raw.find(" -e") != std::string::npos) {
      return false;
    }
  }
  return true;
}

bool not_a_test(const Source& source, std::size_t line, Captures) {
  if (contains_ascii_nocase(source.path, "test") || contains_ascii_nocase(source.path, "example") ||
      contains_ascii_nocase(source.path, "bench")) {
    return false;
  }
  for (std::size_t i = window_begin(line, kGuardWindow); i < line; ++i) {
    if (source.lines[i].code.find("#[cfg(test)]") != std::string::npos ||
        source.lines[i].code.find("#[test]") != std::string::npos) {
      return false;
    }
  }
  return true;
}

bool body_closed_unchecked(const Source& source, std::size_t line, Captures) {
  const std::size_t next = next_code_line(source, line);
  return next != kNoLine && trim(source.lines[next].code).starts_with("defer ") &&
         source.lines[next].code.find(".Body.Close()") != std::string::npos;
}

bool not_a_stage(const Source& source, std::size_t line, Captures captures) {
  if (captures.size() < 2) return true;
  for (std::size_t i = window_begin(line, kGuardWindow); i < line; ++i) {
    const std::string_view code = source.lines[i].code;
    const std::size_t as = to_lower_ascii(code).find(" as ");
    if (as != std::string::npos && trim(code.substr(as + 4)) == captures[1]) return false;
  }
  return true;
}

}  // namespace assize::lint
