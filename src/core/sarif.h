// Reads SARIF 2.1.0 of any tool into plain values. The input is not trusted: depth and size are bounded, a member of
// the wrong type is as good as missing, and what is skipped is said in a warning. Pure; never throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/result.h"
#include "core/units.h"

namespace assize {

struct SarifResult {
  std::string tool;  // name of the driver (or of the extension that the rule is of)
  std::string rule;  // ruleId
  Severity severity = Severity::medium;
  bool severity_given = false;  // by security-severity, rank or a level that stands in the log
  Category category = Category::bug;
  std::string message;  // one line
  std::string detail;   // of the rule: its full description or help
  std::string fix;      // description of the first fix
  std::string path;     // decoded, '/' between components; empty when there is no location
  std::optional<LineRange> lines;
  std::string quote;   // the first line of the region's snippet
  std::string symbol;  // fullyQualifiedName of the logical location
  std::string fingerprint;
  std::string guid;
  std::optional<std::string> suppressed;  // why, when the producer marked it as suppressed; it is still a result
  std::string where;                      // "/runs/0/results/3"
};

struct SarifLog {
  std::vector<SarifResult> results;
  std::vector<std::string> tools;    // names of the drivers, in order
  std::vector<std::string> checked;  // paths of the artifacts that the runs name as analysed
  std::vector<std::string>
      failures;  // what the tools say went wrong: notifications of level error, a failed invocation
  std::vector<std::string> warnings;
};

inline constexpr std::size_t kMaxSarifBytes = 64ULL << 20;  // as calls' max_output
inline constexpr std::size_t kMaxSarifDepth = 64;           // the schema needs 20
inline constexpr std::size_t kMaxSarifResults = 50'000;

// Error invalid: not JSON, too large, nested too deeply, or no SARIF log at all (no "runs").
// Results that say that there is nothing wrong (kind pass, notApplicable, informational; level none) are left out.
Result<SarifLog> read_sarif(std::string_view bytes);

// "file:///a%20b/c.c", "%SRCROOT%/c.c", "./c.c", "c:\\x\\c.c" -> a path with '/'. Never empty unless `uri` is.
std::string path_of_uri(std::string_view uri);

}  // namespace assize
