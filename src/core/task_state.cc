#include "core/task_state.h"

#include <array>
#include <cstddef>

#include <fmt/core.h>

namespace assize {

namespace {

using S = TaskState;

constexpr std::array<std::string_view, 10> kNames = {"queued",      "dispatched", "running",         "retrying",
                                                     "aggregating", "completed",  "partial_success", "failed",
                                                     "cancelled",   "expired"};

bool is_step(TaskState from, TaskState to) {
  switch (from) {
    case S::queued:
      return to == S::dispatched;
    case S::dispatched:
      return to == S::running;
    case S::running:
      return to == S::retrying || to == S::aggregating;
    case S::retrying:
      return to == S::running;
    case S::aggregating:
      return to == S::completed || to == S::partial_success;
    default:
      return false;
  }
}

}  // namespace

std::string_view to_string(TaskState state) {
  return kNames.at(static_cast<std::size_t>(state));
}

std::optional<TaskState> task_state_from(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == name) return static_cast<TaskState>(i);
  }
  return std::nullopt;
}

bool is_terminal(TaskState state) {
  return state >= TaskState::completed;
}

Result<TaskState> move(TaskState from, TaskState to) {
  const bool stops = to == S::failed || to == S::cancelled || to == S::expired;
  if (!is_terminal(from) && (stops || is_step(from, to))) return to;
  return invalid(fmt::format("a task that is {} cannot become {}", to_string(from), to_string(to)));
}

Result<TaskState> TaskTrack::to(TaskState next) {
  TRY_ASSIGN(const TaskState reached, move(now(), next));
  passed_.push_back(reached);
  return reached;
}

}  // namespace assize
