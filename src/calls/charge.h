// What calls cost the run: tokens and money as the agents report them, else estimated. Estimates are high rather than
// low, and marked.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "calls/port.h"
#include "calls/vendor.h"

namespace assize {

// Bytes of English text and code to a token, the vendors' own rule of thumb (OpenAI, Anthropic: "about 4 characters").
inline constexpr std::uint64_t kBytesPerToken = 4;
// Set aside for an answer that has not been given: ten findings with quotes are about 1,500 tokens, and a summary.
inline constexpr std::uint64_t kExpectedAnswerTokens = 2'000;

// US dollars for a million tokens.
struct Price {
  std::uint64_t input = 0;
  std::uint64_t output = 0;
};
// The list price of the vendor's dearest common model, rounded up. Nothing for what runs on this machine: endpoints on
// the loopback interface, and programs of the user's own (`command`) that name no model of a known maker.
Price price_of(const AgentSpec& spec, std::string_view vendor);

// Whether there is anything to count: not for analysers and scripted answers.
bool is_metered(const AgentSpec& spec);

// What a call may need, before it is made: its prompt and kExpectedAnswerTokens.
Charge expected_charge(const Call& call, std::string_view vendor);

// What one attempt cost. Cached tokens count as input. Nothing for one that never began, and for one that was turned
// away before a model read it (no program, no login, a rate limit, …) and reports nothing else.
Charge charge_of(const Call& call, const Answer& attempt, std::string_view vendor);

Charge sum(const Charge& one, const Charge& other);  // tokens stay at the largest number instead of wrapping

// Sets Answer::charged of every attempt. Ids are the inner port's. REQUIRES: `inner` outlives it.
std::unique_ptr<CallPort> make_meter(CallPort& inner, VendorOf vendor_of);

}  // namespace assize
