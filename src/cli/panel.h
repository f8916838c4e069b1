// From settings to what the procedure needs: the panel that is asked for, the limits of its calls, the gate, the plan.
// Pure: which kinds and tools there are is handed in, and nobody is probed here.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "change/plan.h"
#include "cli/config_files.h"
#include "cli/options.h"
#include "core/call.h"
#include "core/result.h"
#include "trial/gate.h"

namespace assize {

// What an agent may be called without being configured.
struct Vocabulary {
  std::vector<std::string_view> kinds;
  std::vector<std::string> tools;
  // Why a word is no kind; an error says whether it is unknown or not built yet.
  std::function<Result<bool>(std::string_view kind)> check_kind;
};
Vocabulary built_in_vocabulary();  // of agents/

struct PanelRequest {
  std::vector<AgentSpec> agents;  // in the order asked for, each once; empty: none was configured or named
  std::vector<std::string> warnings;
};
// Errors invalid, one line, with where the name came from: no such agent, a kind without what it needs, a --timeout or
// --perspectives for an agent that is not on the panel.
Result<PanelRequest> requested_panel(const LoadedConfig& loaded, const Options& options, const Vocabulary& words);

// Every [agents.NAME] section, whether or not it is on the panel, for doctor.
Result<std::vector<AgentSpec>> configured_agents(const LoadedConfig& loaded, const Vocabulary& words);

// What would stop a run because of its agents: a section or a name on the panel that cannot be one.
std::vector<Error> panel_problems(const LoadedConfig& loaded, const Vocabulary& words);

// The rules and the analysers alone: `lint` and each of `tools`.
std::vector<AgentSpec> offline_panel(const std::vector<std::string>& tools);

// Flags first, then the agent's own section, then the defaults. A timeout of 0 is none.
CallLimits limits_for(const AgentSpec& agent, const Options& options);

GateSettings gate_settings(const Config& config, const Options& options, OfflineExit offline);
// Error invalid: a glob that cannot be read; the option or the place in the config is named.
Result<PlanOptions> plan_options(const Config& config);

}  // namespace assize
