#include "trial/chair.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/random.h"

namespace assize {

namespace {

bool is_usable(const Seat& seat) {
  if (!seat.entry->available || role_of(seat.entry->spec->kind) == AgentRole::analyser) return false;
  return seat.entry->spec->chair_only || seat.valid_anywhere();
}

const Seat* automatic(const std::vector<const Seat*>& usable) {
  for (const Seat* seat : usable) {
    if (seat->entry->spec->chair_only) return seat;
  }
  return usable.empty() ? nullptr : usable.front();
}

}  // namespace

Chair choose_chair(std::span<const Seat> seats, const TrialSettings& settings) {
  std::vector<const Seat*> usable;
  for (const Seat& seat : seats) {
    if (is_usable(seat)) usable.push_back(&seat);
  }
  if (settings.chair == "auto" || usable.empty()) return {automatic(usable), {}};
  if (settings.chair == "rotate") {
    std::sort(usable.begin(), usable.end(), [](const Seat* a, const Seat* b) { return a->id() < b->id(); });
    Pcg32 lot = random_stream(settings.seed, "chair", "");
    return {usable[lot.below(static_cast<std::uint32_t>(usable.size()))], {}};
  }
  for (const Seat* seat : usable) {
    if (seat->id() == settings.chair) return {seat, {}};
  }
  const Seat* instead = automatic(usable);
  return {instead, fmt::format("{} cannot take the chair: it gave no valid review, or is not on the panel; {} takes it",
                               settings.chair, instead->id())};
}

}  // namespace assize
