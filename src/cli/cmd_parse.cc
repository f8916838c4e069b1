#include <fmt/format.h>

#include "change/change.h"
#include "change/diff_parser.h"
#include "change/plan.h"
#include "cli/command.h"
#include "cli/files.h"
#include "core/text.h"
#include "finding/anchor.h"
#include "finding/coverage.h"
#include "finding/parse.h"
#include "report/json_parts.h"
#include "report/json_writer.h"

namespace assize {
namespace {

using report::JsonStyle;
using report::JsonWriter;
using report::write_strings;

constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 20U;  // spec: the most that a call may print
constexpr std::size_t kMaxPatchBytes = std::size_t{256} << 20U;  // spec: the most that a change may hold

struct Read {
  ParsedReview review;
  bool anchored = false;
  CoveredReview covered;  // when anchored
};

Result<std::string> answer_text(const Options& options) {
  const std::string file = options.arguments.empty() ? "-" : options.arguments.front();
  return file == "-" ? read_stdin(kMaxAnswerBytes, "standard input") : read_file(file, kMaxAnswerBytes);
}

// Against a diff: what occurs in it is no answer, and citations are tied to its lines.
Result<Read> read_against(const std::string& answer, const std::string& patch_file, const std::string& agent) {
  auto patch = patch_file == "-" ? read_stdin(kMaxPatchBytes, "--change") : read_file(patch_file, kMaxPatchBytes);
  if (!patch) return Error{patch.error().code, "--change: " + patch.error().message, patch.error().hint};
  TRY_ASSIGN(ParsedPatch parsed, parse_patch(*patch));
  Change change;
  change.files = std::move(parsed.files);
  for (const ChangeWarning& warning : parsed.warnings) warn(warning.message);
  PlanOptions everything;
  everything.max_bytes = ByteCount{kMaxPatchBytes};
  everything.max_file_bytes = everything.max_bytes;
  TRY_ASSIGN(const Plan plan, make_plan(change, everything));
  const PostImages none;
  const ChangeView view(change, plan, none);
  const std::string shown = render_numbered(change, plan) + "\n" + *patch;
  Read read;
  read.anchored = true;
  read.review = parse_review(answer, {.agent = agent, .shown = shown});
  anchor_findings(read.review.findings, view);
  read.covered = cover_files(read.review, view);
  read.review.status = read.covered.status;
  read.review.reason = read.covered.reason;
  return read;
}

std::string as_json(const Read& read) {
  const ParsedReview& review = read.review;
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.field("status", to_string(review.status));
  json.field("valid", is_valid_review(review.status));
  json.field_or_null("reason", review.reason);
  if (review.verdict) {
    json.field("verdict", to_string(*review.verdict));
  } else {
    json.field_null("verdict");
  }
  json.field_or_null("summary", review.summary);
  write_strings(json, "checked", review.checked);
  if (read.anchored) {
    write_strings(json, "covers", read.covered.covers);
    write_strings(json, "unresolved", read.covered.unresolved);
  }
  json.key("findings");
  json.begin_array();
  for (const Finding& finding : review.findings) report::write_finding(json, finding);
  json.end_array();
  json.key("dropped");
  json.begin_array();
  for (const DroppedItem& item : review.dropped) {
    json.begin_object();
    json.field("ref", item.ref);
    json.field("reason", item.reason);
    json.end_object();
  }
  json.end_array();
  write_strings(json, "warnings", review.warnings);
  write_strings(json, "repairs", review.repairs);
  json.field("truncated", review.truncated);
  json.end_object();
  return json.take() + "\n";
}

std::string place_of(const Finding& finding, bool anchored) {
  const std::string& path = anchored && !finding.anchor.path.empty() ? finding.anchor.path : finding.cited.path;
  const auto& lines = anchored && finding.anchor.lines ? finding.anchor.lines : finding.cited.lines;
  if (path.empty()) return "(no file)";
  return lines ? fmt::format("{}:{}", path, lines->first) : path;
}

std::string as_text(const Read& read) {
  const auto line = [](std::string_view text) { return strip_controls(to_valid_utf8(text), Newlines::to_space); };
  const ParsedReview& review = read.review;
  std::string text = fmt::format("{}: {} {}{}\n", to_string(review.status), review.findings.size(),
                                 review.findings.size() == 1 ? "finding" : "findings",
                                 review.reason.empty() ? "" : " (" + line(review.reason) + ")");
  if (review.verdict) text += fmt::format("verdict: {}\n", to_string(*review.verdict));
  for (const Finding& finding : review.findings) {
    text += fmt::format("  {:<9}{}  {}{}\n", to_string(finding.severity), line(place_of(finding, read.anchored)),
                        line(finding.title),
                        read.anchored ? fmt::format("  [{}]", to_string(finding.anchor.state)) : std::string());
  }
  for (const DroppedItem& item : review.dropped) {
    text += fmt::format("  dropped {}: {}\n", line(item.ref), line(item.reason));
  }
  for (const std::string& warning : review.warnings) text += fmt::format("  warning: {}\n", line(warning));
  for (const std::string& repair : review.repairs) text += fmt::format("  mended: {}\n", line(repair));
  return text;
}

}  // namespace

Result<int> run_parse(const CommandContext& context) {
  const Options& options = context.options;
  if (options.change == "-" && (options.arguments.empty() || options.arguments.front() == "-")) {
    return invalid("--change - and the answer cannot both come from standard input", "name a file for one of them");
  }
  TRY_ASSIGN(const std::string answer, answer_text(options));
  const std::string agent = options.agent.empty() ? "agent" : options.agent;
  Read read;
  if (options.change.empty()) {
    read.review = parse_review(answer, {.agent = agent});
  } else {
    TRY_ASSIGN(read, read_against(answer, options.change, agent));
  }
  return print(options.json ? as_json(read) : as_text(read));
}

}  // namespace assize
