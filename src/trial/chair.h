// Who is in the chair: it verifies first and writes the synthesis. Resolved once a run. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "trial/review.h"

namespace assize {

struct Chair {
  const Seat* seat = nullptr;  // null: nobody can be
  std::string warning;         // a name that was asked for and cannot be
};

// Usable: an available model agent that is in the chair alone, or gave a valid review. "auto": the first usable one
// that is in the chair alone, else the first by roster; a name: that one, else a warning and auto; "rotate": drawn from
// the seed over the sorted names of the usable ones.
Chair choose_chair(std::span<const Seat> seats, const TrialSettings& settings);

}  // namespace assize
