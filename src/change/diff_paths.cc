#include "change/diff_paths.h"

#include <algorithm>

namespace assize {
namespace {

constexpr std::string_view kDevNull = "/dev/null";

std::string_view without_cr(std::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// git's default pair and diff.mnemonicPrefix (commit, index, work tree, object), diff --no-index (1, 2).
bool is_prefix_pair(char old_letter, char new_letter) {
  constexpr std::string_view kPairs[] = {"ab", "iw", "ci", "cw", "ow", "12"};
  return std::any_of(std::begin(kPairs), std::end(kPairs), [&](std::string_view pair) {
    return (pair[0] == old_letter && pair[1] == new_letter) || (pair[0] == new_letter && pair[1] == old_letter);
  });
}

bool has_letter_prefix(std::string_view name) {
  return name.size() > 2 && name[1] == '/';
}

bool has_prefix_pair(const RawNames& names) {
  return has_letter_prefix(names.old_name) && has_letter_prefix(names.new_name) &&
         is_prefix_pair(names.old_name[0], names.new_name[0]);
}

std::string_view after_first_slash(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view{} : name.substr(slash + 1);
}

// Where "X Y" splits when X and Y are the same name behind prefixes of one length: git's own rule.
std::optional<RawNames> split_in_the_middle(std::string_view rest) {
  if (rest.size() < 3 || rest.size() % 2 == 0) return std::nullopt;
  const std::size_t middle = rest.size() / 2;
  if (rest[middle] != ' ') return std::nullopt;
  const std::string_view left = rest.substr(0, middle);
  const std::string_view right = rest.substr(middle + 1);
  if (left == right || (after_first_slash(left) == after_first_slash(right) && !after_first_slash(left).empty())) {
    return RawNames{std::string(left), std::string(right)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Unquoted> unquote_c(std::string_view text) {
  if (text.empty() || text[0] != '"') return std::nullopt;
  Unquoted result;
  std::size_t i = 1;
  while (i < text.size()) {
    const char c = text[i++];
    if (c == '"') {
      result.consumed = i;
      return result;
    }
    if (c != '\\') {
      result.name.push_back(c);
      continue;
    }
    if (i == text.size()) return std::nullopt;
    const char escape = text[i++];
    constexpr std::string_view kLetters = "abfnrtv\\\"";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
    if (const std::size_t at = kLetters.find(escape); at != std::string_view::npos) {
      result.name.push_back(kMeanings[at]);
    } else if (is_octal(escape)) {
      unsigned value = static_cast<unsigned>(escape - '0');
      for (int digits = 1; digits < 3 && i < text.size() && is_octal(text[i]); ++digits) {
        value = value * 8 + static_cast<unsigned>(text[i++] - '0');
      }
      result.name.push_back(static_cast<char>(value & 0xFFU));
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::string name_of_marker_line(std::string_view rest) {
  if (auto quoted = unquote_c(rest)) return std::move(quoted->name);
  return std::string(without_cr(rest.substr(0, rest.find('\t'))));
}

std::optional<RawNames> names_of_git_line(std::string_view rest) {
  rest = without_cr(rest);
  if (auto first = unquote_c(rest)) {
    std::string_view tail = rest.substr(first->consumed);
    if (tail.empty() || tail[0] != ' ') return std::nullopt;
    tail.remove_prefix(1);
    auto second = unquote_c(tail);
    return RawNames{std::move(first->name), second ? std::move(second->name) : std::string(tail)};
  }
  // The first name is bare, the second one quoted: only a rename does that.
  if (const std::size_t quote = rest.find(" \""); quote != std::string_view::npos && rest.back() == '"') {
    if (auto second = unquote_c(rest.substr(quote + 1)); second && quote + 1 + second->consumed == rest.size()) {
      return RawNames{std::string(rest.substr(0, quote)), std::move(second->name)};
    }
  }
  if (auto halves = split_in_the_middle(rest)) return halves;
  // Two different names, so a rename or a copy; its own lines name both sides. Without spaces there is no doubt.
  const std::size_t space = rest.find(' ');
  if (space != std::string_view::npos && rest.find(' ', space + 1) == std::string_view::npos) {
    return RawNames{std::string(rest.substr(0, space)), std::string(rest.substr(space + 1))};
  }
  if (const std::size_t b = rest.find(" b/"); b != std::string_view::npos && rest.rfind(" b/") == b) {
    return RawNames{std::string(rest.substr(0, b)), std::string(rest.substr(b + 1))};
  }
  return std::nullopt;
}

std::string whole_name(std::string_view rest) {
  if (auto quoted = unquote_c(rest)) return std::move(quoted->name);
  return std::string(without_cr(rest));
}

std::optional<RawNames> names_of_binary_line(std::string_view inner) {
  constexpr std::string_view kAnd = " and ";
  if (auto quoted = unquote_c(inner)) {
    std::string_view tail = inner.substr(quoted->consumed);
    if (!tail.starts_with(kAnd)) return std::nullopt;
    tail.remove_prefix(kAnd.size());
    return RawNames{std::move(quoted->name), whole_name(tail)};
  }
  std::size_t at = inner.size() > kAnd.size() ? (inner.size() - kAnd.size()) / 2 : 0;  // equal names: in the middle
  if (inner.starts_with("/dev/null and ")) {
    at = 9;
  } else if (inner.substr(at, kAnd.size()) != kAnd) {
    at = inner.ends_with(" and /dev/null") ? inner.size() - 14 : inner.find(kAnd);
  }
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return RawNames{std::string(inner.substr(0, at)), whole_name(inner.substr(at + kAnd.size()))};
}

std::optional<std::string_view> inner_of_binary_line(std::string_view line) {
  line = without_cr(line);
  constexpr std::string_view kEnd = " differ";
  constexpr std::string_view kBegin = "Binary files ";
  if (!line.starts_with(kBegin) || !line.ends_with(kEnd) || line.size() < kBegin.size() + kEnd.size())
    return std::nullopt;
  line.remove_prefix(kBegin.size());
  line.remove_suffix(kEnd.size());
  return line;
}

Names strip_prefixes(const RawNames& names, DiffStyle style, const std::optional<RawNames>& hint) {
  const bool no_old = names.old_name == kDevNull;
  const bool no_new = names.new_name == kDevNull;
  Names result{no_old ? "" : names.old_name, no_new ? "" : names.new_name};
  const auto strip = [](std::string& name) {
    if (has_letter_prefix(name)) name.erase(0, 2);
  };
  if (no_old != no_new) {
    std::string& name = no_old ? result.new_path : result.old_path;
    if (hint) {
      if (has_prefix_pair(*hint) && (hint->old_name == name || hint->new_name == name)) strip(name);
    } else if (has_letter_prefix(name) && name[0] == (no_old ? 'b' : 'a')) {
      strip(name);
    }
    return result;
  }
  if (has_prefix_pair(names)) {
    // A rename between real directories a/ and b/ without prefixes would look the same; git's rename lines settle it.
    strip(result.old_path);
    strip(result.new_path);
    return result;
  }
  const std::string_view old_tail = after_first_slash(names.old_name);
  if (style == DiffStyle::plain && names.old_name != names.new_name && !old_tail.empty() &&
      old_tail == after_first_slash(names.new_name)) {
    result.old_path = result.new_path = std::string(old_tail);
  }
  return result;
}

}  // namespace assize
