#include "trial/synthesis.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "finding/synthesis.h"
#include "trial/claims.h"
#include "trial/prompt.h"

namespace assize {

namespace {

std::string count_of(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

// "3 of 4 reviewers gave a valid review. 2 problems: 1 verified, 1 disputed."
std::string facts_of(const Outcome& outcome) {
  std::size_t reviewers = 0;
  std::size_t valid = 0;
  for (const AgentReport& agent : outcome.panel) {
    if (agent.role != AgentRole::reviewer || agent.chair_only) continue;
    ++reviewers;
    if (is_valid_review(agent.status)) ++valid;
  }
  std::string facts = fmt::format("{} of {} gave a valid review", valid, count_of(reviewers, "reviewer"));
  if (outcome.chunks.size() > 1) facts += fmt::format(" of all {} parts", outcome.chunks.size());
  facts += ".";
  if (outcome.groups.empty()) {
    return facts + (valid == 0 ? " Nothing is known about this change." : " No problem was found.");
  }

  std::map<GroupStatus, std::size_t> by_status;
  for (const Group& group : outcome.groups) ++by_status[group.status];
  std::vector<std::string> parts;
  for (const GroupStatus status : {GroupStatus::verified, GroupStatus::disputed, GroupStatus::needs_human,
                                   GroupStatus::unverified, GroupStatus::unsupported}) {
    if (by_status[status] == 0) continue;
    const std::string_view word = status == GroupStatus::unsupported   ? "refuted"
                                  : status == GroupStatus::needs_human ? "for a person to judge"
                                                                       : to_string(status);
    parts.push_back(fmt::format("{} {}", by_status[status], word));
  }
  return facts + fmt::format(" {}: {}.", count_of(outcome.groups.size(), "problem"), fmt::join(parts, ", "));
}

std::string put_to_chair(const Group& group, const Outcome& outcome, const FindingIndex& findings) {
  std::string text = describe_group(group, findings);
  text +=
      fmt::format("  status: {}; raised by {} of {} that reviewed it; {} for it, {} against\n", to_string(group.status),
                  group.agreement.k, group.agreement.n, group.support.size(), group.against.size());
  for (const Stance& stance : outcome.stances) {
    if (stance.group != group.id || stance.reason.empty()) continue;
    text += fmt::format("  in debate: {}: {}\n", to_string(stance.value), stance.reason);
  }
  for (const GroupVerdict& verdict : outcome.verdicts) {
    if (verdict.group != group.id) continue;
    text += fmt::format("  checked: {}: {} ({})\n", to_string(verdict.status), verdict.reason, verdict.evidence);
  }
  return text + "\n";
}

}  // namespace

Call synthesis_call(const Outcome& outcome, const Chair& chair, const Exhibits& shown) {
  const FindingIndex findings(outcome.findings);
  std::string groups;
  std::size_t told = 0;
  for (const Group& group : outcome.groups) {  // in report order: what is left out is the least
    const std::string put = put_to_chair(group, outcome, findings);
    if (groups.size() + put.size() > kClaimBytes) break;
    groups += put;
    ++told;
  }
  if (told < outcome.groups.size()) groups += fmt::format("… and {} lesser ones\n", outcome.groups.size() - told);

  Call call;
  call.agent = chair.seat->entry->spec;
  call.phase = Phase::synthesis;
  call.round = 1;
  call.prompt = synthesis_prompt(shown, facts_of(outcome) + "\n", groups);
  call.schema = std::string(synthesis_schema());
  call.limits = chair.seat->entry->limits;
  return call;
}

Synthesis read_synthesis(const Outcome& outcome, const Call& asked, const Answer& answer) {
  if (answer.error) {
    return summarise(outcome, fmt::format("{} wrote no summary: {}", asked.agent->id, answer.error->message));
  }
  ParsedSynthesis parsed = parse_synthesis(answer.text, asked.prompt);
  if (!parsed.readable) {
    return summarise(outcome, fmt::format("{} wrote no summary: {}", asked.agent->id, parsed.reason));
  }
  return {
      .agent = asked.agent->id, .text = std::move(parsed.text), .recommendation = parsed.recommendation, .note = {}};
}

Synthesis summarise(const Outcome& outcome, std::string note) {
  Synthesis synthesis{.agent = {}, .text = facts_of(outcome), .recommendation = {}, .note = std::move(note)};
  const FindingIndex findings(outcome.findings);
  for (const Group& group : outcome.groups) {
    if (group.status == GroupStatus::unsupported || group.severity < Severity::high) continue;
    const Finding& said = findings.at(group.representative);
    synthesis.text +=
        fmt::format(" {} {}, {}: {}.", group.id, to_string(group.severity), to_string(group.status), said.title);
  }
  return synthesis;
}

void note_contradiction(Synthesis& synthesis, const Decision& decision) {
  if (!synthesis.recommendation) return;
  const bool passes = decision.value == DecisionValue::pass || decision.value == DecisionValue::partial;
  const bool contradicts =
      passes ? *synthesis.recommendation == Verdict::request_changes : *synthesis.recommendation == Verdict::approve;
  if (!contradicts) return;
  if (!synthesis.note.empty()) synthesis.note += "; ";
  synthesis.note += fmt::format("the chair would {}; the decision is {} by the rule {} and stands",
                                passes ? "ask for changes" : "approve", to_string(decision.value), decision.rule);
}

}  // namespace assize
