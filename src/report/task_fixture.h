// Outcomes of tasks for the tests of their reports. Tests only.
#pragma once

#include <string>

#include "core/task_outcome.h"

namespace assize::fixture {

// Three agents in mode write: one completed with a diff, one expired with half of one, one that is not installed; a
// synthesis, and something left out.
TaskOutcome rich_task();
// The same with `text` in every place that text from outside can come to.
TaskOutcome hostile_task(const std::string& text);

}  // namespace assize::fixture
