// The report as SARIF 2.1.0 for code-scanning services and editors: one result a group. Pure.
#pragma once

#include <string>

#include "core/outcome.h"

namespace assize {

// Valid against the OASIS schema; indented, keys in a fixed order, ending with a newline. Paths are percent-encoded and
// relative to %SRCROOT%, the repository's root. The mapping is described in docs/reports.md.
std::string render_sarif(const Outcome& outcome);

}  // namespace assize
