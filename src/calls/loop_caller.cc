#include "calls/loop_caller.h"

#include <exception>

namespace assize {

LoopCaller::LoopCaller(EventLoop& loop, CallPort& port, Observer* observer, Interrupts* interrupts)
    : loop_(loop), port_(port), observer_(observer), interrupts_(interrupts) {}

void LoopCaller::cancel_all() {
  cancelled_ = true;
  for (const CallId id : under_way_) port_.cancel(id);
}

std::vector<Answer> LoopCaller::ask(std::span<const Call> calls, const OnAnswer& on_answer) {
  std::vector<Answer> answers(calls.size());
  std::size_t open = calls.size();
  std::exception_ptr thrown;  // by on_answer: carried until nothing below refers to us any more

  const auto arrived = [&](std::size_t index, Answer answer) {
    --open;
    answers[index] = std::move(answer);
    try {
      if (observer_ != nullptr) observer_->call_finished(calls[index], answers[index]);
      if (on_answer && !thrown) on_answer(index, answers[index]);
    } catch (...) {
      thrown = std::current_exception();
      cancel_all();
    }
  };

  under_way_.clear();
  under_way_.reserve(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    under_way_.push_back(port_.submit(calls[i], [&arrived, i](Answer answer) { arrived(i, std::move(answer)); }));
  }
  if (cancelled_ || (interrupts_ != nullptr && interrupts_->received())) cancel_all();
  if (interrupts_ != nullptr) interrupts_->on_interrupt([this] { cancel_all(); });
  loop_.run_until([&] { return open == 0; });
  if (interrupts_ != nullptr) interrupts_->on_interrupt({});
  under_way_.clear();
  if (thrown) std::rethrow_exception(thrown);
  return answers;
}

}  // namespace assize
