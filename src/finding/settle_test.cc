#include <gtest/gtest.h>

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "finding/tally.h"

namespace assize {
namespace {

using Ids = std::vector<std::string>;

Finding finding(std::string id, Severity severity = Severity::high) {
  Finding f;
  f.agent = id.substr(0, id.find('-'));
  f.id = std::move(id);
  f.title = "T " + f.id;
  f.severity = severity;
  f.anchor = {.state = AnchorState::line_only, .path = "a.c", .lines = LineRange{3, 3}};
  return f;
}

PanelMember reviewer(std::string id, bool valid = true) {
  return {.id = std::move(id), .role = AgentRole::reviewer, .valid = valid, .covers = {{"a.c", 0}}};
}

// "c unsupported a-1,b-1" with evidence; "c unsupported a-1 bare" without; "c prove unsupported a-1".
GroupVerdict verdict(std::string_view text, std::string group = "G1") {
  GroupVerdict v;
  v.group = std::move(group);
  v.evidence_anchored = true;
  const std::vector<std::string_view> words = split(text, ' ');
  v.agent = words[0];
  for (const std::string_view word : std::span(words).subspan(1)) {
    if (word == "prove") {
      v.task = VerifierTask::prove;
    } else if (word == "refute") {
      v.task = VerifierTask::refute;
    } else if (word == "verified") {
      v.status = VerdictStatus::verified;
    } else if (word == "unsupported") {
      v.status = VerdictStatus::unsupported;
    } else if (word == "needs_human") {
      v.status = VerdictStatus::needs_human;
    } else if (word == "bare") {
      v.evidence_anchored = false;
    } else {
      for (const std::string_view member : split(word, ',')) v.members.emplace_back(member);
    }
  }
  return v;
}

const VerdictRules kRules = {.fail_on = {Severity::critical, Severity::high}, .always_double = false};

// One group G1; by default raised by `a` alone, as high. Reviewers are a to e; f's review is not valid.
struct Case {
  std::vector<Finding> findings = {finding("a-1")};
  std::vector<PanelMember> panel = {reviewer("a"), reviewer("b"), reviewer("c"),
                                    reviewer("d"), reviewer("e"), reviewer("f", false)};
  Ids support, against;
  GroupStatus before = GroupStatus::unverified;
  VerdictRules rules = kRules;

