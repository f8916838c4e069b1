#include "trial/verification.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "trial/claims.h"
#include "trial/prompt.h"

namespace assize {

namespace {

constexpr int kAttempts = 2;  // spec: a verifier that fails is replaced once

// Rules of the built-in analyser whose patterns are the formats that providers give their keys.
constexpr std::array<std::string_view, 6> kProviderFormats = {"secret.aws-access-key", "secret.github-token",
                                                              "secret.private-key",    "secret.slack-token",
                                                              "secret.google-api-key", "secret.provider-key"};

bool is_group_to_verify(const Group& group, const VerdictRules& rules) {
  if (group.status == GroupStatus::verified && !group.status_reason.empty()) return false;  // by construction
  // What nobody can place is checked only when it could block.
  return group.anchored || rules.fail_on.contains(group.highest_severity);
}

// A claim with its statements, labelled without names, and the code around each place.
std::string put_to_verifier(const Group& group, const FindingIndex& findings, const Exhibits& shown,
                            AskedGroup& asked) {
  asked.id = group.id;
  std::string text = fmt::format("{}\n", group.id);
  std::set<std::string> excerpts;  // statements of one place share their code
  std::string code;
  for (const std::string& id : group.members) {
    const Finding& finding = findings.at(id);
    asked.members.push_back(id);
    text += fmt::format("  {}.{} [{}, {}] {}: {}\n", group.id, asked.members.size(), to_string(finding.severity),
                        to_string(finding.category), place_of(finding), finding.title);
    if (!finding.detail.empty()) text += fmt::format("    {}\n", finding.detail);
    if (!finding.cited.quote.empty()) text += fmt::format("    it quotes: {}\n", finding.cited.quote);
    std::string around = shown.code_around(finding.anchor);
    if (!around.empty() && excerpts.insert(around).second) code += around + "\n";
  }
  if (!code.empty()) text += "  The code around it:\n" + code;
  return text + "\n";
}

}  // namespace

void verify_by_construction(Outcome& outcome) {
  std::set<std::string> keys;  // findings
  for (const Finding& finding : outcome.findings) {
    const auto agent = std::find_if(outcome.panel.begin(), outcome.panel.end(),
                                    [&](const AgentReport& report) { return report.id == finding.agent; });
    if (agent == outcome.panel.end() || agent->kind != "lint") continue;  // others can claim any rule
    if (std::find(kProviderFormats.begin(), kProviderFormats.end(), finding.rule) != kProviderFormats.end()) {
      keys.insert(finding.id);
    }
  }
  for (Group& group : outcome.groups) {
    const bool is_key = std::any_of(group.members.begin(), group.members.end(),
                                    [&](const std::string& member) { return keys.contains(member); });
    if (!is_key) continue;
    group.status = GroupStatus::verified;
    group.status_reason = "the text has the format of its provider's keys; only a person can say that it is void";
  }
}

Verification::Verification(std::span<const Seat> seats, const Chair& chair, VerdictRules rules, const Exhibits& shown)
    : seats_(seats), rules_(std::move(rules)), shown_(shown) {
  if (chair.seat != nullptr) order_.push_back(chair.seat);
  // Those whose review counts come first; one that failed to review may still check a claim.
  for (const bool proven : {true, false}) {
    for (const Seat& seat : seats) {
      if (!seat.entry->available || role_of(seat.entry->spec->kind) != AgentRole::reviewer) continue;
      const bool is_proven = seat.entry->spec->chair_only || seat.valid_anywhere();
      if (is_proven == proven && &seat != chair.seat) order_.push_back(&seat);
    }
  }
}

std::string Verification::vendor_of(const std::string& agent) const {
  for (const Seat& seat : seats_) {
    if (seat.id() == agent) return seat.entry->vendor;
  }
  return {};
}

std::vector<const Seat*> Verification::verifiers(const Group& group, bool raisers) const {
  std::vector<const Seat*> able;
  for (const Seat* seat : order_) {
    if (failed_.contains(seat->id())) continue;
    const bool raised = std::find(group.agents.begin(), group.agents.end(), seat->id()) != group.agents.end();
    if (raised == raisers) able.push_back(seat);
  }
  return able;
}

// Who has not been asked about this group: of another vendor first, then whoever is next.
const Seat* Verification::pick(const Group& group, const Docket& docket, std::string_view other_than_vendor) const {
  for (const bool raisers : {false, true}) {
    if (raisers && !docket.paired && other_than_vendor.empty()) break;  // a raiser gives no first verdict
    const Seat* any = nullptr;
    for (const Seat* seat : verifiers(group, raisers)) {
      if (docket.asked.contains(seat->id())) continue;
      if (!other_than_vendor.empty() && seat->entry->vendor == other_than_vendor) {
        if (any == nullptr) any = seat;
        continue;
      }
      return seat;
    }
    if (any != nullptr) return any;
  }
  return nullptr;
}

std::vector<VerifyCall> Verification::next_wave(const Outcome& outcome) {
  ++wave_;
  struct Assignment {
    const Seat* seat;
    VerifierTask task;
    const Group* group;
  };
  std::vector<Assignment> assignments;
  for (const Group& group : outcome.groups) {
    if (!is_group_to_verify(group, rules_) || !group.split_from.empty()) continue;
    Docket& docket = dockets_[group.id];
    docket.raisers.insert(group.agents.begin(), group.agents.end());
    const auto assign = [&](Slot& slot, const Seat* seat, VerifierTask task) {
      if (seat == nullptr) return;
      ++slot.attempts;
      docket.asked.insert(seat->id());
      assignments.push_back({seat, task, &group});
    };
    if (wave_ == 1 && verifiers(group, false).empty()) docket.paired = true;
    if (docket.paired) {
      // Everybody who is left raised it. Two of them where there are two, else the same one in two fresh calls.
      const std::vector<const Seat*> raisers = verifiers(group, true);
      const auto next = [&]() -> const Seat* {
        if (const Seat* unasked = pick(group, docket, "")) return unasked;
        return raisers.empty() ? nullptr : raisers.front();
      };
      if (!docket.first.filled && docket.first.attempts < kAttempts) assign(docket.first, next(), VerifierTask::prove);
      if (!docket.second.filled && docket.second.attempts < kAttempts) {
        assign(docket.second, next(), VerifierTask::refute);
      }
      continue;
    }
    if (!docket.first.filled) {
      if (docket.first.attempts < kAttempts) assign(docket.first, pick(group, docket, ""), VerifierTask::check);
      continue;
    }
    if (docket.second.filled || docket.second.attempts >= kAttempts) continue;
    if (next_verdict(group, verdicts_, rules_) != NextVerdict::second) continue;
    const auto given = std::find_if(verdicts_.begin(), verdicts_.end(),
                                    [&](const GroupVerdict& verdict) { return verdict.group == group.id; });
    std::string vendor = given == verdicts_.end() ? std::string() : vendor_of(given->agent);
    if (vendor.empty()) vendor = "?";  // not known: anybody is of another one
    assign(docket.second, pick(group, docket, vendor), VerifierTask::check);
  }

  // One call for each verifier, task and chunk, as long as it fits.
  std::stable_sort(assignments.begin(), assignments.end(), [&](const Assignment& a, const Assignment& b) {
    const auto key = [](const Assignment& x) { return std::tuple(x.seat->entry, x.task, x.group->chunk); };
    return key(a) < key(b);
  });
  const FindingIndex findings(outcome.findings);
  std::vector<VerifyCall> calls;
  std::vector<std::string> claims;
  for (const Assignment& assignment : assignments) {
    AskedGroup asked;
    std::string text = put_to_verifier(*assignment.group, findings, shown_, asked);
    const bool joins = !calls.empty() && calls.back().seat == assignment.seat && calls.back().task == assignment.task &&
                       calls.back().call.chunk == assignment.group->chunk &&
                       claims.back().size() + text.size() <= kClaimBytes;
    if (!joins) {
      VerifyCall& made = calls.emplace_back();
      made.seat = assignment.seat;
      made.task = assignment.task;
      made.call.agent = assignment.seat->entry->spec;
      made.call.phase = Phase::verify;
      made.call.round = wave_;
      made.call.chunk = assignment.group->chunk;
      made.call.ordinal = static_cast<int>(calls.size()) - 1;
      made.call.schema = std::string(verdicts_schema());
      made.call.limits = assignment.seat->entry->limits;
      claims.emplace_back();
    }
    calls.back().groups.push_back(std::move(asked));
    claims.back() += text;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    calls[i].call.prompt = verify_prompt(shown_, calls[i].call.chunk, calls[i].task, claims[i]);
  }
  return calls;
}

void Verification::take(const VerifyCall& asked, const Answer& answer) {
  const std::string& agent = asked.seat->id();
  ParsedVerdicts parsed;
  if (answer.error) {
    parsed.reason = answer.error->message;
  } else {
    parsed = parse_verdicts(answer.text,
                            {.agent = agent, .task = asked.task, .groups = asked.groups, .shown = asked.call.prompt});
  }
  if (!parsed.readable) {
    failed_.insert(agent);
    warnings_.push_back(fmt::format("{} verified nothing: {}", agent, parsed.reason));
  }
  for (const std::string& warning : parsed.warnings) {
    warnings_.push_back(fmt::format("{} verifying: {}", agent, warning));
  }
  for (GroupVerdict& verdict : parsed.verdicts) {
    Docket& docket = dockets_[verdict.group];
    Slot& slot = asked.task == VerifierTask::refute || docket.first.filled ? docket.second : docket.first;
    slot.filled = true;
    verdict.raiser = docket.raisers.contains(agent);
    verdict.evidence_anchored = evidence_anchors(verdict.evidence, shown_.view());
    verdicts_.push_back(std::move(verdict));
  }
}

}  // namespace assize
