// Who sits on the panel: the agents that were asked for, each probed. Nothing runs here, and no model is asked.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"
#include "cli/options.h"
#include "core/call.h"
#include "trial/trial.h"

namespace assize {

// One agent as doctor, plan and review know it.
struct ProbedAgent {
  AgentSpec spec;
  const Adapter* adapter = nullptr;
  Probe probe;
};
// REQUIRES: the kind of each spec is known (requested_panel checks it).
std::vector<ProbedAgent> probe_agents(const std::vector<AgentSpec>& agents, const Surroundings& world);

// For the procedure. `scope` is what analysers are shown: their command lines depend on it.
std::vector<RosterEntry> make_roster(const std::vector<ProbedAgent>& agents, const std::shared_ptr<const Scope>& scope,
                                     const Options& options);

// What would run for a call of this agent, or POST and the address that would be asked; empty when nothing does, or
// when it cannot be made.
std::vector<std::string> command_line_of(const ProbedAgent& agent, std::shared_ptr<const Scope> scope);

// "runs" a program, or "asks" an endpoint.
std::string_view word_for_asking(const ProbedAgent& agent);

// For people: words are quoted as a shell would need it.
std::string shell_words(const std::vector<std::string>& words);

// The vendors' CLIs that are found and usable, by kind.
std::vector<AgentSpec> found_vendors(const Surroundings& world);

}  // namespace assize