  std::vector<Group> settle(const std::vector<std::string_view>& given) const {
    std::vector<Group> groups = group_findings({.findings = findings, .panel = panel});
    // Whatever grouping makes of them: they are one.
    Group one = groups.front();
    one.id = "G1";
    one.members.clear();
    std::set<std::string> agents;
    one.severity = one.highest_severity = one.lowest_severity = findings.front().severity;
    one.anchored = false;
    for (const Finding& f : findings) {
      one.members.push_back(f.id);
      agents.insert(f.agent);
      if (is_anchored(f.anchor.state)) {
        one.severity = one.anchored ? std::max(one.severity, f.severity) : f.severity;
        one.anchored = true;
      }
      one.highest_severity = std::max(one.highest_severity, f.severity);
    }
    if (!one.anchored) one.severity = one.highest_severity;
    std::sort(one.members.begin(), one.members.end());
    one.agents.assign(agents.begin(), agents.end());
    one.support = support;
    one.against = against;
    one.status = before;
    groups = {one};
    std::vector<GroupVerdict> verdicts;
    for (const std::string_view text : given) verdicts.push_back(verdict(text));
    settle_groups(groups, findings, verdicts, panel, rules);
    return groups;
  }
};

struct Row {
  const char* name;
  std::vector<std::string_view> verdicts;
  std::string_view status;
  std::string_view reason;
};

void expect(const Case& setting, const std::vector<Row>& table) {
  for (const Row& row : table) {
    const std::vector<Group> groups = setting.settle(row.verdicts);
    EXPECT_EQ(groups.size(), 1U) << row.name;
    EXPECT_EQ(to_string(groups[0].status), row.status) << row.name;
    EXPECT_EQ(groups[0].status_reason, row.reason) << row.name;
  }
}

TEST(Settling, of_a_group_that_cannot_block_takes_one_verdict) {
  Case setting;
  setting.findings = {finding("a-1", Severity::medium)};
  expect(
      setting,
      {
          {"none", {}, "unverified", ""},
          {"verified", {"c verified"}, "verified", "c verified it"},
          {"needs a person", {"c needs_human"}, "needs_human", "c leaves it to a person"},
          {"refuted", {"c unsupported a-1"}, "unsupported", "c refutes it with evidence"},
          {"refuted without evidence",
           {"c unsupported a-1 bare"},
           "unsupported",
           "c refutes it, without a line that exists for evidence"},
          {"refuted by a wrong member",
           {"c unsupported b-7"},
           "disputed",
           "c refutes it, but names none of its statements"},
          {"refuted without a member", {"c unsupported"}, "disputed", "c refutes it, but names none of its statements"},
          {"the first decides", {"c unsupported a-1", "d verified"}, "unsupported", "c refutes it with evidence"},
      });
}

TEST(Settling, of_a_group_that_can_block_takes_two_verdicts_to_set_it_aside) {
  expect(
      Case{},
      {
          {"none", {}, "unverified", ""},
          {"verified", {"c verified"}, "verified", "c verified it"},
          {"verified twice", {"c verified", "d verified"}, "verified", "c and d verified it"},
          {"verified, then open",
           {"c verified", "d needs_human"},
           "verified",
           "d leaves it to a person, c verified it"},
          {"verified, then refuted", {"c verified", "d unsupported a-1"}, "needs_human", "d refutes it, c verified it"},
          {"one refutes", {"c unsupported a-1"}, "needs_human", "c refutes it, and the second verdict is missing"},
          {"one refutes, one verifies",
           {"c unsupported a-1", "d verified"},
           "needs_human",
           "c refutes it, d verified it"},
          {"one refutes, one is open",
           {"c unsupported a-1", "d needs_human"},
           "needs_human",
           "c refutes it, d leaves it to a person"},
          {"two refute", {"c unsupported a-1", "d unsupported a-1"}, "unsupported", "c and d refute it with evidence"},
          {"two refute, order of asking",
           {"d unsupported a-1", "c unsupported a-1"},
           "unsupported",
           "c and d refute it with evidence"},
          {"two refute, one without evidence",
           {"c unsupported a-1", "d unsupported a-1 bare"},
           "disputed",
           "c and d refute it, but d cites no line that exists"},
          {"two refute, none with evidence",
           {"c unsupported a-1 bare", "d unsupported a-1 bare"},
           "disputed",
           "c and d refute it, but c and d cite no line that exists"},
          {"one agent refutes twice",
           {"c unsupported a-1", "c unsupported a-1"},
           "disputed",
           "c refutes it, but both verdicts are of one agent"},
          {"refuted by a wrong member",
           {"c unsupported a-1", "d unsupported a-9"},
           "disputed",
           "c and d refute it, but not the same statements of it"},
          {"open", {"c needs_human"}, "needs_human", "c leaves it to a person, and the second verdict is missing"},
          {"open, then verified",
           {"c needs_human", "d verified"},
           "verified",
           "c leaves it to a person, d verified it"},
          {"open, then refuted",
           {"c needs_human", "d unsupported a-1"},
           "needs_human",
           "d refutes it, c leaves it to a person"},
          {"open twice", {"c needs_human", "d needs_human"}, "needs_human", "c and d leave it to a person"},
          {"a third contradicts",
           {"c unsupported a-1", "d unsupported a-1", "e verified"},
           "needs_human",
           "c and d refute it, e verified it"},
          {"the raiser refutes what it raised",
           {"c unsupported a-1", "a unsupported a-1"},
           "unsupported",
           "a and c refute it with evidence"},
      });
}

TEST(Settling, needs_more_refuters_than_supporters) {
  const std::vector<std::string_view> two = {"c unsupported a-1", "d unsupported a-1"};
  struct Supported {
    const char* name;
    Ids support, against;
    std::string_view status, reason;
  };
  const std::vector<Supported> table = {
      {"no debate, one raiser", {}, {}, "unsupported", "c and d refute it with evidence"},
      {"one supporter", {"a"}, {"c"}, "unsupported", "c and d refute it with evidence"},
      {"as many supporters", {"a", "b"}, {}, "disputed", "c and d refute it, but a and b still support it"},
      {"more supporters", {"a", "b", "e"}, {}, "disputed", "c and d refute it, but a, b and e still support it"},
      {"the raiser withdrew in the debate", {}, {"a"}, "unsupported", "c and d refute it with evidence"},
      {"a refuter agreed before", {"a", "c"}, {}, "unsupported", "c and d refute it with evidence"},
      {"both refuters agreed before", {"a", "c", "d"}, {}, "unsupported", "c and d refute it with evidence"},
  };
  for (const Supported& row : table) {
    Case setting;
    setting.support = row.support;
    setting.against = row.against;
    const std::vector<Group> groups = setting.settle(two);
    EXPECT_EQ(to_string(groups[0].status), row.status) << row.name;
    EXPECT_EQ(groups[0].status_reason, row.reason) << row.name;
  }
}

TEST(Settling, counts_raisers_as_supporters_when_there_was_no_debate) {
  const auto settled = [](const Ids& raised, const std::vector<std::string_view>& verdicts) {
    Case setting;
    setting.findings.clear();
    for (const std::string& id : raised) setting.findings.push_back(finding(id));
    return std::string(to_string(setting.settle(verdicts).at(0).status));
  };
  EXPECT_EQ(settled({"a-1", "b-1"}, {"c unsupported a-1,b-1", "d unsupported a-1,b-1"}), "disputed");
  // One raiser withdraws by its own verdict.
  EXPECT_EQ(settled({"a-1", "b-1"}, {"c unsupported a-1,b-1", "b unsupported a-1,b-1"}), "unsupported");
  // Repeats of one agent are one supporter; an invalid review and an analyser are none.
  EXPECT_EQ(settled({"a-1", "a-2", "f-1", "lint-1"},
                    {"c unsupported a-1,a-2,f-1,lint-1", "d unsupported a-1,a-2,f-1,lint-1"}),
            "unsupported");
}

TEST(Settling, of_what_is_always_doubled_listens_to_the_second) {
  Case setting;
  setting.rules.always_double = true;
  expect(
      setting,
      {
          {"no second", {"c verified"}, "verified", "c verified it"},
          {"the second refutes", {"c verified", "d unsupported a-1"}, "needs_human", "d refutes it, c verified it"},
          {"the second is open", {"c verified", "d needs_human"}, "verified", "d leaves it to a person, c verified it"},
      });
}

TEST(Settling, takes_the_highest_severity_into_account) {
  // The one that could block stands nowhere: the group's own severity is lower.
  Case setting;
  setting.findings = {finding("a-1", Severity::low), finding("b-1", Severity::critical)};
  setting.findings[1].anchor.state = AnchorState::fabricated;
  const std::vector<Group> groups = setting.settle({"c unsupported a-1,b-1"});
  EXPECT_EQ(groups[0].severity, Severity::low);
  EXPECT_EQ(groups[0].status, GroupStatus::needs_human);
}

TEST(Settling, of_what_nobody_can_place_takes_one_refutation) {
  Case setting;
  setting.findings[0].anchor.state = AnchorState::unknown_file;
  expect(setting,
         {
             {"refuted",
              {"c unsupported a-1 bare"},
              "unsupported",
              "c refutes it, without a line that exists for evidence"},
             {"verified", {"c verified"}, "verified", "c verified it"},
             {"contradicted", {"c unsupported a-1", "d verified"}, "needs_human", "c refutes it, d verified it"},
         });
}

TEST(Settling, of_a_pair_takes_what_both_say) {
  Case setting;
  setting.findings = {finding("a-1"), finding("b-1")};
  setting.panel = {reviewer("a"), reviewer("b")};
  const std::string_view a = "a prove unsupported a-1,b-1";
  const std::string_view b = "b refute unsupported a-1,b-1";
  const std::vector<Row> table = {
      {"both verify", {"a prove verified", "b refute verified"}, "verified", "a and b verified it"},
      {"both refute", {a, b}, "unsupported", "a and b refute it with evidence"},
      {"they differ", {"a prove verified", b}, "needs_human", "b refutes it, a verified it"},
      {"one is open",
       {"a prove verified", "b refute needs_human"},
       "needs_human",
       "b leaves it to a person, a verified it"},
      {"only the proof", {"a prove verified"}, "unverified", "a verified it, and the other verdict is missing"},
      {"only a failed refutation",
       {"b refute verified"},
       "unverified",
       "b verified it, and the other verdict is missing"},
      {"only the refutation", {b}, "needs_human", "b refutes it, and the other verdict is missing"},
      {"only an open one",
       {"a prove needs_human"},
       "needs_human",
       "a leaves it to a person, and the other verdict is missing"},
      {"one agent of two",
       {"a prove unsupported a-1,b-1", "a refute unsupported a-1,b-1"},
       "disputed",
       "a refutes it, but both verdicts are of one agent"},
      {"one without evidence",
       {a, "b refute unsupported a-1,b-1 bare"},
       "disputed",
       "a and b refute it, but b cites no line that exists"},
  };
  expect(setting, table);

  setting.before = GroupStatus::disputed;  // a lone proof does not end a dispute
  EXPECT_EQ(setting.settle({"a prove verified"}).at(0).status, GroupStatus::disputed);
}

TEST(Settling, lets_the_only_agent_there_is_judge_itself) {
  Case setting;
  setting.panel = {reviewer("a"), {.id = "lint", .role = AgentRole::analyser, .valid = true, .covers = {}}};
  expect(setting,
         {
             {"twice",
              {"a prove unsupported a-1", "a refute unsupported a-1"},
              "unsupported",
              "a refutes it with evidence"},
             {"once", {"a refute unsupported a-1"}, "needs_human", "a refutes it, and the other verdict is missing"},
             {"twice but asked alike",
              {"a unsupported a-1", "a unsupported a-1"},
              "disputed",
              "a refutes it, but both verdicts are of one agent"},
         });
  setting.panel.push_back(reviewer("b", false));  // there is another one, and it gave no verdict
  EXPECT_EQ(setting.settle({"a prove unsupported a-1", "a refute unsupported a-1"}).at(0).status,
            GroupStatus::disputed);
}

TEST(Settling, replaces_a_dispute_of_the_debate) {
  Case setting;
  setting.before = GroupStatus::disputed;
  setting.support = {"a"};
  setting.against = {"b"};
  EXPECT_EQ(setting.settle({"c verified"}).at(0).status, GroupStatus::verified);
  EXPECT_EQ(setting.settle({"c unsupported a-1"}).at(0).status, GroupStatus::needs_human);
  EXPECT_EQ(setting.settle({"c unsupported a-1", "d unsupported a-1"}).at(0).status, GroupStatus::unsupported);
  EXPECT_EQ(setting.settle({}).at(0).status, GroupStatus::disputed);
}

TEST(Settling, leaves_groups_without_verdicts_alone) {
  Case setting;
  setting.before = GroupStatus::verified;
  EXPECT_EQ(setting.settle({}).at(0).status, GroupStatus::verified);
  // A verdict on a group that does not exist.
  std::vector<Group> groups = Case{}.settle({});
  const std::vector<GroupVerdict> other = {verdict("c verified", "G9")};
  settle_groups(groups, Case{}.findings, other, Case{}.panel, kRules);
  EXPECT_EQ(groups.at(0).status, GroupStatus::unverified);
}

TEST(Settling, withdraws_the_support_of_a_raiser_that_refutes_it) {
  Case setting;
  setting.support = {"a"};
  EXPECT_EQ(setting.settle({"c verified", "a unsupported a-1"}).at(0).support, Ids{});
  EXPECT_EQ(setting.settle({"c verified", "d unsupported a-1"}).at(0).support, Ids{"a"});
}

// A true finding and one like it that is false, in one group.
class Splitting : public testing::Test {
 protected:
  Splitting() {
    setting_.findings = {finding("a-1", Severity::critical), finding("a-2", Severity::high),
                         finding("lint-1", Severity::medium)};
    setting_.findings[0].title = "Length of the packet is not checked";
    setting_.findings[1].title = "Length of the packet overflows when it is negative";
    setting_.support = {"a", "b"};
    setting_.against = {"c"};
  }
  Case setting_;
};

TEST_F(Splitting, keeps_the_near_duplicate_of_what_is_refuted) {
  setting_.support = {"a"};
  const std::vector<Group> groups = setting_.settle({"c unsupported a-2", "d unsupported a-2"});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].id, "G1");
  EXPECT_EQ(groups[0].status, GroupStatus::unsupported);
  EXPECT_EQ(groups[0].members, (Ids{"a-2"}));
  EXPECT_EQ(groups[0].representative, "a-2");
  EXPECT_EQ(groups[0].severity, Severity::high);
  EXPECT_EQ(groups[0].highest_severity, Severity::high);
  EXPECT_EQ(groups[0].agents, (Ids{"a"}));
  EXPECT_EQ(groups[0].support, (Ids{"a"}));
  EXPECT_EQ(groups[0].against, (Ids{"c"}));
  EXPECT_EQ(groups[0].split_from, "");

