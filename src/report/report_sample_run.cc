#include "report/report_sample_run.h"

namespace assize::fixture {

void play(const Outcome& outcome, Observer& observer) {
  observer.run_started(outcome);
  observer.phase_started(Phase::review, 1);
  std::vector<Call> calls;
  for (const AgentReport& agent : outcome.panel) {
    if (!agent.available) continue;
    AgentSpec spec;
    spec.id = agent.id;
    spec.kind = agent.kind;
    Call call;
    call.agent = std::make_shared<const AgentSpec>(std::move(spec));
    calls.push_back(std::move(call));
  }
  for (const Call& call : calls) observer.call_started(call);
  for (const Call& call : calls) {
    observer.call_progress(call, 100);
    observer.call_progress(call, 200);      // too little to tell
    observer.call_progress(call, 100'000);  // told
  }
  const CallError limited{CallErrorKind::rate_limited, "429 Too Many Requests", 1, std::nullopt, Millis(2'000)};
  if (!calls.empty()) observer.call_retry(calls.front(), limited, Millis(2'345));
  for (const Call& call : calls) {
    for (const AgentReport& agent : outcome.panel) {
      if (agent.id != call.agent->id) continue;
      Answer answer;
      answer.text = agent.excerpt;
      answer.model = agent.model;
      answer.usage = agent.usage;
      answer.error = agent.error;
      answer.warnings = agent.warnings;
      answer.attempts = agent.attempts;
      answer.duration = agent.duration;
      answer.output_bytes = 100'000;
      observer.call_finished(call, answer);
      observer.review_read(agent);
    }
  }
  observer.phase_finished(Phase::review, 1, outcome);
  observer.run_finished(outcome);
}

}  // namespace assize::fixture
