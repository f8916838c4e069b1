#include "sys/interrupts.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "sys/unique_fd.h"

namespace assize {
namespace {

// A signal handler has nothing but global state, and may only do what is async-signal-safe.
std::atomic<int> g_wake_fd{-1};
std::atomic<int> g_received{0};
std::array<std::atomic<pid_t>, kMaxRegisteredGroups> g_groups{};
static_assert(std::atomic<pid_t>::is_always_lock_free);

constexpr int kKillRounds = 500;  // a second in all: the exit is to be "at once"
constexpr timespec kKillPause{.tv_sec = 0, .tv_nsec = 2'000'000};

// KILL to every child, round after round: what a child's death leaves behind becomes our child, as we are a subreaper.
// Async-signal-safe; the loop and its children are of the thread that the signal came to.
void kill_all_children() {
  for (int round = 0; round < kKillRounds; ++round) {
    const int list = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return;
    bool any = false;
    pid_t number = 0;
    const auto kill_number = [&] {
      if (number > 1) any = ::kill(number, SIGKILL) == 0 || any;
      number = 0;
    };
    char piece[4096];
    ssize_t got = 0;
    while ((got = ::read(list, piece, sizeof piece)) > 0) {
      for (ssize_t i = 0; i < got; ++i) {
        if (piece[i] >= '0' && piece[i] <= '9') {
          number = number * 10 + (piece[i] - '0');
        } else {
          kill_number();
        }
      }
    }
    kill_number();
    ::close(list);
    if (!any) return;
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    ::nanosleep(&kKillPause, nullptr);
  }
}

void handle(int signal) {
  int none = 0;
  if (!g_received.compare_exchange_strong(none, signal)) {
    for (const std::atomic<pid_t>& slot : g_groups) {
      if (const pid_t group = slot.load(); group > 1) ::kill(-group, SIGKILL);
    }
    kill_all_children();
    ::_exit(128 + signal);
  }
  const int saved = errno;
  const std::uint64_t one = 1;
  if (const int fd = g_wake_fd.load(); fd >= 0) (void)!::write(fd, &one, sizeof one);
  errno = saved;
}

}  // namespace

struct Interrupts::Impl {
  explicit Impl(EventLoop& event_loop) : loop(event_loop), wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  EventLoop& loop;
  UniqueFd wake;
  std::function<void()> react;
  Subscribed watch;
  struct sigaction old_int {
  }, old_term{};
};

Interrupts::Interrupts(EventLoop& loop) : impl_(std::make_unique<Impl>(loop)) {
  CHECK(impl_->wake);
  CHECK(g_wake_fd.load() == -1);
  g_received = 0;
  g_wake_fd = impl_->wake.get();
  struct sigaction action {};
  action.sa_handler = &handle;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &impl_->old_int);
  ::sigaction(SIGTERM, &action, &impl_->old_term);
}

Interrupts::~Interrupts() {
  ::sigaction(SIGINT, &impl_->old_int, nullptr);
  ::sigaction(SIGTERM, &impl_->old_term, nullptr);
  g_wake_fd = -1;
}

std::optional<int> Interrupts::received() const {
  const int signal = g_received.load();
  return signal == 0 ? std::nullopt : std::optional(signal);
}

void Interrupts::on_interrupt(std::function<void()> react) {
  impl_->watch.reset();
  impl_->react = std::move(react);
  if (!impl_->react) return;
  // The event is never read away, so that it also reaches a reaction that is set after the signal; the watch goes
  // instead.
  impl_->watch = impl_->loop.watch(impl_->wake.get(), Ready::readable, [this] {
    impl_->watch.reset();
    const std::function<void()> once = std::move(impl_->react);
    once();
  });
}

void register_group(pid_t group) {
  for (std::atomic<pid_t>& slot : g_groups) {
    pid_t empty = 0;
    if (slot.compare_exchange_strong(empty, group)) return;
  }
}

void unregister_group(pid_t group) {
  for (std::atomic<pid_t>& slot : g_groups) {
    pid_t expected = group;
    if (slot.compare_exchange_strong(expected, 0)) return;
  }
}

}  // namespace assize
