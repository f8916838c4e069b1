#include "sys/interrupts.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>

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

void handle(int signal) {
  int none = 0;
  if (!g_received.compare_exchange_strong(none, signal)) {
    for (const std::atomic<pid_t>& slot : g_groups) {
      if (const pid_t group = slot.load(); group > 1) ::kill(-group, SIGKILL);
    }
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
