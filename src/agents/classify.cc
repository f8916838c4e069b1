#include "agents/classify.h"

#include <array>
#include <charconv>

#include "core/text.h"

namespace assize {

namespace {

constexpr std::size_t kMaxMessageBytes = 400;
constexpr std::size_t kMaxLookedAt = 64U << 10;  // of a message; the vendors' own are a few hundred bytes
constexpr Millis kLongestWait = std::chrono::hours(24);

bool contains_any(std::string_view text, std::span<const std::string_view> needles) {
  const std::string lower = to_lower_ascii(text.substr(0, kMaxLookedAt));
  for (const std::string_view needle : needles) {
    if (lower.find(needle) != std::string::npos) return true;
  }
  return false;
}

std::string_view skip_spaces(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

// The unit at the start of `text` in milliseconds; removes it. No letters: seconds.
std::optional<double> take_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_letter(text[length])) ++length;
  const std::string unit = to_lower_ascii(text.substr(0, length));
  text.remove_prefix(length);
  if (unit.empty() || unit == "s" || unit == "sec" || unit == "secs" || unit == "second" || unit == "seconds")
    return 1e3;
  if (unit == "ms" || unit == "millisecond" || unit == "milliseconds") return 1.0;
  if (unit == "m" || unit == "min" || unit == "mins" || unit == "minute" || unit == "minutes") return 6e4;
  if (unit == "h" || unit == "hr" || unit == "hour" || unit == "hours") return 3.6e6;
  return std::nullopt;
}

// A duration at the start of the text: "2s", "1.898s", "6m0s", "20 seconds", "30".
std::optional<Millis> take_duration(std::string_view text) {
  double total = 0;
  bool any = false;
  while (true) {
    text = skip_spaces(text);
    std::size_t length = 0;
    while (length < text.size() && (is_digit(text[length]) ||
                                    (text[length] == '.' && length + 1 < text.size() && is_digit(text[length + 1])))) {
      ++length;
    }
    if (length == 0 || length > 12) break;
    double number = 0;
    if (std::from_chars(text.data(), text.data() + length, number).ec != std::errc()) break;
    std::string_view rest = skip_spaces(text.substr(length));
    const bool bare = rest.empty() || !is_letter(rest.front());
    const auto unit = take_unit(rest);
    if (!unit) {
      if (!any) total += number * 1e3;  // "30 requests": a number of something else, or seconds before a word
      any = true;
      break;
    }
    total += number * *unit;
    any = true;
    if (bare) break;
    text = rest;
  }
  if (!any) return std::nullopt;
  const double longest = static_cast<double>(kLongestWait.count());
  return Millis(static_cast<std::int64_t>(total < longest ? total : longest));
}

}  // namespace

std::optional<MessageMatch> match_rules(std::string_view text, std::span<const MessageRule> rules) {
  std::optional<MessageMatch> best;
  std::size_t best_rule = rules.size();
  for (std::string_view line : split_lines(text)) {
    line = trim(line);
    for (std::size_t i = 0; i < best_rule; ++i) {
      const MessageRule& rule = rules[i];
      if (!line.starts_with(rule.starts)) continue;
      if (line.substr(rule.starts.size()).find(rule.contains) == std::string_view::npos) continue;
      best = MessageMatch{rule.kind, line};
      best_rule = i;
    }
  }
  return best;
}

bool says_prompt_too_long(std::string_view message) {
  static constexpr std::array<std::string_view, 10> kPhrases = {
      "prompt is too long",  "context_length_exceeded", "maximum context length", "context window",
      "context length",      "input is too long",       "too many tokens",        "input token count",
      "exceeds the context", "request too large"};
  return contains_any(message, kPhrases);
}

bool says_quota_exhausted(std::string_view message) {
  static constexpr std::array<std::string_view, 2> kPerMinute = {"per minute", "per_minute"};
  if (contains_any(message, kPerMinute)) return false;
  static constexpr std::array<std::string_view, 11> kPhrases = {"insufficient_quota",  "exceeded your current quota",
                                                                "quota exceeded",      "usage limit",
                                                                "credit balance",      "out of credits",
                                                                "exhausted your",      "billing_hard_limit",
                                                                "daily quota",         "insufficient credits",
                                                                "insufficient balance"};
  return contains_any(message, kPhrases);
}

bool says_network(std::string_view message) {
  static constexpr std::array<std::string_view, 18> kPhrases = {"connection error",    "connection failed",
                                                                "connection refused",  "connectionrefused",
                                                                "econnreset",          "econnrefused",
                                                                "etimedout",           "enotfound",
                                                                "eai_again",           "fetch failed",
                                                                "unable to connect",   "failed to lookup address",
                                                                "socket hang up",      "without a finish reason",
                                                                "stream disconnected", "request timed out",
                                                                "incomplete json",     "json parsing failed"};
  return contains_any(message, kPhrases);
}

CallErrorKind kind_of_status(int status, std::string_view message) {
  switch (status) {
    case 400:
    case 422:
      return says_prompt_too_long(message) ? CallErrorKind::prompt_too_long : CallErrorKind::invalid_request;
    case 401:
      return CallErrorKind::not_logged_in;
    case 402:
      return CallErrorKind::quota_exhausted;
    case 403:
      return CallErrorKind::permission_denied;
    case 404:
      return CallErrorKind::model_unavailable;
    case 408:
      return CallErrorKind::network;
    case 413:
      return CallErrorKind::prompt_too_long;
    case 429: {
      // Some vendors call a limit per minute a quota: when they name a short wait, waiting mends it.
      constexpr Millis kWorthWaiting = std::chrono::minutes(5);
      const auto wait = retry_after_in(message);
      const bool spent = says_quota_exhausted(message) && !(wait && *wait <= kWorthWaiting);
      return spent ? CallErrorKind::quota_exhausted : CallErrorKind::rate_limited;
    }
    default:
      break;
  }
  if (status >= 500) return CallErrorKind::overloaded;
  return status >= 400 ? CallErrorKind::invalid_request : CallErrorKind::network;
}

std::optional<Millis> retry_after_in(std::string_view text) {
  text = text.substr(0, kMaxLookedAt);
  const std::string lower = to_lower_ascii(text);
  static constexpr std::array<std::string_view, 6> kPhrases = {"retry after ", "retry-after: ", "try again in ",
                                                               "retry in ",    "retrying in ",  "reset after "};
  for (const std::string_view phrase : kPhrases) {
    for (std::size_t at = lower.find(phrase); at != std::string::npos; at = lower.find(phrase, at + 1)) {
      if (const auto wait = take_duration(std::string_view(lower).substr(at + phrase.size()))) return wait;
    }
  }
  return std::nullopt;
}

std::optional<Millis> retry_after_header(std::string_view value) {
  value = trim(value);
  if (value.empty() || !is_digit(value.front())) return std::nullopt;  // an HTTP date: our own back-off will do
  return take_duration(value);
}

std::optional<int> status_after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  int status = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 3), status);
  if (failure != std::errc() || status < 100 || status > 599) return std::nullopt;
  const auto used = static_cast<std::size_t>(end - text.data());
  if (used < text.size() && is_digit(text[used])) return std::nullopt;
  return status;
}

std::string error_line(std::string_view text) {
  const std::string valid = to_valid_utf8(trim(text.substr(0, kMaxLookedAt)));
  return cap_bytes(trim(strip_controls(valid, Newlines::to_space)), kMaxMessageBytes);
}

CallError call_error(CallErrorKind kind, std::string_view message) {
  CallError error;
  error.kind = kind;
  error.message = error_line(message);
  return error;
}

}  // namespace assize
