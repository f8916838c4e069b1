// What one run of a tool looks at: the files of the scope that it can read, and the lines on which a finding counts.
// The command and the decoder derive it alike from the call. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agents/tool/catalogue.h"
#include "core/call.h"

namespace assize::tool {

inline constexpr std::size_t kMaxFiles = 400;           // one command line holds them all
inline constexpr std::size_t kMaxPathBytes = 64 << 10;  // of all of them together; a command line may have 128 KiB

struct SubjectLine {
  std::string text;
  bool added = false;
};
struct Subject {
  std::vector<std::string> files;                                                  // paths, in the order of the scope
  std::map<std::string, std::map<std::uint32_t, SubjectLine>, std::less<>> lines;  // shown lines of the post-image
  std::vector<std::string> warnings;

  // The file that a tool means by `path`: as given, or the one that an absolute path ends with; null: none of them.
  const std::string* file_at(std::string_view path) const;
};

// `kind` null: a custom tool, which gets every file.
Subject subject_of(const Scope& scope, const Kind* kind);

}  // namespace assize::tool
