// One agent's review as the procedure sees it: what was asked, what came back, what it covers. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/call.h"
#include "core/outcome.h"
#include "finding/anchor.h"
#include "finding/coverage.h"
#include "finding/group.h"
#include "finding/parse.h"
#include "trial/trial.h"

namespace assize {

// A seat of the roster during the run. Seats are kept in roster order, never in the order of arrival.
struct Seat {
  const RosterEntry* entry = nullptr;
  std::string prompt;  // what a reviewer was shown: a JSON value in it is never an answer
  Answer answer;       // of the review call, with usage, attempts and time of all its calls added up
  ParsedReview review;
  CoveredReview covered;  // its status and files; the status is what counts
  bool answered = false;  // the review call came back, well or not
  bool repaired = false;
};

// The change as analysers see it: the shown lines of kept files, with the files themselves where they are known.
std::shared_ptr<const Scope> make_scope(const TrialInput& input);

// The question of round 1. `scope` goes to analysers, the seat's prompt to reviewers.
Call review_call(const Seat& seat, std::shared_ptr<const Scope> scope);

// Takes the answer of the review call: parses it, anchors its findings, says what it covers. An answer with an error is
// `unavailable`, whatever it holds; findings that can be read of it are kept.
void take_review(Seat& seat, const Answer& answer, const ChangeView& shown);

// The one more question that may make this review countable: the same review in readable form, or the files that it
// left out. Nothing for analysers, refusals, failures and complete reviews.
std::optional<Call> follow_up(const Seat& seat, const TrialSettings& settings, const ChangeView& shown);

enum class AfterFollowUp { done, ask_again };
// Takes its answer. `ask_again`: the readable form dropped the problems that the prose named, so it counts for nothing,
// and the review itself is to be asked once more.
AfterFollowUp take_follow_up(Seat& seat, const Call& asked, const Answer& answer, const ChangeView& shown);

AgentReport report_of(const Seat& seat);
PanelMember member_of(const Seat& seat);

}  // namespace assize
