#include "trial/hearing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace assize {

namespace {

// A question about one part, and whom it was put to.
struct Question {
  Seat* seat = nullptr;
  Part* part = nullptr;
  Call call;
};

std::vector<Call> calls_of(const std::vector<Question>& questions) {
  std::vector<Call> calls;
  calls.reserve(questions.size());
  for (const Question& question : questions) calls.push_back(question.call);
  return calls;
}

bool is_complete(const Part& part, const Exhibits& shown) {
  return part.valid() && uncovered_files(part.covered.covers, shown.view(part.chunk)).empty();
}

// What the gate will ask for; its defaults are the specification's.
struct Demand {
  std::size_t reviews = 1;
  std::size_t vendors = 1;
};
Demand demand_of(const std::vector<Seat>& seats, const GateSettings& gate) {
  std::size_t declared = 0;
  std::set<std::string> vendors;
  for (const Seat& seat : seats) {
    if (!seat.reviews() || (seat.entry->spec->optional && !seat.entry->available)) continue;
    ++declared;
    vendors.insert(seat.entry->vendor);
  }
  return {.reviews = std::max<std::size_t>(1, gate.min_reviews.value_or((declared + 1) / 2)),
          .vendors = gate.min_vendors.value_or(std::min<std::size_t>(2, vendors.size()))};
}

// Whether so many have answered well that the others need not be waited for. The gate's own demands come first: a cut
// may not cost the coverage that it asks for, in any lens, nor its vendors.
bool enough_have_answered(const std::vector<Seat>& seats, const Exhibits& shown) {
  const TrialSettings& settings = shown.input().settings;
  if (!settings.quorum || settings.division != Division::none) return false;  // a slice has nobody else
  std::size_t done = 0;
  std::vector<const Seat*> open;
  std::set<std::string> vendors;
  std::set<std::string> lenses;
  for (const Seat& seat : seats) {
    if (!seat.reviews() || seat.parts.empty()) continue;
    const bool complete =
        std::all_of(seat.parts.begin(), seat.parts.end(), [&](const Part& part) { return is_complete(part, shown); });
    if (!complete) {
      open.push_back(&seat);
      continue;
    }
    ++done;
    vendors.insert(seat.entry->vendor);
    lenses.insert(seat.lens);
  }
  const bool alone =
      std::any_of(open.begin(), open.end(), [&](const Seat* seat) { return !lenses.contains(seat->lens); });
  if (alone) return false;  // nobody else looks at this
  const Demand gate = demand_of(seats, settings.gate);
  return done >= std::max(*settings.quorum, gate.reviews) && vendors.size() >= gate.vendors;
}

}  // namespace

void hold_reviews(std::vector<Seat>& seats, const Exhibits& shown, Desk& desk, Outcome& outcome, Observer& observer) {
  std::vector<Question> questions;
  for (Seat& seat : seats) {
    if (!seat.entry->available) continue;
    for (Part& part : seat.parts) questions.push_back({&seat, &part, review_call(seat, part, shown)});
  }
  const auto take = [&](std::size_t index, const Answer& answer) -> std::optional<Millis> {
    const Question& question = questions[index];
    take_review(*question.seat, *question.part, answer, shown);
    observer.review_read(report_of(*question.seat));
    if (enough_have_answered(seats, shown)) return shown.input().settings.grace;
    return std::nullopt;
  };
  desk.ask(calls_of(questions), take);
  desk.tell_refusals(outcome, "review");

  // What cannot be counted as it stands is asked for once more: in readable form, or the files that were left out.
  questions.clear();
  for (Seat& seat : seats) {
    for (Part& part : seat.parts) {
      if (auto call = follow_up(seat, part, shown.input().settings, shown)) {
        questions.push_back({&seat, &part, *std::move(call)});
      }
    }
  }
  std::vector<bool> doubtful(questions.size());
  desk.ask(calls_of(questions), [&](std::size_t index, const Answer& answer) -> std::optional<Millis> {
    const Question& question = questions[index];
    const auto after = take_follow_up(*question.seat, *question.part, question.call, answer, shown);
    doubtful[index] = after == AfterFollowUp::ask_again;
    observer.review_read(report_of(*question.seat));
    return std::nullopt;
  });
  desk.tell_refusals(outcome, "follow-up questions");

  std::vector<Question> again;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!doubtful[i]) continue;
    Question& question = again.emplace_back(questions[i].seat, questions[i].part,
                                            review_call(*questions[i].seat, *questions[i].part, shown));
    question.call.ordinal = 1;
  }
  desk.ask(calls_of(again), [&](std::size_t index, const Answer& answer) -> std::optional<Millis> {
    take_review(*again[index].seat, *again[index].part, answer, shown);
    observer.review_read(report_of(*again[index].seat));
    return std::nullopt;
  });
  desk.tell_refusals(outcome, "reviews asked for again");
}

}  // namespace assize
