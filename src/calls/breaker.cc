#include "calls/breaker.h"

#include <fmt/core.h>

#include <map>
#include <unordered_map>
#include <utility>

#include "calls/charge.h"
#include "calls/refusals.h"

namespace assize {
namespace {

class Breaker final : public CallPort {
 public:
  Breaker(CallPort& inner, Timers& timers, VendorOf vendor_of)
      : inner_(inner), refusals_(timers), vendor_of_(std::move(vendor_of)) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const CallId id = next_++;
    const AgentSpec& spec = *call.agent;
    std::string account = is_metered(spec) ? account_of(vendor_of_, spec) : std::string();
    if (const auto known = used_up_.find(account); known != used_up_.end()) {
      refusals_.add(id,
                    call_error_of(CallErrorKind::quota_exhausted,
                                  fmt::format("not asked: {}'s quota is used up (first said by {})",
                                              vendor_name(vendor_of_, spec), known->second)),
                    std::move(done));
      return id;
    }
    passed_on_[id] =
        inner_.submit(call, [this, id, &call, account = std::move(account), done = std::move(done)](Answer answer) {
          passed_on_.erase(id);
          const bool used_up = answer.error && answer.error->kind == CallErrorKind::quota_exhausted;
          if (used_up && !account.empty()) used_up_.try_emplace(account, call.agent->id);
          done(std::move(answer));
        });
    return id;
  }

  void cancel(CallId id) override {
    if (refusals_.cancel(id)) return;
    if (const auto found = passed_on_.find(id); found != passed_on_.end()) inner_.cancel(found->second);
  }

 private:
  CallPort& inner_;
  Refusals refusals_;
  VendorOf vendor_of_;
  CallId next_ = 1;
  std::unordered_map<CallId, CallId> passed_on_;  // ours -> inner's
  std::map<std::string, std::string> used_up_;    // account -> the agent that said so first
};

}  // namespace

std::unique_ptr<CallPort> make_breaker(CallPort& inner, Timers& timers, VendorOf vendor_of) {
  return std::make_unique<Breaker>(inner, timers, std::move(vendor_of));
}

}  // namespace assize
