// Finds the file of a change that a cited path means. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assize {

// With '/', without "file://", "./" and doubled slashes.
std::string normalise_path(std::string_view cited);

enum class PathMatch { none, one, several };

class PathIndex {
 public:
  // `root`: the absolute path of the repository, which citations may start with; may be empty.
  explicit PathIndex(std::string_view root = {}) : root_(normalise_path(root)) {}
  // The first of equal paths stays. A path with control characters or bytes that are not text is known by its inert
  // forms too, since no citation holds anything else: as reviewers are shown it, and as what they say is cleaned.
  void add(std::string_view path, std::size_t value);

  struct Found {
    PathMatch match = PathMatch::none;
    std::size_t value = 0;
    std::string path;  // as added
  };
  // As it stands, without "a/" or "b/", without the root; then as a suffix: of one added path alone, or an absolute
  // path that ends in an added one (a snapshot's prefix; the longest wins). Case must match.
  Found find(std::string_view cited) const;

 private:
  std::optional<Found> exact(std::string_view path) const;

  std::string root_;
  std::map<std::string, std::size_t, std::less<>> paths_;
  std::map<std::string, std::string, std::less<>> inert_;  // inert form -> path; empty when it is that of several
  std::map<std::string, std::vector<std::string>, std::less<>> by_name_;  // last component -> paths
};

}  // namespace assize
