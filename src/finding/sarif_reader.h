// Findings from SARIF 2.1.0 of any tool, for `assize group`. The walk itself is core/sarif; here a result becomes a
// finding. Pure; never throws.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/result.h"

namespace assize {

struct SarifFindings {
  std::vector<Finding> findings;  // in the order of the log; agent = the tool's name, ids "<agent>-<n>"
  std::vector<std::string> warnings;
};

// `name` is the file's, for messages. A result that its producer suppressed stays a finding, of severity info, and says
// so in its detail: what is hidden there must be seen here. Error invalid: no SARIF.
Result<SarifFindings> read_sarif_findings(std::string_view bytes, std::string_view name);

}  // namespace assize
