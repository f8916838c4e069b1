#include "trial/trial.h"

#include <algorithm>
#include <utility>

#include "trial/prompt.h"
#include "trial/review.h"

namespace assize {

namespace {

// What is known before anybody is asked.
Outcome declare(const TrialInput& input) {
  Outcome outcome;
  outcome.run = input.settings.run;
  outcome.mode = "review";
  outcome.seed = input.settings.seed;
  outcome.source = input.change.source;
  outcome.base = input.change.base;
  outcome.head = input.change.head;
  outcome.repository = input.change.repository;
  outcome.private_files = input.change.private_files;
  outcome.coverage = coverage_of(input.change, input.plan);
  outcome.offline = std::none_of(input.roster.begin(), input.roster.end(), [](const RosterEntry& entry) {
    return role_of(entry.spec->kind) == AgentRole::reviewer;
  });
  for (const ChangeWarning& warning : input.change.warnings) {
    outcome.warnings.push_back(warning.path.empty() ? warning.message : warning.path + ": " + warning.message);
  }
  outcome.versions = {{"assize", ASSIZE_VERSION}, {"prompt", prompt_version()}};
  outcome.digests["change"] = input.change.digest;
  outcome.context_mode = input.settings.context == TrialSettings::Context::expanded ? "expanded" : "diff";
  outcome.fail_on.assign(input.settings.gate.fail_on.rbegin(), input.settings.gate.fail_on.rend());
  return outcome;
}

std::vector<Seat> take_seats(const TrialInput& input) {
  const ReviewMaterial material = review_material(input);
  std::vector<Seat> seats;
  for (const RosterEntry& entry : input.roster) {
    Seat seat;
    seat.entry = &entry;
    seat.answer.error = entry.unavailable;
    if (role_of(entry.spec->kind) == AgentRole::reviewer) seat.prompt = review_prompt(input, material, *entry.spec);
    seats.push_back(std::move(seat));
  }
  return seats;
}

// Asks one question of some seats side by side; `take` gets each answer as it arrives.
template <class Take>
void ask(Caller& caller, const std::vector<std::pair<Seat*, Call>>& questions, Take take) {
  if (questions.empty()) return;
  std::vector<Call> calls;
  calls.reserve(questions.size());
  for (const auto& [seat, call] : questions) calls.push_back(call);
  caller.ask(calls, [&](std::size_t index, const Answer& answer) {
    take(*questions[index].first, calls[index], answer);
    return std::nullopt;
  });
}

// Round 1: every available agent reviews the change alone, all at once.
void review_alone(std::vector<Seat>& seats, const TrialInput& input, const ChangeView& view, Caller& caller,
                  Observer& observer) {
  const std::shared_ptr<const Scope> scope = make_scope(input);
  std::vector<std::pair<Seat*, Call>> questions;
  for (Seat& seat : seats) {
    if (seat.entry->available) questions.emplace_back(&seat, review_call(seat, scope));
  }
  ask(caller, questions, [&](Seat& seat, const Call&, const Answer& answer) {
    take_review(seat, answer, view);
    observer.review_read(report_of(seat));
  });
}

// A review that cannot be counted as it stands is asked for once more, in readable form or for the files that it left
// out.
void make_countable(std::vector<Seat>& seats, const TrialInput& input, const ChangeView& view, Caller& caller,
                    Observer& observer) {
  std::vector<std::pair<Seat*, Call>> questions;
  for (Seat& seat : seats) {
    if (auto call = follow_up(seat, input.settings, view)) questions.emplace_back(&seat, *std::move(call));
  }
  std::vector<Seat*> doubtful;
  ask(caller, questions, [&](Seat& seat, const Call& asked, const Answer& answer) {
    if (take_follow_up(seat, asked, answer, view) == AfterFollowUp::ask_again) doubtful.push_back(&seat);
    observer.review_read(report_of(seat));
  });

  std::vector<std::pair<Seat*, Call>> again;
  for (Seat& seat : seats) {
    if (std::find(doubtful.begin(), doubtful.end(), &seat) == doubtful.end()) continue;
    Call call = review_call(seat, nullptr);
    call.ordinal = 1;
    again.emplace_back(&seat, std::move(call));
  }
  ask(caller, again, [&](Seat& seat, const Call&, const Answer& answer) {
    take_review(seat, answer, view);
    observer.review_read(report_of(seat));
  });
}

// Which valid reviews covered each file, and which analysers looked at it.
void mark_coverage(Outcome& outcome, const std::vector<PanelMember>& panel) {
  for (FileCoverage& file : outcome.coverage) {
    for (const PanelMember& member : panel) {
      if (file.set_aside || !member.valid ||
          !std::binary_search(member.covers.begin(), member.covers.end(), CoveredFile{file.path, 0})) {
        continue;
      }
      if (member.role == AgentRole::analyser) {
        file.analysers.push_back(member.id);
        continue;
      }
      for (HunkCoverage& hunk : file.hunks) hunk.agents.push_back(member.id);
    }
  }
}

void seat_panel(Outcome& outcome, const std::vector<Seat>& seats) {
  outcome.panel.clear();
  for (const Seat& seat : seats) outcome.panel.push_back(report_of(seat));
}

void collect(Outcome& outcome, const std::vector<Seat>& seats) {
  seat_panel(outcome, seats);
  for (const Seat& seat : seats) {
    outcome.findings.insert(outcome.findings.end(), seat.review.findings.begin(), seat.review.findings.end());
  }
}

void say_why_it_stopped(Outcome& outcome) {
  const bool cancelled = std::any_of(outcome.panel.begin(), outcome.panel.end(), [](const AgentReport& agent) {
    return agent.error && agent.error->kind == CallErrorKind::cancelled;
  });
  outcome.stop_reason = cancelled ? "cancelled" : "completed";
  outcome.stop_reason_text = cancelled ? "the run was interrupted before every agent had answered"
                                       : "every agent that could be asked has answered or failed";
}

}  // namespace

Outcome run_trial(const TrialInput& input, Caller& caller, Observer& observer) {
  Outcome outcome = declare(input);
  const ChangeView view(input.change, input.plan, input.images);
  std::vector<Seat> seats = take_seats(input);
  seat_panel(outcome, seats);
  observer.run_started(outcome);

  observer.phase_started(Phase::review, 1);
  if (input.plan.kept_files() > 0) {
    review_alone(seats, input, view, caller, observer);
    make_countable(seats, input, view, caller, observer);
  }
  collect(outcome, seats);

  std::vector<PanelMember> panel;
  panel.reserve(seats.size());
  for (const Seat& seat : seats) panel.push_back(member_of(seat));
  mark_coverage(outcome, panel);
  outcome.groups = group_findings({.findings = outcome.findings, .panel = panel});
  observer.phase_finished(Phase::review, 1, outcome);

  say_why_it_stopped(outcome);
  outcome.decision = decide(outcome, input.settings.gate);
  return outcome;
}

}  // namespace assize
