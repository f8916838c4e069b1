#include "sys/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "sys/unique_fd.h"

namespace assize {
namespace {

constexpr std::size_t kReadStep = std::size_t{64} << 10U;
constexpr int kMaxDepth = 200;  // of directories; keeps a chain of them from using up descriptors and stack
constexpr int kDescend = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Error system_error(int code) {
  const std::string words = std::generic_category().message(code);
  const bool missing = code == ENOENT || code == ENOTDIR;
  if (missing) return Error{ErrorCode::not_found, "no such file or directory", {}};
  const bool denied = code == EACCES || code == EPERM;
  return Error{denied ? ErrorCode::unavailable : ErrorCode::io, words, {}};
}

// The first `cap` bytes.
Result<std::string> read_up_to(int fd, std::uint64_t cap) {
  std::string bytes;
  while (bytes.size() < cap) {
    const std::size_t had = bytes.size();
    bytes.resize(had + std::min<std::uint64_t>(std::max(kReadStep, had), cap - had));
    const ssize_t got = ::read(fd, bytes.data() + had, bytes.size() - had);
    bytes.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) return system_error(errno);
    if (got == 0) break;
  }
  return bytes;
}

struct Place {
  UniqueFd directory;
  std::string name;
};

class DiskTree final : public FileTree {
 public:
  DiskTree(std::filesystem::path root, std::filesystem::path stand, UniqueFd fd)
      : root_(std::move(root)), stand_(std::move(stand)), fd_(std::move(fd)) {}

  std::string root() const override { return root_.string(); }

