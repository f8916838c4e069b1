// A clock that a test moves by hand: nothing waits, and timers fire in order while time is advanced.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "sys/timers.h"

namespace assize {

class FakeTimers final : public Timers {
 public:
  Moment now() const override { return now_; }

  [[nodiscard]] Subscribed at(Moment when, std::function<void()> fire) override {
    const Key key{when, next_++};
    pending_->emplace(key, std::move(fire));
    return std::make_unique<Entry>(pending_, key);
  }

  // Moves time on, firing what falls due on the way at its own moment, timers set by timers included.
  void advance(Millis by) {
    const Moment end = now_ + by;
    while (!pending_->empty() && pending_->begin()->first.first <= end) {
      auto node = pending_->extract(pending_->begin());
      now_ = std::max(now_, node.key().first);
      node.mapped()();
    }
    now_ = end;
  }

  std::size_t pending() const { return pending_->size(); }

 private:
  using Key = std::pair<Moment, std::uint64_t>;
  using Pending = std::map<Key, std::function<void()>>;
  struct Entry final : Subscription {
    Entry(std::shared_ptr<Pending> pending, Key key) : pending(std::move(pending)), key(key) {}
    ~Entry() override { pending->erase(key); }
    std::shared_ptr<Pending> pending;
    Key key;
  };

  Moment now_{};
  std::uint64_t next_ = 0;
  std::shared_ptr<Pending> pending_ = std::make_shared<Pending>();
};

}  // namespace assize
