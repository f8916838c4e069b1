#include "calls/loop_caller.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "calls/refusals.h"
#include "calls/words.h"

namespace assize {

struct LoopCaller::Asking {
  enum class State : char { open, cut, answered };  // cut: stopped by the grace, and not yet heard of

  std::span<const Call> calls;
  const OnAnswer& on_answer;
  std::vector<Answer> answers;
  std::vector<State> states;
  std::vector<CallId> ids;
  std::size_t unanswered = 0;
  bool cancelled = false;
  std::optional<Millis> grace;  // the first that was given
  Subscribed grace_end;
  std::exception_ptr thrown;  // by a callback: carried until nothing below refers to us any more
};

LoopCaller::LoopCaller(EventLoop& loop, CallPort& port, Observer* observer, Interrupts* interrupts)
    : loop_(loop), port_(port), observer_(observer), interrupts_(interrupts) {}

void LoopCaller::cancel_all() {
  cancelled_ = true;
  if (asking_ != nullptr) cancel_open(*asking_);
}

void LoopCaller::cancel_open(Asking& asking) {
  if (std::exchange(asking.cancelled, true)) return;
  for (std::size_t i = 0; i < asking.ids.size(); ++i) {
    if (asking.states[i] == Asking::State::open) port_.cancel(asking.ids[i]);
  }
}

void LoopCaller::start_grace(Asking& asking, Millis grace) {
  if (asking.grace) return;
  asking.grace = std::max(grace, Millis(0));
  asking.grace_end = loop_.after(*asking.grace, [this, &asking] {
    if (asking.cancelled) return;
    for (std::size_t i = 0; i < asking.ids.size(); ++i) {
      if (asking.states[i] != Asking::State::open) continue;
      asking.states[i] = Asking::State::cut;
      port_.cancel(asking.ids[i]);
    }
  });
}

void LoopCaller::arrived(Asking& asking, std::size_t index, Answer answer) {
  --asking.unanswered;
  // One that was on its way when the grace ended stays what it is.
  const bool stopped = answer.error && answer.error->kind == CallErrorKind::cancelled;
  if (std::exchange(asking.states[index], Asking::State::answered) == Asking::State::cut && stopped) {
    answer.cut = true;
    answer.error->kind = CallErrorKind::timed_out;
    answer.error->message =
        "stopped: enough others had answered, and the grace of " + in_words(*asking.grace) + " ended";
  }
  Answer& kept = asking.answers[index];
  kept = std::move(answer);
  try {
    if (observer_ != nullptr) observer_->call_finished(asking.calls[index], kept);
    if (!asking.on_answer || asking.thrown) return;
    if (const auto grace = asking.on_answer(index, kept)) start_grace(asking, *grace);
  } catch (...) {
    if (!asking.thrown) asking.thrown = std::current_exception();
    cancel_all();
  }
}

std::vector<Answer> LoopCaller::ask(std::span<const Call> calls, const OnAnswer& on_answer) {
  CHECK(asking_ == nullptr);  // on_answer must not ask
  Asking asking{.calls = calls, .on_answer = on_answer};
  asking.answers.resize(calls.size());
  asking.states.resize(calls.size(), Asking::State::open);
  asking.ids.reserve(calls.size());
  asking.unanswered = calls.size();
  asking_ = &asking;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    asking.ids.push_back(
        port_.submit(calls[i], [this, &asking, i](Answer answer) { arrived(asking, i, std::move(answer)); }));
  }
  if (cancelled_ || (interrupts_ != nullptr && interrupts_->received())) cancel_all();
  if (interrupts_ != nullptr) interrupts_->on_interrupt([this] { cancel_all(); });
  while (asking.unanswered > 0) {
    try {
      loop_.run_until([&] { return asking.unanswered == 0; });
    } catch (...) {  // somebody else's callback: ours below still refer to this frame
      if (!asking.thrown) asking.thrown = std::current_exception();
      cancel_all();
    }
  }
  if (interrupts_ != nullptr) interrupts_->on_interrupt({});
  asking_ = nullptr;
  if (asking.thrown) std::rethrow_exception(asking.thrown);
  return std::move(asking.answers);
}

}  // namespace assize
