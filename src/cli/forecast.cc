#include "cli/forecast.h"

#include <algorithm>

#include <fmt/format.h>

#include "calls/charge.h"
#include "trial/depth.h"
#include "trial/exhibits.h"
#include "trial/review.h"

namespace assize {
namespace {

// Verdicts that a group can need: two, and each asked of somebody else once when the first fails.
constexpr std::uint64_t kVerdicts = 4;

// What `tokens` more of input cost with this agent.
Charge more_input(const RosterEntry& entry, std::uint64_t tokens) {
  constexpr double kMillion = 1e6;
  if (!is_metered(*entry.spec)) return {};
  const Price price = price_of(*entry.spec, entry.vendor);
  return {tokens, static_cast<double>(tokens) * static_cast<double>(price.input) / kMillion, true};
}

Charge times(Charge charge, std::uint64_t factor) {
  charge.tokens *= factor;
  charge.cost_usd *= static_cast<double>(factor);
  return charge;
}

Charge dearer(const Charge& one, const Charge& other) {
  return {std::max(one.tokens, other.tokens), std::max(one.cost_usd, other.cost_usd), true};
}

std::string chair_in_words(const std::vector<Seat>& seats, const TrialSettings& settings) {
  const auto usable = [](const Seat& seat) {
    return seat.entry->available && role_of(seat.entry->spec->kind) == AgentRole::reviewer;
  };
  if (std::none_of(seats.begin(), seats.end(), usable)) return "nobody: no model reviewer is there";
  if (settings.chair == "rotate") return "drawn by the seed among those with a valid review";
  for (const Seat& seat : seats) {
    if (usable(seat) && seat.id() == settings.chair) return seat.id();
  }
  for (const Seat& seat : seats) {
    if (usable(seat) && seat.entry->spec->chair_only) return seat.id();
  }
  return "the first of the panel with a valid review";
}

// The rounds that a debate can take, as the procedure counts them.
int last_round_of(const TrialSettings& settings, std::optional<Risk> risk) {
  const int configured = settings.debate == Debate::fixed ? settings.rounds : settings.max_rounds;
  if (risk == Risk::low) return 1;
  return risk == Risk::high ? std::max(configured, 2) : configured;
}

class Estimate {
 public:
  Estimate(const TrialInput& input, const Exhibits& shown, const std::vector<Seat>& seats)
      : input_(input), chunks_(static_cast<std::size_t>(shown.chunks())) {
    for (const Seat& seat : seats) {
      if (!seat.entry->available || !seat.reviews()) continue;
      for (const Part& part : seat.parts) add(seat, part, shown);
    }
  }

  void fill(Forecast& out) const {
    out.reviews = reviews_;
    out.input_tokens = input_tokens_;
    out.review_calls = calls_;
    if (calls_ == 0) return;
    Charge later = times(more_input(*dearest_, answers_of_all()), 1);  // the summary
    for (const Chunk& chunk : chunks_) {
      if (chunk.charges.size() >= 2) {
        for (const auto& [entry, charge] : chunk.charges) {
          // A debater is shown its own review, its peers', and the groups that are made of them.
          const Charge one = sum(charge, more_input(*entry, 2 * answers_of(chunk)));
          later = sum(later, times(one, static_cast<std::uint64_t>(out.last_round - 1)));
        }
      }
      if (input_.settings.verify == Verify::on && !chunk.charges.empty()) {
        later = sum(later, times(sum(chunk.most, more_input(*dearest_, answers_of(chunk))), kVerdicts));
      }
    }
    out.later_at_most = later;
    out.later_at_most.estimated = true;
  }

 private:
  struct Chunk {
    std::vector<std::pair<const RosterEntry*, Charge>> charges;
    Charge most;
  };

  void add(const Seat& seat, const Part& part, const Exhibits& shown) {
    const Call call = review_call(seat, part, shown);
    const Charge charge = expected_charge(call, seat.entry->vendor);
    Chunk& chunk = chunks_[static_cast<std::size_t>(part.chunk)];
    chunk.charges.emplace_back(seat.entry, charge);
    chunk.most = dearer(chunk.most, charge);
    if (dearest_ == nullptr ||
        price_of(*seat.entry->spec, seat.entry->vendor).input > price_of(*dearest_->spec, dearest_->vendor).input) {
      dearest_ = seat.entry;
    }
    reviews_ = sum(reviews_, charge);
    input_tokens_ += (call.prompt.size() + kBytesPerToken - 1) / kBytesPerToken;
    ++calls_;
  }

  static std::uint64_t answers_of(const Chunk& chunk) { return chunk.charges.size() * kExpectedAnswerTokens; }
  std::uint64_t answers_of_all() const { return calls_ * kExpectedAnswerTokens; }

  const TrialInput& input_;
  std::vector<Chunk> chunks_;
  const RosterEntry* dearest_ = nullptr;
  Charge reviews_;
  std::uint64_t input_tokens_ = 0;
  std::size_t calls_ = 0;
};

}  // namespace

Forecast forecast(const TrialInput& input) {
  const Exhibits shown(input);
  const std::vector<Seat> seats = take_seats(input, shown);
  Forecast out;
  std::vector<int> readers(static_cast<std::size_t>(shown.chunks()));
  for (const Seat& seat : seats) {
    SeatForecast one{seat.lens, {}};
    if (seat.reviews()) {
      for (const Part& part : seat.parts) {
        one.chunks.push_back(part.chunk);
        if (seat.entry->available && ++readers[static_cast<std::size_t>(part.chunk)] == 2) out.can_debate = true;
      }
    }
    if (seat.entry->available && !one.chunks.empty()) ++out.reviewers;
    out.seats.push_back(std::move(one));
  }
  if (input.settings.depth == Depth::by_risk) {
    const RiskReport risk = risk_of(input.change, input.plan, input.settings.policy);
    out.risk = risk.risk;
    out.risk_reason = risk.reason;
  }
  out.last_round = last_round_of(input.settings, out.risk);
  out.chair = chair_in_words(seats, input.settings);
  Estimate(input, shown, seats).fill(out);
  return out;
}

}  // namespace assize
