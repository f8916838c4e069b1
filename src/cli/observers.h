// Who watches a run from the command line: several observers as one, and what a person sees on standard error while
// waiting.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/outputs.h"
#include "core/observer.h"
#include "core/units.h"

namespace assize {

class Observers final : public Observer {
 public:
  void add(Observer& observer) { all_.push_back(&observer); }  // outlives this

  void run_started(const Outcome& outcome) override { each(&Observer::run_started, outcome); }
  void phase_started(Phase phase, int round) override { each(&Observer::phase_started, phase, round); }
  void review_read(const AgentReport& report) override { each(&Observer::review_read, report); }
  void phase_finished(Phase phase, int round, const Outcome& outcome) override {
    each(&Observer::phase_finished, phase, round, outcome);
  }
  void run_finished(const Outcome& outcome) override { each(&Observer::run_finished, outcome); }
  void call_started(const Call& call) override { each(&Observer::call_started, call); }
  void call_progress(const Call& call, std::uint64_t bytes) override { each(&Observer::call_progress, call, bytes); }
  void call_retry(const Call& call, const CallError& error, Millis wait) override {
    each(&Observer::call_retry, call, error, wait);
  }
  void call_finished(const Call& call, const Answer& answer) override { each(&Observer::call_finished, call, answer); }

 private:
  template <class... Parameters, class... Arguments>
  void each(void (Observer::*told)(Parameters...), const Arguments&... arguments) {
    for (Observer* observer : all_) (observer->*told)(arguments...);
  }

  std::vector<Observer*> all_;
};

// What a person sees of a run while it goes on.
enum class Watching { nothing, lines, table };
// Nothing with --quiet. The table where standard error is a terminal that can move its cursor (TERM is set and not
// "dumb") and events do not go to a terminal at the same time; else lines.
Watching choose_watching(const CommandContext& context, const std::vector<ReportTarget>& targets);

// The one that was chosen, on standard error. Make it after the last thing that is printed before the run; call
// finish() before anything is printed after it (the report, an error).
class Watch {
 public:
  // `elapsed` is the time since the run started.
  Watch(const CommandContext& context, const std::vector<ReportTarget>& targets, std::function<Millis()> elapsed);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void join(Observers& observers);
  // Call tick() this often while calls run.
  Millis period() const;
  void tick();
  // `assize: …` on standard error, one line, above the table where there is one; also with --quiet, as note().
  void note(std::string_view message);
  // Clears the table, and draws it no more; note() then just prints.
  void finish();

 private:
  struct Seen;
  std::unique_ptr<Seen> seen_;
};

}  // namespace assize
