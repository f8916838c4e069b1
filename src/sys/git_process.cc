#include "sys/git_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

#include <fmt/format.h>

#include "core/text.h"
#include "sys/posix.h"
#include "sys/unique_fd.h"

namespace assize {
namespace {

constexpr std::size_t kMaxErrors = std::size_t{64} << 10U;
constexpr int kPipeSize = 1 << 20;  // the most that an unprivileged process may have; fewer switches on large diffs

Error failed(std::string_view what, int code) {
  return Error{ErrorCode::io, fmt::format("git: {}: {}", what, std::generic_category().message(code)), {}};
}

struct Pipe {
  UniqueFd read, write;
};
Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("pipe", errno);
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  ::fcntl(ends[0], F_SETPIPE_SZ, kPipeSize);  // as large as it may be; the default works too
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

// The input as a file: nothing to feed while git runs, and no SIGPIPE when it does not read.
Result<UniqueFd> make_input(std::string_view input) {
  if (input.empty()) {
    UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null) return failed("/dev/null", errno);
    return null;
  }
  UniqueFd file(::memfd_create("assize-git-input", MFD_CLOEXEC));
  if (!file) return failed("memfd", errno);
  if (const int code = write_all(file.get(), input); code != 0) return failed("memfd", code);
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// Kills and reaps the child unless it has been reaped.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid), watch_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    reap();
  }
  int watch() const { return watch_.get(); }  // readable once it has ended; -1 on a kernel without pidfd
  int reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
  UniqueFd watch_;
};

Result<pid_t> spawn(const GitProcess& process, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, process.cwd.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> argv = {"git"};
  argv.insert(argv.end(), process.args.begin(), process.args.end());
  pid_t pid = -1;
  const int code = ::posix_spawn(&pid, process.program.c_str(), &actions, &attributes, exec_strings(argv).data(),
                                 exec_strings(process.env).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (code == ENOENT) return Error{ErrorCode::unavailable, fmt::format("{} cannot be started", process.program), {}};
  if (code != 0) return failed(process.program, code);
  return pid;
}

// "diff" of {"-c", "a=b", "diff", …}.
std::string_view command_of(const std::vector<std::string>& args) {
  std::size_t i = 0;
  while (i + 2 < args.size() && args[i] == "-c") i += 2;
  return i < args.size() ? std::string_view(args[i]) : std::string_view{};
}

enum class Stream { open, ended };

// Takes what is there now, up to `cap` in all.
Stream drain(int fd, std::string& into, std::uint64_t cap) {
  static thread_local std::array<char, std::size_t{256} << 10U> buffer;
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got == 0) return Stream::ended;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? Stream::open : Stream::ended;
    into.append(buffer.data(), std::min<std::uint64_t>(static_cast<std::uint64_t>(got), cap - into.size()));
    if (into.size() >= cap) return Stream::open;
  }
}

}  // namespace

Result<GitAnswer> run_git_process(const GitProcess& process, std::string_view input) {
  TRY_ASSIGN(UniqueFd in, make_input(input));
  TRY_ASSIGN(Pipe out, make_pipe());
  TRY_ASSIGN(Pipe err, make_pipe());
  TRY_ASSIGN(const pid_t pid, spawn(process, in.get(), out.write.get(), err.write.get()));
  Child child(pid);
  in.reset();
  out.write.reset();
  err.write.reset();

  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + process.deadline;
  GitAnswer answer;
  std::string errors;
  bool exited = false;
  while (!exited && (out.read || err.read)) {
    const auto left = std::chrono::duration_cast<Millis>(end - Clock::now()).count();
    if (left <= 0) {
      return Error{
          ErrorCode::timed_out,
          fmt::format("git {} took longer than {} s", command_of(process.args), process.deadline.count() / 1000),
          {}};
    }
    std::array<pollfd, 3> waits = {pollfd{out.read.get(), POLLIN, 0}, pollfd{err.read.get(), POLLIN, 0},
                                   pollfd{child.watch(), POLLIN, 0}};
    if (::poll(waits.data(), waits.size(), static_cast<int>(std::min<long long>(left, 60'000))) < 0 && errno != EINTR) {
      return failed("poll", errno);
    }
    exited = waits[2].revents != 0;  // then what is in the pipes is all that counts
    if (out.read && drain(out.read.get(), answer.out, process.max_output.value) == Stream::ended) out.read.reset();
    if (answer.out.size() >= process.max_output.value) {
      answer.cut = true;
      return answer;
    }
    if (err.read && (waits[1].revents != 0 || exited)) {
      std::string more;
      if (drain(err.read.get(), more, kMaxErrors) == Stream::ended) err.read.reset();
      errors.append(more, 0, kMaxErrors - std::min(kMaxErrors, errors.size()));
    }
  }
  const int status = child.reap();
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  answer.err = to_valid_utf8(errors);
  return answer;
}

}  // namespace assize
