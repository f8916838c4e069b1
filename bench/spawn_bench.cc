// What our way of running processes costs over a bare posix_spawn loop. Prints a table; medians of kRepetitions.
//   spawn_bench            all rows, each measured in a process of its own
//   spawn_bench MODE       one measurement: "wall self children rss" (ms, ms, ms, MB)
//   spawn_bench loop PROCESSES AT_ONCE PROGRAM [ARGUMENT...]   the bare loop alone, to be timed from outside
//   spawn_bench --benchmark_format=json [--benchmark_min_time=T]   for bench/run
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "calls/stack.h"
#include "sys/event_loop.h"
#include "sys/process.h"

extern "C" {
#include <sys/pidfd.h>
}
extern char** environ;

namespace assize {
namespace {

constexpr int kProcesses = 1'000;
constexpr int kAtOnce = 64;
constexpr int kRepetitions = 5;

// Two pipes, a pidfd and an epoll: the least that can run a program and read it. `argv` ends with a null.
void bare_loop(char* const argv[], int processes, int at_once) {
  struct Running {
    pid_t pid = 0;
    int out = -1, err = -1, exit = -1;
  };
  std::vector<Running> slots(static_cast<std::size_t>(at_once));
  const int events = ::epoll_create1(EPOLL_CLOEXEC);
  const auto start = [&](std::size_t slot) {
    int out[2], err[2];
    CHECK(::pipe2(out, O_CLOEXEC) == 0 && ::pipe2(err, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    Running& running = slots[slot];
    CHECK(posix_spawn(&running.pid, argv[0], &actions, nullptr, argv, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    ::close(err[1]);
    running.out = out[0];
    running.err = err[0];
    running.exit = ::pidfd_open(running.pid, 0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = slot;
    ::epoll_ctl(events, EPOLL_CTL_ADD, running.exit, &event);
  };
  int started = 0, ended = 0;
  while (started < std::min(at_once, processes)) start(static_cast<std::size_t>(started++));
  while (ended < processes) {
    epoll_event ready[kAtOnce];
    const int count = ::epoll_wait(events, ready, kAtOnce, -1);
    for (int i = 0; i < count; ++i) {
      const std::size_t slot = ready[i].data.u64;
      Running& running = slots[slot];
      char nothing[64];
      while (::read(running.out, nothing, sizeof nothing) > 0) {
      }
      while (::read(running.err, nothing, sizeof nothing) > 0) {
      }
      ::waitpid(running.pid, nullptr, 0);
      ::epoll_ctl(events, EPOLL_CTL_DEL, running.exit, nullptr);
      ::close(running.out);
      ::close(running.err);
      ::close(running.exit);
      ++ended;
      if (started < processes) {
        ++started;
        start(slot);
      }
    }
  }
  ::close(events);
}

void bare_true() {
  char name[] = "/bin/true";
  char* const argv[] = {name, nullptr};
  bare_loop(argv, kProcesses, kAtOnce);
}

void our_processes() {
  EventLoop loop;
  auto host = ProcessHost::make(loop);
  CHECK(host);
  int started = 0, ended = 0;
  struct Slot final : ProcessListener {
    ProcessHost* host = nullptr;
    int* started = nullptr;
    int* ended = nullptr;
    std::unique_ptr<Process> process;
    void next() {
      ++*started;
      auto made = host->start(ProcessSpec{{"/bin/true"}, {"PATH=/usr/bin:/bin"}, "/", {}}, *this);
      CHECK(made);
      process = std::move(*made);
    }
    void on_stdout(std::string_view) override {}
    void on_stderr(std::string_view) override {}
    void on_end(const ProcessEnd&) override {
      ++*ended;
      if (*started < kProcesses) next();
    }
  };
  std::vector<Slot> slots(kAtOnce);
  for (Slot& slot : slots) {
    slot.host = host->get();
    slot.started = &started;
    slot.ended = &ended;
    slot.next();
  }
  loop.run_until([&] { return ended == kProcesses; });
}

struct NoWorld final : Surroundings {
  std::optional<std::string> variable(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> find_program(std::string_view) const override { return std::nullopt; }
  bool file_exists(std::string_view) const override { return false; }
  std::optional<std::string> read_file(std::string_view) const override { return std::nullopt; }
  std::string home() const override { return {}; }
};

struct InstantDecoder final : Decoder {
  void feed(std::string_view bytes) override { text += bytes; }
  Decoded finish(const Ending&) override { return Decoded{text, {}, {}, {}, {}}; }
  std::string text;
};

struct InstantAdapter final : Adapter {
  explicit InstantAdapter(std::vector<std::string> argv) : argv(std::move(argv)) {}
  std::string_view kind() const override { return "instant"; }
  std::string vendor(const AgentSpec&) const override { return "bench"; }
  Probe probe(const AgentSpec&, const Surroundings&) const override {
    Probe found;
    found.found = true;
    found.program = argv.front();
    return found;
  }
  tl::expected<Invocation, CallError> invocation(const Call&, const Probe&, const Room&, FileTools) const override {
    Invocation made;
    made.argv = argv;
    return made;
  }
  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<InstantDecoder>(); }
  std::string read_only_rule() const override { return {}; }
  std::optional<std::string> audit(const std::vector<std::string>&) const override { return std::nullopt; }
  std::vector<std::string> argv;
};

void our_stack(std::vector<std::string> argv, int calls, int at_once) {
  const NoWorld world;
  const InstantAdapter adapter(std::move(argv));
  CallStackSettings settings;
  settings.world = &world;
  settings.resolve = [&](std::string_view) -> Result<const Adapter*> { return &adapter; };
  settings.throttle.max_parallel = at_once;
  auto stack = CallStack::make(std::move(settings));
  CHECK(stack);
  auto spec = std::make_shared<AgentSpec>();
  spec->id = spec->kind = "instant";
  Call call;
  call.agent = spec;
  const std::vector<Call> all(static_cast<std::size_t>(calls), call);
  for (const Answer& answer : (*stack)->caller().ask(all, {})) CHECK(!answer.error);
}

void shell_five() {
  char name[] = "/bin/sh", flag[] = "-c";
  char script[] = "/bin/echo a & /bin/echo b & /bin/echo c & /bin/echo d & /bin/echo e & wait";
  char* const argv[] = {name, flag, script, nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  CHECK(posix_spawn(&pid, name, &actions, nullptr, argv, environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::waitpid(pid, nullptr, 0);
}

struct Mode {
  const char* name;
  const char* what;
  void (*run)();
};
constexpr std::array<Mode, 5> kModes = {{
    {"bare", "1,000 x /bin/true, 64 at once: bare posix_spawn loop", &bare_true},
    {"processes", "the same: our process host (shim, session, cleanup)", &our_processes},
    {"stack", "the same: the whole stack (rooms, spool, throttle)",
     [] { our_stack({"/bin/true"}, kProcesses, kAtOnce); }},
    {"shell-five", "5 x /bin/echo: one shell", &shell_five},
    {"stack-five", "5 x /bin/echo: the whole stack",
     [] {
       our_stack({"/bin/echo", "x"}, 5, 0);
     }},
}};

double millis(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

int measure(const Mode& mode) {
  const auto start = std::chrono::steady_clock::now();
  mode.run();
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  rusage self{}, children{};
  ::getrusage(RUSAGE_SELF, &self);
  ::getrusage(RUSAGE_CHILDREN, &children);
  fmt::print("{} {} {} {}\n", wall.count(), millis(self.ru_utime) + millis(self.ru_stime),
             millis(children.ru_utime) + millis(children.ru_stime), static_cast<double>(self.ru_maxrss) / 1024);
  return 0;
}

struct Row {
  const Mode* mode = nullptr;
  std::vector<double> walls;
  double self = 0, children = 0, rss = 0;  // medians
  double wall() const;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Row::wall() const {
  return median(walls);
}

// Each measurement in a process of its own, the modes in turn, so that all see the same machine.
std::vector<Row> measure_all(int repetitions) {
  const std::string self = fmt::format("/proc/{}/exe", ::getpid());
  std::array<std::array<std::vector<double>, 4>, kModes.size()> columns;
  for (int i = 0; i < repetitions; ++i) {
    for (std::size_t mode = 0; mode < kModes.size(); ++mode) {
      const auto ran = run_program(ProcessSpec{{self, kModes[mode].name}, {"PATH=/usr/bin:/bin"}, "/", {}},
                                   Millis(120'000), ByteCount{4096});
      CHECK(ran && ran->end.exit_code == 0);
      const char* at = ran->out.c_str();
      for (std::vector<double>& column : columns[mode]) {
        char* end = nullptr;
        column.push_back(std::strtod(at, &end));
        at = end;
      }
    }
  }
  std::vector<Row> rows;
  for (std::size_t mode = 0; mode < kModes.size(); ++mode) {
    rows.push_back(Row{&kModes[mode], columns[mode][0], median(columns[mode][1]), median(columns[mode][2]),
                       median(columns[mode][3])});
  }
  return rows;
}

int table() {
  const std::vector<Row> rows = measure_all(kRepetitions);
  fmt::print("{:<56} {:>9} {:>9} {:>12} {:>7}\n", "", "wall ms", "self ms", "children ms", "RSS MB");
  for (const Row& row : rows) {
    fmt::print("{:<56} {:>9.1f} {:>9.1f} {:>12.1f} {:>7.1f}\n", row.mode->what, row.wall(), row.self, row.children,
               row.rss);
  }
  fmt::print("\nover the bare loop: host {:.2f} x, whole stack {:.2f} x; five agents over the shell: {:.1f} ms\n",
             rows[1].wall() / rows[0].wall(), rows[2].wall() / rows[0].wall(), rows[4].wall() - rows[3].wall());
  return 0;
}

// The form in which bench/run reads Google Benchmark's programs.
int json(int repetitions) {
  const std::vector<Row> rows = measure_all(repetitions);
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t run = 0; run < rows[i].walls.size(); ++run) {
      std::string figures;
      if (run == 0) {
        figures = fmt::format(R"(,"figure_ms_our CPU":{},"figure_MB_peak memory":{})", rows[i].self, rows[i].rss);
        if (i == 1 || i == 2)
          figures += fmt::format(R"(,"figure_x_over bare loop":{})", rows[i].wall() / rows[0].wall());
      }
      out += fmt::format(R"({}{{"name":"spawn {}","run_type":"iteration","real_time":{},"time_unit":"ms"{}}})",
                         out.empty() ? "" : ",", rows[i].mode->name, rows[i].walls[run], figures);
    }
  }
  fmt::print("{{\"benchmarks\":[{}]}}\n", out);
  return 0;
}

}  // namespace
}  // namespace assize

int main(int argc, char** argv) {
  if (argc < 2) return assize::table();
  if (std::string_view(argv[1]).starts_with("--benchmark")) {
    const bool quick = argc > 2 && std::string_view(argv[2]).starts_with("--benchmark_min_time");
    return assize::json(quick ? 1 : assize::kRepetitions);
  }
  if (std::string_view(argv[1]) == "loop" && argc > 4) {
    assize::bare_loop(argv + 4, std::atoi(argv[2]), std::atoi(argv[3]));
    return 0;
  }
  for (const assize::Mode& mode : assize::kModes) {
    if (std::string_view(argv[1]) == mode.name) return assize::measure(mode);
  }
  fmt::print(stderr, "spawn_bench: no such mode: {}\n", argv[1]);
  return 2;
}
