// A file that takes everything that one stream of a process prints.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sys/unique_fd.h"

namespace assize {

class Spool {
 public:
  explicit Spool(std::string path) : path_(std::move(path)) {}
  // Makes the file with the first bytes. False: it could not be written; `error` says why, and nothing more is tried.
  bool append(std::string_view bytes);
  const std::string& path() const { return path_; }
  const std::string& error() const { return error_; }
  void close() { file_.reset(); }

 private:
  std::string path_;
  std::string error_;
  UniqueFd file_;
};

}  // namespace assize
