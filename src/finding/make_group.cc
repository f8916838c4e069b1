#include "finding/make_group.h"

#include <algorithm>
#include <charconv>

#include "finding/similarity.h"

namespace assize {

namespace {

// More says more: words of the claim, a quote, a fix.
std::size_t specificity(const Finding& finding) {
  return finding.title.size() + finding.detail.size() + finding.cited.quote.size() + finding.fix.size();
}

// Whether `a` speaks for the group rather than `b`.
bool represents_better(const Finding& a, const Finding& b) {
  const bool anchored_a = is_anchored(a.anchor.state);
  const bool anchored_b = is_anchored(b.anchor.state);
  if (anchored_a != anchored_b) return anchored_a;
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.anchor.state != b.anchor.state) return a.anchor.state < b.anchor.state;
  if (specificity(a) != specificity(b)) return specificity(a) > specificity(b);
  return a.id < b.id;
}

}  // namespace

Panel::Panel(const GroupingInput& input) {
  std::set<std::string> agents;
  for (const Finding& finding : input.findings) agents.insert(finding.agent);
  for (const PanelMember& member : input.panel) {
    members_.push_back(member);
    if (member.role == AgentRole::reviewer) ++declared_;
    agents.erase(member.id);
  }
  everybody_covers_ = input.panel.empty();
  // Agents that nobody declared: all of them when there is no panel, else of no weight.
  for (const std::string& agent : agents) {
    members_.push_back({.id = agent, .role = AgentRole::reviewer, .valid = everybody_covers_, .covers = {}});
    if (everybody_covers_) ++declared_;
  }
}

std::vector<std::string> Panel::in_roster_order(const std::set<std::string>& agents) const {
  std::vector<std::string> ordered;
  for (const PanelMember& member : members_) {
    if (agents.contains(member.id)) ordered.push_back(member.id);
  }
  return ordered;
}

std::vector<std::string> Panel::valid_reviewers(const std::set<std::string>& agents) const {
  std::vector<std::string> ordered;
  for (const PanelMember& member : members_) {
    const bool counts = member.valid && member.role == AgentRole::reviewer;
    if (counts && agents.contains(member.id)) ordered.push_back(member.id);
  }
  return ordered;
}

Agreement Panel::agreement(const std::set<std::string>& raisers, const std::string& path,
                           const std::set<int>& chunks) const {
  Agreement agreement{.declared = declared_};
  for (const PanelMember& member : members_) {
    if (member.role != AgentRole::reviewer || !member.valid) continue;
    const bool raised = raisers.contains(member.id);
    const bool covers =
        everybody_covers_ || path.empty() || std::any_of(chunks.begin(), chunks.end(), [&](int chunk) {
          return std::binary_search(member.covers.begin(), member.covers.end(), CoveredFile{path, chunk});
        });
    if (raised) ++agreement.k;
    if (raised || covers) ++agreement.n;
  }
  agreement.level = agreement_level(agreement.k, agreement.n);
  return agreement;
}

Group make_group(std::span<const Finding* const> members, const Panel& panel) {
  Group group;
  const Finding* best = members.front();
  std::set<std::string> agents;
  std::set<std::string> raisers;
  std::set<int> chunks;
  group.lowest_severity = group.highest_severity = best->severity;
  for (const Finding* finding : members) {
    group.members.push_back(finding->id);
    agents.insert(finding->agent);
    chunks.insert(finding->chunk);
    if (is_anchored(finding->anchor.state)) {
      raisers.insert(finding->agent);
      group.severity = group.anchored ? std::max(group.severity, finding->severity) : finding->severity;
      group.anchored = true;
    }
    group.lowest_severity = std::min(group.lowest_severity, finding->severity);
    group.highest_severity = std::max(group.highest_severity, finding->severity);
    if (represents_better(*finding, *best)) best = finding;
  }
  if (!group.anchored) group.severity = group.highest_severity;
  std::sort(group.members.begin(), group.members.end());
  group.agents = panel.in_roster_order(agents);
  group.representative = best->id;
  group.chunk = best->chunk;
  group.agreement = panel.agreement(raisers, place_of(*best).path, chunks);
  group.fingerprint = fingerprint(*best);
  return group;
}

std::size_t next_group_number(std::span<const Group> groups) {
  std::size_t largest = 0;
  for (const Group& group : groups) {
    if (!group.id.starts_with('G')) continue;
    std::size_t number = 0;
    std::from_chars(group.id.data() + 1, group.id.data() + group.id.size(), number);
    largest = std::max(largest, number);
  }
  return largest + 1;
}

}  // namespace assize
