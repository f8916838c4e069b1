#include "sys/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>

#include "core/hash.h"
#include "sys/interrupts.h"
#include "sys/posix.h"
#include "sys/process_tree.h"
#include "sys/shim_program.h"
#include "sys/unique_fd.h"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so itself
}

namespace assize {
namespace {

constexpr Millis kSweepTurn{50};      // how long to wait for killed processes before looking again for new ones
constexpr Millis kSweepLimit{5'000};  // then what is left is stuck in the kernel
constexpr std::size_t kReadPiece = std::size_t{64} << 10;  // the size of a pipe
constexpr int kPiecesPerTurn = 4;                          // so that a flood does not starve the others
constexpr int kReportFd = 3;                               // as in shim.c
constexpr int kShimFailed = 127;

// The leaders that we started and have not reaped. Children are a thing of the whole process, so this is too: whatever
// is our child and stands in a foreign session without being here was adopted from an agent.
std::set<pid_t>& leaders() {
  static std::set<pid_t> pids;
  return pids;
}

struct Pipe {
  UniqueFd read, write;
};

std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void make_nonblocking(const UniqueFd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

SpawnError spawn_error(std::string what, int code = errno) {
  return SpawnError{code, std::move(what)};
}

std::string step_name(int step) {
  constexpr std::array<const char*, 7> kNames = {"start",           "read arguments", "find parent", "set limits",
                                                 "drop privileges", "chdir",          "exec"};
  return step > 0 && step < static_cast<int>(kNames.size()) ? kNames[static_cast<std::size_t>(step)] : kNames[0];
}

// posix_spawn's two argument objects, freed with it.
struct SpawnArguments {
  SpawnArguments() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnArguments(const SpawnArguments&) = delete;
  SpawnArguments& operator=(const SpawnArguments&) = delete;
  ~SpawnArguments() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

std::string temporary_directory() {
  const char* const named = std::getenv("TMPDIR");
  return named != nullptr && *named == '/' ? named : "/tmp";
}

Result<ShimProgram> load_shim() {
  auto memory = ShimProgram::in_memory();
  if (memory) return memory;
  return ShimProgram::in_file(temporary_directory());
}

class Host;

class Child final : public Process {
 public:
  Child(Host& host, ProcessListener& listener) : host_(host), listener_(listener) {}
  ~Child() override;
  std::optional<SpawnError> start(ProcessSpec spec);

  pid_t pid() const override { return pid_; }
  void stop() override;

 private:
  struct Output {
    UniqueFd fd;
    Subscribed watch;
    void close() {
      watch.reset();
      fd.reset();
    }
  };
  struct Victim {
    UniqueFd handle;
    Subscribed watch;
  };

  void feed();
  void read_from(Output& output, bool is_error);
  void on_exit();
  void kill_all();
  void begin_sweep();
  void sweep();
  bool is_mine(const ProcessFacts& process) const;
  std::vector<ProcessFacts> strays() const;
  void remember_descendants();
  void finish();

  Host& host_;
  ProcessListener& listener_;
  std::string marker_;
  std::string input_;
  std::size_t fed_ = 0;
  pid_t pid_ = -1;
  bool stopping_ = false;
  bool exited_ = false;
  bool sweeping_ = false;
  ProcessEnd end_;
  std::vector<ProcessFacts> known_;  // descendants that were seen while they could be traced to the leader
  std::size_t running_victims_ = 0;
  Moment sweep_end_{};
  // Descriptors before the subscriptions on them: destroyed after them.
  UniqueFd handle_;  // pidfd
  UniqueFd report_;
  UniqueFd stdin_;
  Output out_, err_;
  Subscribed stdin_watch_, exit_watch_, timer_;
  std::vector<Victim> victims_;
};

class Host final : public ProcessHost {
 public:
  Host(EventLoop& loop, ShimProgram shim) : loop(loop), shim(std::move(shim)), buffer(kReadPiece) {}

  tl::expected<std::unique_ptr<Process>, SpawnError> start(ProcessSpec spec, ProcessListener& listener) override {
    auto child = std::make_unique<Child>(*this, listener);
    if (auto error = child->start(std::move(spec))) return tl::unexpected(std::move(*error));
    return child;
  }

  EventLoop& loop;
  ShimProgram shim;
  std::unique_ptr<ShimProgram> shim_file;  // once running from memory was refused
  std::vector<char> buffer;
  rlimit child_files{};
  std::set<pid_t> strangers;  // children that this process had before; never touched
};

std::optional<SpawnError> Child::start(ProcessSpec spec) {
  CHECK(!spec.argv.empty());
  auto in = make_pipe(), out = make_pipe(), err = make_pipe(), report = make_pipe();
  if (!in || !out || !err || !report) return spawn_error("pipe");
  for (const UniqueFd* ours : {&in->write, &out->read, &err->read, &report->read}) make_nonblocking(*ours);

  marker_ = random_hex(8);
  spec.env.push_back(fmt::format("{}={}", kCallMarker, marker_));
  std::vector<std::string> arguments = {
      "assize-shim", fmt::format("{}:{}:{}", ::getpid(), host_.child_files.rlim_cur, host_.child_files.rlim_max),
      spec.cwd.empty() ? "/" : spec.cwd, spec.argv.front()};
  arguments.insert(arguments.end(), std::make_move_iterator(spec.argv.begin()),
                   std::make_move_iterator(spec.argv.end()));

  SpawnArguments how;
  // In this order nothing is overwritten before it is used, since 0 to 2 are open in us (see make()).
  posix_spawn_file_actions_adddup2(&how.actions, in->read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&how.actions, out->write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&how.actions, err->write.get(), STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&how.actions, report->write.get(), kReportFd);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&how.attributes, &all);
  posix_spawnattr_setsigmask(&how.attributes, &none);
  posix_spawnattr_setflags(&how.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  const std::vector<char*> argv = exec_strings(arguments), env = exec_strings(spec.env);
  const ShimProgram& shim = host_.shim_file ? *host_.shim_file : host_.shim;
  int code = posix_spawn(&pid_, shim.path().c_str(), &how.actions, &how.attributes, argv.data(), env.data());
  if ((code == EACCES || code == EPERM || code == ENOENT) && !host_.shim_file) {
    if (auto file = ShimProgram::in_file(temporary_directory())) {
      host_.shim_file = std::make_unique<ShimProgram>(std::move(*file));
      code =
          posix_spawn(&pid_, host_.shim_file->path().c_str(), &how.actions, &how.attributes, argv.data(), env.data());
    }
  }
  if (code != 0) {
    pid_ = -1;
    return spawn_error("spawn", code);
  }
  leaders().insert(pid_);
  register_group(pid_);
  handle_ = UniqueFd(::pidfd_open(pid_, 0));
  if (!handle_) return spawn_error("pidfd_open");  // the destructor kills it

  out_.fd = std::move(out->read);
  err_.fd = std::move(err->read);
  report_ = std::move(report->read);
  stdin_ = std::move(in->write);
  input_ = std::move(spec.input);
  out_.watch = host_.loop.watch(out_.fd.get(), Ready::readable, [this] { read_from(out_, false); });
  err_.watch = host_.loop.watch(err_.fd.get(), Ready::readable, [this] { read_from(err_, true); });
  exit_watch_ = host_.loop.watch(handle_.get(), Ready::readable, [this] { on_exit(); });
  feed();
  return std::nullopt;
}

void Child::feed() {
  while (fed_ < input_.size()) {
    const ssize_t wrote = ::write(stdin_.get(), input_.data() + fed_, input_.size() - fed_);
    if (wrote > 0) {
      fed_ += static_cast<std::size_t>(wrote);
      continue;
    }
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EAGAIN) {
      if (!stdin_watch_) stdin_watch_ = host_.loop.watch(stdin_.get(), Ready::writable, [this] { feed(); });
      return;
    }
    break;  // EPIPE: it does not want to read on, which is its right
  }
  stdin_watch_.reset();
  stdin_.reset();
  input_ = {};
}

void Child::read_from(Output& output, bool is_error) {
  for (int piece = 0; piece < kPiecesPerTurn && output.fd; ++piece) {
    const ssize_t got = ::read(output.fd.get(), host_.buffer.data(), host_.buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      output.close();
      if (exited_ && !sweeping_ && !out_.fd && !err_.fd) begin_sweep();
      return;
    }
    const std::string_view bytes(host_.buffer.data(), static_cast<std::size_t>(got));
    if (is_error) {
      listener_.on_stderr(bytes);
    } else {
      listener_.on_stdout(bytes);
    }
    if (bytes.size() < host_.buffer.size()) return;
  }
}

void Child::stop() {
  if (stopping_) return;
  stopping_ = true;
  if (sweeping_) return;
  if (exited_) {
    timer_ = host_.loop.after(Millis(0), [this] { begin_sweep(); });  // on_end never comes from inside stop()
    return;
  }
  stdin_watch_.reset();
  stdin_.reset();
  remember_descendants();
  ::kill(-pid_, SIGTERM);
  timer_ = host_.loop.after(kStopGrace, [this] { kill_all(); });
}

void Child::kill_all() {
  remember_descendants();
  ::kill(-pid_, SIGKILL);
  timer_ = host_.loop.after(kSweepLimit, [this] {
    end_.survivors = 1;  // not even KILL ends it
    finish();
  });
}

void Child::on_exit() {
  exit_watch_.reset();
  exited_ = true;
  stdin_watch_.reset();
  stdin_.reset();
  siginfo_t info{};
  // Not reaped before the end: its number, which is also its group's and session's, stays taken while we use it.
  if (::waitid(P_PIDFD, static_cast<id_t>(handle_.get()), &info, WEXITED | WNOWAIT | WNOHANG) == 0) {
    if (info.si_code == CLD_EXITED) {
      end_.exit_code = info.si_status;
    } else {
      end_.signal = info.si_status;
    }
  }
  if (end_.exit_code == kShimFailed) {
    int report[2];
    if (::read(report_.get(), report, sizeof report) == static_cast<ssize_t>(sizeof report)) {
      end_.spawn_error = SpawnError{report[1], step_name(report[0])};
      end_.exit_code.reset();
    }
  }
  if (stopping_ || (!out_.fd && !err_.fd)) return begin_sweep();
  timer_ = host_.loop.after(kDrainGrace, [this] { begin_sweep(); });
}

bool Child::is_mine(const ProcessFacts& process) const {
  if (process.session == pid_) return true;
  if (std::find(known_.begin(), known_.end(), process) != known_.end()) return true;
  if (carries_marker(process.pid, marker_)) return true;
  // It has shed its session and its environment. With one agent left there is only one that it can have come from.
  return leaders().size() == 1;
}

// What the leader left: orphans that we adopted, as the nearest subreaper, with their descendants. Reaps those that
// have ended.
std::vector<ProcessFacts> Child::strays() const {
  const pid_t own_session = ::getsid(0);
  std::vector<ProcessFacts> result;
  for (const pid_t pid : children_of(::getpid())) {
    if (leaders().count(pid) != 0 || host_.strangers.count(pid) != 0) continue;
    const auto facts = process_facts(pid);
    if (!facts || facts->session == own_session) continue;
    if (facts->ended()) {
      ::waitpid(pid, nullptr, WNOHANG);
      continue;
    }
    if (!is_mine(*facts)) continue;
    result.push_back(*facts);
    for (const ProcessFacts& descendant : descendants_of(pid)) {
      if (!descendant.ended()) result.push_back(descendant);
    }
  }
  return result;
}

void Child::remember_descendants() {
  for (const ProcessFacts& descendant : descendants_of(pid_)) known_.push_back(descendant);
}

void Child::begin_sweep() {
  if (sweeping_) return;
  sweeping_ = true;
  sweep_end_ = host_.loop.now() + kSweepLimit;
  sweep();
}

void Child::sweep() {
  timer_.reset();
  victims_.clear();
  const std::vector<ProcessFacts> left = strays();
  if (left.empty()) return finish();
  if (host_.loop.now() >= sweep_end_) {
    end_.survivors = left.size();
    return finish();
  }
  ::kill(-pid_, SIGKILL);
  running_victims_ = 0;
  for (const ProcessFacts& process : left) {
    if (std::find(known_.begin(), known_.end(), process) == known_.end()) known_.push_back(process);
    Victim victim{kill_process(process), nullptr};
    if (!victim.handle) continue;
    ++running_victims_;
    victims_.push_back(std::move(victim));
  }
  end_.strays = std::max(end_.strays, known_.size());
  for (Victim& victim : victims_) {
    victim.watch = host_.loop.watch(victim.handle.get(), Ready::readable, [this, &victim] {
      victim.watch.reset();
      if (--running_victims_ == 0) sweep();
    });
  }
  timer_ = host_.loop.after(victims_.empty() ? Millis(1) : kSweepTurn, [this] { sweep(); });
}

void Child::finish() {
  timer_.reset();
  victims_.clear();
  exit_watch_.reset();
  // What the last ones wrote before they went. Nobody is left to write more, but for a survivor: take what is there.
  for (Output* output : {&out_, &err_}) {
    constexpr std::size_t kLastPieces = 64;  // of kReadPiece: more than a pipe holds
    for (std::size_t piece = 0; output->fd && piece < kLastPieces; ++piece) {
      pollfd ready{output->fd.get(), POLLIN, 0};
      if (::poll(&ready, 1, 0) <= 0) break;
      read_from(*output, output == &err_);
    }
    output->close();
  }
  const pid_t pid = pid_;
  ::waitid(P_PID, static_cast<id_t>(pid), nullptr, WEXITED | WNOHANG);
  leaders().erase(pid);
  unregister_group(pid);
  pid_ = -1;
  listener_.on_end(end_);  // last: `this` may be gone after it
}

Child::~Child() {
  if (pid_ < 0) return;
  timer_.reset();
  victims_.clear();
  exit_watch_.reset();
  remember_descendants();
  ::kill(-pid_, SIGKILL);
  const Moment limit = host_.loop.now() + kSweepLimit;
  constexpr int kTurnMillis = 50;
  if (handle_) {
    pollfd ended{handle_.get(), POLLIN, 0};
    while (::poll(&ended, 1, kTurnMillis) == 0 && host_.loop.now() < limit) {
    }
  }
  for (auto left = strays(); !left.empty() && host_.loop.now() < limit; left = strays()) {
    for (const ProcessFacts& process : left) {
      known_.push_back(process);
      const UniqueFd handle = kill_process(process);
      pollfd ended{handle.get(), POLLIN, 0};
      if (handle) ::poll(&ended, 1, kTurnMillis);
    }
  }
  ::waitid(P_PID, static_cast<id_t>(pid_), nullptr, WEXITED | (handle_ ? WNOHANG : 0));
  leaders().erase(pid_);
  unregister_group(pid_);
}

}  // namespace

Result<std::unique_ptr<ProcessHost>> ProcessHost::make(EventLoop& loop) {
  TRY_ASSIGN(ShimProgram shim, load_shim());
  auto host = std::make_unique<Host>(loop, std::move(shim));

  // A closed standard stream would give its number to one of our pipes.
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd) {
      return Error{ErrorCode::io, "cannot open /dev/null in place of a closed standard stream", {}};
    }
  }
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    return Error{ErrorCode::io, fmt::format("cannot become a child subreaper: {}", std::strerror(errno)), {}};
  }
  ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is EPIPE
  ::signal(SIGXFSZ, SIG_IGN);  // and a file that may not grow is EFBIG

  // The limit as it was when the first host was made is what children get, whatever we raise ours to.
  static const rlimit original = [] {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
  }();
  host->child_files = original;
  rlimit raised = original;
  raised.rlim_cur = raised.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &raised);
  for (const pid_t pid : children_of(::getpid())) {
    if (leaders().count(pid) == 0) host->strangers.insert(pid);
  }
  return std::unique_ptr<ProcessHost>(std::move(host));
}

}  // namespace assize
