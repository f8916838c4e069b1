#include "report/json_parts.h"

#include <cmath>

namespace assize::report {

namespace {

std::string_view to_string(AgentRole role) {
  return role == AgentRole::analyser ? "analyser" : "reviewer";
}
std::string_view to_string(Side side) {
  return side == Side::pre_image ? "old" : "new";
}

void write_lines(JsonWriter& json, const std::optional<LineRange>& lines) {
  if (lines) {
    json.field("line", lines->first);
    json.field("end_line", lines->last);
  } else {
    json.field_null("line");
    json.field_null("end_line");
  }
}

void write_dropped(JsonWriter& json, const std::vector<DroppedItem>& dropped) {
  json.key("dropped");
  json.begin_array();
  for (const DroppedItem& item : dropped) {
    json.begin_object();
    json.field("ref", item.ref);
    json.field("reason", item.reason);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_money(JsonWriter& json, std::string_view key, const std::optional<double>& dollars) {
  constexpr double kParts = 1e9;
  if (dollars) {
    json.field(key, std::round(*dollars * kParts) / kParts);
  } else {
    json.field_null(key);
  }
}

void write_optional_millis(JsonWriter& json, std::string_view key, const std::optional<Millis>& duration) {
  if (duration) {
    write_millis(json, key, *duration);
  } else {
    json.field_null(key);
  }
}

void write_optional_verdict(JsonWriter& json, std::string_view key, const std::optional<Verdict>& verdict,
                            std::string_view mode) {
  if (verdict) {
    json.field(key, verdict_word(*verdict, mode));
  } else {
    json.field_null(key);
  }
}

void write_decision(JsonWriter& json, const Decision& decision, const std::vector<Severity>& fail_on) {
  json.begin_object();
  json.field("value", to_string(decision.value));
  json.field("exit", decision.exit);
  json.field("rule", decision.rule);
  json.field("reason", decision.reason);
  json.key("fail_on");
  json.begin_array();
  for (const Severity severity : fail_on) json.value(to_string(severity));
  json.end_array();
  json.key("trace");
  json.begin_array();
  for (const TraceStep& step : decision.trace) {
    json.begin_object();
    json.field("rule", step.rule);
    json.field("fired", step.fired);
    json.field("reason", step.reason);
    write_strings(json, "groups", step.groups);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_usage(JsonWriter& json, const Usage& usage) {
  json.begin_object();
  write_optional(json, "input_tokens", usage.input_tokens);
  write_optional(json, "output_tokens", usage.output_tokens);
  write_optional(json, "cached_tokens", usage.cached_tokens);
  write_money(json, "cost_usd", usage.cost_usd);
  json.end_object();
}

void write_call_error(JsonWriter& json, const CallError& error) {
  json.begin_object();
  json.field("kind", to_string(error.kind));
  json.field("message", error.message);
  write_optional(json, "exit_code", error.exit_code);
  write_optional(json, "signal", error.signal);
  write_optional_millis(json, "retry_after_ms", error.retry_after);
  json.end_object();
}

void write_totals(JsonWriter& json, const Outcome& outcome) {
  const Totals totals = totals_of(outcome);
  const CoverageTotals coverage = coverage_of(outcome);
  const UsageTotals usage = usage_of(outcome);
  json.begin_object();
  json.key("groups");
  json.begin_object();
  for (const Severity severity : kWorstFirst) {
    json.field(to_string(severity), totals.groups.at(static_cast<std::size_t>(severity)));
  }
  json.field("unanchored", totals.unanchored);
  json.field("unsupported", totals.unsupported);
  json.field("all", outcome.groups.size());
  json.key("by_status");
  json.begin_object();
  for (const GroupStatus status : {GroupStatus::verified, GroupStatus::unverified, GroupStatus::disputed,
                                   GroupStatus::needs_human, GroupStatus::unsupported}) {
    json.field(to_string(status), totals.statuses.at(static_cast<std::size_t>(status)));
  }
  json.end_object();
  json.end_object();
  json.key("findings");
  json.begin_object();
  json.field("all", totals.findings);
  json.field("dropped", totals.dropped);
  json.end_object();
  json.key("reviews");
  json.begin_object();
  json.field("declared", totals.reviewers);
  json.field("valid", totals.valid);
  json.field("partial", totals.partial);
  json.field("invalid", totals.invalid);
  json.field("unavailable", totals.unavailable);
  json.field("repaired", totals.repaired);
  json.field("chair_only", totals.chair_only);
  json.end_object();
  json.key("analysers");
  json.begin_object();
  json.field("declared", totals.analysers);
  json.field("valid", totals.analysers_valid);
  json.end_object();
  json.key("coverage");
  json.begin_object();
  json.field("files", coverage.files);
  json.field("files_set_aside", coverage.set_aside);
  json.field("hunks", coverage.hunks);
  json.field("hunks_reviewed", coverage.reviewed);
  json.end_object();
  json.key("usage");
  write_usage(json, usage.sum);
  json.field("agents_asked", usage.agents_asked);
  json.field("agents_with_cost", usage.agents_with_cost);
  json.end_object();
}

void write_agent(JsonWriter& json, const AgentReport& agent, std::string_view mode) {
  json.begin_object();
  json.field("agent", agent.id);
  json.field("kind", agent.kind);
  json.field("role", to_string(agent.role));
  json.field("chair_only", agent.chair_only);
  json.field_or_null("lens", agent.lens);
  json.field_or_null("vendor", agent.vendor);
  json.field_or_null("model", agent.model);
  json.field_or_null("version", agent.version);
  json.field("optional", agent.optional);
  json.field("available", agent.available);
  json.field_or_null("unavailable_reason", agent.unavailable_reason);
  json.field("status", to_string(agent.status));
  json.field("valid", is_valid_review(agent.status));
  json.field_or_null("parse_reason", agent.parse_reason);
  json.field("repaired", agent.repaired);
  write_optional_verdict(json, "verdict", agent.verdict, mode);
  json.field_or_null("summary", agent.summary);
  write_strings(json, "checked", agent.checked);
  json.key("chunks");
  json.begin_array();
  for (const ChunkReview& chunk : agent.chunks) {
    json.begin_object();
    json.field("chunk", chunk.chunk);
    json.field("status", to_string(chunk.status));
    json.field("valid", is_valid_review(chunk.status));
    json.field_or_null("reason", chunk.reason);
    json.end_object();
  }
  json.end_array();
  json.field("findings", agent.findings);
  write_dropped(json, agent.dropped);
  write_strings(json, "warnings", agent.warnings);
  json.field("attempts", agent.attempts);
  write_millis(json, "duration_ms", agent.duration);
  write_millis(json, "last_progress_ms", agent.last_progress);
  json.key("usage");
  write_usage(json, agent.usage);
  json.key("error");
  if (agent.error) {
    write_call_error(json, *agent.error);
  } else {
    json.null();
  }
  json.field_or_null("cancel_reason", agent.cancel_reason);
  json.field_or_null("excerpt", agent.excerpt);
  write_strings(json, "command_line", agent.command_line);
  json.end_object();
}

void write_coverage(JsonWriter& json, const FileCoverage& file) {
  json.begin_object();
  json.field("path", file.path);
  json.field_or_null("old_path", file.old_path);
  json.field("kind", file.kind);
  write_optional_word(json, "set_aside", file.set_aside);
  json.field_or_null("detail", file.detail);
  json.field("risky", file.risky);
  json.field("bytes", file.bytes);
  json.field("added", file.added);
  json.field("removed", file.removed);
  json.key("hunks");
  json.begin_array();
  for (const HunkCoverage& hunk : file.hunks) {
    json.begin_object();
    json.field("line", hunk.lines.first);
    json.field("end_line", hunk.lines.last);
    write_strings(json, "agents", hunk.agents);
    json.end_object();
  }
  json.end_array();
  write_strings(json, "analysers", file.analysers);
  json.end_object();
}

void write_agreement(JsonWriter& json, const Agreement& agreement) {
  json.key("agreement");
  json.begin_object();
  json.field("level", to_string(agreement.level));
  json.field("k", agreement.k);
  json.field("n", agreement.n);
  json.field("declared", agreement.declared);
  json.end_object();
}

void write_group(JsonWriter& json, const Group& group, const OutcomeIndex& index) {
  const Finding* shown = index.representative(group);
  json.begin_object();
  json.field("id", group.id);
  json.field("severity", to_string(group.severity));
  json.key("severity_spread");
  json.begin_object();
  json.field("lowest", to_string(group.lowest_severity));
  json.field("highest", to_string(group.highest_severity));
  json.end_object();
  write_optional_word(json, "suggested_severity", group.suggested_severity);
  if (shown != nullptr) {
    json.field("category", to_string(shown->category));
    json.field("title", shown->title);
  } else {
    json.field_null("category");
    json.field_null("title");
  }
  json.key("location");
  const Place place = shown == nullptr ? Place{} : place_of(*shown);
  if (place.path.empty()) {
    json.null();
  } else {
    json.begin_object();
    json.field("path", place.path);
    write_lines(json, place.lines);
    json.field("side", to_string(place.side));
    json.end_object();
  }
  json.field("representative", group.representative);
  write_strings(json, "members", group.members);
  write_strings(json, "agents", group.agents);
  write_agreement(json, group.agreement);
  json.field("anchored", group.anchored);
  json.field("status", to_string(group.status));
  json.field_or_null("status_reason", group.status_reason);
  write_strings(json, "support", group.support);
  write_strings(json, "against", group.against);
  json.field_or_null("split_from", group.split_from);
  json.field("chunk", group.chunk);
  json.field_or_null("fingerprint", group.fingerprint);
  json.end_object();
}

void write_finding(JsonWriter& json, const Finding& finding) {
  json.begin_object();
  json.field("id", finding.id);
  json.field("agent", finding.agent);
  json.field("severity", to_string(finding.severity));
  json.field("severity_guessed", finding.severity_guessed);
  write_optional_word(json, "reported_severity", finding.reported);
  json.field("category", to_string(finding.category));
  json.field("title", finding.title);
  json.field("detail", finding.detail);
  json.field("fix", finding.fix);
  json.key("cited");
  json.begin_object();
  json.field_or_null("path", finding.cited.path);
  write_lines(json, finding.cited.lines);
  json.field("side", to_string(finding.cited.side));
  json.field_or_null("quote", finding.cited.quote);
  json.field_or_null("symbol", finding.cited.symbol);
  json.end_object();
  json.key("anchor");
  json.begin_object();
  json.field("state", to_string(finding.anchor.state));
  json.field_or_null("path", finding.anchor.path);
  write_lines(json, finding.anchor.lines);
  json.field("side", to_string(finding.anchor.side));
  json.end_object();
  json.field_or_null("code", finding.code);
  write_optional(json, "confidence", finding.confidence);
  json.field_or_null("rule", finding.rule);
  json.field_or_null("source_id", finding.source_id);
  json.field_or_null("source_fingerprint", finding.source_fingerprint);
  json.field_or_null("raw_ref", finding.raw_ref);
  json.field("round", finding.round);
  json.field("chunk", finding.chunk);
  json.end_object();
}

}  // namespace assize::report
