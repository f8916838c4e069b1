// Trees for the agents of `assize run` that may write, over sys/worktree: which files they get, and by whom each is
// held.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/config_files.h"
#include "core/result.h"
#include "trial/task.h"

namespace assize {

// Copies the working tree at places.root into `directory`, which is absolute, private, exists and is empty, and is
// emptied at the end. Not given to agents: what git does not track and is private by its name, and the settings of
// agents, which could start programs. `stopped`: give up copying. Errors as of WorkTrees::make(); invalid outside of a
// repository.
Result<std::unique_ptr<TaskTrees>> open_task_trees(const Places& places, const Environment& environment,
                                                   const std::string& directory, std::function<bool()> stopped);

}  // namespace assize
