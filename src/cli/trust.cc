#include "cli/trust.h"

#include <fcntl.h>
#include <sys/file.h>

#include <fmt/core.h>

#include "cli/files.h"
#include "core/hash.h"
#include "core/text.h"
#include "sys/unique_fd.h"

namespace assize {
namespace {

constexpr std::size_t kMaxStoreBytes = 4 << 20;  // some 30,000 repositories
constexpr std::size_t kDigestDigits = 64;        // SHA-256 in hex

}  // namespace

TrustStore::TrustStore(std::string config_directory) : directory_(std::move(config_directory)) {}

std::string TrustStore::file() const {
  return directory_ + "/trusted";
}

Result<std::map<std::string, std::string>> TrustStore::digests() const {
  std::map<std::string, std::string> out;
  if (directory_.empty()) return out;
  const auto text = read_file(file(), kMaxStoreBytes);
  if (!text && text.error().code == ErrorCode::not_found) return out;
  if (!text) return text.error();
  for (const std::string_view line : split_lines(*text)) {
    const bool well_formed = line.size() > kDigestDigits + 2 && line.substr(kDigestDigits, 2) == "  " &&
                             line.substr(0, kDigestDigits).find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!well_formed) {
      return Error{ErrorCode::corrupt, fmt::format("{}: a line is not `SHA-256  PATH`", file()),
                   "mend or remove the file, then run `assize trust` again where it is needed"};
    }
    out[std::string(line.substr(kDigestDigits + 2))] = std::string(line.substr(0, kDigestDigits));
  }
  return out;
}

Result<Trust> TrustStore::look_up(const std::string& path, std::string_view content) const {
  TRY_ASSIGN(const auto known, digests());
  const auto found = known.find(path);
  if (found == known.end()) return Trust::unknown;
  return found->second == sha256_hex(content) ? Trust::trusted : Trust::changed;
}

Result<bool> TrustStore::record(const std::string& path, std::string_view content) const {
  if (directory_.empty()) {
    return Error{ErrorCode::unavailable, "there is no place to remember it: neither XDG_CONFIG_HOME nor HOME is set",
                 "ASSIZE_TRUST_REPO_CONFIG=1 trusts the file for one run"};
  }
  if (path.find('\n') != std::string::npos) {
    return Error{ErrorCode::unsupported, "a path with a line break cannot be trusted", {}};
  }
  TRY(make_directories(directory_));
  // Held while the list is read and replaced, so that two processes do not lose each other's line.
  const UniqueFd lock(::open((file() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock) (void)::flock(lock.get(), LOCK_EX);
  TRY_ASSIGN(auto known, digests());
  known[path] = sha256_hex(content);
  std::string text;
  for (const auto& [where, digest] : known) text += fmt::format("{}  {}\n", digest, where);
  return write_file(file(), text, FileMode::secret);
}

}  // namespace assize
