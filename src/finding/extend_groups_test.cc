#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "finding/group.h"

namespace assize {
namespace {

Finding finding(std::string id, std::string title, std::uint32_t line, int chunk = 0, std::string path = "a.c") {
  Finding f;
  f.agent = id.substr(0, id.find('-'));
  f.id = std::move(id);
  f.title = std::move(title);
  f.anchor = {.state = AnchorState::line_only, .path = std::move(path), .lines = LineRange{line, line}};
  f.chunk = chunk;
  f.severity = Severity::medium;
  return f;
}

PanelMember reviewer(std::string id, std::vector<CoveredFile> covers = {{"a.c", 0}}) {
  return {.id = std::move(id), .role = AgentRole::reviewer, .valid = true, .covers = std::move(covers)};
}

const std::string kNull = "Missing null check before use of session";
const std::string kLeak = "File handle is never closed on the error path";
const std::string kRace = "Counter is updated without holding the lock";

class Extending : public testing::Test {
 protected:
  Extending() {
    findings_ = {finding("a-1", kNull, 10), finding("b-1", kNull, 10), finding("a-2", kLeak, 40)};
    groups_ = group_findings({.findings = findings_, .panel = panel_});
  }
  std::vector<Group> with(std::vector<Finding> later) {
    findings_.insert(findings_.end(), later.begin(), later.end());
    return extend_groups(groups_, {.findings = findings_, .panel = panel_});
  }
  std::vector<PanelMember> panel_ = {reviewer("a"), reviewer("b"), reviewer("c")};
  std::vector<Finding> findings_;
  std::vector<Group> groups_;
};

using Ids = std::vector<std::string>;

TEST_F(Extending, adds_to_a_group_or_makes_a_new_one) {
  ASSERT_EQ(groups_.size(), 2U);
  Finding worse = finding("c-1", "Session is used without a null check", 11);
  worse.severity = Severity::critical;
  const std::vector<Group> groups = with({worse, finding("c-2", kRace, 80)});
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].id, "G1");
  EXPECT_EQ(groups[0].members, (Ids{"a-1", "b-1", "c-1"}));
  EXPECT_EQ(groups[0].agents, (Ids{"a", "b", "c"}));
  EXPECT_EQ(groups[0].severity, Severity::critical);
  EXPECT_EQ(groups[0].representative, "c-1");
  EXPECT_EQ(groups[0].agreement.level, AgreementLevel::consensus);
  EXPECT_EQ(groups[1].members, (Ids{"a-2"}));
  EXPECT_EQ(groups[2].id, "G3");
  EXPECT_EQ(groups[2].members, (Ids{"c-2"}));
}

TEST_F(Extending, keeps_what_was_said_of_a_group) {
  groups_[0].status = GroupStatus::disputed;
  groups_[0].status_reason = "why";
  groups_[0].support = {"a"};
  groups_[0].against = {"b", "c"};
  groups_[0].suggested_severity = Severity::low;
  const std::vector<Group> groups = with({finding("c-1", kNull, 10)});
  EXPECT_EQ(groups[0].status, GroupStatus::disputed);
  EXPECT_EQ(groups[0].status_reason, "why");
  EXPECT_EQ(groups[0].suggested_severity, Severity::low);
  EXPECT_EQ(groups[0].support, (Ids{"a", "c"}));  // it raises the group now
  EXPECT_EQ(groups[0].against, (Ids{"b"}));
}

TEST_F(Extending, never_joins_two_groups) {
  // The two would be one now, had they not been told apart before.
  Group split = groups_[0];
  split.id = "G7";
  split.members = {"b-1"};
  groups_[0].members = {"a-1"};
  groups_.push_back(split);
  const std::vector<Group> groups = with({finding("c-1", kNull, 10), finding("c-2", kRace, 80)});
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(groups[0].members.size() + groups[2].members.size(), 3U);
  EXPECT_EQ(groups[0].members.front(), "a-1");
  EXPECT_EQ(groups[2].members.front(), "b-1");
  EXPECT_EQ(groups[3].id, "G8");  // after the largest
}

TEST_F(Extending, without_new_findings_changes_nothing) {
  const std::vector<Group> groups = with({});
  ASSERT_EQ(groups.size(), groups_.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    EXPECT_EQ(groups[i].id, groups_[i].id);
    EXPECT_EQ(groups[i].members, groups_[i].members);
    EXPECT_EQ(groups[i].fingerprint, groups_[i].fingerprint);
  }
}

