// Plain lines about a run for a person who waits, on standard error: who started, who answered, who failed and why.
// Has no clock and no stream of its own. For --quiet it is simply not made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/observer.h"

namespace assize {

// While calls run, a line comes at least this often (driven by tick()).
inline constexpr Millis kHeartbeat{30'000};  // spec: calls

class ProgressLines : public Observer {
 public:
  // `sink` receives one line with its newline; `elapsed` is the time since the run started, and never goes back.
  ProgressLines(std::function<void(std::string_view line)> sink, std::function<Millis()> elapsed);

  void run_started(const Outcome& outcome) override;
  void phase_started(Phase phase, int round) override;
  void phase_finished(Phase phase, int round, const Outcome& outcome) override;
  void review_read(const AgentReport& report) override;
  void call_started(const Call& call) override;
  void call_progress(const Call& call, std::uint64_t output_bytes) override;
  void call_retry(const Call& call, const CallError& error, Millis wait) override;
  void call_finished(const Call& call, const Answer& answer) override;

  // Call it as often as convenient, a few times in kHeartbeat at least: says who is still at work when nothing was said
  // for kHeartbeat.
  void tick();

 private:
  struct Running {
    Millis since{0};
    std::uint64_t bytes = 0;
    std::string label;
  };
  void say(std::string line);
  std::string label_of(const Call& call) const;

  std::function<void(std::string_view)> sink_;
  std::function<Millis()> elapsed_;
  std::map<std::string, Running> running_;  // by call
  std::size_t parts_ = 0;                   // of a change that is reviewed in several
  std::set<std::string> begun_;             // agents that were told to have started in this phase
  std::size_t stances_ = 0, findings_ = 0;  // told so far
  Millis last_line_{0};
};

}  // namespace assize
