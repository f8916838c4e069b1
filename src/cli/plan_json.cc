#include "cli/plan_report.h"
#include "report/json_parts.h"
#include "report/json_writer.h"

namespace assize {
namespace {

using report::JsonStyle;
using report::JsonWriter;

template <class T>
void number_or_null(JsonWriter& json, std::string_view name, const std::optional<T>& number) {
  if (!number) return json.field_null(name);
  if constexpr (std::is_same_v<T, Millis>) {
    json.field(name, number->count());
  } else {
    json.field(name, *number);
  }
}

void write_files(JsonWriter& json, const std::vector<FileCoverage>& files) {
  json.key("files");
  json.begin_array();
  for (const FileCoverage& file : files) {
    json.begin_object();
    json.field("path", file.path);
    json.field_or_null("old_path", file.old_path);
    json.field("kind", file.kind);
    json.field_or_null("set_aside", file.set_aside ? to_string(*file.set_aside) : std::string_view());
    json.field_or_null("detail", file.detail);
    json.field("risky", file.risky);
    json.field("bytes", file.bytes);
    json.field("added", file.added);
    json.field("removed", file.removed);
    json.end_object();
  }
  json.end_array();
}

void write_chunks(JsonWriter& json, const std::vector<Chunk>& chunks) {
  json.key("chunks");
  json.begin_array();
  for (const Chunk& chunk : chunks) {
    json.begin_object();
    json.field("bytes", chunk.plan.kept.value);
    json.key("files");
    json.begin_array();
    for (const FileChange& file : chunk.change.files) json.value(std::string_view(file.path()));
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

void write_panel(JsonWriter& json, const std::vector<RosterEntry>& roster, const Forecast& forecast) {
  json.key("panel");
  json.begin_array();
  for (std::size_t i = 0; i < roster.size(); ++i) {
    const RosterEntry& entry = roster[i];
    json.begin_object();
    json.field("agent", entry.spec->id);
    json.field("kind", entry.spec->kind);
    json.field("role", role_of(entry.spec->kind) == AgentRole::reviewer ? "reviewer" : "analyser");
    json.field("chair_only", entry.spec->chair_only);
    json.field_or_null("vendor", entry.vendor);
    json.field_or_null("version", entry.version);
    json.field("available", entry.available);
    json.field_or_null("unavailable_reason", entry.unavailable ? entry.unavailable->message : std::string());
    json.field_or_null("lens", forecast.seats[i].lens);
    json.field_or_null("perspective", entry.spec->perspective);
    json.key("chunks");
    json.begin_array();
    for (const int chunk : forecast.seats[i].chunks) json.value(chunk);
    json.end_array();
    report::write_strings(json, "command_line", entry.command_line);
    json.end_object();
  }
  json.end_array();
}

std::string_view word(Division division) {
  switch (division) {
    case Division::none:
      break;
    case Division::files:
      return "files";
    case Division::lenses:
      return "lenses";
  }
  return {};
}

void write_procedure(JsonWriter& json, const TrialSettings& settings, const Forecast& forecast) {
  json.key("procedure");
  json.begin_object();
  json.field("debate", settings.debate == Debate::fixed ? "fixed" : "adaptive");
  json.field("last_round", forecast.last_round);
  json.field("verify", settings.verify == Verify::on);
  json.field_or_null("risk", forecast.risk ? to_string(*forecast.risk) : std::string_view());
  json.field_or_null("risk_reason", forecast.risk_reason);
  json.field("chair", settings.chair);
  json.field("anonymous", settings.names == Names::hidden);
  report::write_strings(json, "lenses", settings.lenses);
  json.field_or_null("divide", word(settings.division));
  number_or_null(json, "quorum", settings.quorum);
  json.field("grace_ms", settings.grace.count());
  json.field("decision", settings.gate.decide_by == DecideBy::vote ? "vote" : "gate");
  json.field_or_null("policy", settings.policy.name);
  json.end_object();
}

void write_limits(JsonWriter& json, const BudgetReport& budget) {
  json.key("budget");
  json.begin_object();
  number_or_null(json, "total_timeout_ms", budget.total_timeout);
  number_or_null(json, "phase_timeout_ms", budget.phase_timeout);
  number_or_null(json, "max_tokens", budget.max_tokens);
  number_or_null(json, "max_cost_usd", budget.max_cost_usd);
  json.end_object();
}

void write_estimate(JsonWriter& json, const Forecast& forecast) {
  json.key("estimate");
  json.begin_object();
  json.field("reviewers", forecast.reviewers);
  json.field("review_calls", forecast.review_calls);
  json.field("input_tokens", forecast.input_tokens);
  json.field("review_tokens", forecast.reviews.tokens);
  json.field("review_cost_usd", forecast.reviews.cost_usd);
  json.field("later_tokens_at_most", forecast.later_at_most.tokens);
  json.field("later_cost_usd_at_most", forecast.later_at_most.cost_usd);
  json.end_object();
}

}  // namespace

std::string plan_json(const ReviewSetup& setup, const Forecast& forecast) {
  const Change& change = setup.intake.change;
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.field("subject", setup.settings.subject == Subject::document ? "document" : "change");
  json.field("source", change.source);
  json.field_or_null("base", change.base);
  json.field_or_null("head", change.head);
  json.field_or_null("digest", change.digest);
  json.field("offline", setup.offline);
  json.field("kept_files", setup.intake.plan.kept_files());
  json.field("kept_bytes", setup.intake.plan.kept.value);
  write_files(json, coverage_of(change, setup.intake.plan));
  report::write_strings(json, "private_files", change.private_files);
  write_chunks(json, setup.chunks);
  write_panel(json, setup.roster, forecast);
  write_procedure(json, setup.settings, forecast);
  write_estimate(json, forecast);
  write_limits(json, setup.settings.budget);
  std::vector<std::string> warnings = setup.warnings;
  for (const ChangeWarning& warning : change.warnings) {
    warnings.push_back(warning.path.empty() ? warning.message : warning.path + ": " + warning.message);
  }
  report::write_strings(json, "warnings", warnings);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace assize
