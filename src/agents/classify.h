// From what a vendor prints when it fails to the kind of the error. Only texts that are errors by their place are
// looked at (stderr, error events, a result marked as an error), never an answer. Pure, linear.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/call.h"

namespace assize {

// A vendor's message: it begins a line with `starts`, and `contains` (may be empty) follows on that line.
struct MessageRule {
  std::string_view starts;
  std::string_view contains;
  CallErrorKind kind;
};

// The kind of the first line that a rule matches; the earlier rule wins.
struct MessageMatch {
  CallErrorKind kind;
  std::string_view line;
};
std::optional<MessageMatch> match_rules(std::string_view text, std::span<const MessageRule> rules);

// The kind that an HTTP status of a model server means; `message` (the server's) tells a spent quota from a rate limit
// and a prompt that is too long from another bad request.
CallErrorKind kind_of_status(int status, std::string_view message);

// What model servers and SDKs write into their messages. Only for texts that are errors.
bool says_prompt_too_long(std::string_view message);
bool says_quota_exhausted(std::string_view message);
bool says_network(std::string_view message);

// "retry after 2s", "try again in 6m0s", "retry-after: 30", "Retrying in 1.5 seconds": the wait it names, at most a
// day.
std::optional<Millis> retry_after_in(std::string_view text);
// The value of a Retry-After header in seconds.
std::optional<Millis> retry_after_header(std::string_view value);

// The number right after `prefix` at the start of the text: "unexpected status 401 Unauthorized" -> 401.
std::optional<int> status_after(std::string_view text, std::string_view prefix);

// One line, cleaned and short enough for a table.
std::string error_line(std::string_view text);

CallError call_error(CallErrorKind kind, std::string_view message);

}  // namespace assize
