#include "cli/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/core.h>

#include "core/text.h"

namespace assize {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array<Unit, 4> kDurationUnits = {{{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
constexpr std::array<Unit, 10> kSizeUnits = {{{"", 1},
                                              {"k", 1'000},
                                              {"K", 1'000},
                                              {"M", 1'000'000},
                                              {"m", 1'000'000},
                                              {"G", 1'000'000'000},
                                              {"g", 1'000'000'000},
                                              {"Ki", 1ULL << 10},
                                              {"Mi", 1ULL << 20},
                                              {"Gi", 1ULL << 30}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits followed by one of the units; nothing on overflow.
template <std::size_t N>
std::optional<std::uint64_t> number_with_unit(std::string_view text, const std::array<Unit, N>& units) {
  std::size_t digits = 0;
  std::uint64_t number = 0;
  while (digits < text.size() && is_digit(text[digits])) {
    const std::uint64_t digit = static_cast<std::uint64_t>(text[digits] - '0');
    if (number > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  for (const Unit& unit : units) {
    if (text.substr(digits) != unit.name) continue;
    if (number > std::numeric_limits<std::uint64_t>::max() / unit.factor) return std::nullopt;
    return number * unit.factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Millis> duration_from(std::string_view text) {
  if (text == "0") return Millis(0);
  const auto value = number_with_unit(text, kDurationUnits);
  if (!value || *value > static_cast<std::uint64_t>(kMaxDuration.count())) return std::nullopt;
  return Millis(static_cast<std::int64_t>(*value));
}

std::string to_string(Millis duration) {
  const auto count = static_cast<std::uint64_t>(duration.count());
  for (auto unit = kDurationUnits.rbegin(); unit != kDurationUnits.rend(); ++unit) {
    if (count != 0 && count % unit->factor == 0) return fmt::format("{}{}", count / unit->factor, unit->name);
  }
  return "0";
}

std::optional<ByteCount> size_from(std::string_view text) {
  const auto value = number_with_unit(text, kSizeUnits);
  if (!value) return std::nullopt;
  return ByteCount{*value};
}

std::optional<std::int64_t> integer_from(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  constexpr std::array<Unit, 1> kPlain = {{{"", 1}}};
  const auto value = number_with_unit(text, kPlain);
  if (!value || *value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  const auto number = static_cast<std::int64_t>(*value);
  return negative ? -number : number;
}

std::optional<double> number_from(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const std::size_t point = digits.find('.');
  const auto all_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
  };
  if (!all_digits(digits.substr(0, point))) return std::nullopt;
  if (point != std::string_view::npos && !all_digits(digits.substr(point + 1))) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_agent_id(std::string_view text) {
  if (text.empty() || text.size() > 64 || text == "." || text == "..") return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
  });
}

std::string shown_word(std::string_view word) {
  constexpr std::size_t kShown = 80;
  // Cut before cleaning, so that a hostile megabyte costs nothing; 4 bytes more keep the cut visible to cap_bytes.
  return cap_bytes(strip_controls(to_valid_utf8(word.substr(0, kShown + 4)), Newlines::to_space), kShown);
}

Error bad_value(std::string_view name, std::string_view value, std::string_view allowed) {
  return invalid(fmt::format("{}: '{}' is not allowed; allowed: {}", name, shown_word(value), allowed));
}

}  // namespace assize
