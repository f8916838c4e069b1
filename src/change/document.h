// Prose under review (an issue, a design) as a change that adds one file, so that the rest of the way is the same.
// Pure.
#pragma once

#include <string>

#include "change/change.h"
#include "core/result.h"

namespace assize {

// `name` is what reviewers and reports call it ("issue.md"; "text" for standard input). Error invalid: empty, or not
// text at all (NUL bytes).
Result<Change> document_change(std::string name, std::string text);

}  // namespace assize
