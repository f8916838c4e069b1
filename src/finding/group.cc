#include "finding/group.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "core/hash.h"
#include "finding/blocks.h"
#include "finding/code_sheet.h"
#include "finding/partition.h"
#include "finding/terms.h"

namespace assize {

namespace {

constexpr std::size_t kFingerprintDigits = 32;

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

class Panel {
 public:
  explicit Panel(const GroupingInput& input) {
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

  std::vector<std::string> in_roster_order(const std::set<std::string>& agents) const {
    std::vector<std::string> ordered;
    for (const PanelMember& member : members_) {
      if (agents.contains(member.id)) ordered.push_back(member.id);
    }
    return ordered;
  }

  // `raisers`: agents with an anchored finding in the group; `path`: the group's file, empty when it has none.
  Agreement agreement(const std::set<std::string>& raisers, const std::string& path) const {
    Agreement agreement{.declared = declared_};
    for (const PanelMember& member : members_) {
      if (member.role != AgentRole::reviewer || !member.valid) continue;
      const bool raised = raisers.contains(member.id);
      const bool covers = everybody_covers_ || path.empty() ||
                          std::any_of(member.covers.begin(), member.covers.end(),
                                      [&](const CoveredFile& file) { return file.path == path; });
      if (raised) ++agreement.k;
      if (raised || covers) ++agreement.n;
    }
    agreement.level = agreement_level(agreement.k, agreement.n);
    return agreement;
  }

 private:
  std::vector<PanelMember> members_;
  std::size_t declared_ = 0;
  bool everybody_covers_ = false;
};

Group make_group(std::span<const Finding* const> members, const Panel& panel) {
  Group group;
  const Finding* best = members.front();
  std::set<std::string> agents;
  std::set<std::string> raisers;
  group.lowest_severity = group.highest_severity = best->severity;
  for (const Finding* finding : members) {
    group.members.push_back(finding->id);
    agents.insert(finding->agent);
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
  group.agreement = panel.agreement(raisers, place_of(*best).path);
  group.fingerprint = fingerprint(*best);
  return group;
}

}  // namespace

AgreementLevel agreement_level(std::size_t k, std::size_t n) {
  if (n >= 2 && k == n) return AgreementLevel::consensus;
  if (k >= 2 && 2 * k > n) return AgreementLevel::majority;
  return k >= std::max<std::size_t>(2, (n + 2) / 3) ? AgreementLevel::supported : AgreementLevel::single;
}

std::vector<std::vector<std::size_t>> partition(std::span<const Finding> findings, const GroupTuning& tuning) {
  // In an order that depends on the findings alone, so that the order in which they are given does not matter.
  struct Sorted {
    Place place;
    std::size_t index;
  };
  std::vector<Sorted> sorted;
  sorted.reserve(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) sorted.push_back({place_of(findings[i]), i});
  std::sort(sorted.begin(), sorted.end(), [&](const Sorted& a, const Sorted& b) {
    const auto key = [&](const Sorted& s) {
      const Finding& f = findings[s.index];
      return std::tie(s.place.path, s.place.first, s.place.last, f.title, f.detail, f.agent, f.id);
    };
    return key(a) < key(b);
  });
  std::vector<const Finding*> ordered;
  std::vector<Place> places;
  for (Sorted& entry : sorted) {
    ordered.push_back(&findings[entry.index]);
    places.push_back(std::move(entry.place));
  }

  const TextSpace space(ordered, tuning);
  std::vector<std::vector<std::size_t>> parts;
  for (const Block& block : make_blocks(places)) {
    std::vector<SimilarPair> pairs = candidate_pairs(block, space);
    for (SimilarPair& pair : pairs) {
      const std::uint32_t a = block[pair.a];
      const std::uint32_t b = block[pair.b];
      pair.similarity = combine(space.cosine(a, b), places[a], places[b], tuning);
      if (ordered[a]->agent == ordered[b]->agent) pair.similarity *= tuning.same_agent;
    }
    for (const auto& cluster : average_link(block.size(), pairs, tuning.threshold)) {
      auto& part = parts.emplace_back();
      for (const std::uint32_t i : cluster) part.push_back(sorted[block[i]].index);
    }
  }
  return parts;
}

std::vector<Group> group_findings(const GroupingInput& input) {
  const Panel panel(input);
  struct Ranked {
    Group group;
    Place place;
  };
  std::vector<Ranked> ranked;
  for (const std::vector<std::size_t>& part : partition(input.findings)) {
    std::vector<const Finding*> members;
    members.reserve(part.size());
    for (const std::size_t i : part) members.push_back(&input.findings[i]);
    Ranked entry{make_group(members, panel), {}};
    for (const Finding* finding : members) {
      if (finding->id == entry.group.representative) entry.place = place_of(*finding);
    }
    ranked.push_back(std::move(entry));
  }
  std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    if (a.group.anchored != b.group.anchored) return a.group.anchored;
    if (a.group.severity != b.group.severity) return a.group.severity > b.group.severity;
    const Agreement& x = a.group.agreement;
    const Agreement& y = b.group.agreement;
    if (x.level != y.level) return x.level > y.level;
    if (x.k != y.k) return x.k > y.k;
    return std::tie(a.place.path, a.place.first, a.group.representative) <
           std::tie(b.place.path, b.place.first, b.group.representative);
  });
  std::vector<Group> groups;
  groups.reserve(ranked.size());
  for (Ranked& entry : ranked) {
    entry.group.id = fmt::format("G{}", groups.size() + 1);
    groups.push_back(std::move(entry.group));
  }
  return groups;
}

std::string fingerprint(const Finding& finding) {
  std::vector<std::string> stems;
  for (const Term& term : terms_of(finding.title, "")) stems.push_back(term.stem);
  std::sort(stems.begin(), stems.end());
  Digest digest;
  digest.add("assize.fingerprint.v1").add(place_of(finding).path).add(to_string(finding.category));
  for (const std::string& stem : stems) {
    if (background_share(stem) < kCommonShare) digest.add(stem);
  }
  digest.add(fold_code(finding.cited.quote));
  return digest.hex().substr(0, kFingerprintDigits);
}

}  // namespace assize
