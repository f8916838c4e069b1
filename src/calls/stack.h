// The whole onion of calls/ built from settings. The command line uses this header alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "calls/budget.h"
#include "calls/caller.h"
#include "calls/process_port.h"
#include "calls/throttle.h"
#include "calls/vendor.h"
#include "core/observer.h"
#include "core/result.h"
#include "sys/timers.h"

namespace assize {

enum class CatchSignals { no, yes };

struct CallStackSettings {
  const Surroundings* world = nullptr;  // REQUIRED; outlives the stack
  AdapterResolver resolve = adapter_for;
  // Where the rooms are made: absolute, exists, private to us. Empty: a new directory in $TMPDIR (or /tmp), 0700, which
  // the stack removes at its end.
  std::string run_directory;
  FileTools file_tools = FileTools::none;
  ThrottleLimits throttle;
  BudgetLimits budget;           // the run begins when the stack is made
  VendorOf vendor_of;            // empty: as the adapters say
  std::uint64_t seed = 0;        // of the jitter
  Observer* observer = nullptr;  // outlives the stack
  KeepOutput keep_output;
  CatchSignals signals = CatchSignals::yes;
};

class CallStack {
 public:
  // Error io: no private directory, or the system refuses what processes need. invalid: the settings.
  static Result<std::unique_ptr<CallStack>> make(CallStackSettings settings);
  virtual ~CallStack() = default;

  virtual Caller& caller() = 0;
  // SIGINT or SIGTERM once one came; the command exits 128 + it. Everything asked then answers `cancelled`.
  virtual std::optional<int> interrupted_by() const = 0;
  // Runs `tick` every `period` while an ask() is under way (heartbeats, the live table).
  [[nodiscard]] virtual Subscribed every(Millis period, std::function<void()> tick) = 0;
  // Stops all calls under way as if a signal had come (a closed progress stream, an embedding program).
  virtual void cancel_all() = 0;
  virtual const std::string& run_directory() const = 0;
};

}  // namespace assize
