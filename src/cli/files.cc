#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "cli/values.h"
#include "core/hash.h"
#include "sys/posix.h"
#include "sys/unique_fd.h"

namespace assize {
namespace {

constexpr std::size_t kPiece = 1 << 16;

Error system_error(ErrorCode code, std::string_view name, int number) {
  return Error{code, fmt::format("{}: {}", shown_word(name), std::strerror(number)), {}};
}

Result<std::string> read_all(int fd, std::size_t max_bytes, std::string_view name) {
  std::string out;
  for (;;) {
    const std::size_t had = out.size();
    out.resize(had + kPiece);
    const ssize_t got = ::read(fd, out.data() + had, kPiece);
    if (got < 0 && errno == EINTR) {
      out.resize(had);
      continue;
    }
    if (got < 0) return system_error(ErrorCode::io, name, errno);
    out.resize(had + static_cast<std::size_t>(got));
    if (out.size() > max_bytes) return invalid(fmt::format("{}: more than {} bytes", shown_word(name), max_bytes));
    if (got == 0) return out;
  }
}

Result<bool> write_in_place(const std::string& path, std::string_view bytes) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return system_error(ErrorCode::io, path, errno);
  if (const int error = write_all(fd.get(), bytes); error != 0) return system_error(ErrorCode::io, path, error);
  return true;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // ENOTDIR: HOME=/dev/null, as some containers have it.
  const bool absent = !fd && (errno == ENOENT || errno == ENOTDIR);
  if (!fd) return system_error(absent ? ErrorCode::not_found : ErrorCode::io, path, errno);
  return read_all(fd.get(), max_bytes, path);
}

Result<std::string> read_stdin(std::size_t max_bytes, std::string_view name) {
  return read_all(STDIN_FILENO, max_bytes, name);
}

Result<bool> write_file(const std::string& path, std::string_view bytes, FileMode mode) {
  std::error_code ignored;
  std::filesystem::path target(path);
  if (std::filesystem::exists(target, ignored)) {
    if (!std::filesystem::is_regular_file(target, ignored)) return write_in_place(path, bytes);
    // The link stays, what it points to is replaced.
    if (auto real = std::filesystem::canonical(target, ignored); !real.empty()) target = real;
  }
  const std::string temporary = fmt::format("{}.{}.tmp", target.string(), random_hex(6));
  {
    const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (!fd) return system_error(ErrorCode::io, path, errno);
    if (const int error = write_all(fd.get(), bytes); error != 0) {
      ::unlink(temporary.c_str());
      return system_error(ErrorCode::io, path, error);
    }
  }
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return system_error(ErrorCode::io, path, error);
  }
  return true;
}

Result<bool> make_directories(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return system_error(ErrorCode::io, part, errno);
    if (slash == std::string::npos) return true;
  }
}

Result<Written> write_stdout(std::string_view bytes) {
  const int error = write_all(STDOUT_FILENO, bytes);
  if (error == EPIPE) return Written::broken_pipe;
  if (error != 0) return system_error(ErrorCode::io, "standard output", error);
  return Written::all;
}

void write_stderr(std::string_view bytes) {
  (void)write_all(STDERR_FILENO, bytes);
}

}  // namespace assize
