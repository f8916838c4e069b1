#include "calls/charge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "agents/http_endpoint.h"
#include "core/text.h"

namespace assize {
namespace {

struct VendorPrice {
  std::string_view vendor;
  Price price;
};
// List prices of 2025 and 2026, of the dearest model that such a CLI uses by default, rounded up to whole dollars:
// Claude Opus 4 (15, 75), o3 (10, 40), Gemini 3 Pro over 200k (4, 18), Qwen3 Coder Plus over 128k (3, 15), Grok 4 (3,
// 15), Mistral Large (2, 6), DeepSeek R1 (0.55, 2.19), Kimi K2 (0.6, 2.5), GLM 4.6 (0.6, 2.2), open models as hosted.
constexpr std::array kPrices = {
    VendorPrice{"anthropic", {15, 75}}, VendorPrice{"openai", {10, 40}},  VendorPrice{"google", {4, 20}},
    VendorPrice{"alibaba", {3, 15}},    VendorPrice{"xai", {3, 15}},      VendorPrice{"mistral", {2, 8}},
    VendorPrice{"cohere", {3, 10}},     VendorPrice{"deepseek", {1, 3}},  VendorPrice{"moonshot", {1, 4}},
    VendorPrice{"zhipu", {1, 4}},       VendorPrice{"minimax", {1, 4}},   VendorPrice{"meta", {1, 4}},
    VendorPrice{"nvidia", {1, 4}},      VendorPrice{"microsoft", {1, 4}}, VendorPrice{"ibm", {1, 4}},
};
constexpr Price kUnknownVendor{15, 75};  // the dearest of them

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

std::uint64_t capped_sum(std::uint64_t one, std::uint64_t other) {
  return one > kMost - other ? kMost : one + other;
}

std::uint64_t tokens_in(std::size_t bytes) {
  return (bytes + kBytesPerToken - 1) / kBytesPerToken;
}

double cost_of(const Price& price, std::uint64_t input, std::uint64_t output) {
  constexpr double kMillion = 1e6;
  return (static_cast<double>(input) * static_cast<double>(price.input) +
          static_cast<double>(output) * static_cast<double>(price.output)) /
         kMillion;
}

// Errors with which an agent or its vendor refuses before any model has read the prompt.
bool turns_away(CallErrorKind kind) {
  switch (kind) {
    case CallErrorKind::not_installed:
    case CallErrorKind::not_logged_in:
    case CallErrorKind::permission_denied:
    case CallErrorKind::permission_enforcement_failed:
    case CallErrorKind::spawn_failed:
    case CallErrorKind::rate_limited:
    case CallErrorKind::overloaded:
    case CallErrorKind::quota_exhausted:
    case CallErrorKind::budget_exhausted:
    case CallErrorKind::invalid_request:
    case CallErrorKind::prompt_too_long:
    case CallErrorKind::context_unsupported:
    case CallErrorKind::model_unavailable:
    case CallErrorKind::not_applicable:
      return true;
    default:
      return false;
  }
}

// What is reported; a report of nothing at all beside an answer is none.
Usage reported_by(const Answer& attempt) {
  Usage usage = attempt.usage;
  if (!usage.input_tokens) usage.input_tokens = usage.cached_tokens;
  if (usage.cost_usd && !(std::isfinite(*usage.cost_usd) && *usage.cost_usd >= 0)) usage.cost_usd.reset();
  const bool silent =
      usage.input_tokens.value_or(0) == 0 && usage.output_tokens.value_or(0) == 0 && usage.cost_usd.value_or(0) == 0;
  return silent && !trim(attempt.text).empty() ? Usage{} : usage;
}

class Meter final : public CallPort {
 public:
  Meter(CallPort& inner, VendorOf vendor_of) : inner_(inner), vendor_of_(std::move(vendor_of)) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    return inner_.submit(call, [this, &call, done = std::move(done)](Answer answer) {
      answer.charged = charge_of(call, answer, vendor_name(vendor_of_, *call.agent));
      done(std::move(answer));
    });
  }
  void cancel(CallId id) override { inner_.cancel(id); }

 private:
  CallPort& inner_;
  VendorOf vendor_of_;
};

}  // namespace

Price price_of(const AgentSpec& spec, std::string_view vendor) {
  if (const auto endpoint = parse_endpoint(spec.endpoint); endpoint && endpoint->loopback) return {};
  if (spec.kind == "command" && vendor == "command") return {};
  const auto known =
      std::find_if(kPrices.begin(), kPrices.end(), [&](const VendorPrice& entry) { return entry.vendor == vendor; });
  return known != kPrices.end() ? known->price : kUnknownVendor;
}

bool is_metered(const AgentSpec& spec) {
  return role_of(spec.kind) == AgentRole::reviewer && spec.kind != "scripted";
}

Charge expected_charge(const Call& call, std::string_view vendor) {
  if (!is_metered(*call.agent)) return {};
  const std::uint64_t input = tokens_in(call.prompt.size());
  return {input + kExpectedAnswerTokens, cost_of(price_of(*call.agent, vendor), input, kExpectedAnswerTokens), true};
}

Charge charge_of(const Call& call, const Answer& attempt, std::string_view vendor) {
  if (!is_metered(*call.agent)) return {};
  const Usage usage = reported_by(attempt);
  const bool says_nothing = !usage.input_tokens && !usage.output_tokens && !usage.cost_usd && attempt.text.empty();
  const bool never_began = attempt.attempts == 0 && attempt.output_bytes == 0;
  if (attempt.error && says_nothing && (never_began || turns_away(attempt.error->kind))) return {};
  const std::uint64_t input = usage.input_tokens.value_or(tokens_in(call.prompt.size()));
  const std::uint64_t output = usage.output_tokens.value_or(tokens_in(attempt.text.size()));
  Charge charge;
  charge.tokens = capped_sum(input, output);
  charge.cost_usd = usage.cost_usd.value_or(cost_of(price_of(*call.agent, vendor), input, output));
  charge.estimated = !usage.input_tokens || !usage.output_tokens || !usage.cost_usd;
  return charge;
}

Charge sum(const Charge& one, const Charge& other) {
  return {capped_sum(one.tokens, other.tokens), one.cost_usd + other.cost_usd, one.estimated || other.estimated};
}

std::unique_ptr<CallPort> make_meter(CallPort& inner, VendorOf vendor_of) {
  return std::make_unique<Meter>(inner, std::move(vendor_of));
}

}  // namespace assize
