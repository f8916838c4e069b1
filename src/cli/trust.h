// Which repositories' configs the user trusts, by their exact content: a file of lines `SHA-256  PATH` in the user's
// config directory. Nobody but the user writes there; an edit of the config revokes its trust.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"

namespace assize {

enum class Trust { trusted, changed, unknown };  // changed: an earlier content of this file was trusted

class TrustStore {
 public:
  // `config_directory` is absolute; empty: there is none, nothing is trusted and nothing can be.
  explicit TrustStore(std::string config_directory);

  // By absolute path. Errors io and corrupt: the list cannot be read; nothing of it counts then.
  Result<std::map<std::string, std::string>> digests() const;
  Result<Trust> look_up(const std::string& path, std::string_view content) const;
  // Records the content in place of an earlier one. Errors as above, and unsupported for a path with a line break.
  Result<bool> record(const std::string& path, std::string_view content) const;
  std::string file() const;

 private:
  std::string directory_;
};

}  // namespace assize
