// The environment of an agent: an allow-list, and what is named for it. Nothing else of ours reaches it.
#pragma once

#include <string>
#include <vector>

#include "agents/adapter.h"

namespace assize {

// "NAME=value" entries, sorted by name. Passed on when set: PATH, LANG, LC_*, the proxy variables, and the invocation's
// passed_env. Set: HOME and TMPDIR (of the room), TERM=dumb, the invocation's env, and last the agent's own env.
// The agent's env cannot move HOME or TMPDIR out of the room: those names go to `refused`.
struct AgentEnvironment {
  std::vector<std::string> entries;
  std::vector<std::string> refused;
};
AgentEnvironment agent_environment(const AgentSpec& spec, const Invocation& invocation, const Room& room,
                                   const Surroundings& world);

}  // namespace assize
