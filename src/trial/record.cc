#include "trial/record.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "change/chunk_coverage.h"

namespace assize {

namespace {

std::string_view to_string(Division division) {
  switch (division) {
    case Division::files:
      return "files";
    case Division::lenses:
      return "lenses";
    case Division::none:
      break;
  }
  return "";
}

void apply_overrides(const Policy& policy, std::vector<Finding>& findings, Outcome& outcome) {
  const auto applied = override_severities(policy, findings);
  if (!applied) outcome.warnings.push_back("the policy's severities were not applied: " + applied.error().message);
}

// Which valid reviews covered each hunk, and which analysers looked at each file.
void mark_coverage(Outcome& outcome, const std::vector<PanelMember>& members, const TrialInput& input) {
  std::vector<ChunkCover> covered;
  for (const PanelMember& member : members) {
    if (!member.valid) continue;
    for (const CoveredFile& file : member.covers) {
      if (member.role == AgentRole::reviewer) {
        covered.push_back({member.id, file.path, file.chunk});
        continue;
      }
      for (FileCoverage& entry : outcome.coverage) {
        if (!entry.set_aside && entry.path == file.path) entry.analysers.push_back(member.id);
      }
    }
  }
  mark_covered(outcome.coverage, input.chunks, covered);
}

}  // namespace

Outcome declare(const TrialInput& input, const std::vector<Seat>& seats) {
  const TrialSettings& settings = input.settings;
  Outcome outcome;
  outcome.run = settings.run;
  outcome.mode = settings.subject == Subject::document ? "issue" : "review";
  outcome.seed = settings.seed;
  outcome.source = input.change.source;
  outcome.base = input.change.base;
  outcome.head = input.change.head;
  outcome.repository = input.change.repository;
  outcome.private_files = input.change.private_files;
  outcome.coverage = coverage_of(input.change, input.plan);
  outcome.offline = std::none_of(seats.begin(), seats.end(), [](const Seat& seat) { return seat.reviews(); });
  for (const ChangeWarning& warning : input.change.warnings) {
    outcome.warnings.push_back(warning.path.empty() ? warning.message : warning.path + ": " + warning.message);
  }
  outcome.versions = {{"assize", ASSIZE_VERSION}, {"prompt", prompt_version()}};
  outcome.digests["change"] = input.change.digest;
  outcome.context_mode = settings.context == TrialSettings::Context::expanded ? "expanded" : "diff";
  outcome.fail_on.assign(settings.gate.fail_on.rbegin(), settings.gate.fail_on.rend());
  outcome.verification = settings.verify == Verify::on && !outcome.offline;
  outcome.lenses = settings.lenses;
  outcome.divide = to_string(settings.division);
  outcome.budget = settings.budget;
  for (const Chunk& chunk : input.chunks) {
    ChunkReport& report = outcome.chunks.emplace_back();
    for (const FileChange& file : chunk.change.files) {
      report.files.push_back(file.path());
      report.bytes += file.bytes;
    }
  }
  return outcome;
}

void record_panel(Outcome& outcome, const std::vector<Seat>& seats, const Desk& desk) {
  outcome.panel.clear();
  for (const Seat& seat : seats) {
    AgentReport& report = outcome.panel.emplace_back(report_of(seat));
    report.usage = desk.usage_of(seat.id());
  }
  for (ChunkReport& chunk : outcome.chunks) {
    chunk.asked.clear();
    chunk.valid.clear();
  }
  for (const Seat& seat : seats) {
    if (!seat.reviews()) continue;
    for (const Part& part : seat.parts) {
      ChunkReport& chunk = outcome.chunks.at(static_cast<std::size_t>(part.chunk));
      chunk.asked.push_back(seat.id());
      if (part.valid()) chunk.valid.push_back(seat.id());
    }
  }
}

void record_reviews(Outcome& outcome, std::vector<Seat>& seats, const Exhibits& shown, const Desk& desk) {
  record_panel(outcome, seats, desk);
  for (Seat& seat : seats) {
    std::vector<Finding> findings = findings_of(seat, shown);
    outcome.findings.insert(outcome.findings.end(), std::make_move_iterator(findings.begin()),
                            std::make_move_iterator(findings.end()));
  }
  apply_overrides(shown.input().settings.policy, outcome.findings, outcome);
  const std::vector<PanelMember> members = members_of(seats);
  mark_coverage(outcome, members, shown.input());
  outcome.groups = group_findings({.findings = outcome.findings, .panel = members});
}

void record_missed(Outcome& outcome, std::vector<Finding> missed, const std::vector<Seat>& seats,
                   const Policy& policy) {
  if (missed.empty()) return;
  apply_overrides(policy, missed, outcome);
  outcome.findings.insert(outcome.findings.end(), std::make_move_iterator(missed.begin()),
                          std::make_move_iterator(missed.end()));
  const std::vector<PanelMember> members = members_of(seats);
  outcome.groups = extend_groups(std::move(outcome.groups), {.findings = outcome.findings, .panel = members});
}

void withhold_forbidden(Outcome& outcome, const Policy& policy) {
  if (policy.forbidden_output.empty()) return;
  std::size_t count = 0;
  const auto clean = [&](std::string& text) { text = withhold(policy, text, count); };
  for (Finding& finding : outcome.findings) {
    for (std::string* text : {&finding.title, &finding.detail, &finding.fix}) clean(*text);
  }
  for (Stance& stance : outcome.stances) clean(stance.reason);
  for (GroupVerdict& verdict : outcome.verdicts) clean(verdict.reason);
  for (AgentReport& agent : outcome.panel) {
    clean(agent.summary);
    clean(agent.excerpt);
  }
  if (outcome.synthesis) clean(outcome.synthesis->text);
  if (count > 0) {
    outcome.warnings.push_back(fmt::format("{} text{} that the policy forbids {} withheld", count,
                                           count == 1 ? "" : "s", count == 1 ? "was" : "were"));
  }
}

}  // namespace assize
