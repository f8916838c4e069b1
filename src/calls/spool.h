// Takes everything that one stream of a process prints: a short output in memory, a longer one in a file. Making and
// removing a file costs more than all else about a short call (ext4 looks for an inode that was not freed just now).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "sys/unique_fd.h"

namespace assize {

class Spool {
 public:
  static constexpr std::size_t kHeld = 16'384;  // bytes in memory; a thousand agents at once then hold 32 MB at most

  explicit Spool(std::string path) : path_(std::move(path)) {}
  // False: it could not be written; `error` says why, and nothing more is tried.
  bool append(std::string_view bytes);
  const std::string& path() const { return path_; }
  const std::string& error() const { return error_; }
  // Everything that was printed is in the file then; there is none when nothing was.
  void close();

 private:
  bool write(std::string_view bytes);

  std::string path_;
  std::string held_;
  std::string error_;
  UniqueFd file_;
};

}  // namespace assize
