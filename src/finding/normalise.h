// What the words and numbers of an answer mean: severities and their aliases, lines, confidence, clean text. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/finding.h"
#include "core/outcome.h"
#include "finding/lenient_json.h"

namespace assize {

// Caps in bytes (spec: findings, Reading the answer 4).
inline constexpr std::size_t kTitleBytes = 300;
inline constexpr std::size_t kDetailBytes = 8'000;
inline constexpr std::size_t kQuoteBytes = 4'000;   // a few code lines
inline constexpr std::size_t kPathBytes = 4'096;    // PATH_MAX
inline constexpr std::size_t kWordBytes = 200;      // ids, symbols, rules
inline constexpr std::size_t kReasonBytes = 1'000;  // of a stance or a verdict, and its evidence

// Valid UTF-8 without control and escape sequences, trimmed and capped with a mark. Titles are one line.
std::string clean_line(std::string_view text, std::size_t max_bytes);
std::string clean_text(std::string_view text, std::size_t max_bytes);

// "High", "[P1]", "blocker", … Nothing for a word that is no severity.
std::optional<Severity> read_severity(std::string_view word);
// Codex' priority: 0 is critical.
std::optional<Severity> severity_of_priority(double priority);
std::optional<Category> read_category(std::string_view word);
std::optional<Verdict> read_verdict(std::string_view word);
std::optional<StanceValue> read_stance(std::string_view word);            // "agree", "confirm", "yes", …
std::optional<VerdictStatus> read_verdict_status(std::string_view word);  // "verified", "false positive", …

// "42", "L42", "42-44", "lines 42 to 44", "42:7" (line and column). Nothing for 0, negative numbers and other text.
std::optional<LineRange> read_lines(std::string_view text);
// The same of a JSON value: numbers without a fraction, such strings, [42, 44], {"start": 42, "end": 44}.
std::optional<LineRange> read_lines(JsonRef value);

struct Confidence {
  std::optional<double> value;  // 0..1
  bool clamped = false;         // it was out of range
};
// Numbers from 0 to 1, "high" .9, "medium" .6, "low" .3, "85%" and numbers from 10 to 100 (percent).
Confidence read_confidence(JsonRef value);

struct PathAndLines {
  std::string_view path;
  std::optional<LineRange> lines;
};
// Takes ":42", ":42:7", ":42-44", "#L42-L44" off the end of a path.
PathAndLines split_path_suffix(std::string_view path);

}  // namespace assize
