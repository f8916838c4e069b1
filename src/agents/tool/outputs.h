// Reads what analysers print. Each reader takes untrusted text, skips what it does not know, and never throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/tool/catalogue.h"
#include "core/finding.h"
#include "core/result.h"

namespace assize::tool {

// One thing that a tool said, in its own words.
struct Remark {
  std::string path;
  std::uint32_t line = 0;
  std::uint32_t end_line = 0;  // 0: as line
  std::string level;  // the tool's: "error", "warning", "HIGH", "2"; "fatal" when the file could not be analysed
  std::string rule;
  std::string message;
  std::string fix;
  std::string confidence;            // bandit's
  std::optional<Severity> severity;  // SARIF's own scale
  bool suppressed = false;
};

struct Output {
  std::vector<Remark> remarks;
  std::vector<std::string> failed;    // files that the tool says it could not analyse
  std::vector<std::string> finished;  // files that it says it has analysed; only gcc's wrapper does
  std::vector<std::string> warnings;  // and why
};

inline constexpr std::size_t kMaxRemarks = 20'000;

// Error invalid: the output is not in that format at all. For gcc and plain there is no such case: other lines are
// skipped.
Result<Output> read_output(Format format, std::string_view text);

}  // namespace assize::tool
