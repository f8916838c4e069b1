#include "trial/hearing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace assize {

namespace {

// Questions about parts, side by side with whom each was put to.
struct Questions {
  struct Of {
    Seat* seat = nullptr;
    Part* part = nullptr;
  };
  std::vector<Of> of;
  std::vector<Call> calls;
  void add(Seat& seat, Part& part, Call call) {
    of.push_back({&seat, &part});
    calls.push_back(std::move(call));
  }
};

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
  {
    Questions first;
    for (Seat& seat : seats) {
      if (!seat.entry->available) continue;
      for (Part& part : seat.parts) first.add(seat, part, review_call(seat, part, shown));
    }
    desk.ask(first.calls, [&](std::size_t index, const Answer& answer) -> std::optional<Millis> {
      const auto& [seat, part] = first.of[index];
      take_review(*seat, *part, answer, shown);
      observer.review_read(report_of(*seat));
      if (enough_have_answered(seats, shown)) return shown.input().settings.grace;
      return std::nullopt;
    });
    desk.tell_refusals(outcome, "review");
  }

  // What cannot be counted as it stands is asked for once more: in readable form, or the files that were left out.
  Questions more;
  for (Seat& seat : seats) {
    for (Part& part : seat.parts) {
      if (auto call = follow_up(seat, part, shown.input().settings, shown)) more.add(seat, part, *std::move(call));
    }
  }
  std::vector<bool> doubtful(more.of.size());
  desk.ask(more.calls, [&](std::size_t index, const Answer& answer) -> std::optional<Millis> {
    const auto& [seat, part] = more.of[index];
    doubtful[index] = take_follow_up(*seat, *part, more.calls[index], answer, shown) == AfterFollowUp::ask_again;
    observer.review_read(report_of(*seat));
    return std::nullopt;
  });
  desk.tell_refusals(outcome, "follow-up questions");

  Questions again;
  for (std::size_t i = 0; i < more.of.size(); ++i) {
    if (!doubtful[i]) continue;
    const auto& [seat, part] = more.of[i];
    Call call = review_call(*seat, *part, shown);
    call.ordinal = 1;
    again.add(*seat, *part, std::move(call));
  }
  desk.ask(again.calls, [&](std::size_t index, const Answer& answer) -> std::optional<Millis> {
    const auto& [seat, part] = again.of[index];
    take_review(*seat, *part, answer, shown);
    observer.review_read(report_of(*seat));
    return std::nullopt;
  });
  desk.tell_refusals(outcome, "reviews asked for again");
}

}  // namespace assize
