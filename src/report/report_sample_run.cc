#include "report/report_sample_run.h"

namespace assize::fixture {

Call call_of(const AgentReport& agent, Phase phase, int round, int chunk) {
  AgentSpec spec;
  spec.id = agent.id;
  spec.kind = agent.kind;
  Call call;
  call.agent = std::make_shared<const AgentSpec>(std::move(spec));
  call.phase = phase;
  call.round = round;
  call.chunk = chunk;
  return call;
}

namespace {

void one_call(const AgentReport& agent, Phase phase, int round, Observer& observer) {
  const Call call = call_of(agent, phase, round, 0);
  observer.call_started(call);
  Answer answer;
  answer.text = "{}";
  answer.attempts = 1;
  answer.duration = Millis(1'000);
  observer.call_finished(call, answer);
}

// What comes after the reviews, as the outcome says, each phase with what was known by then.
void play_jury(const Outcome& outcome, Observer& observer) {
  Outcome so_far = outcome;
  so_far.stances.clear();
  so_far.verdicts.clear();
  so_far.synthesis.reset();
  for (Group& group : so_far.groups) {
    group.status = GroupStatus::unverified;
    group.status_reason.clear();
    group.support.clear();
    group.against.clear();
  }
  observer.phase_finished(Phase::review, 1, so_far);
  for (int round = 2; round <= outcome.rounds; ++round) {
    observer.phase_started(Phase::debate, round);
    for (const Stance& stance : outcome.stances) {
      if (stance.round != round) continue;
      so_far.stances.push_back(stance);
      for (const AgentReport& agent : outcome.panel) {
        if (agent.id == stance.agent) one_call(agent, Phase::debate, round, observer);
      }
    }
    for (std::size_t i = 0; i < so_far.groups.size(); ++i) {
      so_far.groups[i].support = outcome.groups[i].support;
      so_far.groups[i].against = outcome.groups[i].against;
    }
    observer.phase_finished(Phase::debate, round, so_far);
  }
  observer.phase_started(Phase::verify, 1);
  so_far.groups = outcome.groups;
  so_far.verdicts = outcome.verdicts;
  observer.phase_finished(Phase::verify, 1, so_far);
  if (!outcome.synthesis) return;
  observer.phase_started(Phase::synthesis, 1);
  so_far.synthesis = outcome.synthesis;
  observer.phase_finished(Phase::synthesis, 1, so_far);
}

}  // namespace

void play(const Outcome& outcome, Observer& observer) {
  observer.run_started(outcome);
  observer.phase_started(Phase::review, 1);
  std::vector<Call> calls;
  for (const AgentReport& agent : outcome.panel) {
    if (!agent.available || agent.chair_only) continue;
    calls.push_back(call_of(agent, Phase::review, 1, 0));
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
  if (outcome.stances.empty() && outcome.verdicts.empty()) {
    observer.phase_finished(Phase::review, 1, outcome);
  } else {
    play_jury(outcome, observer);
  }
  observer.run_finished(outcome);
}

}  // namespace assize::fixture
