// What `doctor` and the roster know of the agents on this machine without running any: which CLIs are there, and the
// version that a program told before, as long as its file is the same.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"
#include "core/result.h"

namespace assize {

struct DetectedCli {
  AgentSpec spec;  // id and kind are the CLI's name; opencode's model is left out, and has to be set
  Probe probe;
};

// The vendors' CLIs, in the order of the registry, found or not.
std::vector<DetectedCli> detect_clis(const Surroundings& world);

// The first x.y or x.y.z… of what `--version` printed, with what hangs on it ("2.1.197", "0.61.0-nightly.3"); empty:
// none.
std::string version_in(std::string_view output);

// What names the state of a program's file: its path with symlinks followed, size and time of change.
struct FileStamp {
  std::string path;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
std::optional<FileStamp> stamp_of(std::string_view path);

// Versions by stamp, in `versions.json` of a directory. A first start from a cold disk can take 50 s, so it is worth
// remembering. A file that is damaged, or of another form, counts as empty. Not thread-safe.
class VersionCache {
 public:
  explicit VersionCache(std::string directory);  // need not exist
  std::optional<std::string> find(const FileStamp& stamp) const;
  void remember(const FileStamp& stamp, std::string_view version);
  // Writes what was remembered, atomically, mode 0600; makes the directory (0700). Error io: the cache is then lost, no
  // more.
  Result<void*> save() const;

 private:
  struct Entry {
    FileStamp stamp;
    std::string version;
  };
  std::string directory_;
  std::map<std::string, Entry> entries_;  // by path
  bool changed_ = false;
};

}  // namespace assize
