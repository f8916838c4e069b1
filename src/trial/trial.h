// The procedure: from a planned change and a roster to an Outcome. It does no I/O: it asks a Caller and gets values
// back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calls/caller.h"
#include "change/change.h"
#include "change/plan.h"
#include "core/call.h"
#include "core/observer.h"
#include "core/outcome.h"
#include "trial/gate.h"

namespace assize {

// One declared agent, as probed before anything starts.
struct RosterEntry {
  std::shared_ptr<const AgentSpec> spec;
  std::string vendor;
  std::string version;  // empty: not known
  bool available = false;
  std::optional<CallError> unavailable;   // why not
  std::vector<std::string> command_line;  // what would run, for the report
  CallLimits limits;
};

struct TrialSettings {
  GateSettings gate;
  std::string nonce;  // 32 hex digits, for the fences; fresh for each run
  std::uint64_t seed = 0;
  std::string run;           // id of the run
  std::string extra_prompt;  // --prompt; trusted
  enum class Context { diff, expanded } context = Context::diff;
  int contract_repair = 1;  // repair calls for an answer without a readable review
};

struct TrialInput {
  const Change& change;
  const Plan& plan;
  const PostImages& images;
  std::vector<RosterEntry> roster;
  TrialSettings settings;
};

Outcome run_trial(const TrialInput& input, Caller& caller, Observer& observer);

// The prompt that every reviewer of the roster gets (its perspective aside), for `plan` and digests.
std::string review_prompt(const TrialInput& input, const AgentSpec& agent);
// Names the texts in src/trial/prompts; changes when any of them does.
std::string prompt_version();

}  // namespace assize
