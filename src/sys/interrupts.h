// SIGINT and SIGTERM as events. The first is remembered and wakes the loop; a second one ends the process at once with
// 128 + its number, after killing the process groups that are registered here and every descendant that is left.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>

#include "sys/event_loop.h"

namespace assize {

// Installs the handlers; its end restores what was there before. At most one at a time.
class Interrupts {
 public:
  explicit Interrupts(EventLoop& loop);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // The signal that came first (SIGINT or SIGTERM), or nothing.
  std::optional<int> received() const;
  // Runs `react` from the loop when the signal comes (at once, from the loop, if it already has). One at a time: a new
  // reaction replaces the old one; an empty one removes it.
  void on_interrupt(std::function<void()> react);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The process groups that a second signal kills. Always safe to call; with no Interrupts they do nothing. Past
// kMaxRegisteredGroups a group is not registered (it is then left to PDEATHSIG).
inline constexpr int kMaxRegisteredGroups = 4'096;
void register_group(pid_t group);
void unregister_group(pid_t group);

}  // namespace assize
