// The words that the text and the Markdown report of a task have in common. Raw: not escaped, not cleaned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/task_outcome.h"

namespace assize::report {

// "completed in 12.3 s", "failed: rate_limited: no more", …
std::string standing_of(const TaskAgent& agent);
// "2 files changed, +3 -1", "no file changed"
std::string changes_of(const TreeDiff& diff);
// "+3 -1" or "binary"
std::string lines_of(const ChangedFile& file);
// "A", "M", "D"
std::string_view letter_of(ChangedFile::Kind kind);
// "written by claude; A is codex, B is claude", or why there is none
std::string origin_of(const TaskSynthesis& synthesis);
// "write, one after the other, scope: src/a"; of the run
std::string manner_of(const TaskOutcome& outcome);

}  // namespace assize::report
