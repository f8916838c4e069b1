// What debate, verification, chair, vote and budget add to the JSON forms.
#include "report/json_parts.h"

namespace assize::report {

void write_stance(JsonWriter& json, const Stance& stance) {
  json.begin_object();
  json.field("group", stance.group);
  json.field("agent", stance.agent);
  json.field("round", stance.round);
  json.field("stance", to_string(stance.value));
  json.field("reason", stance.reason);
  write_optional_word(json, "severity", stance.severity);
  json.end_object();
}

void write_verdict(JsonWriter& json, const GroupVerdict& verdict) {
  json.begin_object();
  json.field("group", verdict.group);
  json.field("agent", verdict.agent);
  json.field("task", to_string(verdict.task));
  json.field("raiser", verdict.raiser);
  json.field("status", to_string(verdict.status));
  write_strings(json, "members", verdict.members);
  json.field("reason", verdict.reason);
  json.field_or_null("evidence", verdict.evidence);
  json.field("evidence_anchored", verdict.evidence_anchored);
  json.end_object();
}

void write_synthesis(JsonWriter& json, const Synthesis& synthesis, std::string_view mode) {
  json.begin_object();
  json.field_or_null("agent", synthesis.agent);
  json.field("text", synthesis.text);
  write_optional_verdict(json, "recommendation", synthesis.recommendation, mode);
  json.field_or_null("note", synthesis.note);
  json.end_object();
}

void write_vote(JsonWriter& json, const Vote& vote, std::string_view mode) {
  json.begin_object();
  write_optional_verdict(json, "verdict", vote.verdict, mode);
  json.key("ballots");
  json.begin_array();
  for (const Ballot& ballot : vote.ballots) {
    json.begin_object();
    json.field("agent", ballot.agent);
    json.field("verdict", verdict_word(ballot.verdict, mode));
    json.field("reason", ballot.reason);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_chunk(JsonWriter& json, const ChunkReport& chunk) {
  json.begin_object();
  write_strings(json, "files", chunk.files);
  json.field("bytes", chunk.bytes);
  write_strings(json, "asked", chunk.asked);
  write_strings(json, "valid", chunk.valid);
  json.end_object();
}

void write_budget(JsonWriter& json, const BudgetReport& budget) {
  json.begin_object();
  json.key("limits");
  json.begin_object();
  write_optional_millis(json, "total_timeout_ms", budget.total_timeout);
  write_optional_millis(json, "phase_timeout_ms", budget.phase_timeout);
  write_optional(json, "max_tokens", budget.max_tokens);
  write_money(json, "max_cost_usd", budget.max_cost_usd);
  json.end_object();
  json.key("spent");
  json.begin_object();
  json.field("tokens", budget.spent.tokens);
  write_money(json, "cost_usd", budget.spent.cost_usd);
  json.field("estimated", budget.spent.estimated);
  json.end_object();
  json.field("exhausted", budget.exhausted);
  write_strings(json, "skipped", budget.skipped);
  json.end_object();
}

}  // namespace assize::report
