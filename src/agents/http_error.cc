#include "agents/http_error.h"

#include <array>
#include <boost/json.hpp>

#include "agents/classify.h"
#include "agents/json_access.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

struct WordRule {
  std::string_view word;  // in lower case
  CallErrorKind kind;
};
// Codes that say more than the status that they come with.
constexpr std::array kTelling = {
    WordRule{"insufficient_quota", CallErrorKind::quota_exhausted},       // OpenAI, with 429
    WordRule{"billing", CallErrorKind::quota_exhausted},                  // billing_error, billing_hard_limit_reached
    WordRule{"perday", CallErrorKind::quota_exhausted},                   // Google's quotaId, with 429
    WordRule{"context_length_exceeded", CallErrorKind::prompt_too_long},  // OpenAI
    WordRule{"exceed_context_size", CallErrorKind::prompt_too_long},      // llama.cpp
    WordRule{"request_too_large", CallErrorKind::prompt_too_long},        // Anthropic
    WordRule{"invalid_api_key", CallErrorKind::not_logged_in},            // OpenAI
    WordRule{"api_key_invalid", CallErrorKind::not_logged_in},            // Google, with 400
    WordRule{"model_not_found", CallErrorKind::model_unavailable},        // OpenAI
    WordRule{"content_filter", CallErrorKind::refused},                   // Azure
    WordRule{"content_policy_violation", CallErrorKind::refused},         // OpenAI
};
// What an error in the middle of a stream is, where no status stands beside it.
constexpr std::array kTypes = {
    WordRule{"rate_limit", CallErrorKind::rate_limited},
    WordRule{"resource_exhausted", CallErrorKind::rate_limited},
    WordRule{"overloaded", CallErrorKind::overloaded},
    WordRule{"unavailable", CallErrorKind::overloaded},
    WordRule{"server_error", CallErrorKind::overloaded},
    WordRule{"api_error", CallErrorKind::overloaded},
    WordRule{"internal", CallErrorKind::overloaded},
    WordRule{"timeout_error", CallErrorKind::overloaded},
    WordRule{"deadline_exceeded", CallErrorKind::overloaded},
    WordRule{"authentication_error", CallErrorKind::not_logged_in},
    WordRule{"unauthenticated", CallErrorKind::not_logged_in},
    WordRule{"permission", CallErrorKind::permission_denied},
    WordRule{"not_found", CallErrorKind::model_unavailable},
    WordRule{"invalid_request", CallErrorKind::invalid_request},
    WordRule{"invalid_argument", CallErrorKind::invalid_request},
};

template <std::size_t N>
std::optional<CallErrorKind> match(const std::array<WordRule, N>& rules, std::string_view words) {
  const std::string lower = to_lower_ascii(words);
  for (const WordRule& rule : rules) {
    if (lower.find(rule.word) != std::string::npos) return rule.kind;
  }
  return std::nullopt;
}

bool says_too_long(std::string_view text) {
  return says_prompt_too_long(text) || contains_ascii_nocase(text, "exceed context limit") ||
         contains_ascii_nocase(text, "available context size") ||
         contains_ascii_nocase(text, "maximum number of tokens");
}

// A code is a word with some vendors and a number with others: {"code": "model_not_found"}, {"code": 503}.
void add_word(ServerError& error, const json::object& from, std::string_view key) {
  if (const auto word = json_string(from, {key})) {
    constexpr std::size_t kLongestWord = 100;
    error.words += word->substr(0, kLongestWord);
    error.words += ' ';
  }
}

// Google's details: [{"@type": …RetryInfo, "retryDelay": "34s"}, {"reason": …}, {"violations": [{"quotaId": …}]}].
void add_details(ServerError& error, const json::array& details) {
  constexpr std::size_t kMostDetails = 20;
  for (std::size_t i = 0; i < details.size() && i < kMostDetails; ++i) {
    const json::object* detail = details[i].if_object();
    if (detail == nullptr) continue;
    add_word(error, *detail, "reason");
    if (const auto delay = json_string(*detail, {"retryDelay"})) error.retry_after = retry_after_header(*delay);
    const json::array* violations = json_array(*detail, {"violations"});
    for (std::size_t v = 0; violations != nullptr && v < violations->size() && v < kMostDetails; ++v) {
      if (const json::object* violation = (*violations)[v].if_object()) add_word(error, *violation, "quotaId");
    }
  }
}

ServerError read_object(const json::object& from) {
  ServerError error;
  error.message = json_text(from, {"message"});
  for (const std::string_view key : {"type", "code", "status"}) add_word(error, from, key);
  if (const auto code = json_count(from, {"code"}); code && *code >= 100 && *code <= 599) {
    error.status = static_cast<int>(*code);
  }
  if (const json::array* details = json_array(from, {"details"})) add_details(error, *details);
  return error;
}

}  // namespace

std::optional<ServerError> read_server_error(const json::object& body) {
  const json::value* error = json_at(body, {"error"});
  if (error != nullptr && error->is_object()) return read_object(error->get_object());
  if (error != nullptr && error->is_string()) return ServerError{json_to_text(*error), {}, {}, {}};
  if (json_text(body, {"object"}) == "error" || json_text(body, {"type"}) == "error") return read_object(body);
  if (const json::value* detail = json_at(body, {"detail"}); detail != nullptr && !detail->is_null()) {
    return ServerError{json_to_text(*detail), {}, {}, {}};
  }
  return std::nullopt;
}

CallErrorKind kind_of_http_status(int status, std::string_view text) {
  switch (status) {
    case 400:
    case 403:
    case 422:
      // "Your credit balance is too low" comes as 400, "API key not valid" of Google too.
      if (says_quota_exhausted(text)) return CallErrorKind::quota_exhausted;
      if (contains_ascii_nocase(text.substr(0, 4'000), "api key not valid")) return CallErrorKind::not_logged_in;
      if (says_too_long(text)) return CallErrorKind::prompt_too_long;
      return kind_of_status(status, text);
    case 408:
      return CallErrorKind::timed_out;
    case 401:
    case 402:
    case 404:
    case 413:
    case 429:
      return kind_of_status(status, text);
    case 501:  // not implemented, and a version that is not spoken: another attempt would end the same
    case 505:
      return CallErrorKind::failed;
    default:
      return status >= 500 ? CallErrorKind::overloaded : CallErrorKind::failed;
  }
}

CallErrorKind kind_of_server_error(int status, const ServerError& error) {
  if (const auto kind = match(kTelling, error.words)) return *kind;
  const bool in_stream = status < 400;
  if (in_stream && error.status && *error.status >= 400) status = *error.status;
  if (status >= 400) return kind_of_http_status(status, error.message);
  if (says_too_long(error.message)) return CallErrorKind::prompt_too_long;
  const auto kind = match(kTypes, error.words);
  if (kind == CallErrorKind::rate_limited) return kind_of_http_status(429, error.message);
  return kind.value_or(CallErrorKind::failed);
}

}  // namespace assize
