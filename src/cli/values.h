// Values as people write them on the command line and in the config: durations and sizes with units, numbers, names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/units.h"

namespace assize {

// "500ms", "90s", "10m", "1h", and "0". Whole numbers only; at most kMaxDuration.
inline constexpr Millis kMaxDuration{std::chrono::hours(24 * 7)};  // longer than any run that somebody waits for
std::optional<Millis> duration_from(std::string_view text);
std::string to_string(Millis duration);  // in the largest unit that keeps it whole

// "4096", "200k" (thousands), "64Ki" (1,024s), also M, Mi, G, Gi.
std::optional<ByteCount> size_from(std::string_view text);

// Decimal digits with an optional minus, no blanks, no overflow.
std::optional<std::int64_t> integer_from(std::string_view text);

// The same with an optional decimal point and digits on both sides of it: "2", "0.5".
std::optional<double> number_from(std::string_view text);

// [A-Za-z0-9_.-]{1,64}, and neither "." nor "..": it becomes part of file names.
bool is_agent_id(std::string_view text);

inline constexpr std::string_view kAllowedDuration = "a whole number with ms, s, m or h (90s, 10m), or 0; at most 168h";
inline constexpr std::string_view kAllowedSize =
    "a whole number of bytes, or one with k, M, G, Ki, Mi or Gi (200k, 5M)";
inline constexpr std::string_view kAllowedAgentId = "1 to 64 of A-Z a-z 0-9 _ . -";

// `name: 'value' is not allowed; allowed: …`, the value cleaned and capped so that it stays one line.
Error bad_value(std::string_view name, std::string_view value, std::string_view allowed);

// A word of outside origin as it may stand in a message: one line, no control characters, at most 80 bytes.
std::string shown_word(std::string_view word);

}  // namespace assize
