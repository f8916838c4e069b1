// What is known of a run while it goes on, agent by agent, from what an Observer is told: the content of the live
// table. Has no clock: the time comes with each event. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace assize::report {

// How an agent stands now. Text is inert.
struct LiveRow {
  enum class State { waiting, running, retrying, done, failed, unavailable } state = State::waiting;
  std::string name;
  std::string why;             // of failed and unavailable, in a few words
  std::optional<Phase> phase;  // empty: it was asked nothing yet
  int round = 1;
  std::size_t parts_done = 0;  // of its calls in this phase
  std::size_t parts = 0;       // of the review of a change in several parts; 0: not known, or one
  std::size_t parts_failed = 0;
  Millis elapsed{0};         // since its first call of this phase; stands still when it is done
  Millis retry_in{0};        // of retrying
  Millis quiet_for{0};       // of running: since its last sign of life
  std::uint64_t bytes = 0;   // of running: what its open calls have printed
  std::size_t findings = 0;  // of its review so far
};

class LiveState {
 public:
  void run_started(const Outcome& outcome);
  void phase_started(Phase phase, int round);
  void phase_finished(const Outcome& outcome);
  void review_read(const AgentReport& report);
  void call_started(const Call& call, Millis now);
  void call_progress(const Call& call, std::uint64_t bytes, Millis now);
  void call_retry(const Call& call, const CallError& error, Millis wait, Millis now);
  void call_finished(const Call& call, const Answer& answer, Millis now);

  // In roster order.
  std::vector<LiveRow> rows(Millis now) const;
  // "debate, round 2 · 7 findings in 3 groups · 2 calls open"; `elapsed` stands after the phase.
  std::string headline(std::string_view elapsed) const;
  bool empty() const { return agents_.empty(); }

 private:
  struct OpenCall {
    Millis last_sign{0};
    std::uint64_t bytes = 0;
    std::optional<Millis> retry_at;
  };
  struct Agent {
    std::string name;
    std::string unavailable;  // why; empty: it can be asked
    std::size_t parts = 0;
    std::map<std::string, OpenCall> open;
    // Of the phase that it was last asked in:
    std::optional<Phase> phase;
    int round = 1;
    std::set<std::string> finished;  // calls
    std::size_t failed = 0;
    std::string last_failure;
    Millis since{0};
    Millis until{0};
    // Of its review:
    std::size_t findings = 0;
    std::string not_valid;  // once all of it is read: what it is instead; empty while it is valid, or not all read
    std::size_t parts_not_valid = 0;
  };
  Agent& agent_of(const Call& call);
  // Its counters start anew with each phase and round; a repair is a part of the review.
  Agent& enter(const Call& call, Millis now);
  static LiveRow row_of(const Agent& agent, Millis now);

  std::vector<Agent> agents_;
  std::optional<Phase> phase_;
  int round_ = 1;
  std::optional<std::size_t> groups_;  // since the review has ended
};

}  // namespace assize::report
