#include "calls/stack.h"

#include "calls/breaker.h"
#include "calls/charge.h"
#include "calls/dispatcher.h"
#include "calls/http_port.h"
#include "calls/loop_caller.h"
#include "calls/retry.h"
#include "calls/room.h"
#include "sys/event_loop.h"
#include "sys/interrupts.h"
#include "sys/process.h"
#include "sys/tree_files.h"

namespace assize {
namespace {

// A timer that sets itself again.
class Ticker final : public Subscription {
 public:
  Ticker(Timers& timers, Millis period, std::function<void()> tick)
      : timers_(timers), period_(period), tick_(std::move(tick)) {
    arm();
  }

 private:
  void arm() {
    timer_ = timers_.after(period_, [this] {
      arm();
      const std::function<void()> tick = tick_;  // the ticker may go inside
      tick();
    });
  }
  Timers& timers_;
  Millis period_;
  std::function<void()> tick_;
  Subscribed timer_;
};

VendorOf by_adapter(AdapterResolver resolve) {
  return [resolve = std::move(resolve)](const AgentSpec& spec) -> std::string {
    try {
      const auto adapter = resolve(spec.kind);
      return adapter ? (*adapter)->vendor(spec) : std::string();
    } catch (...) {  // a fault of an adapter is that agent's, who then stands for itself
      return {};
    }
  };
}

class Stack final : public CallStack {
 public:
  ~Stack() override {
    // Ports and host first: their rooms are below the directory.
    caller_.reset();
    budget_.reset();
    retry_.reset();
    throttle_.reset();
    breaker_.reset();
    meter_.reset();
    dispatcher_.reset();
    processes_.reset();
    http_.reset();
    host_.reset();
    if (owns_directory_) remove_whole_tree(run_directory_);
  }

  Result<std::monostate> build(CallStackSettings settings) {
    if (settings.world == nullptr) return invalid("the call stack needs its surroundings");
    run_directory_ = settings.run_directory;
    if (run_directory_.empty()) {
      TRY_ASSIGN(run_directory_, make_run_directory({}));
      owns_directory_ = true;
    } else if (run_directory_.front() != '/') {
      return invalid("the run directory must be an absolute path: " + run_directory_);
    }
    TRY_ASSIGN(host_, ProcessHost::make(loop_));
    if (settings.signals == CatchSignals::yes) interrupts_.emplace(loop_);
    const VendorOf vendor_of = settings.vendor_of ? std::move(settings.vendor_of) : by_adapter(settings.resolve);
    HttpPortSettings remote;
    remote.run_directory = run_directory_;
    remote.world = settings.world;
    remote.resolve = settings.resolve;
    remote.observer = settings.observer;
    remote.keep_output = settings.keep_output;
    http_ = make_http_port(loop_, std::move(remote));
    const AdapterResolver resolve = settings.resolve;
    ProcessPortSettings local;
    local.run_directory = run_directory_;
    local.world = settings.world;
    local.resolve = std::move(settings.resolve);
    local.file_tools = settings.file_tools;
    local.observer = settings.observer;
    local.keep_output = std::move(settings.keep_output);
    processes_ = make_process_port(loop_, *host_, std::move(local));
    dispatcher_ = make_dispatcher(*processes_, *http_, resolve);
    meter_ = make_meter(*dispatcher_, vendor_of);
    breaker_ = make_breaker(*meter_, loop_, vendor_of);
    throttle_ = make_throttle(*breaker_, loop_, std::move(settings.throttle), vendor_of);
    retry_ = make_retry(*throttle_, loop_, make_jitter(settings.seed), settings.observer);
    budget_ = make_budget(*retry_, loop_, settings.budget, vendor_of);
    caller_ = std::make_unique<LoopCaller>(loop_, *budget_, settings.observer, interrupts_ ? &*interrupts_ : nullptr);
    return std::monostate{};
  }

  Caller& caller() override { return *caller_; }
  std::optional<int> interrupted_by() const override { return interrupts_ ? interrupts_->received() : std::nullopt; }
  Subscribed every(Millis period, std::function<void()> tick) override {
    return std::make_unique<Ticker>(loop_, period, std::move(tick));
  }
  void cancel_all() override { caller_->cancel_all(); }
  const std::string& run_directory() const override { return run_directory_; }

 private:
  EventLoop loop_;
  std::string run_directory_;
  bool owns_directory_ = false;
  std::unique_ptr<ProcessHost> host_;
  std::optional<Interrupts> interrupts_;
  std::unique_ptr<CallPort> http_, processes_, dispatcher_, meter_, breaker_, throttle_, retry_,
      budget_;  // innermost first
  std::unique_ptr<LoopCaller> caller_;
};

}  // namespace

Result<std::unique_ptr<CallStack>> CallStack::make(CallStackSettings settings) {
  auto stack = std::make_unique<Stack>();
  TRY(stack->build(std::move(settings)));
  return std::unique_ptr<CallStack>(std::move(stack));
}

}  // namespace assize