  Result<TreeFile> read(std::string_view path, ByteCount cap) override {
    TRY_ASSIGN(const Place place, descend(path));
    struct stat info {};
    if (::fstatat(place.directory.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
      return system_error(errno);
    TreeFile file;
    if (S_ISLNK(info.st_mode)) return read_link(place, cap);
    if (!S_ISREG(info.st_mode)) return Error{ErrorCode::io, "neither a regular file nor a link", {}};
    // O_NONBLOCK: if it has become a pipe meanwhile, opening must not wait.
    const UniqueFd fd(
        ::openat(place.directory.get(), place.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd) return system_error(errno);
    if (::fstat(fd.get(), &info) != 0) return system_error(errno);
    if (!S_ISREG(info.st_mode)) return Error{ErrorCode::io, "no regular file", {}};
    file.executable = (info.st_mode & S_IXUSR) != 0;
    TRY_ASSIGN(file.bytes, read_up_to(fd.get(), cap.value));
    file.size = std::max<std::uint64_t>(static_cast<std::uint64_t>(info.st_size), file.bytes.size());
    return file;
  }

  Result<std::vector<std::string>> list(std::string_view path) override {
    std::vector<std::string> files;
    if (path.empty()) {
      TRY(list_directory(UniqueFd(::openat(fd_.get(), ".", kDescend)), "", files, 0));
    } else {
      TRY_ASSIGN(const Place place, descend(path));
      struct stat info {};
      if (::fstatat(place.directory.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return system_error(errno);
      if (!S_ISDIR(info.st_mode)) {
        if (!S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode))
          return Error{ErrorCode::io, "neither a file nor a link", {}};
        return std::vector<std::string>{std::string(path)};
      }
      UniqueFd directory(::openat(place.directory.get(), place.name.c_str(), kDescend));
      TRY(list_directory(std::move(directory), std::string(path) + "/", files, 0));
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  Result<std::string> resolve(std::string_view path) const override {
    if (path.empty()) return invalid("the path is empty");
    namespace fs = std::filesystem;
    std::error_code ignored;
    fs::path whole = (stand_ / fs::path(path)).lexically_normal();
    if (!whole.has_filename()) whole = whole.parent_path();
    // Links on the way to the tree are the user's own; the last component is taken as it stands.
    const fs::path parent = fs::weakly_canonical(whole.parent_path(), ignored);
    for (const fs::path& candidate : {whole, parent / whole.filename()}) {
      const fs::path relative = candidate.lexically_relative(root_);
      if (relative == ".") return std::string();
      if (!relative.empty() && *relative.begin() != "..") return relative.generic_string();
    }
    return invalid(fmt::format("it is outside of {}", root_.string()), "paths are meant from where you stand");
  }

  Result<std::string> read_named(std::string_view file, ByteCount cap) override {
    if (file == "-") return read_descriptor(STDIN_FILENO, cap);
    return read_whole_file((stand_ / file).string(), cap);
  }

 private:
  // The open directory that holds the last component.
  Result<Place> descend(std::string_view path) const {
    if (path.empty() || path[0] == '/' || path.find('\0') != std::string_view::npos) {
      return invalid("not a path inside the tree");
    }
    Place place{UniqueFd(::openat(fd_.get(), ".", kDescend)), {}};
    while (true) {
      if (!place.directory) return system_error(errno);
      const std::size_t slash = path.find('/');
      place.name = std::string(path.substr(0, slash));
      if (place.name.empty() || place.name == "." || place.name == "..") return invalid("not a path inside the tree");
      if (slash == std::string_view::npos) return place;
      path.remove_prefix(slash + 1);
      place.directory = UniqueFd(::openat(place.directory.get(), place.name.c_str(), kDescend));
      if (!place.directory && errno == ELOOP) return invalid("a link leads there");
    }
  }

  static Result<TreeFile> read_link(const Place& place, ByteCount cap) {
    TreeFile file;
    file.type = TreeFile::Type::link;
    file.bytes.resize(4096);  // PATH_MAX
    const ssize_t got = ::readlinkat(place.directory.get(), place.name.c_str(), file.bytes.data(), file.bytes.size());
    if (got < 0) return system_error(errno);
    file.size = static_cast<std::uint64_t>(got);
    file.bytes.resize(std::min(file.size, cap.value));
    return file;
  }

  static Result<bool> list_directory(UniqueFd fd, const std::string& prefix, std::vector<std::string>& files,
                                     int depth) {
    if (depth > kMaxDepth)
      return Error{ErrorCode::io, fmt::format("directories are nested more than {} deep", kMaxDepth), {}};
    if (!fd) return system_error(errno);
    DIR* const stream = ::fdopendir(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
    if (stream == nullptr) return system_error(errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name == "." || name == ".." || name == ".git") continue;
      struct stat info {};
      if (::fstatat(fd.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISREG(info.st_mode) || S_ISLNK(info.st_mode)) {
        files.push_back(prefix + name);
      } else if (S_ISDIR(info.st_mode)) {
        TRY(list_directory(UniqueFd(::openat(fd.get(), name.c_str(), kDescend)), prefix + name + "/", files,
                           depth + 1));
      }
    }
    return true;
  }

  std::filesystem::path root_, stand_;
  UniqueFd fd_;
};

}  // namespace

Result<std::unique_ptr<FileTree>> open_file_tree(const std::string& root, const std::string& stand) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path real_root = fs::canonical(root, error);
  if (error) return Error{ErrorCode::not_found, fmt::format("{}: {}", root, error.message()), {}};
  fs::path real_stand = fs::canonical(stand, error);
  if (error) return Error{ErrorCode::not_found, fmt::format("{}: {}", stand, error.message()), {}};
  UniqueFd fd(::open(real_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    Error failed = system_error(errno);
    failed.message = fmt::format("{}: {}", root, errno == ENOTDIR ? "not a directory" : failed.message);
    return failed;
  }
  return std::unique_ptr<FileTree>(
      std::make_unique<DiskTree>(std::move(real_root), std::move(real_stand), std::move(fd)));
}

Result<std::string> read_descriptor(int fd, ByteCount cap) {
  TRY_ASSIGN(std::string bytes, read_up_to(fd, cap.value + 1));
  if (bytes.size() > cap.value) return invalid(fmt::format("it has more than {} bytes", cap.value));
  return bytes;
}

Result<std::string> read_whole_file(const std::string& path, ByteCount cap) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return system_error(errno);
  return read_descriptor(fd.get(), cap);
}

}  // namespace assize
