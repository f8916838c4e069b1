#include "agents/detect.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "agents/json_access.h"
#include "agents/surroundings.h"
#include "sys/posix.h"

namespace assize {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxEntries = 256;
constexpr std::size_t kMaxVersion = 64;
constexpr std::array<std::string_view, 5> kClis = {"claude", "codex", "gemini", "qwen", "opencode"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_version_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+';
}

Error io_error(std::string_view what, const std::string& path) {
  return Error{ErrorCode::io, fmt::format("{} {}: {}", what, path, std::strerror(errno)), {}};
}

}  // namespace

std::vector<DetectedCli> detect_clis(const Surroundings& world) {
  std::vector<DetectedCli> found;
  for (const std::string_view name : kClis) {
    DetectedCli cli;
    cli.spec.id = name;
    cli.spec.kind = name;
    if (const auto adapter = adapter_for(name)) cli.probe = (*adapter)->probe(cli.spec, world);
    found.push_back(std::move(cli));
  }
  return found;
}

std::string version_in(std::string_view output) {
  for (std::size_t i = 0; i < output.size(); ++i) {
    if (!is_digit(output[i])) continue;
    const bool inside = i > 0 && (is_digit(output[i - 1]) || output[i - 1] == '.');
    std::size_t dot = i;
    while (dot < output.size() && is_digit(output[dot])) ++dot;
    if (!inside && dot + 1 < output.size() && output[dot] == '.' && is_digit(output[dot + 1])) {
      std::size_t end = dot;
      while (end < output.size() && is_version_char(output[end])) ++end;
      while (!is_digit(output[end - 1]) && !std::isalpha(static_cast<unsigned char>(output[end - 1]))) --end;
      return std::string(output.substr(i, std::min(end - i, kMaxVersion)));
    }
    i = dot;  // past this number
  }
  return {};
}

std::optional<FileStamp> stamp_of(std::string_view path) {
  std::error_code failure;
  const auto real = std::filesystem::canonical(std::filesystem::path(path), failure);
  struct stat info {};
  if (failure || ::stat(real.c_str(), &info) != 0) return std::nullopt;
  constexpr std::int64_t kNanos = 1'000'000'000;
  return FileStamp{real.string(), static_cast<std::uint64_t>(info.st_size),
                   static_cast<std::int64_t>(info.st_mtim.tv_sec) * kNanos + info.st_mtim.tv_nsec};
}

VersionCache::VersionCache(std::string directory) : directory_(std::move(directory)) {
  const auto text = read_small_file(directory_ + "/versions.json");
  const auto document = text ? JsonText::parse(*text) : std::nullopt;
  if (!document || document->object() == nullptr) return;
  for (const auto& member : *document->object()) {
    const json::object* entry = member.value().if_object();
    if (entry == nullptr || entries_.size() >= kMaxEntries) continue;
    const auto size = json_count(*entry, {"size"});
    const json::value* modified = json_at(*entry, {"modified_ns"});
    const auto version = json_string(*entry, {"version"});
    if (!size || modified == nullptr || !modified->is_int64() || !version) continue;
    std::string path(member.key().data(), member.key().size());
    entries_[path] = Entry{FileStamp{path, *size, modified->as_int64()}, std::string(*version)};
  }
}

std::optional<std::string> VersionCache::find(const FileStamp& stamp) const {
  const auto entry = entries_.find(stamp.path);
  if (entry == entries_.end() || !(entry->second.stamp == stamp)) return std::nullopt;
  return entry->second.version;
}

void VersionCache::remember(const FileStamp& stamp, std::string_view version) {
  if (entries_.size() >= kMaxEntries && !entries_.contains(stamp.path)) entries_.clear();
  entries_[stamp.path] = Entry{stamp, std::string(version.substr(0, kMaxVersion))};
  changed_ = true;
}

Result<void*> VersionCache::save() const {
  if (!changed_) return nullptr;
  json::object document;
  for (const auto& [path, entry] : entries_) {
    document[path] = {{"size", entry.stamp.size}, {"modified_ns", entry.stamp.modified_ns}, {"version", entry.version}};
  }
  const std::string bytes = json::serialize(document) + "\n";
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::path(directory_).parent_path(), failure);
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) return io_error("cannot make", directory_);
  const std::string target = directory_ + "/versions.json";
  const std::string draft = fmt::format("{}.{}", target, ::getpid());
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return io_error("cannot write", draft);
  const bool whole = write_all(file, bytes) == 0;
  const bool closed = ::close(file) == 0;
  if (whole && closed && ::rename(draft.c_str(), target.c_str()) == 0) return nullptr;
  const Error error = io_error("cannot write", target);
  ::unlink(draft.c_str());
  return error;
}

}  // namespace assize
