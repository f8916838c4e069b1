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
void write_agent(JsonWriter& json, const AgentReport& agent);
void write_coverage(JsonWriter& json, const FileCoverage& file);
// With its key, "agreement".
void write_agreement(JsonWriter& json, const Agreement& agreement);
void write_group(JsonWriter& json, const Group& group, const OutcomeIndex& index);
void write_finding(JsonWriter& json, const Finding& finding);
void write_usage(JsonWriter& json, const Usage& usage);
void write_call_error(JsonWriter& json, const CallError& error);

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

}  // namespace assize::report
