// Writes what the procedure has found into the outcome. Pure.
#pragma once

#include <vector>

#include "core/outcome.h"
#include "trial/desk.h"
#include "trial/review.h"

namespace assize {

// What is known before anybody is asked.
Outcome declare(const TrialInput& input, const std::vector<Seat>& seats);

// The panel as it stands, in roster order.
void record_panel(Outcome& outcome, const std::vector<Seat>& seats, const Desk& desk);

// After round 1: the panel, its findings under the policy, who covered what.
void record_reviews(Outcome& outcome, std::vector<Seat>& seats, const Exhibits& shown, const Desk& desk);

// Findings that a debate brought up, under the policy, joined to the groups.
void record_missed(Outcome& outcome, std::vector<Finding> missed, const std::vector<Seat>& seats, const Policy& policy);

// Takes out of everything that agents wrote what the policy forbids reports to repeat; counts it in one warning. May be
// called again after each phase.
void withhold_forbidden(Outcome& outcome, const Policy& policy);

}  // namespace assize
