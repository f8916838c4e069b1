#include "report/task_json.h"

#include "core/text.h"
#include "report/json_parts.h"
#include "report/json_writer.h"

namespace assize {

using namespace report;

namespace {

void write_track(JsonWriter& json, const TaskTrack& track) {
  json.field("state", to_string(track.now()));
  json.key("states");
  json.begin_array();
  for (const TaskState state : track.passed()) json.value(to_string(state));
  json.end_array();
}

void write_left_out(JsonWriter& json, const std::vector<LeftOut>& files) {
  json.key("left_out");
  json.begin_array();
  for (const LeftOut& file : files) {
    json.begin_object();
    json.field("path", file.path);
    json.field("reason", file.reason);
    json.end_object();
  }
  json.end_array();
}

void write_diff(JsonWriter& json, const TaskAgent& agent) {
  json.key("diff");
  if (!agent.diff) return json.null();
  const TreeDiff& diff = *agent.diff;
  json.begin_object();
  json.key("files");
  json.begin_array();
  for (const ChangedFile& file : diff.files) {
    json.begin_object();
    json.field("path", file.path);
    json.field("kind", to_string(file.kind));
    write_optional(json, "added", file.added);
    write_optional(json, "removed", file.removed);
    json.end_object();
  }
  json.end_array();
  json.field("patch", diff.patch);
  json.field("patch_exact", is_valid_utf8(diff.patch));
  json.field_or_null("file", agent.diff_file);
  write_left_out(json, diff.left_out);
  write_strings(json, "notes", diff.notes);
  json.end_object();
}

void write_task_agent(JsonWriter& json, const TaskAgent& agent) {
  const Answer& answer = agent.answer;
  json.begin_object();
  json.field("agent", agent.id);
  json.field("kind", agent.kind);
  json.field_or_null("vendor", agent.vendor);
  json.field_or_null("model", agent.model);
  json.field_or_null("version", agent.version);
  json.field("available", agent.available);
  write_track(json, agent.track);
  json.field("answer", answer.text);
  json.field_or_null("answer_file", agent.answer_file);
  json.key("error");
  if (answer.error) {
    write_call_error(json, *answer.error);
  } else {
    json.null();
  }
  json.field("attempts", answer.attempts);
  write_millis(json, "duration_ms", answer.duration);
  write_millis(json, "last_progress_ms", answer.last_progress);
  json.key("usage");
  write_usage(json, answer.usage);
  write_strings(json, "warnings", answer.warnings);
  json.field_or_null("stderr_tail", answer.stderr_tail);
  write_strings(json, "command_line", agent.command_line);
  write_diff(json, agent);
  json.field_or_null("diff_error", agent.diff_error);
  json.end_object();
}

void write_synthesis(JsonWriter& json, const std::optional<TaskSynthesis>& synthesis) {
  json.key("synthesis");
  if (!synthesis) return json.null();
  json.begin_object();
  json.field_or_null("agent", synthesis->agent);
  json.field("text", synthesis->text);
  json.field_or_null("file", synthesis->file);
  json.key("letters");
  json.begin_object();
  for (const auto& [letter, agent] : synthesis->letters) json.field(letter, agent);
  json.end_object();
  json.field_or_null("note", synthesis->note);
  json.end_object();
}

}  // namespace

std::string render_task_json(const TaskOutcome& outcome) {
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.field("schema", kTaskSchema);
  json.field("revision", kTaskRevision);
  json.field("run", outcome.run);
  write_track(json, outcome.track);
  json.key("decision");
  json.begin_object();
  json.field("value", to_string(outcome.decision.value));
  json.field("exit", outcome.decision.exit);
  json.field("reason", outcome.decision.reason);
  json.end_object();
  json.field("mode", to_string(outcome.mode));
  json.field("chain", outcome.chain);
  json.field("prompt", outcome.prompt);
  json.field_or_null("repository", outcome.repository);
  json.field_or_null("head", outcome.head);
  write_strings(json, "target_paths", outcome.target_paths);
  json.key("agents");
  json.begin_array();
  for (const TaskAgent& agent : outcome.agents) write_task_agent(json, agent);
  json.end_array();
  write_synthesis(json, outcome.synthesis);
  write_left_out(json, outcome.left_out);
  json.field_or_null("artifacts", outcome.artifacts);
  write_strings(json, "warnings", outcome.warnings);
  json.field("seed", outcome.seed);
  json.key("versions");
  json.begin_object();
  for (const auto& [name, version] : outcome.versions) json.field(name, version);
  json.end_object();
  json.key("time");
  json.begin_object();
  json.field("started_at", outcome.started_at);
  write_millis(json, "duration_ms", outcome.duration);
  json.end_object();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace assize
