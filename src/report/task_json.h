// What a task came to, for machines, `assize.run.v1`: docs/task.schema.json describes it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/task_outcome.h"

namespace assize {

inline constexpr std::string_view kTaskSchema = "assize.run.v1";
// Grows by one when keys are added to v1; keys are never removed, and never change their meaning.
inline constexpr int kTaskRevision = 1;

// All of it, indented, keys in a fixed order, ending with a newline. Answers and patches are whole: a reader gets back
// the text as the agent wrote it (control characters are written as \uXXXX).
std::string render_task_json(const TaskOutcome& outcome);

}  // namespace assize
