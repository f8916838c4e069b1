#include "sys/event_loop.h"

#include <event2/event.h>
#include <event2/event_struct.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace assize {

struct EventLoop::Impl {
  event_base* base = nullptr;
  std::exception_ptr thrown;  // by a callback: carried over libevent's C frames, which cannot be unwound

  template <class F>
  void guarded(F&& callback) {
    try {
      callback();
    } catch (...) {
      if (!thrown) thrown = std::current_exception();
      event_base_loopbreak(base);
    }
  }
};

namespace {

timeval to_timeval(Moment::duration wait) {
  const auto micros = std::chrono::ceil<std::chrono::microseconds>(std::max(wait, Moment::duration::zero())).count();
  timeval result{};
  result.tv_sec = static_cast<time_t>(micros / 1'000'000);
  result.tv_usec = static_cast<suseconds_t>(micros % 1'000'000);
  return result;
}

// One libevent event; deleted from the loop (EPOLL_CTL_DEL happens there) before anything else of the owner goes.
class EventBase : public Subscription {
 public:
  ~EventBase() override { event_del(&event_); }

 protected:
  event event_{};
};

template <class Impl>
class TimerEvent final : public EventBase {
 public:
  TimerEvent(Impl& impl, Moment when, std::function<void()> fire) : impl_(impl), when_(when), fire_(std::move(fire)) {
    event_assign(&event_, impl.base, -1, 0, &TimerEvent::trampoline, this);
    arm();
  }

 private:
  void arm() {
    const timeval wait = to_timeval(when_ - std::chrono::steady_clock::now());
    CHECK(event_add(&event_, &wait) == 0);
  }
  static void trampoline(int, short, void* self_pointer) {
    auto* self = static_cast<TimerEvent*>(self_pointer);
    // libevent measures from the start of its turn, which may lie before now: never fire early.
    if (std::chrono::steady_clock::now() < self->when_) return self->arm();
    Impl& impl = self->impl_;
    const std::function<void()> fire = std::move(self->fire_);  // `self` may be destroyed inside
    impl.guarded(fire);
  }

  Impl& impl_;
  Moment when_;
  std::function<void()> fire_;
};

template <class Impl>
class WatchEvent final : public EventBase {
 public:
  WatchEvent(Impl& impl, int fd, Ready what, std::function<void()> react)
      : impl_(impl), react_(std::make_shared<std::function<void()>>(std::move(react))) {
    const short flags = what == Ready::readable ? EV_READ : EV_WRITE;
    event_assign(&event_, impl.base, fd, static_cast<short>(flags | EV_PERSIST), &WatchEvent::trampoline, this);
    CHECK(event_add(&event_, nullptr) == 0);
  }

 private:
  static void trampoline(int, short, void* self_pointer) {
    auto* self = static_cast<WatchEvent*>(self_pointer);
    Impl& impl = self->impl_;
    const std::shared_ptr<std::function<void()>> react = self->react_;  // `self` may be destroyed inside
    impl.guarded(*react);
  }

  Impl& impl_;
  std::shared_ptr<std::function<void()>> react_;
};

}  // namespace

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {
  event_config* config = event_config_new();
  CHECK(config != nullptr);
  // The default clock of libevent is the coarse one, which is up to 4 ms late.
  event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
  impl_->base = event_base_new_with_config(config);
  event_config_free(config);
  CHECK(impl_->base != nullptr);
}

EventLoop::~EventLoop() {
  event_base_free(impl_->base);
}

Moment EventLoop::now() const {
  return std::chrono::steady_clock::now();
}

Subscribed EventLoop::at(Moment when, std::function<void()> fire) {
  return std::make_unique<TimerEvent<Impl>>(*impl_, when, std::move(fire));
}

Subscribed EventLoop::watch(int fd, Ready what, std::function<void()> react) {
  return std::make_unique<WatchEvent<Impl>>(*impl_, fd, what, std::move(react));
}

void EventLoop::run_until(const std::function<bool()>& done) {
  while (!done()) {
    const int status = event_base_loop(impl_->base, EVLOOP_ONCE);
    if (impl_->thrown) std::rethrow_exception(std::exchange(impl_->thrown, nullptr));
    CHECK(status == 0);  // 1: nothing is subscribed and `done` would never come true; -1: the backend failed
  }
}

}  // namespace assize
