// The exec shim (sys/shim/shim.c) as something that can be executed: in memory, or as a private file where the system
// refuses to run memory (vm.memfd_noexec, some security modules).
#pragma once

#include <string>

#include "core/result.h"
#include "sys/unique_fd.h"

namespace assize {

class ShimProgram {
 public:
  static Result<ShimProgram> in_memory();
  static Result<ShimProgram> in_file(const std::string& directory);
  ShimProgram(ShimProgram&&) = default;
  ShimProgram& operator=(ShimProgram&&) = delete;
  ~ShimProgram();  // removes the file

  const std::string& path() const { return path_; }

 private:
  ShimProgram() = default;
  UniqueFd memory_;
  std::string path_;
  std::string file_;
};

}  // namespace assize
