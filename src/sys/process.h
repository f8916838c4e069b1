// Child processes on the event loop: started through a tiny exec shim in a session of their own, fed and read without
// blocking, and stopped with everything that they started. Knows nothing of agents.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/units.h"
#include "sys/event_loop.h"

namespace assize {

inline constexpr Millis kStopGrace{2'000};  // from TERM to KILL (agents-and-calls.md, "Processes")
inline constexpr Millis kDrainGrace{250};   // from a process's end to the end of reading what it left in the pipes

struct ProcessSpec {
  std::vector<std::string> argv;  // argv[0] is the path of the program; PATH is not searched
  std::vector<std::string> env;   // "NAME=value"; the whole environment, but for the marker that the host adds
  std::string cwd;
  std::string input;  // standard input: these bytes, then end of file
};

// Why a program did not start: the system's errno, and what was being done.
struct SpawnError {
  int code = 0;
  std::string what;  // "exec", "chdir", "pipe", …
};

struct ProcessEnd {
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::optional<SpawnError> spawn_error;  // the program itself never ran
  std::size_t strays = 0;                 // descendants that had to be killed after it had ended
  std::size_t survivors = 0;              // processes that could not be killed (stuck in the kernel)
};

class ProcessListener {
 public:
  virtual ~ProcessListener() = default;
  virtual void on_stdout(std::string_view bytes) = 0;
  virtual void on_stderr(std::string_view bytes) = 0;
  // Last, exactly once, from the loop, when nothing of the process is left. The Process may be destroyed in it.
  virtual void on_end(const ProcessEnd& end) = 0;
};

// One running process. Destroying it early kills it and its descendants at once, blocking until they are gone.
class Process {
 public:
  virtual ~Process() = default;
  virtual pid_t pid() const = 0;
  // TERM to the group, kStopGrace, KILL to the group, then every descendant that is left. on_end follows. Idempotent.
  virtual void stop() = 0;
};

// Starts processes. Making it changes this process: it becomes a child subreaper, SIGPIPE is ignored, and RLIMIT_NOFILE
// is raised to the hard limit (children get the old limit). One at a time.
class ProcessHost {
 public:
  static Result<std::unique_ptr<ProcessHost>> make(EventLoop& loop);
  virtual ~ProcessHost() = default;
  // REQUIRES: `listener` outlives the process, and the process does not outlive the host.
  virtual tl::expected<std::unique_ptr<Process>, SpawnError> start(ProcessSpec spec, ProcessListener& listener) = 0;
};

// The blocking form for short programs (`git`, `--version`): runs to its end or until `timeout`, keeps at most
// `max_output` of each stream.
struct ProgramOutput {
  ProcessEnd end;
  std::string out;
  std::string err;
  bool timed_out = false;
};
tl::expected<ProgramOutput, SpawnError> run_program(ProcessSpec spec, Millis timeout, ByteCount max_output);

}  // namespace assize
