#include "calls/room.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/text.h"
#include "sys/posix.h"
#include "sys/tree_files.h"
#include "sys/unique_fd.h"

namespace assize {
namespace {

constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kPrivateFile = 0600;

Error io_error(std::string_view doing, const std::string& path) {
  return Error{ErrorCode::io, fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)), {}};
}

// Unlinks everything below an open directory. Works with descriptors, so that no link can lead it out.
bool empty_directory(UniqueFd directory, int depth) {
  constexpr int kMaxDepth = 256;  // one descriptor a level
  if (depth > kMaxDepth) return false;
  DIR* const entries = ::fdopendir(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0));
  if (entries == nullptr) return false;
  bool all = true;
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (::unlinkat(directory.get(), entry->d_name, 0) == 0) continue;
    if (errno != EISDIR && errno != EPERM && errno != EACCES) {
      all = all && errno == ENOENT;
      continue;
    }
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd inner(::openat(directory.get(), entry->d_name, kFlags));
    if (!inner && errno == EACCES) {
      ::fchmodat(directory.get(), entry->d_name, kPrivateDirectory, 0);
      inner = UniqueFd(::openat(directory.get(), entry->d_name, kFlags));
    }
    if (!inner) {
      all = false;
      continue;
    }
    ::fchmod(inner.get(), kPrivateDirectory);
    all = empty_directory(std::move(inner), depth + 1) && all;
    all = ::unlinkat(directory.get(), entry->d_name, AT_REMOVEDIR) == 0 && all;
  }
  ::closedir(entries);
  return all;
}

}  // namespace

Result<std::string> make_run_directory(const std::string& parent) {
  std::string base = parent;
  if (base.empty()) {
    const char* const temporary = std::getenv("TMPDIR");
    base = temporary != nullptr && *temporary == '/' ? temporary : "/tmp";
  }
  std::string path = base + "/assize-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return io_error("make a private directory in", base);
  return path;
}

Result<CallRoom> CallRoom::make(const std::string& run_directory, std::string_view name) {
  CallRoom room;
  const std::string root = fmt::format("{}/{}", run_directory, name);
  if (::mkdir(root.c_str(), kPrivateDirectory) != 0) return io_error("make the directory", root);
  room.root_ = root;
  room.room_ = Room{root + "/home", root + "/tmp", root + "/cwd"};
  for (const std::string* path : {&room.room_.home, &room.room_.scratch, &room.room_.cwd}) {
    if (::mkdir(path->c_str(), kPrivateDirectory) != 0) return io_error("make the directory", *path);
  }
  return room;
}

CallRoom::~CallRoom() {
  if (!root_.empty()) remove_whole_tree(root_);
}

bool CallRoom::make_empty() const {
  for (const std::string* path : {&room_.home, &room_.scratch, &room_.cwd}) {
    UniqueFd directory(::open(path->c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory || ::fchmod(directory.get(), kPrivateDirectory) != 0) return false;
    if (!empty_directory(std::move(directory), 0)) return false;
  }
  for (const char* stream : {"stdout", "stderr"}) {
    if (::unlink(spool(stream).c_str()) != 0 && errno != ENOENT) return false;
  }
  // Nothing but the three may stand beside them: the agent ran as the user that we are.
  DIR* const entries = ::opendir(root_.c_str());
  if (entries == nullptr) return false;
  int count = 0;
  while (::readdir(entries) != nullptr) ++count;
  ::closedir(entries);
  constexpr int kExpected = 5;  // ".", "..", home, tmp, cwd
  return count == kExpected;
}

Result<std::monostate> CallRoom::write(const std::string& path, std::string_view content) const {
  const std::string inside = root_ + "/";
  if (!path.starts_with(inside)) return invalid(fmt::format("{} is outside of the call's directory", path));
  const std::vector<std::string_view> parts = split(std::string_view(path).substr(inside.size()), '/');
  UniqueFd directory(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return io_error("open", root_);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part(parts[i]);
    if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos) {
      return invalid(fmt::format("{} is not a plain path", path));
    }
    if (i + 1 == parts.size()) break;
    if (::mkdirat(directory.get(), part.c_str(), kPrivateDirectory) != 0 && errno != EEXIST) {
      return io_error("make a directory of", path);
    }
    UniqueFd next(::openat(directory.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) return io_error("open a directory of", path);
    directory = std::move(next);
  }
  const std::string file_name(parts.back());
  const UniqueFd file(
      ::openat(directory.get(), file_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivateFile));
  if (!file) return io_error("create", path);
  if (write_all(file.get(), content) != 0) return io_error("write", path);
  return std::monostate{};
}

Result<std::monostate> CallRoom::write_below(const std::string& directory, std::string_view relative,
                                             std::string_view content) const {
  return write(fmt::format("{}/{}", directory, relative), content);
}

}  // namespace assize
