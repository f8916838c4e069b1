#include "finding/tally.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "core/result.h"

namespace assize {

namespace {

constexpr std::string_view kDebated = "disputed in the debate: ";  // how a reason of this file begins

// What one agent last said about one group.
struct Latest {
  int round = 0;
  StanceValue value = StanceValue::unsure;
  std::optional<Severity> severity;

  void take(const Stance& stance) {
    if (stance.round > round) {
      *this = {stance.round, stance.value, stance.severity};
    } else if (stance.round == round) {
      if (stance.value != value) value = StanceValue::unsure;
      if (stance.severity != severity) severity.reset();
    }
  }
};

// One agent in the view of one group.
struct Position {
  int raised = 0;  // last round in which it raised the group; 0: never
  Latest said;     // round 0: nothing

  StanceValue stands() const { return raised > 0 && said.round <= raised ? StanceValue::agree : said.value; }
};

std::optional<Severity> suggest(Severity severity, std::span<const Position> positions) {
  std::size_t lower = 0;
  std::size_t higher = 0;
  for (const Position& position : positions) {
    if (!position.said.severity) continue;
    lower += *position.said.severity < severity ? 1 : 0;
    higher += *position.said.severity > severity ? 1 : 0;
  }
  if (std::max(lower, higher) < 2 || lower == higher) return std::nullopt;
  return static_cast<Severity>(static_cast<int>(severity) + (higher > lower ? 1 : -1));  // the order of Severity
}

bool was_debated(const Group& group) {
  return group.status == GroupStatus::disputed && group.status_reason.starts_with(kDebated);
}

void settle_debate(Group& group) {
  const bool disputed = !group.against.empty() && group.against.size() >= group.support.size();
  if (disputed && (group.status == GroupStatus::unverified || was_debated(group))) {
    group.status = GroupStatus::disputed;
    group.status_reason =
        fmt::format("{}{} against it, {} for it", kDebated, fmt::join(group.against, ", "),
                    group.support.empty() ? "nobody" : fmt::format("{}", fmt::join(group.support, ", ")));
  } else if (!disputed && was_debated(group)) {
    group.status = GroupStatus::unverified;
    group.status_reason.clear();
  }
}

}  // namespace

void tally_stances(std::vector<Group>& groups, std::span<const Finding> findings, std::span<const Stance> stances,
                   std::span<const PanelMember> panel) {
  std::unordered_map<std::string_view, std::size_t> seats;  // valid reviewers, in roster order
  std::vector<std::string> names;
  for (const PanelMember& member : panel) {
    if (member.role != AgentRole::reviewer || !member.valid) continue;
    if (seats.emplace(member.id, names.size()).second) names.push_back(member.id);
  }
  std::unordered_map<std::string_view, const Finding*> by_id;
  for (const Finding& finding : findings) by_id.emplace(finding.id, &finding);
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t g = 0; g < groups.size(); ++g) index.emplace(groups[g].id, g);

  std::vector<std::vector<Position>> positions(groups.size(), std::vector<Position>(names.size()));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::string& member : groups[g].members) {
      const auto finding = by_id.find(member);
      CHECK(finding != by_id.end());
      const auto seat = seats.find(finding->second->agent);
      if (seat == seats.end()) continue;
      int& raised = positions[g][seat->second].raised;
      raised = std::max(raised, finding->second->round);
    }
  }
  for (const Stance& stance : stances) {
    const auto group = index.find(stance.group);
    const auto seat = seats.find(stance.agent);
    if (group != index.end() && seat != seats.end()) positions[group->second][seat->second].said.take(stance);
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Group& group = groups[g];
    group.support.clear();
    group.against.clear();
    for (std::size_t seat = 0; seat < names.size(); ++seat) {
      const Position& position = positions[g][seat];
      if (position.raised == 0 && position.said.round == 0) continue;
      if (position.stands() == StanceValue::agree) group.support.push_back(names[seat]);
      if (position.stands() == StanceValue::disagree) group.against.push_back(names[seat]);
    }
    group.suggested_severity = suggest(group.severity, positions[g]);
    settle_debate(group);
  }
}

}  // namespace assize
