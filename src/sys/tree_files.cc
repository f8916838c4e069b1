#include "sys/tree_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "sys/posix.h"

namespace assize {
namespace {

constexpr int kDescend = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kOpenedUp = 0700;
constexpr std::size_t kPiece = std::size_t{256} << 10U;
constexpr std::size_t kLongestTarget = 4096;  // PATH_MAX
constexpr int kMaxDepth = 100;                // of one descent: a descriptor a level

Error failed(std::string_view doing, std::string_view path, int code) {
  const bool missing = code == ENOENT || code == ENOTDIR || code == ELOOP;
  return Error{missing ? ErrorCode::not_found : ErrorCode::io,
               fmt::format("cannot {} {}: {}", doing, path, std::generic_category().message(code)),
               {}};
}

// Opens a directory inside another one, if need be after making it readable for us.
UniqueFd open_directory(int parent, const char* name) {
  UniqueFd fd(::openat(parent, name, kDescend));
  if (!fd && errno == EACCES && ::fchmodat(parent, name, kOpenedUp, 0) == 0) {
    fd = UniqueFd(::openat(parent, name, kDescend));
  }
  return fd;
}

using Stream = std::unique_ptr<DIR, int (*)(DIR*)>;
Stream open_stream(int directory) {
  const int copy = ::openat(directory, ".", kDescend);  // a position of its own
  DIR* const stream = copy < 0 ? nullptr : ::fdopendir(copy);
  if (stream == nullptr && copy >= 0) ::close(copy);
  return {stream, ::closedir};
}

bool is_dots(std::string_view name) {
  return name == "." || name == "..";
}

// What copy_file_range() does not do (other file systems, old kernels) by reading and writing. `size` bounds it, so
// that a file that grows meanwhile does not keep us.
int copy_bytes(int from, int to, std::uint64_t size) {
  std::uint64_t left = size;
  while (left > 0) {
    const ssize_t got = ::copy_file_range(from, nullptr, to, nullptr, std::min<std::uint64_t>(left, 1U << 30U), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    left -= static_cast<std::uint64_t>(got);
  }
  std::string piece(std::min<std::uint64_t>(left, kPiece), '\0');
  while (left > 0) {
    const ssize_t got = ::read(from, piece.data(), std::min<std::uint64_t>(left, piece.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    if (const int code = write_all(to, std::string_view(piece).substr(0, static_cast<std::size_t>(got))); code != 0)
      return code;
    left -= static_cast<std::uint64_t>(got);
  }
  return 0;
}

// Reads until the piece is full or the file ends.
ssize_t read_piece(int fd, std::string& piece) {
  std::size_t had = 0;
  while (had < piece.size()) {
    const ssize_t got = ::read(fd, piece.data() + had, piece.size() - had);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    had += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(had);
}

OpenTree::Entry entry_of(const struct stat& info) {
  using Type = OpenTree::Entry::Type;
  OpenTree::Entry entry;
  entry.type = S_ISREG(info.st_mode)   ? Type::regular
               : S_ISLNK(info.st_mode) ? Type::link
               : S_ISDIR(info.st_mode) ? Type::directory
                                       : Type::other;
  entry.executable = S_ISREG(info.st_mode) && (info.st_mode & S_IXUSR) != 0;
  entry.size = static_cast<std::uint64_t>(info.st_size);
  return entry;
}

}  // namespace

Result<OpenTree> OpenTree::open(const std::string& path) {
  UniqueFd root(::open(path.c_str(), kDescend));
  if (!root) return failed("open", path, errno);
  return OpenTree(path, std::move(root));
}

Result<OpenTree::Place> OpenTree::descend(std::string_view path, Missing missing) {
  const std::size_t last = path.rfind('/');
  const std::string_view folder = last == std::string_view::npos ? std::string_view() : path.substr(0, last);
  Place place{-1, std::string(last == std::string_view::npos ? path : path.substr(last + 1))};
  if (place.name.empty() || is_dots(place.name) || path.find('\0') != std::string_view::npos) {
    return invalid(fmt::format("{} is not a path inside the tree", path));
  }
  if (!parent_ || parent_path_ != folder) {
    UniqueFd at(::openat(root_.get(), ".", kDescend));
    for (std::string_view rest = folder; !rest.empty();) {
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      const std::string name(rest.substr(0, slash));
      rest.remove_prefix(std::min(slash + 1, rest.size()));
      if (name.empty() || is_dots(name)) return invalid(fmt::format("{} is not a path inside the tree", path));
      if (missing == Missing::make && ::mkdirat(at.get(), name.c_str(), 0777) != 0 && errno != EEXIST) {
        return failed("make a directory of", path, errno);
      }
      UniqueFd next(::openat(at.get(), name.c_str(), kDescend));
      if (!next) return failed("open a directory of", path, errno);
      at = std::move(next);
    }
    if (!at) return failed("open", path_, errno);
    parent_ = std::move(at);
    parent_path_ = folder;
  }
  place.directory = parent_.get();
  return place;
}

OpenTree::Entry OpenTree::look(std::string_view path) {
  const auto place = descend(path, Missing::fail);
  struct stat info {};
  if (!place || ::fstatat(place->directory, place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return {};
  return entry_of(info);
}

Result<UniqueFd> OpenTree::open_regular(std::string_view path, Entry& entry) {
  TRY_ASSIGN(const Place place, descend(path, Missing::fail));
  // O_NONBLOCK: opening a pipe must not wait.
  UniqueFd fd(::openat(place.directory, place.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return failed("read", path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return failed("read", path, errno);
  entry = entry_of(info);
  if (entry.type != Entry::Type::regular) {
    return Error{ErrorCode::not_found, fmt::format("{} is no regular file", path), {}};
  }
  return fd;
}

Result<std::string> OpenTree::read(std::string_view path, ByteCount cap) {
  TRY_ASSIGN(const Place place, descend(path, Missing::fail));
  std::string bytes;
  if (look(path).type == Entry::Type::link) {
    bytes.resize(kLongestTarget);
    const ssize_t got = ::readlinkat(place.directory, place.name.c_str(), bytes.data(), bytes.size());
    if (got < 0) return failed("read", path, errno);
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }
  Entry entry;
  TRY_ASSIGN(const UniqueFd fd, open_regular(path, entry));
  if (entry.size > cap.value) return invalid(fmt::format("{} has more than {} bytes", path, cap.value));
  bytes.resize(entry.size);
  const ssize_t got = read_piece(fd.get(), bytes);
  if (got < 0) return failed("read", path, errno);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

Result<OpenTree::Entry> OpenTree::copy_to(OpenTree& to, std::string_view path) {
  Entry entry = look(path);
  if (entry.type == Entry::Type::link) {
    TRY_ASSIGN(const std::string target, read(path, ByteCount{kLongestTarget}));
    TRY_ASSIGN(const Place place, to.descend(path, Missing::make));
    if (::symlinkat(target.c_str(), place.directory, place.name.c_str()) != 0) return failed("write", path, errno);
    return entry;
  }
  if (entry.type != Entry::Type::regular) {
    return Error{ErrorCode::not_found, fmt::format("{} is neither a file nor a link", path), {}};
  }
  TRY_ASSIGN(const UniqueFd from, open_regular(path, entry));
  TRY_ASSIGN(const Place place, to.descend(path, Missing::make));
  const mode_t mode = entry.executable ? 0777 : 0666;
  const UniqueFd file(
      ::openat(place.directory, place.name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file) return failed("write", path, errno);
  if (const int code = copy_bytes(from.get(), file.get(), entry.size); code != 0) return failed("copy", path, code);
  return entry;
}

Result<bool> OpenTree::make_directory(std::string_view path) {
  TRY_ASSIGN(const Place place, descend(path, Missing::make));
  if (::mkdirat(place.directory, place.name.c_str(), 0777) != 0 && errno != EEXIST) return failed("make", path, errno);
  return true;
}

Result<bool> OpenTree::remove_file(std::string_view path) {
  TRY_ASSIGN(const Place place, descend(path, Missing::fail));
  if (::unlinkat(place.directory, place.name.c_str(), 0) != 0 && errno != ENOENT) return failed("remove", path, errno);
  return true;
}

Result<bool> OpenTree::same_as(OpenTree& other, std::string_view path) {
  const Entry mine = look(path), theirs = other.look(path);
  if (mine.type != theirs.type || mine.executable != theirs.executable || mine.size != theirs.size) return false;
  if (mine.type == Entry::Type::link) {
    TRY_ASSIGN(const std::string one, read(path, ByteCount{kLongestTarget}));
    TRY_ASSIGN(const std::string two, other.read(path, ByteCount{kLongestTarget}));
    return one == two;
  }
  if (mine.type != Entry::Type::regular) return true;
  Entry entry;
  TRY_ASSIGN(const UniqueFd one, open_regular(path, entry));
  TRY_ASSIGN(const UniqueFd two, other.open_regular(path, entry));
  std::string left(std::min<std::uint64_t>(kPiece, mine.size + 1), '\0'), right(left.size(), '\0');
  for (;;) {
    const ssize_t got = read_piece(one.get(), left);
    const ssize_t also = read_piece(two.get(), right);
    if (got < 0 || also < 0) return failed("read", path, errno);
    const auto size = static_cast<std::size_t>(got);
    if (got != also || std::string_view(left).substr(0, size) != std::string_view(right).substr(0, size)) return false;
    if (size < left.size()) return true;
  }
}

bool OpenTree::is_still_there() const {
  struct stat opened {
  }, now{};
  return ::fstat(root_.get(), &opened) == 0 && ::lstat(path_.c_str(), &now) == 0 && S_ISDIR(now.st_mode) &&
         opened.st_dev == now.st_dev && opened.st_ino == now.st_ino;
}

namespace {

// Empties a directory. Directories below kMaxDepth are moved up to `top` instead of being entered, so that a second
// pass finds them there.
struct Emptying {
  int top = -1;
  std::size_t removed = 0, moved = 0;
  bool failed = false;

  void empty(int directory, int depth) {
    ::fchmod(directory, kOpenedUp);
    const Stream entries = open_stream(directory);
    if (!entries) {
      failed = true;
      return;
    }
    while (const dirent* entry = ::readdir(entries.get())) {
      if (is_dots(entry->d_name)) continue;
      if (::unlinkat(directory, entry->d_name, 0) == 0) {
        ++removed;
        continue;
      }
      if (depth >= kMaxDepth) {
        const std::string name = fmt::format("moved-{}-{}", removed, moved);
        if (::renameat(directory, entry->d_name, top, name.c_str()) == 0) ++moved;
        continue;
      }
      const UniqueFd inner = open_directory(directory, entry->d_name);
      if (!inner) {
        failed = true;
        continue;
      }
      empty(inner.get(), depth + 1);
      if (::unlinkat(directory, entry->d_name, AT_REMOVEDIR) == 0) ++removed;
    }
  }
};

}  // namespace

bool remove_whole_tree(const std::string& path) {
  // By descriptor: chmod() of a path would reach through a link that stands in the directory's place.
  const UniqueFd place(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!place) return errno == ENOENT || ::unlink(path.c_str()) == 0;
  ::chmod(fmt::format("/proc/self/fd/{}", place.get()).c_str(), kOpenedUp);
  const UniqueFd top(::open(path.c_str(), kDescend));
  if (!top) return false;
  Emptying work{top.get()};
  for (;;) {
    const std::size_t done = work.removed + work.moved;
    work.failed = false;
    work.empty(top.get(), 0);
    if (::rmdir(path.c_str()) == 0) return true;
    if (work.removed + work.moved == done) return false;  // nothing more can be done
  }
}

namespace {

Result<bool> find_named(int directory, const std::string& prefix, const std::string& name, int depth,
                        const std::string& root, std::vector<std::string>& found) {
  if (depth > kSearchDepth) return true;
  const Stream entries = open_stream(directory);
  if (!entries) return failed("look into", root + "/" + prefix, errno);
  std::vector<std::string> folders;
  while (const dirent* entry = ::readdir(entries.get())) {
    if (is_dots(entry->d_name)) continue;
    if (entry->d_name == name) {
      found.push_back(prefix + name);
      continue;
    }
    struct stat info {};
    const bool known = entry->d_type != DT_UNKNOWN;
    if (!known && ::fstatat(directory, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (known ? entry->d_type == DT_DIR : S_ISDIR(info.st_mode)) folders.emplace_back(entry->d_name);
  }
  for (const std::string& folder : folders) {
    const UniqueFd inner = open_directory(directory, folder.c_str());
    if (!inner) return failed("look into", fmt::format("{}/{}{}", root, prefix, folder), errno);
    TRY(find_named(inner.get(), prefix + folder + "/", name, depth + 1, root, found));
  }
  return true;
}

}  // namespace

Result<std::vector<std::string>> remove_all_named(const std::string& root, std::string_view name) {
  const UniqueFd top(::open(root.c_str(), kDescend));
  if (!top) return failed("open", root, errno);
  std::vector<std::string> found;
  TRY(find_named(top.get(), {}, std::string(name), 0, root, found));
  std::sort(found.begin(), found.end());
  for (const std::string& path : found) {
    const std::string whole = fmt::format("{}/{}", root, path);
    if (::unlink(whole.c_str()) != 0 && !remove_whole_tree(whole)) {
      return Error{ErrorCode::io, fmt::format("cannot remove {}", whole), {}};
    }
  }
  return found;
}

}  // namespace assize
