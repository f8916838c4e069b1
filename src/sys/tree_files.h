// Files of one directory tree, handled through descriptors so that no link inside it is ever followed: copied,
// compared, read, removed. For trees that somebody else may have filled, with hostile intent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/units.h"
#include "sys/unique_fd.h"

namespace assize {

// An open directory tree. Paths are relative to its root, with '/', without "." or "..".
class OpenTree {
 public:
  // Error not_found, io: `path` is no directory, or a link.
  static Result<OpenTree> open(const std::string& path);

  struct Entry {
    enum class Type { missing, regular, link, directory, other } type = Type::missing;
    bool executable = false;
    std::uint64_t size = 0;
  };
  // Missing also where a link or a file stands in the place of a directory on the way.
  Entry look(std::string_view path);

  // The bytes of a regular file, or the target of a link. Error invalid: more than `cap`; io, not_found.
  Result<std::string> read(std::string_view path, ByteCount cap);

  // Copies a regular file or a link to the same path of `to`, where nothing is, with the directories above it. Keeps
  // whether it is executable. Error io; not_found when it is not there or is neither.
  Result<Entry> copy_to(OpenTree& to, std::string_view path);
  // Makes the directory and those above it. Error io.
  Result<bool> make_directory(std::string_view path);
  // Error io. What is not there is no error.
  Result<bool> remove_file(std::string_view path);

  // Whether both have the same at `path`: type, executable, bytes. Error io.
  Result<bool> same_as(OpenTree& other, std::string_view path);

  // The same directory still stands at the path that it was opened by.
  bool is_still_there() const;
  const std::string& path() const { return path_; }

 private:
  OpenTree(std::string path, UniqueFd root) : path_(std::move(path)), root_(std::move(root)) {}
  struct Place {
    int directory = -1;  // belongs to parent_
    std::string name;
  };
  enum class Missing { fail, make };
  Result<Place> descend(std::string_view path, Missing missing);
  Result<UniqueFd> open_regular(std::string_view path, Entry& entry);

  std::string path_;
  UniqueFd root_;
  std::string parent_path_;  // of the directory that was used last, which stays open
  UniqueFd parent_;
};

// Removes every entry with this name below `root`, as deep as kSearchDepth, and returns their paths. Directories that
// were made unreadable are opened up. Error io: something could not be looked into or removed.
inline constexpr int kSearchDepth = 200;  // a descriptor a level
Result<std::vector<std::string>> remove_all_named(const std::string& root, std::string_view name);

// Removes a directory with everything below it, however deep and whatever its modes, without following links. True:
// nothing is left (also when nothing was there).
bool remove_whole_tree(const std::string& path);

}  // namespace assize