  EXPECT_EQ(groups[1].id, "G2");
  EXPECT_EQ(groups[1].status, GroupStatus::unverified);
  EXPECT_EQ(groups[1].status_reason, "split off from G1, whose other statements are refuted");
  EXPECT_EQ(groups[1].members, (Ids{"a-1", "lint-1"}));
  EXPECT_EQ(groups[1].representative, "a-1");
  EXPECT_EQ(groups[1].severity, Severity::critical);
  EXPECT_EQ(groups[1].agreement.k, 1U);
  EXPECT_EQ(groups[1].agreement.n, 5U);
  EXPECT_EQ(groups[1].support, (Ids{"a"}));
  EXPECT_EQ(groups[1].against, Ids{});
  EXPECT_EQ(groups[1].split_from, "G1");
  EXPECT_NE(groups[1].fingerprint, groups[0].fingerprint);
  EXPECT_EQ(next_verdict(groups[1], {}, kRules), NextVerdict::first);
}

TEST_F(Splitting, refutes_only_what_both_name) {
  setting_.support = {"a"};
  const std::vector<Group> groups = setting_.settle({"c unsupported a-1,a-2", "d unsupported a-2,lint-1"});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].members, (Ids{"a-2"}));
  EXPECT_EQ(groups[1].members, (Ids{"a-1", "lint-1"}));

  const std::vector<Group> none = setting_.settle({"c unsupported a-1", "d unsupported a-2"});
  ASSERT_EQ(none.size(), 1U);
  EXPECT_EQ(none[0].status, GroupStatus::disputed);
  EXPECT_EQ(none[0].members.size(), 3U);
}

