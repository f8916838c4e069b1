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
#include "cli/review_setup.h"
#include "core/hash.h"
#include "report/events.h"

namespace assize {
namespace {

Millis since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin);
}

// The jsonl targets of a run, each with its writer. They exist before the run does, so that an error before it is an
// event too.
class Events {
 public:
  explicit Events(const std::vector<ReportTarget>& targets) {
    for (const ReportTarget& target : targets) {
      if (target.format != Format::jsonl) continue;
      auto stream = std::make_unique<Stream>(target, [this](std::string_view message) { tell(message); });
      stream->writer = std::make_unique<EventWriter>(
          [this, sink = &stream->sink](std::string_view line) {
            if (sink->write(line) == EventSink::Fate::reader_gone && on_reader_gone) on_reader_gone();
          },
          rfc3339_now);
      streams_.push_back(std::move(stream));
    }
  }

  void join(Observers& observers) {
    for (auto& stream : streams_) observers.add(*stream->writer);
  }
  void failed(const Error& error, int exit) {
    for (auto& stream : streams_) stream->writer->failed(error, exit);
  }
  void interrupted(int exit) {
    for (auto& stream : streams_) stream->writer->interrupted(exit);
  }
  // The run then need not go on.
  void look_for_readers() {
    for (auto& stream : streams_) {
      if (stream->sink.reader_gone() && on_reader_gone) on_reader_gone();
    }
  }
  Delivery finish() {
    Delivery delivery = Delivery::complete;
    for (auto& stream : streams_) {
      if (stream->sink.finish() == Delivery::incomplete) delivery = Delivery::incomplete;
    }
    return delivery;
  }

  std::function<void()> on_reader_gone;                       // nobody listens any more
  std::function<void(std::string_view message)> tell = note;  // what goes wrong

 private:
  struct Stream {
    Stream(const ReportTarget& target, std::function<void(std::string_view)> tell) : sink(target, std::move(tell)) {}
    EventSink sink;
    std::unique_ptr<EventWriter> writer;  // after the sink: its end may write
  };
  std::vector<std::unique_ptr<Stream>> streams_;
};

// Of what was asked for: the settings with the flags among them, the policy, and the texts for single agents.
std::string config_digest(const ReviewSetup& setup) {
  const Config& config = setup.loaded.config;
  Digest digest;
  for (const auto& [name, setting] : config.settings) digest.add(name).add(to_toml(setting.value));
  for (const auto& [id, keys] : config.agents) {
    for (const auto& [key, setting] : keys) digest.add(id).add(key).add(to_toml(setting.value));
  }
  digest.add(setup.policy_text);
  for (const RosterEntry& entry : setup.roster) digest.add(entry.spec->id).add(entry.spec->perspective);
  return digest.hex();
}

// What the procedure does not know, as it has no clock and no config.
void complete(Outcome& outcome, const ReviewSetup& setup, const std::string& started_at, Millis duration) {
  outcome.started_at = started_at;
  outcome.duration = duration;
  outcome.digests["config"] = config_digest(setup);
  outcome.warnings.insert(outcome.warnings.begin(), setup.warnings.begin(), setup.warnings.end());
}

Result<int> review(const CommandContext& context, const std::vector<ReportTarget>& targets, ReviewSetup& setup,
                   const Surroundings& world, Events& events) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string started_at = rfc3339_now();
  setup.settings.run = new_run_id();

  Observers observers;
  events.join(observers);
  Watch watch(context, targets, [begin] { return since(begin); });
  watch.join(observers);

  CallStackSettings stack_settings;
  stack_settings.world = &world;
  stack_settings.throttle.max_parallel =
      static_cast<int>(setup.loaded.config.integer("budget.max_parallel").value_or(0));
  const BudgetReport& budget = setup.settings.budget;
  stack_settings.budget = {budget.total_timeout, budget.phase_timeout, budget.max_tokens, budget.max_cost_usd};
  stack_settings.seed = setup.settings.seed;
  stack_settings.observer = &observers;
  TRY_ASSIGN(const std::unique_ptr<CallStack> stack, CallStack::make(stack_settings));
  events.on_reader_gone = [&stack] { stack->cancel_all(); };
  events.tell = [&watch](std::string_view message) { watch.note(message); };
  const Subscribed tick = stack->every(watch.period(), [&watch, &events] {
    watch.tick();
    events.look_for_readers();
  });

  Outcome outcome = run_trial(setup.input(), stack->caller(), observers);
  events.on_reader_gone = nullptr;
  events.tell = note;
  watch.finish();
  if (const auto signal = stack->interrupted_by()) {
    const int exit = 128 + *signal;  // as shells count
    events.interrupted(exit);
    (void)events.finish();
    const Error error{ErrorCode::cancelled,
                      fmt::format("interrupted by {}: every agent was stopped, nothing was decided",
                                  *signal == SIGINT ? "SIGINT" : "SIGTERM"),
                      "resuming is not built yet; run the review again"};
    report_error(error, targets.front().format == Format::json ? ErrorForm::json : ErrorForm::text);
    return exit;
  }
  complete(outcome, setup, started_at, since(begin));
  observers.run_finished(outcome);

  const Delivery reports = deliver(targets, outcome, context.terminal);
  const Delivery streams = events.finish();
  if (reports == Delivery::incomplete || streams == Delivery::incomplete) return kExitUsage;
  return context.options.exit_zero ? 0 : outcome.decision.exit;
}

}  // namespace

Result<int> run_review(const CommandContext& context) {
  const std::unique_ptr<Surroundings> world = real_surroundings();
  auto setup = prepare_review(context, *world, Asking::allowed);
  std::vector<ReportTarget> targets;
  std::optional<Error> wrong;
  if (!setup) {
    wrong = setup.error();
  } else {
    targets = report_targets((*setup)->loaded.config);
    if (const auto fit = check_targets(targets); !fit) wrong = fit.error();
  }
  if (wrong) {
    // The targets of the flags alone: the config may be what is wrong.
    Config flags = built_in_config();
    LayerSettings layer;
    layer.settings = context.options.settings;
    apply_layer(flags, layer);
    Events events(report_targets(flags));
    events.failed(*wrong, kExitUsage);
    (void)events.finish();
    return *wrong;
  }
  if (!context.options.quiet) {
    for (const std::string& warning : (*setup)->warnings) warn(warning);
    for (const std::string& line : (*setup)->notes) note(line);
  }
  Events events(targets);
  auto exit = review(context, targets, **setup, *world, events);
  if (!exit) {
    events.failed(exit.error(), kExitUsage);
    (void)events.finish();
  }
  return exit;
}

}  // namespace assize
