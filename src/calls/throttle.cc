#include "calls/throttle.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "calls/refusals.h"

namespace assize {
namespace {

// Ids are given in the order in which calls come, so the smallest one waits longest. Each step costs the logarithm of
// what waits, however many calls and vendors there are.
class Throttle final : public CallPort {
 public:
  Throttle(CallPort& inner, Timers& timers, ThrottleLimits limits, VendorOf vendor_of)
      : inner_(inner),
        timers_(timers),
        refusals_(timers),
        limits_(std::move(limits)),
        vendor_of_(std::move(vendor_of)) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    Vendor& vendor = vendor_named(vendor_name(vendor_of_, *call.agent));
    waiting_.emplace(id, Waiting{&vendor, &call, std::move(done)});
    vendor.waiting.insert(id);
    update(vendor);
    start_what_fits();
    return id;
  }

  void cancel(CallId id) override {
    if (const auto found = running_.find(id); found != running_.end()) return inner_.cancel(found->second);
    auto node = waiting_.extract(id);
    if (node.empty()) return;
    Vendor& vendor = *node.mapped().vendor;
    vendor.waiting.erase(id);
    update(vendor);
    refusals_.add(id, call_error_of(CallErrorKind::cancelled, "cancelled before it started"),
                  std::move(node.mapped().done));
  }

 private:
  struct Vendor {
    int limit = 0;
    int running = 0;
    std::set<CallId> waiting;
    std::optional<CallId> next;  // its entry in next_of_vendors_
    Moment held_until{};
    Subscribed hold;  // set: nothing of it starts now
  };
  struct Waiting {
    Vendor* vendor = nullptr;
    const Call* call = nullptr;
    std::function<void(Answer)> done;
  };

  Vendor& vendor_named(const std::string& name) {
    const auto [place, fresh] = vendors_.try_emplace(name);
    if (fresh) {
      const auto named = limits_.vendor.find(name);
      place->second.limit = named != limits_.vendor.end() ? named->second : limits_.max_parallel_per_vendor;
    }
    return place->second;
  }

  // Puts down which of the vendor's calls may start next; none while it is busy, or held.
  void update(Vendor& vendor) {
    const bool may_start =
        !vendor.waiting.empty() && !vendor.hold && (vendor.limit <= 0 || vendor.running < vendor.limit);
    const std::optional<CallId> next = may_start ? std::optional(*vendor.waiting.begin()) : std::nullopt;
    if (next == vendor.next) return;
    if (vendor.next) next_of_vendors_.erase(*vendor.next);
    if (next) next_of_vendors_.insert(*next);
    vendor.next = next;
  }

  void start_what_fits() {
    while (!next_of_vendors_.empty()) {
      if (limits_.max_parallel > 0 && static_cast<int>(running_.size()) >= limits_.max_parallel) return;
      start(*next_of_vendors_.begin());
    }
  }

  void start(CallId id) {
    auto node = waiting_.extract(id);
    Vendor& vendor = *node.mapped().vendor;
    vendor.waiting.erase(id);
    ++vendor.running;
    update(vendor);
    running_[id] =
        inner_.submit(*node.mapped().call, [this, id, &vendor, done = std::move(node.mapped().done)](Answer answer) {
          running_.erase(id);
          --vendor.running;
          hold_if_asked(vendor, answer);
          update(vendor);
          start_what_fits();
          done(std::move(answer));
        });
  }

  void hold_if_asked(Vendor& vendor, const Answer& answer) {
    if (!answer.error || !answer.error->retry_after) return;
    const CallErrorKind kind = answer.error->kind;
    if (kind != CallErrorKind::rate_limited && kind != CallErrorKind::overloaded) return;
    const Millis wait = *answer.error->retry_after;
    if (wait <= Millis(0) || wait > kLongestHold) return;
    vendor.held_until = std::max(vendor.held_until, timers_.now() + wait);
    vendor.hold = timers_.at(vendor.held_until, [this, &vendor] {
      vendor.hold.reset();
      update(vendor);
      start_what_fits();
    });
  }

  CallPort& inner_;
  Timers& timers_;
  Refusals refusals_;
  ThrottleLimits limits_;
  VendorOf vendor_of_;
  CallId next_ = 1;
  std::map<std::string, Vendor> vendors_;  // nodes stay where they are
  std::unordered_map<CallId, Waiting> waiting_;
  std::set<CallId> next_of_vendors_;            // the call of each vendor that may start, if there is room
  std::unordered_map<CallId, CallId> running_;  // ours -> inner's
};

}  // namespace

std::unique_ptr<CallPort> make_throttle(CallPort& inner, Timers& timers, ThrottleLimits limits, VendorOf vendor_of) {
  return std::make_unique<Throttle>(inner, timers, std::move(limits), std::move(vendor_of));
}

}  // namespace assize
