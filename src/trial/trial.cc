#include "trial/trial.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "finding/tally.h"
#include "trial/chair.h"
#include "trial/debate.h"
#include "trial/depth.h"
#include "trial/desk.h"
#include "trial/exhibits.h"
#include "trial/hearing.h"
#include "trial/prompt.h"
#include "trial/record.h"
#include "trial/synthesis.h"
#include "trial/verification.h"

namespace assize {

namespace {

// How deep this change is looked into.
struct Course {
  Debate debate = Debate::adaptive;
  int last_round = 1;
  VerdictRules verdicts;
};

Course set_course(const TrialInput& input, Outcome& outcome) {
  const TrialSettings& settings = input.settings;
  Course course{.debate = settings.debate,
                .last_round = settings.debate == Debate::fixed ? settings.rounds : settings.max_rounds,
                .verdicts = {.fail_on = settings.gate.fail_on, .always_double = false}};
  if (settings.depth == Depth::as_configured) return course;
  const RiskReport risk = risk_of(input.change, input.plan, settings.policy);
  outcome.risk = risk.risk;
  outcome.risk_reason = risk.reason;
  if (risk.risk == Risk::low) course.last_round = 1;
  if (risk.risk == Risk::high) {
    course.last_round = std::max(course.last_round, 2);
    course.verdicts.always_double = true;
  }
  return course;
}

struct Stop {
  std::string reason;  // stable identifier
  std::string text;
};

// Why no further round of debate is held; nothing when there is to be one.
std::optional<Stop> end_of_debate(const Outcome& outcome, const std::vector<Seat>& seats, const Course& course,
                                  const Desk& desk, int round, bool moved) {
  const bool first = round == 2;
  if (desk.interrupted()) return Stop{"cancelled", "the run was interrupted"};
  if (outcome.offline) return Stop{"no_reviewers", "no model reviewer is on the panel: there is nobody to debate"};
  const auto valid = std::count_if(seats.begin(), seats.end(),
                                   [](const Seat& seat) { return seat.reviews() && seat.valid_anywhere(); });
  if (valid < 2) return Stop{"too_few_reviews", "a debate needs two valid reviews"};
  const std::size_t contested = contested_groups(outcome, seats).size();
  if (contested == 0) {
    return first ? Stop{"nothing_contested", "the reviewers do not differ on anything"}
                 : Stop{"agreed", fmt::format("after round {} nothing is contested any more", round - 1)};
  }
  if (course.last_round < 2) {
    return outcome.risk == Risk::low ? Stop{"low_risk", "a change of low risk is not debated"}
                                     : Stop{"single_round", "one round was asked for"};
  }
  if (desk.refused() > 0) return Stop{"budget_exhausted", "the run's budget is used up"};
  if (!first && !moved && course.debate == Debate::adaptive) {
    return Stop{"nobody_moved", fmt::format("round {} changed no stance, {} contested", round - 1, contested)};
  }
  if (round > course.last_round) {
    return Stop{"rounds_held", fmt::format("all {} rounds were held, {} contested", course.last_round, contested)};
  }
  return std::nullopt;
}

// One round: everybody who reviewed is asked about what is contested. True: somebody moved.
bool hold_round(int round, Outcome& outcome, std::vector<Seat>& seats, const Exhibits& shown, Desk& desk) {
  const std::vector<DebateCall> asked = debate_calls(outcome, seats, round, shown);
  std::vector<Call> calls;
  calls.reserve(asked.size());
  for (const DebateCall& question : asked) calls.push_back(question.call);
  const std::vector<Answer> answers = desk.ask(calls, {});
  desk.tell_refusals(outcome, fmt::format("round {} of the debate", round));

  std::vector<Stance> stances;
  std::vector<Finding> missed;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    DebateAnswer answer = read_debate_answer(asked[i], answers[i], shown);
    std::move(answer.stances.begin(), answer.stances.end(), std::back_inserter(stances));
    std::move(answer.missed.begin(), answer.missed.end(), std::back_inserter(missed));
    std::move(answer.warnings.begin(), answer.warnings.end(), std::back_inserter(outcome.warnings));
  }
  drop_repeats(missed, outcome.findings);
  const bool moved = anybody_moved(outcome, outcome.stances, stances) || !missed.empty();
  std::move(stances.begin(), stances.end(), std::back_inserter(outcome.stances));
  record_missed(outcome, std::move(missed), seats, shown.input().settings.policy);
  tally_stances(outcome.groups, outcome.findings, outcome.stances, members_of(seats));
  outcome.rounds = round;
  return moved;
}

void verify(Outcome& outcome, const std::vector<Seat>& seats, const Chair& chair, const Course& course,
            const Exhibits& shown, Desk& desk) {
  Verification verification(seats, chair, course.verdicts, shown);
  for (auto wave = verification.next_wave(outcome); !wave.empty() && !desk.interrupted();
       wave = verification.next_wave(outcome)) {
    std::vector<Call> calls;
    calls.reserve(wave.size());
    for (const VerifyCall& question : wave) calls.push_back(question.call);
    const std::vector<Answer> answers = desk.ask(calls, {});
    desk.tell_refusals(outcome, "verification");
    for (std::size_t i = 0; i < wave.size(); ++i) verification.take(wave[i], answers[i]);
  }
  outcome.verdicts = verification.verdicts();
  outcome.warnings.insert(outcome.warnings.end(), verification.warnings().begin(), verification.warnings().end());
  settle_groups(outcome.groups, outcome.findings, outcome.verdicts, members_of(seats), course.verdicts);
}

Synthesis synthesise(Outcome& outcome, const Chair& chair, const Exhibits& shown, Desk& desk) {
  const std::vector<Call> call = {synthesis_call(outcome, chair, shown)};
  const std::vector<Answer> answer = desk.ask(call, {});
  desk.tell_refusals(outcome, "the chair's summary");
  return read_synthesis(outcome, call.front(), answer.front());
}

}  // namespace

