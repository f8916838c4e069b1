#include "calls/spool.h"

#include <fcntl.h>
#include <fmt/core.h>

#include <cerrno>
#include <cstring>

namespace assize {

bool Spool::append(std::string_view bytes) {
  if (!error_.empty()) return false;
  if (!file_) {
    constexpr int kPrivateFile = 0600;
    file_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivateFile));
  }
  while (file_ && !bytes.empty()) {
    const ssize_t wrote = ::write(file_.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (bytes.empty()) return true;
  error_ = fmt::format("cannot write {}: {}", path_, std::strerror(errno));
  file_.reset();
  return false;
}

}  // namespace assize
