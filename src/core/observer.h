// Who watches a run: progress lines, the live table and the JSONL events are observers. All calls come from one thread.
// Defaults do nothing, so that an observer states only what it is interested in.
#pragma once

#include <string>
#include <string_view>

#include "core/outcome.h"

namespace assize {

class Observer {
 public:
  virtual ~Observer() = default;
  // From the procedure, in its order.
  virtual void run_started(const Outcome& /*what is known so far: run, source, panel*/) {}
  virtual void phase_started(Phase, int /*round*/) {}
  virtual void review_read(const AgentReport&) {}  // as each answer arrives and is parsed
  virtual void phase_finished(Phase, int /*round*/, const Outcome& /*so far, in roster order*/) {}
  virtual void run_finished(const Outcome&) {}
  // From the calls below it, as they happen.
  virtual void call_started(const Call&) {}
  virtual void call_progress(const Call&, std::uint64_t /*output bytes so far*/) {}
  virtual void call_retry(const Call&, const CallError&, Millis /*wait*/) {}
  virtual void call_finished(const Call&, const Answer&) {}
};

}  // namespace assize
