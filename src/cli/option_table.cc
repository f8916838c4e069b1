#include "cli/option_table.h"

#include <array>

namespace assize {
namespace {

using K = OptionKind;

constexpr std::array kCommands = {
    CommandRow{Command::review, "review", "[SOURCE] [OPTIONS]", "Have a change reviewed, and decide."},
    CommandRow{Command::run, "run", "PROMPT|- [OPTIONS]", "Give one task to several agents.", 1},
    CommandRow{Command::plan, "plan", "[SOURCE] [OPTIONS]", "Show what a review would do. Runs nothing."},
    CommandRow{Command::doctor, "doctor", "[--json]", "Say which reviewers work here, and what the others lack."},
    CommandRow{Command::init, "init", "[--force]", "Write an assize.toml for the reviewers found here."},
    CommandRow{Command::config, "config", "show|path|check",
               "Print the settings in force, their files, or what is wrong.", 1},
    CommandRow{Command::trust, "trust", "[--show]", "Trust this repository's assize.toml as it is now."},
    CommandRow{Command::parse, "parse", "[FILE]", "Read a reviewer's answer into findings.", 1},
    CommandRow{Command::group, "group", "[FILE...]", "Put findings that mean the same problem into groups.", 100'000},
    CommandRow{Command::version, "version", "", "Print the version."},
    CommandRow{Command::help, "help", "[COMMAND]", "Explain a command.", 1},
};

constexpr std::array<std::string_view, 8> kCommandsNotYet = {"runs",   "show",   "resume", "replay",
                                                             "report", "redact", "scan",   "gc"};

constexpr std::array kOptions = {
    // Which change. One of them at most.
    OptionRow{"--staged", K::flag, kRuns, "", "What is staged, against HEAD"},
    OptionRow{"--unstaged", K::flag, kRuns, "", "The working tree, against the index"},
    OptionRow{"--base", K::value, kRuns, "REF", "From the merge base with REF to HEAD"},
    OptionRow{"--commit", K::value, kRuns, "REV", "One commit, against its first parent"},
    OptionRow{"--range", K::value, kRuns, "A..B", "From A to B"},
    OptionRow{"--patch", K::value, kRuns, "FILE|-", "A diff from a file, or from standard input"},
    OptionRow{"--files", K::flag, kRuns, "", "Files as they stand: the paths that are named, or all"},
    OptionRow{"--text", K::value, kRuns, "FILE|-", "Prose: an issue, a design. No repository is needed"},
    OptionRow{"--repo", K::value, kPanels | kConfig | kTrust | kInit | kDoctor, "DIR", "Work in this directory"},
    OptionRow{"--pr", K::not_yet, kRuns},
    OptionRow{"--issue", K::not_yet, kRuns},
    // What of it.
    OptionRow{"--include", K::list, kRuns, "GLOB", "Only files that match; may be repeated", "review.include"},
    OptionRow{"--exclude", K::list, kRuns, "GLOB", "Set files aside that match; may be repeated", "review.exclude"},
    OptionRow{"--max-bytes", K::value, kRuns, "SIZE", "Most bytes of diff in one piece", "review.max_bytes"},
    OptionRow{"--chunk", K::flag, kRuns, "", "Review a larger change in chunks", "review.chunk", "true"},
    OptionRow{"--no-chunk", K::flag, kRuns, "", "Refuse a larger change", "review.chunk", "false"},
    OptionRow{"--chunk-bytes", K::value, kRuns, "SIZE", "Most bytes of diff in a chunk", "review.chunk_bytes"},
    OptionRow{"--context", K::value, kRuns, "diff|expanded", "What reviewers see", "review.context"},
    OptionRow{"--prompt", K::value, kRuns, "TEXT|@FILE", "Added to what reviewers are asked"},
    OptionRow{"--policy", K::value, kRuns, "FILE", "The house's rules for a review", "review.policy"},
    OptionRow{"--target-paths", K::not_yet, kRuns},
    OptionRow{"--allow-paths", K::not_yet, kPanels},
    // Who reviews, and for how long.
    OptionRow{"--agents", K::value, kPanels, "a,b", "The panel: configured agents, kinds, or tools", "panel.agents"},
    OptionRow{"--offline", K::flag, kRuns, "", "The built-in rules and the static analysers found here, nobody else"},
    OptionRow{"--timeout", K::list, kPanels, "[AGENT=]TIME", "Longest time of a call; 0: none"},
    OptionRow{"--stall-timeout", K::list, kPanels, "[AGENT=]TIME", "Longest silence of a call; 0: none"},
    OptionRow{"--retries", K::value, kPanels, "N", "Further attempts after an error that may pass"},
    OptionRow{"--max-parallel", K::value, kPanels, "N", "Calls at once; 0: all", "budget.max_parallel"},
    OptionRow{"--seed", K::value, kPanels, "N", "Seed of what is drawn by lot", "panel.seed"},
    OptionRow{"--total-timeout", K::value, kPanels, "TIME", "Longest time of the run; 0: none", "budget.total_timeout"},
    OptionRow{"--phase-timeout", K::value, kPanels, "TIME", "Longest time of a phase; 0: none", "budget.phase_timeout"},
    OptionRow{"--max-tokens", K::value, kPanels, "N", "Most tokens of the run", "budget.max_tokens"},
    OptionRow{"--max-cost", K::value, kPanels, "USD", "Most money of the run", "budget.max_cost_usd"},
    // How they work together.
    OptionRow{"--chair", K::value, kPanels, "NAME", "Who sums up: auto, rotate, or an agent", "panel.chair"},
    OptionRow{"--rounds", K::value, kRuns, "N", "A debate of this many rounds, the review included", "panel.rounds"},
    OptionRow{"--max-rounds", K::value, kRuns, "N", "Most rounds of an adaptive debate", "panel.max_rounds"},
    OptionRow{"--adaptive", K::flag, kRuns, "", "Debate until nobody moves", "panel.adaptive", "true"},
    OptionRow{"--fixed", K::flag, kRuns, "", "Debate a fixed number of rounds", "panel.adaptive", "false"},
    OptionRow{"--verify", K::flag, kRuns, "", "Have groups checked by others than raised them", "panel.verify", "true"},
    OptionRow{"--no-verify", K::flag, kRuns, "", "Decide without", "panel.verify", "false"},
    OptionRow{"--auto", K::flag, kRuns, "", "Choose the depth by the change's risk", "panel.auto", "true"},
    OptionRow{"--lenses", K::value, kRuns, "a,b", "What each reviewer looks at, dealt in order", "panel.lenses"},
    OptionRow{"--divide", K::value, kRuns, "files|lenses", "Give each reviewer a slice", "panel.divide"},
    OptionRow{"--perspectives", K::value, kPanels, "JSON", "What single agents look at: {\"AGENT\": \"TEXT\"}"},
    OptionRow{"--permissions", K::not_yet, kPanels},
    OptionRow{"--enforcement", K::not_yet, kPanels},
    // The decision.
    OptionRow{"--fail-on", K::value, kRuns, "LIST", "Severities that block", "gate.fail_on"},
    OptionRow{"--min-reviews", K::value, kRuns, "N", "Valid reviews that a decision needs", "gate.min_reviews"},
    OptionRow{"--min-vendors", K::value, kRuns, "N", "Distinct makers that it needs", "gate.min_vendors"},
    OptionRow{"--strict", K::flag, kPanels, "", "Unavailable agents are an error, PARTIAL fails"},
    OptionRow{"--exit-zero", K::flag, kReview | kRun, "", "Exit 0 whatever the decision; errors still exit 2"},
    OptionRow{"--decision", K::value, kRuns, "gate|vote", "Who decides; a vote can only tighten", "gate.decision"},
    // What is printed.
    OptionRow{"--format", K::value, kReview | kRun, "FORMAT", "text, markdown, json, sarif or jsonl", "report.format"},
    OptionRow{"--output", K::list, kReview | kRun, "FORMAT:FILE", "One more report; may be repeated", "report.outputs"},
    OptionRow{"--quiet", K::flag, kReview | kRun, "", "No progress on standard error"},
    OptionRow{"--no-color", K::flag, kReview | kRun, "", "No colour, also on a terminal"},
    OptionRow{"--dry-run", K::flag, kReview, "", "The same as plan"},
    OptionRow{"--artifacts", K::not_yet, kRuns},
    // The config, and what lasts.
    OptionRow{"--config", K::value, kPanels | kConfig | kDoctor, "FILE", "Use this file instead of the repository's"},
    OptionRow{"--strict-config", K::flag, kPanels | kConfig | kDoctor, "", "Unknown keys are errors"},
    OptionRow{"--task-id", K::not_yet, kPanels},
    OptionRow{"--idempotency-key", K::not_yet, kPanels},
    OptionRow{"--reuse", K::not_yet, kPanels},
    OptionRow{"--cache", K::not_yet, kPanels},
    OptionRow{"--state-dir", K::not_yet, kPanels | kDoctor},
    OptionRow{"--sandbox", K::not_yet, kPanels | kDoctor},
    OptionRow{"--redact-rules", K::not_yet, kPanels},
    // Of single commands.
    OptionRow{"--mode", K::value, kRun, "MODE", "What agents may do: read_only, write or yolo"},
    OptionRow{"--chain", K::flag, kRun, "", "One after the other, each shown the former answers"},
    OptionRow{"--synthesize", K::flag, kRun, "", "One answer made from all by the chair"},
    OptionRow{"--target-paths", K::list, kRun, "a,b", "Paths that the task is about; may be repeated"},
    OptionRow{"--artifacts", K::value, kRun, "DIR", "Where answers and diffs are written"},
    OptionRow{"--modes", K::flag, kDoctor, "", "Say what each execution mode means for each kind of agent"},
    OptionRow{"--json", K::flag, kPlan | kDoctor | kConfig | kParse | kGroup, "", "Print JSON"},
    OptionRow{"--force", K::flag, kInit, "", "Replace the file that is there"},
    OptionRow{"--show", K::flag, kTrust, "", "Print what is trusted, and change nothing"},
    OptionRow{"--agent", K::value, kParse, "NAME", "Whose answer it is"},
    OptionRow{"--change", K::value, kParse, "PATCH", "Tie the findings to this diff"},
};

}  // namespace

std::span<const CommandRow> command_table() {
  return kCommands;
}
std::span<const std::string_view> commands_not_yet() {
  return kCommandsNotYet;
}
std::span<const OptionRow> option_table() {
  return kOptions;
}

unsigned bit_of(Command command) {
  switch (command) {
    case Command::review:
      return kReview;
    case Command::plan:
      return kPlan;
    case Command::doctor:
      return kDoctor;
    case Command::init:
      return kInit;
    case Command::config:
      return kConfig;
    case Command::trust:
      return kTrust;
    case Command::parse:
      return kParse;
    case Command::group:
      return kGroup;
    case Command::run:
      return kRun;
    case Command::bare:
    case Command::version:
    case Command::help:
      return 0;
  }
  return 0;
}

}  // namespace assize
