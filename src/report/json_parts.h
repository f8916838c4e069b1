// The objects that the outcome and the events have in common, each written in one place.
#pragma once

#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "report/json_writer.h"
#include "report/view.h"

namespace assize::report {

void write_decision(JsonWriter& json, const Decision& decision, const std::vector<Severity>& fail_on);
void write_totals(JsonWriter& json, const Outcome& outcome);
// `mode` is the outcome's: it chooses the words for verdicts.
void write_agent(JsonWriter& json, const AgentReport& agent, std::string_view mode);
void write_coverage(JsonWriter& json, const FileCoverage& file);
// With its key, "agreement".
void write_agreement(JsonWriter& json, const Agreement& agreement);
void write_group(JsonWriter& json, const Group& group, const OutcomeIndex& index);
void write_finding(JsonWriter& json, const Finding& finding);
void write_usage(JsonWriter& json, const Usage& usage);
void write_call_error(JsonWriter& json, const CallError& error);
void write_stance(JsonWriter& json, const Stance& stance);
void write_verdict(JsonWriter& json, const GroupVerdict& verdict);
void write_synthesis(JsonWriter& json, const Synthesis& synthesis, std::string_view mode);
void write_vote(JsonWriter& json, const Vote& vote, std::string_view mode);
void write_chunk(JsonWriter& json, const ChunkReport& chunk);
void write_budget(JsonWriter& json, const BudgetReport& budget);

template <class Strings>
void write_strings(JsonWriter& json, std::string_view key, const Strings& strings) {
  json.key(key);
  json.begin_array();
  for (const auto& text : strings) json.value(std::string_view(text));
  json.end_array();
}

template <class T>
void write_optional(JsonWriter& json, std::string_view key, const std::optional<T>& content) {
  if (content) {
    json.field(key, *content);
  } else {
    json.field_null(key);
  }
}

inline void write_millis(JsonWriter& json, std::string_view key, Millis duration) {
  json.field(key, static_cast<std::int64_t>(duration.count()));
}
void write_optional_millis(JsonWriter& json, std::string_view key, const std::optional<Millis>& duration);

// US dollars, rounded to a billionth (a price of $0.001 a million tokens), so that the order in which they were added
// does not show in the last digit.
void write_money(JsonWriter& json, std::string_view key, const std::optional<double>& dollars);

void write_optional_verdict(JsonWriter& json, std::string_view key, const std::optional<Verdict>& verdict,
                            std::string_view mode);

// A named severity, status, … that may be missing.
template <class Enum>
void write_optional_word(JsonWriter& json, std::string_view key, const std::optional<Enum>& word) {
  if (word) {
    json.field(key, to_string(*word));
  } else {
    json.field_null(key);
  }
}

// An array under its key, each entry written by `write`.
template <class Items, class Write>
void write_list(JsonWriter& json, std::string_view key, const Items& items, Write write) {
  json.key(key);
  json.begin_array();
  for (const auto& item : items) write(json, item);
  json.end_array();
}

// An object that there may be none of.
template <class T, class Write>
void write_or_null(JsonWriter& json, std::string_view key, const std::optional<T>& content, Write write) {
  json.key(key);
  if (content) {
    write(*content);
  } else {
    json.null();
  }
}

}  // namespace assize::report
