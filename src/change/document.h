// Prose under review (an issue, a design) as a change that adds one file, so that the rest of the way is the same. To
// be planned with Keep::everything: what the name is like says nothing about prose. Pure.
#pragma once

#include <string>

#include "change/change.h"
#include "core/result.h"

namespace assize {

// `name` is what reviewers and reports call it ("issue.md"; "text" for standard input). Error invalid: empty, or not
// text at all (NUL bytes). Bytes that are not UTF-8 and CR LF stay as they are.
Result<Change> document_change(std::string name, std::string text);

}  // namespace assize
