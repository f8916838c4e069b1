#include "calls/spool.h"

#include <fcntl.h>
#include <fmt/core.h>

#include <cerrno>
#include <cstring>

#include "sys/posix.h"

namespace assize {

bool Spool::append(std::string_view bytes) {
  if (!error_.empty()) return false;
  if (!file_ && held_.size() + bytes.size() <= kHeld) {
    held_.append(bytes);
    return true;
  }
  const std::string held = std::exchange(held_, {});
  return write(held) && write(bytes);
}

void Spool::close() {
  if (error_.empty()) write(std::exchange(held_, {}));
  file_.reset();
}

bool Spool::write(std::string_view bytes) {
  if (bytes.empty()) return true;
  if (!file_) {
    constexpr int kPrivateFile = 0600;
    file_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivateFile));
  }
  if (file_ && write_all(file_.get(), bytes) == 0) return true;
  error_ = fmt::format("cannot write {}: {}", path_, std::strerror(errno));
  file_.reset();
  return false;
}

}  // namespace assize
