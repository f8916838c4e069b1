// From the command line of `assize run` to what the procedure needs: the task, its scope, who takes part, who sums up.
// Nothing runs here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/adapter.h"
#include "cli/command.h"
#include "cli/roster.h"
#include "core/result.h"
#include "trial/task.h"

namespace assize {

struct TaskSetup {
  Places places;
  LoadedConfig loaded;
  TaskInput input;  // all but the trees
  std::vector<std::string> warnings;
};

// Errors: usage, config, a path outside of the repository (`path_outside_repo: P`), an analyser or an agent in the
// chair alone among those named, nobody available, and with --strict anybody unavailable or a command line that allows
// more than the mode.
Result<std::unique_ptr<TaskSetup>> prepare_task(const CommandContext& context, const Surroundings& world);

// `path`, as typed at `stand`, as a path of the tree at `root` ("" is the root), every link on the way followed, also
// to what is not there. Error invalid: path_outside_repo.
Result<std::string> path_of_repository(const std::string& root, const std::string& stand, const std::string& path);

// The table of `assize doctor --modes`: what each kind of agent can do in each execution mode, and by what.
std::string modes_text();
std::string modes_json();

}  // namespace assize
