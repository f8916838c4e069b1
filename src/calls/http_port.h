// Runs a call as one HTTP exchange: sends the request that its adapter states, feeds the adapter's decoder with the
// answer's body as it comes, and enforces the limits. One attempt; no retries. libcurl is loaded by the first call.
#pragma once

#include <memory>
#include <string>

#include "agents/adapter.h"
#include "calls/port.h"
#include "calls/process_port.h"
#include "core/observer.h"
#include "sys/event_loop.h"

namespace assize {

// The most that is read of one answer; a call's own max_output may be less.
inline constexpr ByteCount kMaxHttpBody{16ULL << 20};

struct HttpPortSettings {
  const Surroundings* world = nullptr;  // REQUIRED: keys, proxies and certificates
  AdapterResolver resolve = adapter_for;
  Observer* observer = nullptr;  // told of call_started (once an attempt) and call_progress
  KeepOutput keep_output;        // gets the body as it came, without keys; needs run_directory
  std::string run_directory;     // absolute, 0700, exists
  Millis connect_deadline{10'000};
  Millis progress_period{1'000};  // at most one call_progress in this time
};

// REQUIRES: `loop` outlives it. Keys never leave it: whatever a server sends back, an answer holds `[key]` in the place
// of each.
std::unique_ptr<CallPort> make_http_port(EventLoop& loop, HttpPortSettings settings);

}  // namespace assize
