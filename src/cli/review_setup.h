// What review and plan have in common: everything up to the first call. Nothing runs here but git.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/adapter.h"
#include "cli/command.h"
#include "cli/intake.h"
#include "cli/roster.h"
#include "core/result.h"
#include "trial/trial.h"

namespace assize {

struct ReviewSetup {
  Places places;
  LoadedConfig loaded;
  Intake intake;
  std::vector<Chunk> chunks;
  std::vector<ProbedAgent> agents;
  std::vector<RosterEntry> roster;
  TrialSettings settings;
  std::string policy_text;            // of the policy's file; for the digest of the settings
  bool offline = false;               // nobody was configured or named, or --offline
  std::vector<std::string> warnings;  // for standard error and for the report
  std::vector<std::string> notes;     // for standard error alone

  TrialInput input() const { return {intake.change, intake.plan, intake.images, chunks, roster, settings}; }
};

// Whether a terminal may be asked for a panel when none is configured.
enum class Asking { allowed, never };

// Errors: usage, config, policy, the change, nobody available, and with --strict anybody unavailable.
Result<std::unique_ptr<ReviewSetup>> prepare_review(const CommandContext& context, const Surroundings& world,
                                                    Asking asking);

}  // namespace assize
