// The event loop: descriptors and timers on one thread (libevent underneath). Not thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "core/result.h"
#include "sys/timers.h"

namespace assize {

enum class Ready { readable, writable };

class EventLoop final : public Timers {
 public:
  EventLoop();  // a system without epoll, poll or memory for it is a CHECK
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  Moment now() const override;
  [[nodiscard]] Subscribed at(Moment when, std::function<void()> fire) override;

  // Calls `react` whenever `fd` is ready (a closed peer counts), until the subscription is destroyed. REQUIRES: the
  // subscription is destroyed before the descriptor is closed; a closed number can be somebody else's by the next
  // event.
  [[nodiscard]] Subscribed watch(int fd, Ready what, std::function<void()> react);

  // Handles events until `done` returns true; it is asked first, and again after each batch of events. What a callback
  // throws ends the run and is thrown from here.
  void run_until(const std::function<bool()>& done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assize
