#include "finding/group.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "core/hash.h"
#include "core/result.h"
#include "finding/blocks.h"
#include "finding/cluster.h"
#include "finding/code_sheet.h"
#include "finding/make_group.h"
#include "finding/partition.h"
#include "finding/terms.h"

namespace assize {

namespace {

constexpr std::size_t kFingerprintDigits = 32;

// The order of reports, with what it looks at beside a group.
struct Ranked {
  Group group;
  Place place;  // of the representative
};

bool comes_before(const Ranked& a, const Ranked& b) {
  if (a.group.anchored != b.group.anchored) return a.group.anchored;
  if (a.group.severity != b.group.severity) return a.group.severity > b.group.severity;
  const Agreement& x = a.group.agreement;
  const Agreement& y = b.group.agreement;
  if (x.level != y.level) return x.level > y.level;
  if (x.k != y.k) return x.k > y.k;
  return std::tie(a.place.path, a.place.first, a.group.representative) <
         std::tie(b.place.path, b.place.first, b.group.representative);
}

using FindingsById = std::unordered_map<std::string_view, std::uint32_t>;

FindingsById index_findings(std::span<const Finding> findings) {
  FindingsById index;
  index.reserve(findings.size());
  for (std::uint32_t i = 0; i < findings.size(); ++i) index.emplace(findings[i].id, i);
  return index;
}

std::vector<const Finding*> members_at(std::span<const Finding> findings, const std::vector<std::size_t>& part) {
  std::vector<const Finding*> members;
  members.reserve(part.size());
  for (const std::size_t i : part) members.push_back(&findings[i]);
  return members;
}

void give_ids(std::span<Group> groups, std::size_t first) {
  for (Group& group : groups) group.id = fmt::format("G{}", first++);
}

// The group with more members, and all that was said of it before. Who raises it now is for it, until the next tally.
Group grown(Group old, std::span<const Finding* const> members, const std::set<std::string>& new_raisers,
            const Panel& panel) {
  Group group = make_group(members, panel);
  group.id = std::move(old.id);
  group.status = old.status;
  group.status_reason = std::move(old.status_reason);
  group.suggested_severity = old.suggested_severity;
  group.split_from = std::move(old.split_from);
  std::set<std::string> support(old.support.begin(), old.support.end());
  const std::vector<std::string> raisers = panel.valid_reviewers(new_raisers);
  support.insert(raisers.begin(), raisers.end());
  group.support = panel.in_roster_order(support);
  group.against = std::move(old.against);
  std::erase_if(group.against, [&](const std::string& agent) { return support.contains(agent); });
  return group;
}

}  // namespace

AgreementLevel agreement_level(std::size_t k, std::size_t n) {
  if (n >= 2 && k == n) return AgreementLevel::consensus;
  if (k >= 2 && 2 * k > n) return AgreementLevel::majority;
  return k >= std::max<std::size_t>(2, (n + 2) / 3) ? AgreementLevel::supported : AgreementLevel::single;
}

std::vector<std::vector<std::size_t>> partition(std::span<const Finding> findings, const GroupTuning& tuning,
                                                std::span<const std::uint32_t> groups) {
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
      // In another chunk an agent cannot know that it says the same again.
      const bool same_answer = ordered[a]->agent == ordered[b]->agent && ordered[a]->chunk == ordered[b]->chunk;
      if (same_answer) pair.similarity *= tuning.same_agent;
    }
    std::vector<std::uint32_t> joined;
    if (!groups.empty()) {
      for (const std::uint32_t i : block) joined.push_back(groups[sorted[i].index]);
    }
    for (const auto& cluster : average_link(block.size(), pairs, tuning.threshold, joined)) {
      auto& part = parts.emplace_back();
      for (const std::uint32_t i : cluster) part.push_back(sorted[block[i]].index);
    }
  }
  return parts;
}

std::vector<Group> group_findings(const GroupingInput& input) {
  const Panel panel(input);
  std::vector<Group> groups;
  for (const std::vector<std::size_t>& part : assize::partition(input.findings)) {
    groups.push_back(make_group(members_at(input.findings, part), panel));
  }
  sort_for_report(groups, input.findings);
  give_ids(groups, 1);
  return groups;
}

std::vector<Group> extend_groups(std::vector<Group> groups, const GroupingInput& input) {
  const FindingsById index = index_findings(input.findings);
  std::vector<std::uint32_t> group_of(input.findings.size(), kNotJoined);
  std::vector<std::vector<std::size_t>> parts(groups.size());
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    for (const std::string& member : groups[g].members) {
      const auto found = index.find(member);
      CHECK(found != index.end());
      group_of[found->second] = g;
      parts[g].push_back(found->second);
    }
  }
  const Panel panel(input);
  std::vector<std::set<std::string>> new_raisers(groups.size());
  std::vector<Group> added;
  for (const std::vector<std::size_t>& part : assize::partition(input.findings, {}, group_of)) {
    const auto old = std::find_if(part.begin(), part.end(), [&](std::size_t i) { return group_of[i] != kNotJoined; });
    if (old == part.end()) {
      added.push_back(make_group(members_at(input.findings, part), panel));
      continue;
    }
    const std::uint32_t g = group_of[*old];
    for (const std::size_t i : part) {
      if (group_of[i] != kNotJoined) continue;
      parts[g].push_back(i);
      new_raisers[g].insert(input.findings[i].agent);
    }
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    groups[g] = grown(std::move(groups[g]), members_at(input.findings, parts[g]), new_raisers[g], panel);
  }
  sort_for_report(added, input.findings);
  give_ids(added, next_group_number(groups));
  groups.insert(groups.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  return groups;
}

void sort_for_report(std::vector<Group>& groups, std::span<const Finding> findings) {
  const FindingsById index = index_findings(findings);
  std::vector<Ranked> ranked;
  ranked.reserve(groups.size());
  for (Group& group : groups) {
    const auto found = index.find(group.representative);
    CHECK(found != index.end());
    ranked.push_back({std::move(group), place_of(findings[found->second])});
  }
  std::sort(ranked.begin(), ranked.end(), comes_before);
  for (std::size_t i = 0; i < ranked.size(); ++i) groups[i] = std::move(ranked[i].group);
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