Outcome run_trial(const TrialInput& input, Caller& caller, Observer& observer) {
  const TrialSettings& settings = input.settings;
  const Exhibits shown(input);
  std::vector<Seat> seats = take_seats(input, shown);
  Desk desk(caller);
  Outcome outcome = declare(input, seats);
  const Course course = set_course(input, outcome);
  record_panel(outcome, seats, desk);
  observer.run_started(outcome);

  // Round 1: everybody reviews alone. What they found becomes groups, one for each problem.
  observer.phase_started(Phase::review, 1);
  hold_reviews(seats, shown, desk, outcome, observer);
  record_reviews(outcome, seats, shown, desk);
  verify_by_construction(outcome);
  tally_stances(outcome.groups, outcome.findings, {}, members_of(seats));
  withhold_forbidden(outcome, settings.policy);
  observer.phase_finished(Phase::review, 1, outcome);

  const Chair chair = choose_chair(seats, settings);
  if (chair.seat != nullptr) outcome.chair = chair.seat->id();
  if (!chair.warning.empty()) outcome.warnings.push_back(chair.warning);

  // Debate: on what they do not agree on, until nobody moves or the rounds are over.
  std::optional<Stop> stop;
  bool moved = true;
  for (int round = 2; !(stop = end_of_debate(outcome, seats, course, desk, round, moved)); ++round) {
    observer.phase_started(Phase::debate, round);
    moved = hold_round(round, outcome, seats, shown, desk);
    withhold_forbidden(outcome, settings.policy);
    observer.phase_finished(Phase::debate, round, outcome);
  }

  // Verification: each group by somebody who did not raise it.
  if (outcome.verification && !outcome.groups.empty() && !desk.interrupted()) {
    observer.phase_started(Phase::verify, 1);
    verify(outcome, seats, chair, course, shown, desk);
    withhold_forbidden(outcome, settings.policy);
    observer.phase_finished(Phase::verify, 1, outcome);
  }
  sort_for_report(outcome.groups, outcome.findings);

  // The chair sums up. Its words decide nothing.
  if (outcome.offline || outcome.groups.empty() || chair.seat == nullptr || desk.interrupted()) {
    outcome.synthesis =
        summarise(outcome, outcome.offline || chair.seat != nullptr ? "" : "nobody could take the chair");
  } else {
    observer.phase_started(Phase::synthesis, 1);
    outcome.synthesis = synthesise(outcome, chair, shown, desk);
    withhold_forbidden(outcome, settings.policy);
    observer.phase_finished(Phase::synthesis, 1, outcome);
  }

  if (desk.interrupted()) stop = Stop{"cancelled", "the run was interrupted"};
  outcome.stop_reason = stop->reason;
  outcome.stop_reason_text = stop->text;
  record_panel(outcome, seats, desk);
  withhold_forbidden(outcome, settings.policy);
  outcome.budget.spent = desk.spent();
  if (!outcome.offline) outcome.vote = take_vote(outcome, settings.gate);
  outcome.decision = decide(outcome, settings.gate);
  if (outcome.synthesis) note_contradiction(*outcome.synthesis, outcome.decision);
  return outcome;
}

std::string review_prompt(const TrialInput& input, const AgentSpec& agent) {
  const Exhibits shown(input);
  return shown.chunks() == 0 ? std::string() : review_prompt(shown, 0, agent, "");
}

}  // namespace assize
