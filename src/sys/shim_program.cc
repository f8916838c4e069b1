#include "sys/shim_program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "sys/posix.h"
#include "sys/shim_bytes.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3; newer than Debian 12's headers
#endif

namespace assize {
namespace {

Error io_error(std::string_view doing) {
  return Error{ErrorCode::io, fmt::format("cannot {}: {}", doing, std::strerror(errno)), {}};
}

}  // namespace

Result<ShimProgram> ShimProgram::in_memory() {
  ShimProgram program;
  program.memory_ = UniqueFd(::memfd_create("assize-shim", MFD_CLOEXEC | MFD_EXEC));
  if (!program.memory_ && errno == EINVAL) program.memory_ = UniqueFd(::memfd_create("assize-shim", MFD_CLOEXEC));
  if (!program.memory_) return io_error("make a file in memory");
  if (write_all(program.memory_.get(), embedded::k_assize_shim) != 0) return io_error("write the exec shim to memory");
  program.path_ = fmt::format("/proc/self/fd/{}", program.memory_.get());
  return program;
}

Result<ShimProgram> ShimProgram::in_file(const std::string& directory) {
  ShimProgram program;
  std::string name = directory + "/assize-shim-XXXXXX";
  {
    const UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) return io_error(fmt::format("make a file in {}", directory));
    program.file_ = name;
    if (write_all(file.get(), embedded::k_assize_shim) != 0) return io_error(fmt::format("write {}", name));
    if (::fchmod(file.get(), 0700) != 0) return io_error(fmt::format("make {} executable", name));
  }
  program.path_ = name;
  return program;
}

ShimProgram::~ShimProgram() {
  if (!file_.empty()) ::unlink(file_.c_str());
}

}  // namespace assize
