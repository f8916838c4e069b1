// What the reading of a change asks of the world: git's plumbing, and files below one directory. sys/ answers with
// processes and the disk, a test with values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/units.h"

namespace assize {

struct GitAnswer {
  int exit = 0;
  std::string out;   // bytes as git wrote them
  bool cut = false;  // out reached the cap, and git was stopped
  std::string err;   // UTF-8, for messages
};

// git in one repository, in an environment in which nothing of the repository can run anything.
class Git {
 public:
  virtual ~Git() = default;
  // Runs `git args…` in the root of the working tree; `input` is its standard input. An exit status is not an error:
  // it is in the answer. Error timed_out; unavailable when git is not installed.
  virtual Result<GitAnswer> run(const std::vector<std::string>& args, std::string_view input) = 0;
  Result<GitAnswer> run(const std::vector<std::string>& args) { return run(args, {}); }
};

// One entry of the tree. A symbolic link is not followed: its bytes are its target.
struct TreeFile {
  enum class Type { regular, link } type = Type::regular;
  bool executable = false;
  std::uint64_t size = 0;  // of the whole file
  std::string bytes;       // at most the cap that was asked for
};

// The files below one directory: the root of the working tree, or a plain directory. Paths, with '/', are relative to
// it.
class FileTree {
 public:
  virtual ~FileTree() = default;
  virtual std::string root() const = 0;  // absolute
  // The first `cap` bytes of a file. No component is a link that is followed, "..", or absolute: Error invalid.
  // Error not_found; unavailable for what may not be read; io for what is no regular file or link.
  virtual Result<TreeFile> read(std::string_view path, ByteCount cap) = 0;
  // All regular files and links below `path` ("" for everything), in byte order; of a file: itself. Links to
  // directories are not entered, and .git is left out. Error not_found.
  virtual Result<std::vector<std::string>> list(std::string_view path) = 0;
  // A path as the user gave it (relative to where the user stands, or absolute) as a path of this tree ("" is the
  // root). Error invalid when it is outside.
  virtual Result<std::string> resolve(std::string_view path) const = 0;
  // A file that the user named and that may be anywhere; "-" is standard input. Error io, not_found; invalid when it
  // is over the cap.
  virtual Result<std::string> read_named(std::string_view file, ByteCount cap) = 0;
};

}  // namespace assize
