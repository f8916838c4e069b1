// From settings to how the panel works: rounds, chair, lenses, division, budgets. Pure: nobody is probed here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/config_files.h"
#include "core/call.h"
#include "core/outcome.h"
#include "core/result.h"
#include "trial/trial.h"

namespace assize {

// What reviewers look at when the work is divided by lenses and none are named.
inline constexpr std::string_view kStandardLenses[] = {"security", "correctness", "error handling", "performance",
                                                       "maintainability"};

struct ProcedureSettings {
  // All but the gate, the policy, and what belongs to one run (nonce, seed, run, prompt, subject).
  TrialSettings settings;
  std::vector<std::string> warnings;
};
// `panel` is the agents that were asked for, usable or not; empty: none were. Errors invalid, one line, with the place
// of the setting: a quorum that the panel cannot reach, a lens without text, settings of one layer that contradict each
// other, a panel whose reviewers all wait in the chair.
Result<ProcedureSettings> procedure_settings(const Config& config, const std::vector<AgentSpec>& panel);

// The limits of a run.
BudgetReport choose_budget(const Config& config);

// Model agents that review: no analysers, and not those in the chair alone.
std::size_t reviewers_of(const std::vector<AgentSpec>& panel);

}  // namespace assize
