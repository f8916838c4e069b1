// What verdicts make of a group: the second half of tally.h. A finding is set aside only when everything speaks for it;
// whatever is missing, contradicted or without evidence is left to a person.
#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "core/result.h"
#include "finding/make_group.h"
#include "finding/tally.h"

namespace assize {

namespace {

using Agents = std::set<std::string>;
using Verdicts = std::vector<const GroupVerdict*>;

constexpr std::string_view kWithEvidence = " with evidence";
constexpr std::string_view kWithoutEvidence = ", without a line that exists for evidence";

bool can_block(const Group& group, const VerdictRules& rules) {
  return rules.fail_on.contains(group.severity) || rules.fail_on.contains(group.highest_severity);
}

// Whether it takes more than one verdict to set the group aside. Of what nobody can place, one refutation is enough.
bool needs_two(const Group& group, const VerdictRules& rules) {
  return can_block(group, rules) && group.anchored;
}

bool is_pair(const GroupVerdict& verdict) {
  return verdict.task != VerifierTask::check;
}

// "a", "a and b", "a, b and c".
std::string list_of(const Agents& agents) {
  std::string text;
  std::size_t left = agents.size();
  for (const std::string& agent : agents) {
    text += agent;
    if (--left > 0) text += left == 1 ? " and " : ", ";
  }
  return text;
}

Agents agents_of(const Verdicts& verdicts, VerdictStatus status) {
  Agents agents;
  for (const GroupVerdict* verdict : verdicts) {
    if (verdict->status == status) agents.insert(verdict->agent);
  }
  return agents;
}

std::string refutes(const Agents& agents) {
  return fmt::format("{} {} it", list_of(agents), agents.size() == 1 ? "refutes" : "refute");
}

// "codex refutes it, claude verified it"
std::string told(const Verdicts& verdicts) {
  std::string text;
  for (const VerdictStatus status : {VerdictStatus::unsupported, VerdictStatus::needs_human, VerdictStatus::verified}) {
    const Agents agents = agents_of(verdicts, status);
    if (agents.empty()) continue;
    if (!text.empty()) text += ", ";
    switch (status) {
      case VerdictStatus::unsupported:
        text += refutes(agents);
        break;
      case VerdictStatus::needs_human:
        text += fmt::format("{} {} it to a person", list_of(agents), agents.size() == 1 ? "leaves" : "leave");
        break;
      case VerdictStatus::verified:
        text += list_of(agents) + " verified it";
        break;
    }
  }
  return text;
}

struct Settled {
  GroupStatus status = GroupStatus::unverified;
  std::string reason;
  std::set<std::string> refuted;  // members; of an unsupported group alone, and never empty then
};

// Who stands where, for the groups of one call.
class Court {
 public:
  Court(std::span<const Finding> findings, std::span<const PanelMember> panel, const VerdictRules& rules)
      : rules_(rules), panel_({.findings = findings, .panel = panel}) {
    for (const Finding& finding : findings) findings_.emplace(finding.id, &finding);
    Agents reviewers;
    for (const PanelMember& member : panel) {
      if (member.role == AgentRole::reviewer) reviewers.insert(member.id);
    }
    one_agent_in_all_ = reviewers.size() == 1;
  }

  Settled settle(const Group& group, const Verdicts& verdicts) const;
  // The refuted members stay in `group`; the others are returned as a group without an id.
  std::optional<Group> split(Group& group, const std::set<std::string>& refuted) const;
  // A raiser that refutes all that it raised no longer supports it.
  void withdraw(Group& group, const Verdicts& verdicts) const;

 private:
  Settled by_first(const Group& group, const Verdicts& verdicts) const;
  Settled by_pair(const Group& group, const Verdicts& verdicts) const;
  Settled by_two(const Group& group, const Verdicts& verdicts) const;
  Settled set_aside(const Group& group, const Verdicts& verdicts) const;
  const Finding& finding(const std::string& id) const {
    const auto found = findings_.find(id);
    CHECK(found != findings_.end());
    return *found->second;
  }
  Agents raisers_of(std::span<const std::string> members) const {
    Agents raisers;
    for (const std::string& member : members) raisers.insert(finding(member).agent);
    return raisers;
  }
  Agents supporters_of(const Group& group) const;

