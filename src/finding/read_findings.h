// Reads findings from files in our own JSON: for `assize group`. Strict, since these files come from programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/result.h"

namespace assize {

// Accepts {"findings": [{"id", "agent", "title", …}]}: those three are required strings, everything else is optional
// and named as in docs/finding.schema.json; ids must be unique; unknown keys are ignored. An `assize.outcome.v1`
// document is one such object. `name` stands in messages. Errors: invalid, with the place and what was expected there.
Result<std::vector<Finding>> read_findings(std::string_view json, std::string_view name);

}  // namespace assize
