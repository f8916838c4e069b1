// Round 1: every reviewer reviews its chunks alone, all at once; reviews that cannot be counted are asked for once
// more.
#pragma once

#include <vector>

#include "core/observer.h"
#include "trial/desk.h"
#include "trial/review.h"

namespace assize {

// Fills the seats' parts. With a quorum (settings.quorum), the others get settings.grace once that many reviewers, and
// as many as the gate needs, have given valid and complete reviews of everything that they were asked about.
void hold_reviews(std::vector<Seat>& seats, const Exhibits& shown, Desk& desk, Outcome& outcome, Observer& observer);

}  // namespace assize