  const VerdictRules& rules_;
  Panel panel_;
  std::unordered_map<std::string_view, const Finding*> findings_;
  bool one_agent_in_all_ = false;
};

// As the debate left it; raisers where none was held.
Agents Court::supporters_of(const Group& group) const {
  const bool tallied = !group.support.empty() || !group.against.empty();
  const std::vector<std::string> agents = tallied ? group.support : panel_.valid_reviewers(raisers_of(group.members));
  return {agents.begin(), agents.end()};
}

// The members that all of the verdicts name.
std::set<std::string> refuted_by_all(const Group& group, const Verdicts& verdicts) {
  std::set<std::string> refuted(group.members.begin(), group.members.end());
  for (const GroupVerdict* verdict : verdicts) {
    std::erase_if(refuted, [&](const std::string& member) {
      return std::find(verdict->members.begin(), verdict->members.end(), member) == verdict->members.end();
    });
  }
  return refuted;
}

Settled Court::settle(const Group& group, const Verdicts& verdicts) const {
  if (std::any_of(verdicts.begin(), verdicts.end(), [](const GroupVerdict* v) { return is_pair(*v); })) {
    return by_pair(group, verdicts);
  }
  return needs_two(group, rules_) ? by_two(group, verdicts) : by_first(group, verdicts);
}

// One verdict is enough, either way.
Settled Court::by_first(const Group& group, const Verdicts& verdicts) const {
  const GroupVerdict& first = *verdicts.front();
  const Verdicts one = {&first};
  switch (first.status) {
    case VerdictStatus::verified:
      return {GroupStatus::verified, told(one), {}};
    case VerdictStatus::needs_human:
      return {GroupStatus::needs_human, told(one), {}};
    case VerdictStatus::unsupported:
      break;
  }
  // What could block and is contradicted is not set aside, wherever it stands.
  const Verdicts& heard = can_block(group, rules_) ? verdicts : one;
  if (std::any_of(heard.begin(), heard.end(),
                  [](const GroupVerdict* v) { return v->status != VerdictStatus::unsupported; })) {
    return {GroupStatus::needs_human, told(heard), {}};
  }
  std::set<std::string> refuted = refuted_by_all(group, heard);
  if (refuted.empty()) return {GroupStatus::disputed, told(one) + ", but names none of its statements", {}};
  return {GroupStatus::unsupported, told(one).append(first.evidence_anchored ? kWithEvidence : kWithoutEvidence),
          std::move(refuted)};
}

// One was asked to prove it and one to refute it: only what both say counts.
Settled Court::by_pair(const Group& group, const Verdicts& verdicts) const {
  const bool agreed = std::all_of(verdicts.begin(), verdicts.end(),
                                  [&](const GroupVerdict* v) { return v->status == verdicts.front()->status; });
  const VerdictStatus status = verdicts.front()->status;
  if (verdicts.size() == 1) {
    const std::string reason = told(verdicts) + ", and the other verdict is missing";
    return {status == VerdictStatus::verified ? GroupStatus::unverified : GroupStatus::needs_human, reason, {}};
  }
  if (!agreed || status == VerdictStatus::needs_human) return {GroupStatus::needs_human, told(verdicts), {}};
  if (status == VerdictStatus::verified) return {GroupStatus::verified, told(verdicts), {}};
  return set_aside(group, verdicts);
}

Settled Court::by_two(const Group& group, const Verdicts& verdicts) const {
  const bool missing = verdicts.size() == 1;
  const std::string reason = told(verdicts) + (missing ? ", and the second verdict is missing" : "");
  const bool refuted = !agents_of(verdicts, VerdictStatus::unsupported).empty();
  const bool verified = !agents_of(verdicts, VerdictStatus::verified).empty();
  const bool open = !agents_of(verdicts, VerdictStatus::needs_human).empty();
  if (verified && !refuted) return {GroupStatus::verified, told(verdicts), {}};
  if (verified || open || missing) return {GroupStatus::needs_human, reason, {}};
  return set_aside(group, verdicts);
}

// All of two or more verdicts refute the group.
Settled Court::set_aside(const Group& group, const Verdicts& verdicts) const {
  const Agents refuters = agents_of(verdicts, VerdictStatus::unsupported);
  const std::string claim = refutes(refuters);
  const auto disputed = [&](std::string_view why) {
    return Settled{GroupStatus::disputed, fmt::format("{}, but {}", claim, why), {}};
  };
  std::set<std::string> refuted = refuted_by_all(group, verdicts);
  if (refuted.empty()) return disputed("not the same statements of it");
  Agents without_evidence;
  for (const GroupVerdict* verdict : verdicts) {
    if (!verdict->evidence_anchored) without_evidence.insert(verdict->agent);
  }
  if (needs_two(group, rules_)) {
    const bool alone = one_agent_in_all_ && is_pair(*verdicts.front()) && is_pair(*verdicts.back());
    if (refuters.size() < 2 && !alone) return disputed("both verdicts are of one agent");
    Agents supporters = supporters_of(group);
    for (const std::string& refuter : refuters) supporters.erase(refuter);
    // Who raised only statements that stand supports those: they become a group of their own.
    const std::vector<std::string> members(refuted.begin(), refuted.end());
    const Agents concerned = raisers_of(members);
    for (const std::string& raiser : raisers_of(group.members)) {
      if (!concerned.contains(raiser)) supporters.erase(raiser);
    }
    if (refuters.size() <= supporters.size()) {
      return disputed(
          fmt::format("{} still {} it", list_of(supporters), supporters.size() == 1 ? "supports" : "support"));
    }
    if (!without_evidence.empty()) {
      return disputed(fmt::format("{} {} no line that exists", list_of(without_evidence),
                                  without_evidence.size() == 1 ? "cites" : "cite"));
    }
  }
  return {GroupStatus::unsupported,
          fmt::format("{}{}", claim, without_evidence.empty() ? kWithEvidence : kWithoutEvidence), std::move(refuted)};
}

void Court::withdraw(Group& group, const Verdicts& verdicts) const {
  for (const GroupVerdict* verdict : verdicts) {
    if (verdict->status != VerdictStatus::unsupported) continue;
    bool raised = false;
    bool all = true;
    for (const std::string& member : group.members) {
      if (finding(member).agent != verdict->agent) continue;
      raised = true;
      all = all && std::find(verdict->members.begin(), verdict->members.end(), member) != verdict->members.end();
    }
    if (raised && all) std::erase(group.support, verdict->agent);
  }
}

std::optional<Group> Court::split(Group& group, const std::set<std::string>& refuted) const {
  if (refuted.size() == group.members.size()) return std::nullopt;
  std::vector<const Finding*> gone;
  std::vector<const Finding*> kept;
  for (const std::string& member : group.members) {
    (refuted.contains(member) ? gone : kept).push_back(&finding(member));
  }
  const Agents raisers = raisers_of(group.members);

  Group rest = make_group(kept, panel_);
  rest.split_from = group.id;
  rest.status_reason = fmt::format("split off from {}, whose other statements are refuted", group.id);
  rest.support = panel_.valid_reviewers(raisers_of(rest.members));

  Group refuted_group = make_group(gone, panel_);
  refuted_group.id = std::move(group.id);
  refuted_group.split_from = std::move(group.split_from);
  refuted_group.suggested_severity = group.suggested_severity;
  refuted_group.against = std::move(group.against);
  // What debaters said is about this id; of the raisers, those of its members.
  const Agents own = raisers_of(refuted_group.members);
  for (std::string& agent : group.support) {
    if (!raisers.contains(agent) || own.contains(agent)) refuted_group.support.push_back(std::move(agent));
  }
  group = std::move(refuted_group);
  return rest;
}

}  // namespace

NextVerdict next_verdict(const Group& group, std::span<const GroupVerdict> verdicts, const VerdictRules& rules) {
  const GroupVerdict* first = nullptr;
  for (const GroupVerdict& verdict : verdicts) {
    if (verdict.group != group.id) continue;
    if (first != nullptr) return NextVerdict::none;
    first = &verdict;
  }
  if (first == nullptr) {
    const bool open = group.status == GroupStatus::unverified || group.status == GroupStatus::disputed;
    return open ? NextVerdict::first : NextVerdict::none;  // else a rule has settled it
  }
  if (is_pair(*first)) return NextVerdict::second;
  if (!needs_two(group, rules)) return NextVerdict::none;
  return first->status != VerdictStatus::verified || rules.always_double ? NextVerdict::second : NextVerdict::none;
}

void settle_groups(std::vector<Group>& groups, std::span<const Finding> findings,
                   std::span<const GroupVerdict> verdicts, std::span<const PanelMember> panel,
                   const VerdictRules& rules) {
  std::unordered_map<std::string_view, Verdicts> by_group;
  for (const GroupVerdict& verdict : verdicts) by_group[verdict.group].push_back(&verdict);
  if (by_group.empty()) return;

  const Court court(findings, panel, rules);
  std::size_t next = next_group_number(groups);
  std::vector<Group> rests;
  for (Group& group : groups) {
    const auto given = by_group.find(group.id);
    if (given == by_group.end()) continue;
    Settled settled = court.settle(group, given->second);
    court.withdraw(group, given->second);
    if (settled.status == GroupStatus::unsupported) {
      if (auto rest = court.split(group, settled.refuted)) {
        rest->id = fmt::format("G{}", next++);
        rests.push_back(std::move(*rest));
      }
    }
    // A lone proof says nothing: what the debate made of the group stays.
    if (settled.status == GroupStatus::unverified && group.status == GroupStatus::disputed) continue;
    group.status = settled.status;
    group.status_reason = std::move(settled.reason);
  }
  groups.insert(groups.end(), std::make_move_iterator(rests.begin()), std::make_move_iterator(rests.end()));
}

}  // namespace assize
