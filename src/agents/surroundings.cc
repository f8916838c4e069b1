#include "agents/surroundings.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "core/text.h"

namespace assize {

namespace {

bool is_executable_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

class RealSurroundings : public Surroundings {
 public:
  std::optional<std::string> variable(std::string_view name) const override {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  }
  std::optional<std::string> find_program(std::string_view name) const override {
    return find_on_path(name, variable("PATH").value_or("/usr/local/bin:/usr/bin:/bin"));
  }
  bool file_exists(std::string_view path) const override {
    struct stat info {};
    return ::stat(std::string(path).c_str(), &info) == 0;
  }
  std::optional<std::string> read_file(std::string_view path) const override { return read_small_file(path); }
  std::string home() const override {
    if (const auto set = variable("HOME"); set && !set->empty()) return *set;
    struct passwd entry {};
    struct passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return {};
    return found->pw_dir == nullptr ? std::string() : std::string(found->pw_dir);
  }
};

}  // namespace

std::optional<std::string> read_small_file(std::string_view path) {
  const int file = ::open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return std::nullopt;
  std::optional<std::string> content;
  struct stat info {};
  if (::fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
    std::string bytes(kMaxSmallFile + 1, '\0');
    std::size_t used = 0;
    ssize_t got = 0;
    while (used < bytes.size() && (got = ::read(file, bytes.data() + used, bytes.size() - used)) > 0) {
      used += static_cast<std::size_t>(got);
    }
    if (got >= 0 && used <= kMaxSmallFile) {
      bytes.resize(used);
      content = std::move(bytes);
    }
  }
  ::close(file);
  return content;
}

std::optional<std::string> find_on_path(std::string_view name, std::string_view path_variable) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string_view::npos) {
    std::error_code failure;
    const auto absolute = std::filesystem::absolute(std::filesystem::path(name), failure);
    if (failure || !is_executable_file(absolute.string())) return std::nullopt;
    return absolute.lexically_normal().string();
  }
  for (const std::string_view directory : split(path_variable, ':')) {
    if (!directory.starts_with('/')) continue;
    std::string candidate(directory);
    if (candidate.back() != '/') candidate += '/';
    candidate += name;
    if (is_executable_file(candidate)) return candidate;
  }
  return std::nullopt;
}

std::unique_ptr<Surroundings> real_surroundings() {
  return std::make_unique<RealSurroundings>();
}

}  // namespace assize
