// Run mode: one task given to several agents, side by side or in a chain; what they answered, what they changed, and on
// request one answer made from theirs. Like the review it does no I/O: it asks a Caller, and TaskTrees for places to
// write in. There are no findings here, and no text of an agent decides anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calls/caller.h"
#include "core/call.h"
#include "core/observer.h"
#include "core/result.h"
#include "core/task_outcome.h"
#include "trial/trial.h"

namespace assize {

enum class TaskOrder { together, chain };  // chain: one after the other, each is shown the former answers
enum class Summing { off, on };            // on: the chair writes one answer from all
enum class ChairDraw { first, lot };       // of those that answered: the first of the panel, or drawn from the seed

struct TaskSettings {
  std::string prompt;  // the user's; trusted
  ExecutionMode mode = ExecutionMode::read_only;
  TaskOrder order = TaskOrder::together;
  Summing synthesis = Summing::off;
  ChairDraw chair = ChairDraw::first;
  std::vector<std::string> target_paths;  // of the repository; for the prompt
  Strict strict = Strict::no;             // PARTIAL exits 1
  std::string nonce;                      // 32 hex digits, for the fences; fresh for each run
  std::uint64_t seed = 0;
  std::string run;
  std::string repository;
};

// A tree of its own for each agent that may write.
class TaskTrees {
 public:
  virtual ~TaskTrees() = default;
  virtual std::string head() const = 0;
  virtual std::vector<LeftOut> left_out() const = 0;
  // Once an agent: the absolute path of its tree. Error cancelled, io.
  virtual Result<std::string> open(const std::string& agent) = 0;
  // What it has changed, when it has ended. Error io, timed_out.
  virtual Result<TreeDiff> diff(const std::string& agent) = 0;
};

struct TaskInput {
  std::vector<RosterEntry> roster;   // model agents alone
  std::optional<RosterEntry> chair;  // asked for by name; empty: settings.chair says who
  TaskSettings settings;
  TaskTrees* trees = nullptr;  // REQUIRED unless the mode is read_only
};

// The decision: PASS when every agent completed (and the synthesis, where one was asked for, is there), FAIL when none
// did, else PARTIAL. An agent whose call was cancelled ends the run: nobody is asked after it.
TaskOutcome run_task(const TaskInput& input, Caller& caller, Observer& observer);

// Names the texts in src/trial/prompts/task*.md; changes when any of them does.
std::string task_prompt_version();

}  // namespace assize
