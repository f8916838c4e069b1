#include "change/glob.h"

#include <fmt/format.h>

namespace assize {
namespace {

constexpr std::string_view kAnyDepth = "**";

bool in_class(std::string_view name, unsigned char c) {
  const bool lower = c >= 'a' && c <= 'z';
  const bool upper = c >= 'A' && c <= 'Z';
  const bool digit = c >= '0' && c <= '9';
  const bool graph = c > 0x20 && c < 0x7F;
  if (name == "alpha") return lower || upper;
  if (name == "digit") return digit;
  if (name == "alnum") return lower || upper || digit;
  if (name == "upper") return upper;
  if (name == "lower") return lower;
  if (name == "xdigit") return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  if (name == "space") return c == ' ' || (c >= '\t' && c <= '\r');
  if (name == "blank") return c == ' ' || c == '\t';
  if (name == "cntrl") return c < 0x20 || c == 0x7F;
  if (name == "print") return graph || c == ' ';
  if (name == "graph") return graph;
  if (name == "punct") return graph && !lower && !upper && !digit;
  return false;
}

// Where the bracket that opens at pattern[open] closes; npos when it does not.
std::size_t bracket_end(std::string_view pattern, std::size_t open) {
  std::size_t i = open + 1;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) ++i;
  for (bool first = true; i < pattern.size(); first = false) {
    if (pattern[i] == ']' && !first) return i;
    if (pattern[i] == '[' && i + 1 < pattern.size() && pattern[i + 1] == ':') {
      const std::size_t end = pattern.find(":]", i + 2);
      if (end != std::string_view::npos) {
        i = end + 2;
        continue;
      }
    }
    i += pattern[i] == '\\' ? 2 : 1;
  }
  return std::string_view::npos;
}

// Whether `c` is in the bracket whose inside is `set` ("!a-z").
bool in_bracket(std::string_view set, char c) {
  bool negated = false;
  if (!set.empty() && (set[0] == '!' || set[0] == '^')) {
    negated = true;
    set.remove_prefix(1);
  }
  const auto u = static_cast<unsigned char>(c);
  bool found = false;
  for (std::size_t i = 0; i < set.size();) {
    if (set[i] == '[' && i + 1 < set.size() && set[i + 1] == ':') {
      const std::size_t end = set.find(":]", i + 2);
      if (end != std::string_view::npos) {
        found = found || in_class(set.substr(i + 2, end - i - 2), u);
        i = end + 2;
        continue;
      }
    }
    if (set[i] == '\\' && i + 1 < set.size()) ++i;
    const auto low = static_cast<unsigned char>(set[i++]);
    unsigned char high = low;
    if (i + 1 < set.size() && set[i] == '-') {
      ++i;
      if (set[i] == '\\' && i + 1 < set.size()) ++i;
      high = static_cast<unsigned char>(set[i++]);
    }
    found = found || (u >= low && u <= high);
  }
  return found != negated;
}

// One element of a component at pattern[at] against one character: how long the element is, and whether it matches.
struct Element {
  std::size_t length = 1;
  bool matches = false;
};
Element match_element(std::string_view pattern, std::size_t at, char c) {
  switch (pattern[at]) {
    case '?':
      return {1, true};
    case '\\':
      return {2, pattern[at + 1] == c};
    case '[': {
      const std::size_t end = bracket_end(pattern, at);
      return {end + 1 - at, in_bracket(pattern.substr(at + 1, end - at - 1), c)};
    }
    default:
      return {1, pattern[at] == c};
  }
}

// A component against a name. After a mismatch only the last star need take one character more, so the cost is at most
// the product of the lengths.
bool match_component(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t after_star = std::string_view::npos;
  std::size_t star_took_to = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      star_took_to = n;
      continue;
    }
    if (p < pattern.size()) {
      if (const Element element = match_element(pattern, p, name[n]); element.matches) {
        p += element.length;
        ++n;
        continue;
      }
    }
    if (after_star == std::string_view::npos) return false;
    p = after_star;
    n = ++star_took_to;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string_view> components_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<Glob> Glob::parse(std::string_view pattern) {
  Glob glob;
  glob.text_ = pattern;
  if (pattern.ends_with('/') && !pattern.ends_with("\\/")) {
    glob.directories_only_ = true;
    pattern.remove_suffix(1);
  }
  const bool anchored = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pattern.empty()) return invalid(fmt::format("the glob \"{}\" is empty", glob.text_));
  if (!anchored && pattern != kAnyDepth) glob.components_.emplace_back(kAnyDepth);
  for (const std::string_view part : components_of(pattern)) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == '\\') {
        if (++i == part.size()) return invalid(fmt::format("the glob \"{}\" ends in a backslash", glob.text_));
      } else if (part[i] == '[') {
        i = bracket_end(part, i);
        if (i == std::string_view::npos) {
          return invalid(fmt::format("the glob \"{}\" has a bracket that does not close", glob.text_),
                         "write \\[ for the character itself");
        }
      }
    }
    const bool repeated = part == kAnyDepth && !glob.components_.empty() && glob.components_.back() == kAnyDepth;
    if (!repeated) glob.components_.emplace_back(part);
  }
  return glob;
}

bool Glob::matches(std::string_view path) const {
  return matches(path, Reach::also_below);
}
bool Glob::matches_itself(std::string_view path) const {
  return matches(path, Reach::whole_path);
}

bool Glob::matches(std::string_view path, Reach reach) const {
  const std::vector<std::string_view> names = components_of(path);
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t after_any = std::string_view::npos;
  std::size_t any_took_to = 0;
  while (true) {
    // The pattern is used up: it names this path (n == size) or a directory above it.
    const bool above = n < names.size();
    if (p == components_.size() && n > 0 && (above ? reach == Reach::also_below : !directories_only_)) return true;
    if (p < components_.size() && components_[p] == kAnyDepth) {
      after_any = ++p;
      any_took_to = n;
      // At the end it stands for everything inside, so there must be something.
      if (p == components_.size()) return n < names.size() && (!directories_only_ || n + 1 < names.size());
      continue;
    }
    if (p < components_.size() && n < names.size() && match_component(components_[p], names[n])) {
      ++p;
      ++n;
      continue;
    }
    if (after_any == std::string_view::npos || any_took_to + 1 >= names.size()) return false;
    p = after_any;
    n = ++any_took_to;
  }
}

Result<GlobList> GlobList::parse(const std::vector<std::string>& patterns) {
  GlobList list;
  for (const std::string& pattern : patterns) {
    const bool negated = pattern.starts_with('!');
    TRY_ASSIGN(Glob glob, Glob::parse(std::string_view(pattern).substr(negated ? 1 : 0)));
    list.entries_.push_back({std::move(glob), pattern, negated});
  }
  return list;
}

const std::string* GlobList::match(std::string_view path) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->glob.matches(path)) return entry->negated ? nullptr : &entry->text;
  }
  return nullptr;
}

}  // namespace assize
