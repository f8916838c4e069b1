// Where a task, or one agent's part of it, stands. A state changes only along the edges that are written down here.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace assize {

// queued → dispatched → running (⇄ retrying) → aggregating → completed | partial_success | failed | cancelled |
// expired. The last five end it.
enum class TaskState {
  queued,           // declared, not handed out yet
  dispatched,       // handed to whoever runs it
  running,          // an attempt is under way
  retrying,         // an attempt failed in a way that may pass, and another one follows
  aggregating,      // answered; what it left behind is being collected
  completed,        // everything that was asked for is there
  partial_success,  // some of it is
  failed,           // nothing of it is
  cancelled,        // somebody stopped it
  expired,          // its time ended
};

std::string_view to_string(TaskState state);
std::optional<TaskState> task_state_from(std::string_view name);
bool is_terminal(TaskState state);

// `to`, if that may follow `from`: one step on, or from every state that is no end to failed, cancelled or expired.
// Error invalid, with both names: there is no such edge.
Result<TaskState> move(TaskState from, TaskState to);

// A state with the way that led to it.
class TaskTrack {
 public:
  TaskState now() const { return passed_.back(); }
  const std::vector<TaskState>& passed() const { return passed_; }  // from queued on, now() included
  // Error invalid as of move(); the track is then as it was.
  Result<TaskState> to(TaskState next);

 private:
  std::vector<TaskState> passed_ = {TaskState::queued};
};

}  // namespace assize
