#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "agents/surroundings.h"
#include "calls/stack.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/observers.h"
#include "cli/outputs.h"
#include "cli/task_setup.h"
#include "cli/task_trees.h"
#include "cli/trial_settings.h"
#include "report/task_json.h"
#include "report/task_text.h"

namespace assize {
namespace {

// The reports that the flags ask for. A config's are those of reviews: its format counts where a task has it, its files
// stay as they are.
Result<std::vector<ReportTarget>> task_targets(const CommandContext& context, const Config& config) {
  std::vector<ReportTarget> targets = report_targets(config);
  const auto is_flag = [&](const char* key) { return context.options.settings.contains(key); };
  if (!is_flag("report.outputs")) targets.resize(1);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].format != Format::sarif && targets[i].format != Format::jsonl) continue;
    if (i == 0 && !is_flag("report.format")) {
      targets[i].format = Format::text;
      continue;
    }
    return invalid(
        fmt::format("{}: a task has no findings, and no report in this format", i == 0 ? "--format" : "--output"),
        "text, markdown and json are there");
  }
  TRY(check_targets(targets));
  return targets;
}

Renderer renderer_of(const TaskOutcome& outcome) {
  return [&outcome](Format format, const Terminal& terminal) {
    if (format == Format::json) return render_task_json(outcome);
    if (format == Format::markdown) return render_task_markdown(outcome);
    return render_task_text(
        outcome, {.color = terminal.color ? Color::on : Color::off, .width = terminal.out ? terminal.width : 0});
  };
}

// DIR/agents/ID.txt and ID.diff, DIR/synthesis.txt, and last DIR/run.json, which names them.
class Artifacts {
 public:
  // Error io: the directories cannot be made.
  static Result<Artifacts> make(const std::string& directory) {
    if (!directory.empty()) {
      TRY(make_directories(directory + "/agents"));
      // Better to know now than when the work is done.
      if (::access((directory + "/agents").c_str(), W_OK) != 0) {
        return Error{ErrorCode::io, fmt::format("--artifacts: {} cannot be written to", directory), {}};
      }
    }
    return Artifacts(directory);
  }

  void write(TaskOutcome& outcome) {
    if (directory_.empty()) return;
    outcome.artifacts = directory_;
    for (TaskAgent& agent : outcome.agents) {
      const std::string base = fmt::format("{}/agents/{}", directory_, agent.id);
      agent.answer_file = put(base + ".txt", agent.answer.text);
      ::unlink((base + ".diff").c_str());  // of an earlier run
      if (agent.diff) agent.diff_file = put(base + ".diff", agent.diff->patch);
    }
    const std::string summary = directory_ + "/synthesis.txt";
    ::unlink(summary.c_str());
    if (outcome.synthesis && !outcome.synthesis->text.empty()) {
      outcome.synthesis->file = put(summary, outcome.synthesis->text);
    }
    put(directory_ + "/run.json", render_task_json(outcome));
  }

  // Standard output gets what no file took.
  Delivery finish() const {
    for (const std::string& text : lost_) (void)write_stdout(text);
    return lost_.empty() ? Delivery::complete : Delivery::incomplete;
  }

 private:
  explicit Artifacts(std::string directory) : directory_(std::move(directory)) {}

  std::string put(const std::string& path, const std::string& content) {
    const auto written = write_file(path, content, FileMode::shared);
    if (written) return path;
    note(fmt::format("--artifacts: {}; its content follows on standard output", written.error().message));
    lost_.push_back(content);
    return {};
  }

  std::string directory_;
  std::vector<std::string> lost_;
};

// Removed with all that is in it before the stack, in whose directory it stands.
Result<std::unique_ptr<TaskTrees>> make_trees(const TaskSetup& setup, const CommandContext& context,
                                              const CallStack& stack) {
  if (setup.input.settings.mode == ExecutionMode::read_only) return std::unique_ptr<TaskTrees>();
  const std::string directory = stack.run_directory() + "/trees";
  TRY(make_directories(directory));
  return open_task_trees(setup.places, context.environment, directory,
                         [&stack] { return stack.interrupted_by().has_value(); });
}

Error interrupted(int signal, const std::string& artifacts) {
  return Error{
      ErrorCode::cancelled,
      fmt::format("interrupted by {}: every agent was stopped", signal == SIGINT ? "SIGINT" : "SIGTERM"),
      artifacts.empty() ? std::string("run it again") : fmt::format("what was done by then is in {}", artifacts)};
}

Result<int> run(const CommandContext& context, const std::vector<ReportTarget>& targets, TaskSetup& setup,
                const Surroundings& world) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [begin] { return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin); };
  const std::string started_at = rfc3339_now();
  setup.input.settings.run = new_run_id();
  TRY_ASSIGN(Artifacts artifacts, Artifacts::make(context.options.artifacts));

  Observers observers;
  Watch watch(context, targets, elapsed);
  watch.join(observers);
  CallStackSettings stack_settings;
  stack_settings.world = &world;
  stack_settings.throttle.max_parallel =
      static_cast<int>(setup.loaded.config.integer("budget.max_parallel").value_or(0));
  const BudgetReport budget = choose_budget(setup.loaded.config);
  stack_settings.budget = {budget.total_timeout, budget.phase_timeout, budget.max_tokens, budget.max_cost_usd};
  stack_settings.seed = setup.input.settings.seed;
  stack_settings.observer = &observers;
  TRY_ASSIGN(const std::unique_ptr<CallStack> stack, CallStack::make(stack_settings));
  const Subscribed tick = stack->every(watch.period(), [&watch] { watch.tick(); });
  const ErrorForm form = targets.front().format == Format::json ? ErrorForm::json : ErrorForm::text;

  auto trees = make_trees(setup, context, *stack);
  if (const auto signal = stack->interrupted_by(); signal && !trees) {
    watch.finish();
    report_error(interrupted(*signal, {}), form);
    return 128 + *signal;  // as shells count
  }
  if (!trees) return trees.error();
  setup.input.trees = trees->get();

  TaskOutcome outcome = run_task(setup.input, stack->caller(), observers);
  watch.finish();
  outcome.started_at = started_at;
  outcome.duration = elapsed();
  outcome.warnings.insert(outcome.warnings.begin(), setup.warnings.begin(), setup.warnings.end());
  artifacts.write(outcome);
  if (const auto signal = stack->interrupted_by()) {
    report_error(interrupted(*signal, outcome.artifacts), form);
    return 128 + *signal;
  }
  const Delivery reports = deliver(targets, renderer_of(outcome), context.terminal);
  if (artifacts.finish() == Delivery::incomplete || reports == Delivery::incomplete) return kExitUsage;
  return context.options.exit_zero ? 0 : outcome.decision.exit;
}

}  // namespace

Result<int> run_task_command(const CommandContext& context) {
  const std::unique_ptr<Surroundings> world = real_surroundings();
  TRY_ASSIGN(const std::unique_ptr<TaskSetup> setup, prepare_task(context, *world));
  TRY_ASSIGN(const std::vector<ReportTarget> targets, task_targets(context, setup->loaded.config));
  if (!context.options.quiet) {
    for (const std::string& warning : setup->warnings) warn(warning);
  }
  return run(context, targets, *setup, *world);
}

}  // namespace assize
