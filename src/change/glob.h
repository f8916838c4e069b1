// Globs with the meaning that they have in .gitignore, on whole paths. Matching never blows up: at most
// (length of the pattern) x (length of the path) steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace assize {

// One pattern. Without a slash but at its end it matches a name at any depth; with one, from the root. "*", "?" and
// "[a-z]" stay within a name; "**" as a whole component stands for any number of them. A pattern that matches a
// directory matches all below it; one that ends in a slash matches directories only. "!" is not special here.
class Glob {
 public:
  // Error invalid: empty, a bracket that does not close, a backslash at the end.
  static Result<Glob> parse(std::string_view pattern);
  bool matches(std::string_view path) const;  // a file's path, relative to the root, with '/'
  // Without what follows from a directory above it: the meaning in .gitattributes.
  bool matches_itself(std::string_view path) const;
  const std::string& text() const { return text_; }

 private:
  enum class Reach { whole_path, also_below };
  bool matches(std::string_view path, Reach reach) const;

  std::string text_;
  std::vector<std::string> components_;  // "**" stands for itself
  bool directories_only_ = false;
};

// A list in which the last match counts, and "!pattern" takes back what an earlier one matched.
class GlobList {
 public:
  static Result<GlobList> parse(const std::vector<std::string>& patterns);
  bool empty() const { return entries_.empty(); }
  // The pattern that decides, when it is one that matches; null when none does or "!" took it back.
  const std::string* match(std::string_view path) const;

 private:
  struct Entry {
    Glob glob;
    std::string text;  // as given
    bool negated = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace assize
