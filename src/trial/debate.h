// One round of debate: what each reviewer is asked about the claims that are contested, and what its answer says. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/outcome.h"
#include "trial/review.h"

namespace assize {

// A question to one debater about some groups of one chunk.
struct DebateCall {
  Seat* seat = nullptr;
  std::vector<std::string> groups;
  Call call;
};

// Groups that the reviewers of their chunk do not agree on, by their latest stances; those that a rule has verified are
// left out. There must be two valid reviews of the chunk at least.
std::vector<const Group*> contested_groups(const Outcome& outcome, std::span<const Seat> seats);

// Asks every reviewer with a valid review of a chunk about its contested groups, in roster order, chunk by chunk; peers
// are anonymous unless settings.names says otherwise, in an order of each debater's own that the seed gives.
std::vector<DebateCall> debate_calls(const Outcome& outcome, std::span<Seat> seats, int round, const Exhibits& shown);

struct DebateAnswer {
  std::vector<Stance> stances;
  std::vector<Finding> missed;  // anchored and numbered
  std::vector<std::string> warnings;
};
DebateAnswer read_debate_answer(const DebateCall& asked, const Answer& answer, const Exhibits& shown);

// The order in which a debater sees its peers: indexes into `seats`. Adding a seat leaves the order of the others.
std::vector<std::size_t> order_of_peers(std::span<const Seat> seats, std::size_t debater, int chunk,
                                        std::uint64_t seed);

// Takes out of `missed` what its agent has said before in the same words about the same place.
void drop_repeats(std::vector<Finding>& missed, std::span<const Finding> known);

// Whether a round moved anybody: a first stance for or against, another one than before, or a claim that is new. A
// raiser that stands by what it raised has not moved, and `unsure` is no move for one that had no stance.
bool anybody_moved(const Outcome& outcome, std::span<const Stance> before, std::span<const Stance> now);

}  // namespace assize
