// One agent's review as the procedure sees it: what was asked, what came back, what it covers. Pure.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/outcome.h"
#include "finding/anchor.h"
#include "finding/coverage.h"
#include "finding/group.h"
#include "finding/parse.h"
#include "trial/exhibits.h"
#include "trial/trial.h"

namespace assize {

// An agent's review of one chunk; an analyser has one for the whole change.
struct Part {
  int chunk = 0;
  Answer answer;  // of the review call, with usage, attempts and time of all its calls added up
  ParsedReview review;
  CoveredReview covered;  // its status and files; the status is what counts
  bool answered = false;  // the review call came back, well or not
  bool repaired = false;
  bool valid() const { return answered && is_valid_review(covered.status); }
};

// A seat of the roster during the run. Seats are kept in roster order, never in the order of arrival.
struct Seat {
  const RosterEntry* entry = nullptr;
  std::string lens;  // what it was dealt, comma-joined
  std::vector<Part> parts;
  int next_finding = 1;  // number of its next finding: ids are "<agent>-<n>" over the whole run

  const std::string& id() const { return entry->spec->id; }
  // A model agent that reviews: no analyser, and not in the chair alone.
  bool reviews() const { return role_of(entry->spec->kind) == AgentRole::reviewer && !entry->spec->chair_only; }
  const Part* part_of(int chunk) const;
  bool valid_in(int chunk) const;
  bool valid_anywhere() const;
  bool valid_everywhere() const;
};

// The roster with the chunks and lenses that each is dealt. With a division by files each chunk goes to one reviewer.
std::vector<Seat> take_seats(const TrialInput& input, const Exhibits& shown);

// What the reviewer of a part is shown: a JSON value in it is never an answer. Made anew each time, since the prompts
// of a large change would otherwise stay in memory once for each agent; empty for analysers.
std::string prompt_of(const Seat& seat, const Part& part, const Exhibits& shown);

// The question of round 1.
Call review_call(const Seat& seat, const Part& part, const Exhibits& shown);

// Takes the answer of the review call: parses it, anchors its findings, says what it covers. An answer with an error is
// `unavailable`, whatever it holds; findings that can be read of it are kept.
void take_review(const Seat& seat, Part& part, const Answer& answer, const Exhibits& shown);

// The one more question that may make this review countable: the same review in readable form, or the files that it
// left out. Nothing for analysers, refusals, failures and complete reviews.
std::optional<Call> follow_up(const Seat& seat, const Part& part, const TrialSettings& settings, const Exhibits& shown);

enum class AfterFollowUp { done, ask_again };
// Takes its answer. `ask_again`: the readable form dropped the problems that the prose named, so it counts for nothing,
// and the review itself is to be asked once more.
AfterFollowUp take_follow_up(const Seat& seat, Part& part, const Call& asked, const Answer& answer,
                             const Exhibits& shown);

// Findings of all parts, numbered over the whole run, each with its chunk.
std::vector<Finding> findings_of(Seat& seat, const Exhibits& shown);

AgentReport report_of(const Seat& seat);
PanelMember member_of(const Seat& seat);
// All but those in the chair alone, in roster order: who counts for agreement.
std::vector<PanelMember> members_of(std::span<const Seat> seats);

}  // namespace assize
