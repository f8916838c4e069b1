// Reads unified and git diffs: by position and counts, never by looking for words. Linear, and safe on hostile bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "change/change.h"
#include "core/result.h"

namespace assize {

struct PatchLimits {
  ByteCount max_bytes{256ULL << 20};     // spec: more is an error
  std::uint64_t max_lines = 16'000'000;  // of hunks; about 640 MB once they are parsed
};

struct ParsedPatch {
  std::vector<FileChange> files;
  std::vector<ChangeWarning> warnings;  // counts that do not add up, parts that were skipped
};

// Reads git and plain unified diffs, also several one after the other with prose between them (format-patch, mail).
// Error invalid: larger than the limit, or not a byte of it is a diff though it is not blank.
// A path that occurs more than once (patches of a series, or a file that became a link) is one FileChange with all
// hunks in the order read; when their line numbers speak of different states, a warning says so.
Result<ParsedPatch> parse_patch(std::string_view bytes, const PatchLimits& limits = {});  // copies the bytes
Result<ParsedPatch> parse_patch(std::shared_ptr<const std::string> bytes, const PatchLimits& limits = {});

}  // namespace assize
