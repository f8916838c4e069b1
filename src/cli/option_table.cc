#include "cli/option_table.h"

#include <array>

namespace assize {
namespace {

using K = OptionKind;

constexpr std::array kCommands = {
    CommandRow{Command::review, "review", "[SOURCE] [OPTIONS]", "Have a change reviewed, and decide."},
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

constexpr std::array<std::string_view, 9> kCommandsNotYet = {"run",    "runs",   "show", "resume", "replay",
                                                             "report", "redact", "scan", "gc"};

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
    OptionRow{"--repo", K::value, kRuns | kConfig | kTrust | kInit | kDoctor, "DIR", "Work in this directory"},
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
    OptionRow{"--allow-paths", K::not_yet, kRuns},
    // Who reviews, and for how long.
    OptionRow{"--agents", K::value, kRuns, "a,b", "The panel: configured agents, kinds, or tools", "panel.agents"},
    OptionRow{"--offline", K::flag, kRuns, "", "The built-in rules and the static analysers found here, nobody else"},
    OptionRow{"--timeout", K::list, kRuns, "[AGENT=]TIME", "Longest time of a call; 0: none"},
    OptionRow{"--stall-timeout", K::list, kRuns, "[AGENT=]TIME", "Longest silence of a call; 0: none"},
    OptionRow{"--retries", K::value, kRuns, "N", "Further attempts after an error that may pass"},
    OptionRow{"--max-parallel", K::value, kRuns, "N", "Calls at once; 0: all", "budget.max_parallel"},
    OptionRow{"--seed", K::value, kRuns, "N", "Seed of what is drawn by lot", "panel.seed"},
    OptionRow{"--total-timeout", K::value, kRuns, "TIME", "Longest time of the run; 0: none", "budget.total_timeout"},
    OptionRow{"--phase-timeout", K::value, kRuns, "TIME", "Longest time of a phase; 0: none", "budget.phase_timeout"},
    OptionRow{"--max-tokens", K::value, kRuns, "N", "Most tokens of the run", "budget.max_tokens"},
    OptionRow{"--max-cost", K::value, kRuns, "USD", "Most money of the run", "budget.max_cost_usd"},
    // How they work together.
    OptionRow{"--chair", K::value, kRuns, "NAME", "Who sums up: auto, rotate, or an agent", "panel.chair"},
    OptionRow{"--rounds", K::value, kRuns, "N", "A debate of this many rounds, the review included", "panel.rounds"},
    OptionRow{"--max-rounds", K::value, kRuns, "N", "Most rounds of an adaptive debate", "panel.max_rounds"},
    OptionRow{"--adaptive", K::flag, kRuns, "", "Debate until nobody moves", "panel.adaptive", "true"},
    OptionRow{"--fixed", K::flag, kRuns, "", "Debate a fixed number of rounds", "panel.adaptive", "false"},
    OptionRow{"--verify", K::flag, kRuns, "", "Have groups checked by others than raised them", "panel.verify", "true"},
    OptionRow{"--no-verify", K::flag, kRuns, "", "Decide without", "panel.verify", "false"},
    OptionRow{"--auto", K::flag, kRuns, "", "Choose the depth by the change's risk", "panel.auto", "true"},
    OptionRow{"--lenses", K::value, kRuns, "a,b", "What each reviewer looks at, dealt in order", "panel.lenses"},
    OptionRow{"--divide", K::value, kRuns, "files|lenses", "Give each reviewer a slice", "panel.divide"},
    OptionRow{"--perspectives", K::value, kRuns, "JSON", "What single agents look at: {\"AGENT\": \"TEXT\"}"},
    OptionRow{"--permissions", K::not_yet, kRuns},
    OptionRow{"--enforcement", K::not_yet, kRuns},
    // The decision.
    OptionRow{"--fail-on", K::value, kRuns, "LIST", "Severities that block", "gate.fail_on"},
    OptionRow{"--min-reviews", K::value, kRuns, "N", "Valid reviews that a decision needs", "gate.min_reviews"},
    OptionRow{"--min-vendors", K::value, kRuns, "N", "Distinct makers that it needs", "gate.min_vendors"},
    OptionRow{"--strict", K::flag, kRuns, "", "Unavailable agents are an error, PARTIAL fails"},
    OptionRow{"--exit-zero", K::flag, kReview, "", "Exit 0 whatever the decision; errors still exit 2"},
    OptionRow{"--decision", K::value, kRuns, "gate|vote", "Who decides; a vote can only tighten", "gate.decision"},
    // What is printed.
    OptionRow{"--format", K::value, kReview, "FORMAT", "text, markdown, json, sarif or jsonl", "report.format"},
    OptionRow{"--output", K::list, kReview, "FORMAT:FILE", "One more report; may be repeated", "report.outputs"},
    OptionRow{"--quiet", K::flag, kReview, "", "No progress on standard error"},
    OptionRow{"--no-color", K::flag, kReview, "", "No colour, also on a terminal"},
    OptionRow{"--dry-run", K::flag, kReview, "", "The same as plan"},
    OptionRow{"--artifacts", K::not_yet, kRuns},
    // The config, and what lasts.
    OptionRow{"--config", K::value, kRuns | kConfig | kDoctor, "FILE", "Use this file instead of the repository's"},
    OptionRow{"--strict-config", K::flag, kRuns | kConfig | kDoctor, "", "Unknown keys are errors"},
    OptionRow{"--task-id", K::not_yet, kRuns},
    OptionRow{"--idempotency-key", K::not_yet, kRuns},
    OptionRow{"--reuse", K::not_yet, kRuns},
    OptionRow{"--cache", K::not_yet, kRuns},
    OptionRow{"--state-dir", K::not_yet, kRuns | kDoctor},
    OptionRow{"--sandbox", K::not_yet, kRuns | kDoctor},
    OptionRow{"--redact-rules", K::not_yet, kRuns},
    OptionRow{"--modes", K::not_yet, kDoctor},
    // Of single commands.
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
    case Command::bare:
    case Command::version:
    case Command::help:
      return 0;
  }
  return 0;
}

}  // namespace assize
