// Runs a call as a local process: makes its private room, writes and copies what the agent needs, starts the program
// that its adapter names, feeds the adapter's decoder, enforces the limits, and removes the room. One attempt; no
// retries.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agents/adapter.h"
#include "calls/port.h"
#include "core/observer.h"
#include "core/result.h"
#include "sys/event_loop.h"
#include "sys/process.h"

namespace assize {

using AdapterResolver = std::function<Result<const Adapter*>(std::string_view kind)>;

// Everything that a process printed, as files that live until the function that is told of them returns.
struct SpoolFiles {
  std::string out;  // paths; a file that does not exist means that nothing was printed
  std::string err;
};
using KeepOutput = std::function<void(const Call& call, const SpoolFiles& files)>;

struct ProcessPortSettings {
  std::string run_directory;            // absolute, 0700, exists; rooms are made below it
  const Surroundings* world = nullptr;  // REQUIRED: where variables, programs and login files come from
  AdapterResolver resolve = adapter_for;
  FileTools file_tools = FileTools::none;
  Observer* observer = nullptr;  // told of call_started (once an attempt) and call_progress
  KeepOutput keep_output;        // e.g. to write raw artifacts
};

std::unique_ptr<CallPort> make_process_port(EventLoop& loop, ProcessHost& host, ProcessPortSettings settings);

}  // namespace assize
