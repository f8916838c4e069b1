// What a review would ask for, before anybody is asked: who is shown what, how deep it goes, and about how many tokens
// it takes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/outcome.h"
#include "trial/trial.h"

namespace assize {

// One agent of the roster.
struct SeatForecast {
  std::string lens;         // what it is dealt, comma-joined; empty: none
  std::vector<int> chunks;  // that it is asked about, in order
};

struct Forecast {
  std::vector<SeatForecast> seats;  // in roster order
  std::size_t reviewers = 0;        // that are asked
  std::size_t review_calls = 0;
  std::uint64_t input_tokens = 0;  // of their prompts
  Charge reviews;                  // with answers of the usual length
  std::optional<Risk> risk;        // with Depth::by_risk
  std::string risk_reason;
  int last_round = 1;       // of a debate that is not settled before
  bool can_debate = false;  // two reviewers of one part are there
  std::string chair;        // in words
  Charge later_at_most;     // debate, verification and summary, if every answer is of the usual length
};
Forecast forecast(const TrialInput& input);

}  // namespace assize
