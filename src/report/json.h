// The machine's report, `assize.outcome.v1`: docs/outcome.schema.json describes it, docs/reports.md how it may grow.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/result.h"

namespace assize {

inline constexpr std::string_view kOutcomeSchema = "assize.outcome.v1";
// Grows by one when keys are added to v1; keys are never removed, and never change their meaning.
inline constexpr int kOutcomeRevision = 2;

// All of it, indented, keys in a fixed order, ending with a newline. ASCII control characters, invisible and
// bidirectional characters are written as \uXXXX, so that the text is inert on a terminal too; other text is UTF-8.
std::string render_json(const Outcome& outcome);

// `{"groups":[…],"findings":[…]}` for `assize group --json`: the same objects as in the outcome.
std::string render_groups_json(const Outcome& outcome);

// `{"error":{"code","message","hint"}}` and a newline.
std::string render_error_json(const Error& error);

// The word that stands for it in JSON: "invalid", "not_found", …
std::string_view to_string(ErrorCode code);

}  // namespace assize
