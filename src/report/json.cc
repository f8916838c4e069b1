#include "report/json.h"

#include "report/json_parts.h"

namespace assize {

using namespace report;

namespace {

void write_groups(JsonWriter& json, const Outcome& outcome) {
  const OutcomeIndex index(outcome);
  json.key("groups");
  json.begin_array();
  for (const Group& group : outcome.groups) write_group(json, group, index);
  json.end_array();
  write_list(json, "findings", outcome.findings, write_finding);
}

void write_map(JsonWriter& json, std::string_view key, const std::map<std::string, std::string>& entries) {
  json.key(key);
  json.begin_object();
  for (const auto& [name, content] : entries) json.field(name, content);
  json.end_object();
}

}  // namespace

std::string render_json(const Outcome& outcome) {
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.field("schema", kOutcomeSchema);
  json.field("revision", kOutcomeRevision);
  json.field("run", outcome.run);
  json.field("mode", outcome.mode);
  json.field("offline", outcome.offline);
  json.key("decision");
  write_decision(json, outcome.decision, outcome.fail_on);
  write_or_null(json, "vote", outcome.vote, [&](const Vote& vote) { write_vote(json, vote, outcome.mode); });
  write_or_null(json, "synthesis", outcome.synthesis,
                [&](const Synthesis& synthesis) { write_synthesis(json, synthesis, outcome.mode); });
  json.key("change");
  json.begin_object();
  json.field_or_null("source", outcome.source);
  json.field_or_null("base", outcome.base);
  json.field_or_null("head", outcome.head);
  json.field_or_null("repository", outcome.repository);
  json.field("context_mode", outcome.context_mode);
  json.end_object();
  write_list(json, "chunks", outcome.chunks, write_chunk);
  json.field_or_null("divide", outcome.divide);
  write_strings(json, "lenses", outcome.lenses);
  json.field("reviewed", report::coverage_of(outcome).files_reviewed);
  json.key("totals");
  write_totals(json, outcome);
  write_list(json, "panel", outcome.panel,
             [&](JsonWriter& to, const AgentReport& agent) { write_agent(to, agent, outcome.mode); });
  json.field_or_null("chair", outcome.chair);
  write_list(json, "coverage", outcome.coverage, write_coverage);
  write_strings(json, "private_files", outcome.private_files);
  write_groups(json, outcome);
  write_list(json, "stances", outcome.stances, write_stance);
  write_list(json, "verdicts", outcome.verdicts, write_verdict);
  write_optional_word(json, "risk", outcome.risk);
  json.field_or_null("risk_reason", outcome.risk_reason);
  json.field("rounds", outcome.rounds);
  json.field("verification", outcome.verification);
  json.field("stop_reason", outcome.stop_reason);
  json.field_or_null("stop_reason_text", outcome.stop_reason_text);
  json.key("budget");
  write_budget(json, outcome.budget);
  write_strings(json, "warnings", outcome.warnings);
  // As text: a 64-bit number does not survive readers that know doubles only.
  json.field("seed", std::to_string(outcome.seed));
  write_map(json, "versions", outcome.versions);
  write_map(json, "digests", outcome.digests);
  json.key("time");
  json.begin_object();
  json.field_or_null("started_at", outcome.started_at);
  write_millis(json, "duration_ms", outcome.duration);
  json.end_object();
  json.end_object();
  return json.take() + "\n";
}

std::string render_groups_json(const Outcome& outcome) {
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  write_groups(json, outcome);
  json.end_object();
  return json.take() + "\n";
}

std::string render_error_json(const Error& error) {
  JsonWriter json(JsonStyle::compact);
  json.begin_object();
  json.key("error");
  json.begin_object();
  json.field("code", to_string(error.code));
  json.field("message", error.message);
  json.field("hint", error.hint);
  json.end_object();
  json.end_object();
  return json.take() + "\n";
}

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid:
      return "invalid";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::io:
      return "io";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::rate_limited:
      return "rate_limited";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::unsupported:
      return "unsupported";
  }
  return "invalid";
}

}  // namespace assize
