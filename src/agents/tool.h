// Static analysers as agents: known ones on PATH, and any program that prints SARIF or gcc-style lines. They run on the
// post-images of the changed files, take no configuration from the change, and what they say is kept to the lines that
// the change shows. docs/analysers.md lists them with their command lines.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_tool_adapter();

// The values of AgentSpec.tool that have a command line of their own, in the order in which the offline panel runs
// them.
std::vector<std::string> known_tools();

}  // namespace assize
