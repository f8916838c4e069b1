// The procedure: from a planned change and a roster to an Outcome. It does no I/O: it asks a Caller and gets values
// back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calls/caller.h"
#include "change/change.h"
#include "change/chunks.h"
#include "change/plan.h"
#include "core/call.h"
#include "core/observer.h"
#include "core/outcome.h"
#include "trial/gate.h"
#include "trial/policy.h"

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

enum class Debate { adaptive, fixed };  // until nobody moves, or exactly rounds - 1 times
enum class Verify { off, on };
enum class Depth { as_configured, by_risk };
enum class Names { hidden, shown };  // of peers in a debate
enum class Division { none, files, lenses };
enum class Subject { change, document };  // code, or prose (issue mode)

struct TrialSettings {
  GateSettings gate;
  Subject subject = Subject::change;
  Debate debate = Debate::adaptive;
  int rounds = 2;      // of a fixed debate, the review included
  int max_rounds = 3;  // of an adaptive one, the review included
  Verify verify = Verify::on;
  Depth depth = Depth::as_configured;
  Names names = Names::hidden;
  std::string chair = "auto";         // "auto", "rotate" or an agent's id
  std::optional<std::size_t> quorum;  // valid reviews after which the others get `grace`
  Millis grace{30'000};
  std::vector<std::string> lenses;  // dealt to the reviewers in roster order
  Division division = Division::none;
  Policy policy;
  BudgetReport budget;  // its limits, for the report; the Budget layer of calls/ keeps them
  std::string nonce;    // 32 hex digits, for the fences; fresh for each run
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
  const std::vector<Chunk>& chunks;  // of `change`, for reviewers; one or more unless nothing is kept
  std::vector<RosterEntry> roster;
  TrialSettings settings;
};

Outcome run_trial(const TrialInput& input, Caller& caller, Observer& observer);

// The prompt that every reviewer of the roster gets (its perspective aside), for `plan` and digests.
std::string review_prompt(const TrialInput& input, const AgentSpec& agent);
// Names the texts in src/trial/prompts; changes when any of them does.
std::string prompt_version();

}  // namespace assize
