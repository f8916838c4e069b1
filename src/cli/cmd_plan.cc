#include <fmt/format.h>

#include "agents/surroundings.h"
#include "cli/command.h"
#include "cli/review_setup.h"
#include "cli/versions.h"
#include "core/text.h"
#include "report/json_parts.h"
#include "report/json_writer.h"

namespace assize {
namespace {

using report::JsonStyle;
using report::JsonWriter;

// About four bytes of English or code a token, for the models of today; an estimate, and called so.
constexpr std::size_t kBytesPerToken = 4;

struct Estimate {
  std::size_t reviewers = 0;
  std::size_t tokens = 0;  // of all their prompts
};

Estimate estimate(const ReviewSetup& setup) {
  Estimate sum;
  if (setup.intake.plan.kept_files() == 0) return sum;
  for (const RosterEntry& entry : setup.roster) {
    if (!entry.available || role_of(entry.spec->kind) != AgentRole::reviewer) continue;
    ++sum.reviewers;
    sum.tokens += review_prompt(setup.input(), *entry.spec).size() / kBytesPerToken;
  }
  return sum;
}

std::string clean(std::string_view text) {
  return strip_controls(to_valid_utf8(text), Newlines::to_space);
}

std::string file_line(const FileCoverage& file) {
  const std::string name = file.old_path.empty() || file.old_path == file.path
                               ? clean(file.path)
                               : clean(file.old_path) + " -> " + clean(file.path);
  std::string line = fmt::format("  {:<9} {}", file.kind, name);
  if (file.set_aside) {
    line += fmt::format("  ({}{}; {} bytes)", to_string(*file.set_aside),
                        file.detail.empty() ? "" : ": " + clean(file.detail), file.bytes);
  } else {
    line += fmt::format("  +{} -{}", file.added, file.removed);
    if (!file.detail.empty()) line += fmt::format("  ({})", clean(file.detail));
  }
  return line + "\n";
}

std::string files_text(const std::vector<FileCoverage>& files, const Plan& plan) {
  std::string kept, aside;
  for (const FileCoverage& file : files) (file.set_aside ? aside : kept) += file_line(file);
  std::string text = fmt::format("\nReviewed: {} {}, {} bytes of diff\n{}", plan.kept_files(),
                                 plan.kept_files() == 1 ? "file" : "files", plan.kept.value, kept);
  if (!aside.empty()) text += fmt::format("\nSet aside: {}\n{}", files.size() - plan.kept_files(), aside);
  return text;
}

std::string panel_text(const ReviewSetup& setup) {
  std::string text = setup.offline ? "\nPanel (offline: rules and analysers alone)\n" : "\nPanel\n";
  for (const RosterEntry& entry : setup.roster) {
    text += fmt::format("  {:<14} {:<9} {}\n", entry.spec->id, entry.spec->kind,
                        entry.available ? (entry.version.empty() ? "ready" : "ready, " + clean(entry.version))
                                        : "not available: " + clean(entry.unavailable->message));
    if (!entry.command_line.empty()) text += fmt::format("    runs: {}\n", clean(shell_words(entry.command_line)));
  }
  return text;
}

std::string as_text(const ReviewSetup& setup) {
  const Change& change = setup.intake.change;
  const Estimate tokens = estimate(setup);
  std::string text = fmt::format("Change: {}\n", change.source.empty() ? "(none)" : clean(change.source));
  if (change.files.empty()) {
    text += "nothing to review\n";
  } else {
    text += files_text(coverage_of(change, setup.intake.plan), setup.intake.plan);
  }
  for (const std::string& path : change.private_files) text += fmt::format("  private, not shown: {}\n", clean(path));
  text += panel_text(setup);
  text += fmt::format("\nEstimated input: {} tokens for {} model {}\n", tokens.tokens, tokens.reviewers,
                      tokens.reviewers == 1 ? "reviewer" : "reviewers");
  for (const ChangeWarning& warning : change.warnings) {
    text +=
        fmt::format("warning: {}{}\n", warning.path.empty() ? "" : clean(warning.path) + ": ", clean(warning.message));
  }
  for (const std::string& warning : setup.warnings) text += fmt::format("warning: {}\n", clean(warning));
  return text + "Nothing was run.\n";
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

void write_panel(JsonWriter& json, const std::vector<RosterEntry>& roster) {
  json.key("panel");
  json.begin_array();
  for (const RosterEntry& entry : roster) {
    json.begin_object();
    json.field("agent", entry.spec->id);
    json.field("kind", entry.spec->kind);
    json.field("role", role_of(entry.spec->kind) == AgentRole::reviewer ? "reviewer" : "analyser");
    json.field_or_null("vendor", entry.vendor);
    json.field_or_null("version", entry.version);
    json.field("available", entry.available);
    json.field_or_null("unavailable_reason", entry.unavailable ? entry.unavailable->message : std::string());
    report::write_strings(json, "command_line", entry.command_line);
    json.end_object();
  }
  json.end_array();
}

std::string as_json(const ReviewSetup& setup) {
  const Change& change = setup.intake.change;
  const Estimate tokens = estimate(setup);
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.field("source", change.source);
  json.field_or_null("base", change.base);
  json.field_or_null("head", change.head);
  json.field_or_null("digest", change.digest);
  json.field("offline", setup.offline);
  json.field("kept_files", setup.intake.plan.kept_files());
  json.field("kept_bytes", setup.intake.plan.kept.value);
  write_files(json, coverage_of(change, setup.intake.plan));
  report::write_strings(json, "private_files", change.private_files);
  write_panel(json, setup.roster);
  json.key("estimate");
  json.begin_object();
  json.field("reviewers", tokens.reviewers);
  json.field("input_tokens", tokens.tokens);
  json.end_object();
  std::vector<std::string> warnings = setup.warnings;
  for (const ChangeWarning& warning : change.warnings) {
    warnings.push_back(warning.path.empty() ? warning.message : warning.path + ": " + warning.message);
  }
  report::write_strings(json, "warnings", warnings);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace

Result<int> run_plan(const CommandContext& context) {
  const std::unique_ptr<Surroundings> world = real_surroundings();
  TRY_ASSIGN(const std::unique_ptr<ReviewSetup> setup, prepare_review(context, *world, Asking::never));
  return print(context.options.json ? as_json(*setup) : as_text(*setup));
}

}  // namespace assize
