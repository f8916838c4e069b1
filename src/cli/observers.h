// Several observers of one run as one.
#pragma once

#include <utility>
#include <vector>

#include "core/observer.h"

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

}  // namespace assize
