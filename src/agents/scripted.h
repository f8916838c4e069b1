// Answers from a file, for tests, demonstrations and replays. The file is JSON: a list of entries, or {"answers":
// [...]}.
//   {"agent": "a", "phase": "review", "round": 1, "chunk": 0, "ordinal": 0,      which calls it answers; all optional
//    "text": "…" | {…},                                                          the answer; an object is written as
//    JSON "error": "rate_limited" | {"kind": "…", "message": "…"},                    instead of the text, or with a
//    partial one "model": "…", "usage": {"input_tokens": 1, "output_tokens": 2, "cached_tokens": 0, "cost_usd": 0.01}}
// The first entry that fits a call answers it, so that the same call always gets the same answer. None fits: `failed`.
#pragma once

#include <memory>
#include <string_view>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_scripted_adapter();

// The answer of a script's text to a call. Error invalid: the script is not as described above (says where).
Result<Answer> scripted_answer(std::string_view script, const Call& call);

}  // namespace assize