TEST_F(Extending, does_not_depend_on_the_order_of_the_new_findings) {
  std::vector<Finding> later;
  for (int i = 0; i < 24; ++i) {
    const std::string agent = i % 2 == 0 ? "b-" : "c-";
    const std::string title = i % 3 == 0   ? kNull
                              : i % 3 == 1 ? kRace
                                           : "Value of total_" + std::to_string(i / 6) + " overflows";
    later.push_back(finding(agent + std::to_string(100 + i), title, static_cast<std::uint32_t>(8 + 4 * i)));
  }
  const std::vector<Finding> before = findings_;
  const std::vector<Group> expected = with(later);
  std::mt19937 random(7);
  for (int run = 0; run < 20; ++run) {
    std::shuffle(later.begin(), later.end(), random);
    findings_ = before;
    const std::vector<Group> groups = with(later);
    ASSERT_EQ(groups.size(), expected.size());
    std::size_t members = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      EXPECT_EQ(groups[i].id, expected[i].id);
      EXPECT_EQ(groups[i].members, expected[i].members);
      EXPECT_EQ(groups[i].representative, expected[i].representative);
      members += groups[i].members.size();
    }
    EXPECT_EQ(members, findings_.size());  // a partition
  }
}

TEST_F(Extending, of_nothing_groups_what_is_new) {
  groups_.clear();
  findings_.clear();
  const std::vector<Group> groups = with({finding("a-1", kNull, 10), finding("b-1", kNull, 10)});
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].id, "G1");
}

TEST(ReportOrder, is_that_of_grouping_and_ids_stay) {
  std::vector<Finding> findings = {finding("a-1", kNull, 10), finding("a-2", kLeak, 40), finding("a-3", kRace, 80)};
  findings[1].severity = Severity::critical;
  findings[2].anchor.state = AnchorState::fabricated;
  findings[2].severity = Severity::critical;
  std::vector<Group> groups = group_findings({.findings = findings, .panel = {}});
  const std::vector<Group> expected = groups;
  std::reverse(groups.begin(), groups.end());
  sort_for_report(groups, findings);
  ASSERT_EQ(groups.size(), 3U);
  for (std::size_t i = 0; i < groups.size(); ++i) EXPECT_EQ(groups[i].id, expected[i].id);
  EXPECT_EQ(groups[0].representative, "a-2");
  EXPECT_EQ(groups[2].representative, "a-3");
}

// Agreement of a group over the parts of a change that was cut.
class Chunks : public testing::Test {
 protected:
  static Group only(const std::vector<Finding>& findings, const std::vector<PanelMember>& panel) {
    const std::vector<Group> groups = group_findings({.findings = findings, .panel = panel});
    EXPECT_EQ(groups.size(), 1U);
    return groups.at(0);
  }
};

TEST_F(Chunks, count_those_who_saw_the_part) {
  const std::vector<PanelMember> panel = {reviewer("a", {{"a.c", 0}, {"a.c", 1}}), reviewer("b", {{"a.c", 0}}),
                                          reviewer("c", {{"a.c", 1}, {"b.c", 0}}), reviewer("d", {{"b.c", 1}})};
  struct Row {
    int chunk;
    std::size_t n;
  };
  for (const Row& row : {Row{0, 2}, Row{1, 2}, Row{2, 1}}) {  // of part 2, only the raiser is known to have seen it
    const Group group = only({finding("a-1", kNull, 10, row.chunk)}, panel);
    EXPECT_EQ(group.agreement.n, row.n) << row.chunk;
    EXPECT_EQ(group.agreement.k, 1U) << row.chunk;
    EXPECT_EQ(group.chunk, row.chunk);
  }
}

TEST_F(Chunks, that_both_show_a_line_count_together) {
  const Group group = only({finding("b-1", kNull, 10, 0), finding("c-1", kNull, 10, 1)},
                           {reviewer("a", {{"a.c", 1}}), reviewer("b", {{"a.c", 0}}), reviewer("c", {{"a.c", 1}})});
  EXPECT_EQ(group.agreement.n, 3U);
  EXPECT_EQ(group.agreement.k, 2U);
}

TEST_F(Chunks, do_not_make_one_agent_two) {
  // The same agent saw the line in both parts, and says the same in other words.
  const Group group =
      only({finding("a-1", "Session is used without a null check", 10, 0), finding("a-2", kNull, 10, 1)},
           {reviewer("a", {{"a.c", 0}, {"a.c", 1}}), reviewer("b", {{"a.c", 0}})});
  EXPECT_EQ(group.agreement.k, 1U);
  EXPECT_EQ(group.agreement.n, 2U);
  EXPECT_EQ(group.agreement.level, AgreementLevel::single);
}

}  // namespace
}  // namespace assize
