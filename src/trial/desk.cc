#include "trial/desk.h"

#include <fmt/format.h>

namespace assize {

namespace {

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& more) {
  if (more) sum = sum.value_or(T{}) + *more;
}

}  // namespace

std::vector<Answer> Desk::ask(std::span<const Call> calls, const OnAnswer& on_answer) {
  asked_ = calls.size();
  refused_ = 0;
  if (calls.empty()) return {};
  std::vector<Answer> answers = caller_.ask(calls, on_answer);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Answer& answer = answers.at(i);
    spent_.tokens += answer.charged.tokens;
    spent_.cost_usd += answer.charged.cost_usd;
    spent_.estimated = spent_.estimated || answer.charged.estimated;
    Usage& usage = usage_[calls[i].agent->id];
    add(usage.input_tokens, answer.usage.input_tokens);
    add(usage.output_tokens, answer.usage.output_tokens);
    add(usage.cached_tokens, answer.usage.cached_tokens);
    add(usage.cost_usd, answer.usage.cost_usd);
    if (!answer.error) continue;
    if (answer.error->kind == CallErrorKind::budget_exhausted) ++refused_;
    if (answer.error->kind == CallErrorKind::cancelled) interrupted_ = true;
  }
  return answers;
}

void Desk::tell_refusals(Outcome& outcome, const std::string& phase) const {
  if (refused_ == 0) return;
  const bool all = refused_ == asked_;
  outcome.budget.exhausted = true;
  outcome.budget.skipped.push_back(all ? phase : "part of " + phase);
  outcome.warnings.push_back(
      all ? fmt::format("{} was skipped: the run's budget is used up", phase)
          : fmt::format("{} of {} calls of {} were refused or stopped: the run's budget is used up", refused_, asked_,
                        phase));
}

Usage Desk::usage_of(const std::string& agent) const {
  const auto found = usage_.find(agent);
  return found == usage_.end() ? Usage{} : found->second;
}

}  // namespace assize
