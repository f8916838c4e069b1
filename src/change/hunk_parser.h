// Reads one hunk: the counts of its header say which lines belong to it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "change/change.h"
#include "change/line_reader.h"

namespace assize {

struct HunkHeader {
  std::uint32_t old_start = 0, old_count = 0;
  std::uint32_t new_start = 0, new_count = 0;
  std::string_view section;
};

// "@@ -a[,b] +c[,d] @@[ section]"; empty when it is not one, or has numbers past 2^31.
std::optional<HunkHeader> parse_hunk_header(std::string_view line);

enum class HunkEnd { complete, early };

struct HunkResult {
  HunkEnd end = HunkEnd::complete;  // early: something else stood where a line of the hunk was due
  std::vector<std::string> problems;
};

// Whether "--- X", "+++ Y", "@@ -…" stand here: the start of another file that no count can belong to.
bool at_file_header(const LineReader& reader);

// The reader stands after the header line; afterwards it stands after the hunk. `scratch` is reused between hunks so
// that a header that lies about its counts cannot reserve memory. The counts in `hunk` become those of the lines there
// are.
HunkResult read_hunk_lines(LineReader& reader, Hunk& hunk, std::vector<Line>& scratch);

}  // namespace assize