TEST_F(Splitting, of_what_cannot_block_takes_the_one_verdict) {
  for (Finding& f : setting_.findings) f.severity = Severity::low;
  const std::vector<Group> groups = setting_.settle({"c unsupported lint-1,nobody-3"});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].members, (Ids{"lint-1"}));
  EXPECT_EQ(groups[0].support, (Ids{"b"}));  // what b said was about this id; a raised the other
  EXPECT_EQ(groups[1].members, (Ids{"a-1", "a-2"}));
}

TEST_F(Splitting, does_not_happen_without_a_refutation_that_stands) {
  for (const std::vector<std::string_view>& verdicts : {std::vector<std::string_view>{"c unsupported a-2"},
                                                        {"c unsupported a-2", "d verified"},
                                                        {"c unsupported a-2", "d unsupported a-2 bare"},
                                                        {"c unsupported a-2", "c unsupported a-2"}}) {
    EXPECT_EQ(setting_.settle(verdicts).size(), 1U);
  }
}

TEST_F(Splitting, numbers_after_the_largest_id_and_can_be_repeated) {
  setting_.support = {"a"};
  std::vector<Group> groups = setting_.settle({});
  Group other = groups[0];
  other.id = "G12";
  other.members = {"lint-1"};
  other.representative = "lint-1";
  std::erase(groups[0].members, "lint-1");
  groups.push_back(other);
  const std::vector<GroupVerdict> verdicts = {verdict("c unsupported a-2"), verdict("d unsupported a-2")};
  settle_groups(groups, setting_.findings, verdicts, setting_.panel, kRules);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[2].id, "G13");
  settle_groups(groups, setting_.findings, verdicts, setting_.panel, kRules);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].status, GroupStatus::unsupported);
  EXPECT_EQ(groups[2].status, GroupStatus::unverified);
}

// Whatever one verdict says, a group that could block and has a place is not set aside by it.
TEST(Settling, never_sets_a_blocking_group_aside_on_one_verdict) {
  for (const char* task : {"", "prove ", "refute "}) {
    for (const char* status : {"verified", "unsupported a-1", "needs_human"}) {
      for (const char* evidence : {"", " bare"}) {
        for (const char* agent : {"a ", "c ", "f ", "stranger "}) {
          const std::string text = fmt::format("{}{}{}{}", agent, task, status, evidence);
          EXPECT_NE(Case{}.settle({text}).at(0).status, GroupStatus::unsupported) << text;
        }
      }
    }
  }
}

}  // namespace
}  // namespace assize
