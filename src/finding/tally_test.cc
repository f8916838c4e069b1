#include "finding/tally.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <fmt/format.h>

namespace assize {
namespace {

using Ids = std::vector<std::string>;

Finding finding(std::string id, Severity severity = Severity::high, int round = 1) {
  Finding f;
  f.agent = id.substr(0, id.find('-'));
  f.id = std::move(id);
  f.title = "T";
  f.severity = severity;
  f.anchor = {.state = AnchorState::line_only, .path = "a.c", .lines = LineRange{3, 3}};
  f.round = round;
  return f;
}

PanelMember reviewer(std::string id, bool valid = true) {
  return {.id = std::move(id), .role = AgentRole::reviewer, .valid = valid, .covers = {{"a.c", 0}}};
}

Group group(std::string id, Ids members, Severity severity = Severity::high) {
  Group g;
  g.id = std::move(id);
  g.representative = members.front();
  g.members = std::move(members);
  g.severity = g.lowest_severity = g.highest_severity = severity;
  g.anchored = true;
  return g;
}

Stance stance(std::string agent, StanceValue value, int round = 2, std::optional<Severity> severity = {}) {
  return {.group = "G1", .agent = std::move(agent), .round = round, .value = value, .reason = {}, .severity = severity};
}

constexpr StanceValue kFor = StanceValue::agree;
constexpr StanceValue kAgainst = StanceValue::disagree;
constexpr StanceValue kUnsure = StanceValue::unsure;

// One group, raised by `a` (and by the analyser `lint`); b, c and d are reviewers, e's review is not valid.
class Tally : public testing::Test {
 protected:
  Group tally(std::vector<Stance> stances) {
    std::vector<Group> groups = {group_};
    tally_stances(groups, findings_, stances, panel_);
    return groups.at(0);
  }
  std::vector<Finding> findings_ = {finding("a-1"), finding("lint-1"), finding("e-1")};
  std::vector<PanelMember> panel_ = {
      reviewer("a"),        reviewer("b"),
      reviewer("c"),        reviewer("d"),
      reviewer("e", false), {.id = "lint", .role = AgentRole::analyser, .valid = true, .covers = {{"a.c", 0}}}};
  Group group_ = group("G1", {"a-1", "e-1", "lint-1"});
};

struct Row {
  const char* name;
  std::vector<Stance> stances;
  Ids support, against;
  GroupStatus status;
};

TEST_F(Tally, counts_the_latest_stance_of_each_valid_reviewer) {
  const std::vector<Row> table = {
      {"no stances", {}, {"a"}, {}, GroupStatus::unverified},
      {"all unsure", {stance("b", kUnsure), stance("c", kUnsure)}, {"a"}, {}, GroupStatus::unverified},
      {"one for it", {stance("b", kFor)}, {"a", "b"}, {}, GroupStatus::unverified},
      {"as many against", {stance("b", kAgainst)}, {"a"}, {"b"}, GroupStatus::disputed},
      {"more for it", {stance("c", kFor), stance("b", kAgainst)}, {"a", "c"}, {"b"}, GroupStatus::unverified},
      {"the raiser withdraws", {stance("a", kAgainst)}, {}, {"a"}, GroupStatus::disputed},
      {"the raiser is unsure", {stance("a", kUnsure)}, {}, {}, GroupStatus::unverified},
      {"the raiser is unsure, another for it",
       {stance("a", kUnsure), stance("b", kFor)},
       {"b"},
       {},
       GroupStatus::unverified},
      {"later round wins", {stance("b", kAgainst, 2), stance("b", kFor, 3)}, {"a", "b"}, {}, GroupStatus::unverified},
      {"withdrawn and back", {stance("a", kFor, 3), stance("a", kAgainst, 2)}, {"a"}, {}, GroupStatus::unverified},
      {"two in a round that differ", {stance("b", kAgainst), stance("b", kFor)}, {"a"}, {}, GroupStatus::unverified},
      {"an invalid review", {stance("e", kAgainst)}, {"a"}, {}, GroupStatus::unverified},
      {"an analyser", {stance("lint", kAgainst)}, {"a"}, {}, GroupStatus::unverified},
      {"an agent that nobody declared", {stance("x", kAgainst)}, {"a"}, {}, GroupStatus::unverified},
      {"in roster order", {stance("d", kAgainst), stance("b", kAgainst)}, {"a"}, {"b", "d"}, GroupStatus::disputed},
  };
  for (const Row& row : table) {
    const Group result = tally(row.stances);
    EXPECT_EQ(result.support, row.support) << row.name;
    EXPECT_EQ(result.against, row.against) << row.name;
    EXPECT_EQ(result.status, row.status) << row.name;
    EXPECT_EQ(result.status_reason.empty(), row.status == GroupStatus::unverified) << row.name;
  }
  EXPECT_EQ(tally({stance("b", kAgainst)}).status_reason, "disputed in the debate: b against it, a for it");
}

TEST_F(Tally, takes_a_stance_on_another_group_for_no_stance) {
  Stance other = stance("b", kAgainst);
  other.group = "G2";
  EXPECT_EQ(tally({other}).status, GroupStatus::unverified);
}

TEST_F(Tally, lets_a_finding_that_was_missed_be_raised_and_withdrawn) {
  findings_.push_back(finding("b-2", Severity::high, 2));
  group_.members.push_back("b-2");
  EXPECT_EQ(tally({}).support, (Ids{"a", "b"}));
  EXPECT_EQ(tally({stance("b", kAgainst, 2)}).support, (Ids{"a", "b"}));  // said before it was told that they are one
  EXPECT_EQ(tally({stance("b", kAgainst, 3)}).against, (Ids{"b"}));
}

TEST_F(Tally, ends_a_dispute_that_is_over) {
  group_ = tally({stance("b", kAgainst)});
  ASSERT_EQ(group_.status, GroupStatus::disputed);
  const Group after = tally({stance("b", kAgainst, 2), stance("b", kFor, 3)});
  EXPECT_EQ(after.status, GroupStatus::unverified);
  EXPECT_EQ(after.status_reason, "");
}

TEST_F(Tally, leaves_what_a_verdict_or_a_rule_has_settled) {
  for (const GroupStatus status :
       {GroupStatus::verified, GroupStatus::unsupported, GroupStatus::needs_human, GroupStatus::disputed}) {
    group_.status = status;
    group_.status_reason = "two refute it, but not the same statements of it";
    for (const std::vector<Stance>& stances : {std::vector<Stance>{}, {stance("b", kAgainst)}}) {
      EXPECT_EQ(tally(stances).status, status);
      EXPECT_EQ(tally(stances).status_reason, group_.status_reason);
    }
  }
}

TEST_F(Tally, suggests_a_severity_one_step_away_when_two_ask_for_it) {
  using enum Severity;
  struct Ask {
    const char* name;
    std::vector<Stance> stances;
    std::optional<Severity> suggested;
  };
  const std::vector<Ask> table = {
      {"one", {stance("b", kFor, 2, low)}, {}},
      {"two", {stance("b", kFor, 2, low), stance("c", kFor, 2, info)}, medium},
      {"two, the raiser among them", {stance("a", kFor, 2, medium), stance("c", kUnsure, 2, medium)}, medium},
      {"two higher", {stance("b", kFor, 2, critical), stance("c", kFor, 2, critical)}, critical},
      {"the same", {stance("b", kFor, 2, high), stance("c", kFor, 2, high)}, {}},
      {"one each way", {stance("b", kFor, 2, low), stance("c", kFor, 2, critical)}, {}},
      {"two each way",
       {stance("a", kFor, 2, low), stance("b", kFor, 2, low), stance("c", kFor, 2, critical),
        stance("d", kFor, 2, critical)},
       {}},
      {"one agent twice", {stance("b", kFor, 2, low), stance("b", kFor, 3, low)}, {}},
      {"taken back", {stance("b", kFor, 2, low), stance("c", kFor, 2, low), stance("c", kFor, 3)}, {}},
      {"not of the panel", {stance("b", kFor, 2, low), stance("e", kFor, 2, low)}, {}},
  };
  for (const Ask& row : table) {
    const Group result = tally(row.stances);
    EXPECT_EQ(result.suggested_severity, row.suggested) << row.name;
    EXPECT_EQ(result.severity, high) << row.name;  // what the gate uses stays
  }
}

TEST_F(Tally, does_not_depend_on_the_order_of_the_stances) {
  std::mt19937 random(3);
  std::vector<Stance> stances;
  for (const char* agent : {"a", "b", "c", "d"}) {
    for (int round = 2; round <= 4; ++round) {
      for (int twice = 0; twice < 2; ++twice) {
        stances.push_back(
            stance(agent, static_cast<StanceValue>(random() % 3), round,
                   random() % 2 == 0 ? std::nullopt : std::optional(static_cast<Severity>(random() % 5))));
      }
    }
  }
  const Group expected = tally(stances);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(stances.begin(), stances.end(), random);
    const Group result = tally(stances);
    EXPECT_EQ(result.support, expected.support);
    EXPECT_EQ(result.against, expected.against);
    EXPECT_EQ(result.suggested_severity, expected.suggested_severity);
  }
}

TEST(NextVerdictOf, a_group_depends_on_what_could_follow) {
  using enum Severity;
  using enum VerdictStatus;
  const VerdictRules rules = {.fail_on = {critical, high}, .always_double = false};
  const VerdictRules doubled = {.fail_on = {critical, high}, .always_double = true};
  const auto by = [](std::string agent, VerdictStatus status, VerifierTask task = VerifierTask::check) {
    return GroupVerdict{.group = "G1", .agent = std::move(agent), .task = task, .status = status};
  };
  struct Next {
    const char* name;
    Severity severity;
    std::vector<GroupVerdict> verdicts;
    NextVerdict next, next_of_doubled;
  };
  const std::vector<Next> table = {
      {"none yet", high, {}, NextVerdict::first, NextVerdict::first},
      {"verified", high, {by("c", verified)}, NextVerdict::none, NextVerdict::second},
      {"refuted", high, {by("c", unsupported)}, NextVerdict::second, NextVerdict::second},
      {"open", critical, {by("c", needs_human)}, NextVerdict::second, NextVerdict::second},
      {"two", high, {by("c", unsupported), by("d", verified)}, NextVerdict::none, NextVerdict::none},
      {"cannot block", medium, {by("c", unsupported)}, NextVerdict::none, NextVerdict::none},
      {"cannot block, none yet", info, {}, NextVerdict::first, NextVerdict::first},
      {"proof", high, {by("a", verified, VerifierTask::prove)}, NextVerdict::second, NextVerdict::second},
      {"refutation", low, {by("a", verified, VerifierTask::refute)}, NextVerdict::second, NextVerdict::second},
  };
  for (const Next& row : table) {
    std::vector<GroupVerdict> verdicts = row.verdicts;
    verdicts.push_back({.group = "G2", .agent = "x"});
    const Group asked = group("G1", {"a-1"}, row.severity);
    EXPECT_EQ(next_verdict(asked, verdicts, rules), row.next) << row.name;
    EXPECT_EQ(next_verdict(asked, verdicts, doubled), row.next_of_doubled) << row.name;
  }
  Group settled = group("G1", {"a-1"});
  for (const GroupStatus status : {GroupStatus::verified, GroupStatus::unsupported, GroupStatus::needs_human}) {
    settled.status = status;  // by a rule: there is no verdict
    EXPECT_EQ(next_verdict(settled, {}, rules), NextVerdict::none);
  }
  settled.status = GroupStatus::disputed;
  EXPECT_EQ(next_verdict(settled, {}, rules), NextVerdict::first);
  Group nowhere = group("G1", {"a-1"}, critical);
  nowhere.anchored = false;  // one refutation is enough
  const std::vector<GroupVerdict> refuted = {by("c", unsupported)};
  EXPECT_EQ(next_verdict(nowhere, refuted, rules), NextVerdict::none);
}

}  // namespace
}  // namespace assize
