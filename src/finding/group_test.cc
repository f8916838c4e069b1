#include "finding/group.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "finding/cluster.h"
#include "finding/terms.h"

namespace assize {
namespace {

Finding finding(std::string id, std::string agent, std::string title, std::string path = {}, std::uint32_t line = 0) {
  Finding f;
  f.id = std::move(id);
  f.agent = std::move(agent);
  f.title = std::move(title);
  f.cited.path = std::move(path);
  if (line > 0) f.cited.lines = LineRange{line, line};
  return f;
}

// The partition, written as sorted members: "a-1 b-1 | a-2".
std::string parts(const std::vector<Group>& groups) {
  std::set<std::string> lines;
  for (const Group& group : groups) {
    std::string line;
    for (const std::string& member : group.members) line += (line.empty() ? "" : " ") + member;
    lines.insert(line);
  }
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : " | ") + line;
  return all;
}
std::string grouped(const std::vector<Finding>& findings) {
  return parts(group_findings({.findings = findings, .panel = {}}));
}

TEST(Grouping, puts_one_problem_in_one_group) {
  EXPECT_EQ(
      grouped({
          finding("a1", "a", "strcpy overflows buffer when the user name is too long", "a.c", 10),
          finding("b1", "b", "Buffer overflow: user name is copied with strcpy without a length check", "a.c", 11),
          finding("a2", "a", "File handle is never closed on the error path", "a.c", 14),
          finding("c1", "c", "Leaks the file handle when read fails: never closed", "a.c", 14),
          finding("b2", "b", "Off-by-one in the retry loop", "a.c", 12),
      }),
      "a1 b1 | a2 c1 | b2");
}

TEST(Grouping, keeps_the_same_words_apart_in_other_files_and_far_away) {
  const std::string same = "Missing null check before use of session";
  EXPECT_EQ(grouped({finding("a", "a", same, "a.c", 10), finding("b", "b", same, "b.c", 10)}), "a | b");
  EXPECT_EQ(grouped({finding("a", "a", same, "a.c", 10), finding("b", "b", same, "a.c", 900)}), "a | b");
  EXPECT_EQ(grouped({finding("a", "a", same, "a.c", 10), finding("b", "b", same, "a.c", 12)}), "a b");
  EXPECT_EQ(grouped({finding("a", "a", same, "a.c", 10), finding("b", "b", same, "a.c")}), "a b");
}

TEST(Grouping, needs_more_than_the_same_line) {
  EXPECT_EQ(grouped({finding("a", "a", "Password is logged in clear text", "a.c", 10),
                     finding("b", "b", "Integer division truncates the ratio", "a.c", 10)}),
            "a | b");
}

TEST(Grouping, works_without_places) {
  EXPECT_EQ(grouped({finding("a", "a", "getUserName() dereferences a null session"),
                     finding("b", "b", "`getUserName` crashes on null session"),
                     finding("c", "c", "README mentions a removed option")}),
            "a b | c");
}

TEST(Grouping, reads_scripts_without_spaces) {
  EXPECT_EQ(grouped({finding("a", "a", "用户输入没有验证导致缓冲区溢出"),
                     finding("b", "b", "缓冲区溢出：用户输入没有检查"), finding("c", "c", "文件句柄没有关闭")}),
            "a b | c");
}

TEST(Grouping, does_not_depend_on_the_order_of_the_findings) {
  std::vector<Finding> findings;
  for (int problem = 0; problem < 12; ++problem) {
    for (int agent = 0; agent < 4; ++agent) {
      const std::string id = std::to_string(problem) + "-" + std::to_string(agent);
      const std::string words = std::string("value of counter_") + std::to_string(problem * 7) +
                                (agent % 2 == 0 ? " overflows" : " may overflow in the loop");
      findings.push_back(finding(id, "agent" + std::to_string(agent), words, problem % 3 == 0 ? "" : "a.c",
                                 problem % 3 == 0 ? 0U : static_cast<std::uint32_t>(problem * 9 + agent)));
    }
  }
  const std::vector<Group> expected = group_findings({.findings = findings, .panel = {}});
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(findings.begin(), findings.end(), random);
    const std::vector<Group> groups = group_findings({.findings = findings, .panel = {}});
    ASSERT_EQ(groups.size(), expected.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      EXPECT_EQ(groups[g].members, expected[g].members);
      EXPECT_EQ(groups[g].representative, expected[g].representative);
      EXPECT_EQ(groups[g].fingerprint, expected[g].fingerprint);
    }
  }
}

TEST(Grouping, of_many_findings_is_a_partition) {
  std::vector<Finding> findings;
  for (int i = 0; i < 1'000; ++i) {
    findings.push_back(finding("f" + std::to_string(i), "a" + std::to_string(i % 3),
                               "problem " + std::to_string(i % 40) + " with thing_" + std::to_string(i % 40), "a.c",
                               static_cast<std::uint32_t>(i / 4 + 1)));
  }
  std::set<std::string> seen;
  for (const Group& group : group_findings({.findings = findings, .panel = {}})) {
    for (const std::string& member : group.members) EXPECT_TRUE(seen.insert(member).second) << member;
  }
  EXPECT_EQ(seen.size(), findings.size());
}

TEST(Grouping, of_nothing_is_nothing) {
  EXPECT_TRUE(group_findings({}).empty());
  EXPECT_EQ(grouped({finding("a", "a", ""), finding("b", "b", "")}), "a | b");
}

TEST(AgreementLevel, follows_the_formulas) {
  struct Row {
    std::size_t k, n;
    AgreementLevel level;
  };
  const std::vector<Row> table = {
      {0, 0, AgreementLevel::single},    {1, 1, AgreementLevel::single},    {1, 2, AgreementLevel::single},
      {2, 2, AgreementLevel::consensus}, {2, 3, AgreementLevel::majority},  {3, 3, AgreementLevel::consensus},
      {2, 4, AgreementLevel::supported}, {3, 4, AgreementLevel::majority},  {2, 6, AgreementLevel::supported},
      {2, 7, AgreementLevel::single},    {3, 7, AgreementLevel::supported}, {4, 7, AgreementLevel::majority},
  };
  for (const Row& row : table) EXPECT_EQ(agreement_level(row.k, row.n), row.level) << row.k << " of " << row.n;
}

class Agreeing : public testing::Test {
 protected:
  static PanelMember reviewer(std::string id, bool valid, const std::vector<std::string>& covers) {
    PanelMember member{.id = std::move(id), .role = AgentRole::reviewer, .valid = valid, .covers = {}};
    for (const std::string& path : covers) member.covers.push_back({path, 0});
    return member;
  }
  // The group of findings that all say the same, by these agents.
  static Group group_of(std::vector<Finding> findings, const std::vector<PanelMember>& panel) {
    const std::vector<Group> groups = group_findings({.findings = findings, .panel = panel});
    EXPECT_EQ(groups.size(), 1U);
    return groups.at(0);
  }
  const std::string same_ = "Missing null check before use of session";
};

TEST_F(Agreeing, counts_those_who_looked) {
  const Group group = group_of({finding("c-1", "c", same_, "a.c", 5), finding("a-1", "a", same_, "a.c", 5)},
                               {reviewer("a", true, {"a.c"}), reviewer("b", true, {"b.c"}),
                                reviewer("c", true, {"a.c"}), reviewer("d", false, {"a.c"})});
  EXPECT_EQ(group.agreement.k, 2U);
  EXPECT_EQ(group.agreement.n, 2U);
  EXPECT_EQ(group.agreement.declared, 4U);
  EXPECT_EQ(group.agreement.level, AgreementLevel::consensus);
  EXPECT_EQ(group.agents, (std::vector<std::string>{"a", "c"}));
}

TEST_F(Agreeing, gives_no_weight_to_repeats_invalid_reviews_and_analysers) {
  const Group group =
      group_of({finding("a-1", "a", same_, "a.c", 5), finding("a-2", "a", same_, "a.c", 5),
                finding("d-1", "d", same_, "a.c", 5), finding("lint-1", "lint", same_, "a.c", 5)},
               {reviewer("a", true, {"a.c"}), reviewer("b", true, {"a.c"}), reviewer("d", false, {"a.c"}),
                PanelMember{.id = "lint", .role = AgentRole::analyser, .valid = true, .covers = {{"a.c", 0}}}});
  EXPECT_EQ(group.agreement.k, 1U);
  EXPECT_EQ(group.agreement.n, 2U);
  EXPECT_EQ(group.agreement.declared, 3U);
  EXPECT_EQ(group.agreement.level, AgreementLevel::single);
  EXPECT_EQ(group.agents, (std::vector<std::string>{"a", "d", "lint"}));
}

TEST_F(Agreeing, gives_no_weight_to_what_is_anchored_nowhere) {
  Finding invented = finding("a-1", "a", same_, "a.c", 5);
  invented.anchor = {.state = AnchorState::fabricated, .path = "a.c"};
  invented.severity = Severity::critical;
  Finding real = finding("b-1", "b", same_, "a.c", 5);
  real.severity = Severity::medium;
  const Group group = group_of({invented, real}, {reviewer("a", true, {"a.c"}), reviewer("b", true, {"a.c"})});
  EXPECT_EQ(group.agreement.k, 1U);
  EXPECT_TRUE(group.anchored);
  EXPECT_EQ(group.severity, Severity::medium);  // the invented one does not raise it
  EXPECT_EQ(group.highest_severity, Severity::critical);
  EXPECT_EQ(group.representative, "b-1");
}

TEST_F(Agreeing, an_unanchored_group_says_so) {
  Finding invented = finding("a-1", "a", same_, "nope.c", 5);
  invented.anchor = {.state = AnchorState::unknown_file, .path = "nope.c"};
  const Group group = group_of({invented}, {reviewer("a", true, {})});
  EXPECT_FALSE(group.anchored);
  EXPECT_EQ(group.agreement.k, 0U);
  EXPECT_EQ(group.severity, Severity::high);
}

TEST(GroupOrder, is_by_severity_then_agreement_then_place) {
  std::vector<Finding> findings = {
      finding("a-1", "a", "Typo in the greeting", "z.c", 1),
      finding("a-2", "a", "Unchecked length of packet", "b.c", 9),
      finding("b-2", "b", "Unchecked length of packet", "b.c", 9),
      finding("a-3", "a", "Lock order inverted", "a.c", 3),
  };
  findings[0].severity = Severity::low;
  const std::vector<Group> groups = group_findings({.findings = findings, .panel = {}});
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].representative, "a-2");
  EXPECT_EQ(groups[1].representative, "a-3");
  EXPECT_EQ(groups[2].representative, "a-1");
  EXPECT_EQ(groups[0].id, "G1");
  EXPECT_EQ(groups[2].id, "G3");
}

TEST(Fingerprint, survives_moves_and_little_words_only) {
  Finding f = finding("a-1", "a", "The length of the packet is not checked", "a.c", 10);
  f.cited.quote = "memcpy(b, p, n);";
  Finding moved = f;
  moved.id = "b-7";
  moved.agent = "b";
  moved.cited.lines = LineRange{99, 99};
  moved.cited.quote = "  memcpy(b,  p, n);";
  moved.title = "Length of packets not checked";
  Finding other = f;
  other.title = "The checksum of the packet is ignored";
  EXPECT_EQ(fingerprint(f).size(), 32U);
  EXPECT_EQ(fingerprint(f), fingerprint(moved));
  EXPECT_NE(fingerprint(f), fingerprint(other));
}

TEST(AverageLink, one_strong_pair_joins_no_large_clusters) {
  // Two triangles and a single bridge: single-link would make one cluster.
  const std::vector<SimilarPair> pairs = {{0, 1, 0.9}, {0, 2, 0.9}, {1, 2, 0.9}, {3, 4, 0.9},
                                          {3, 5, 0.9}, {4, 5, 0.9}, {2, 3, 0.8}};
  EXPECT_EQ(average_link(6, pairs, 0.2), (std::vector<std::vector<std::uint32_t>>{{0, 1, 2}, {3, 4, 5}}));
}

TEST(Terms, are_stems_and_parts) {
  const auto stems = [](std::string_view text) {
    std::set<std::string> all;
    for (const Term& term : terms_of(text, "")) all.insert(term.stem);
    return all;
  };
  EXPECT_EQ(stem_of("caching"), stem_of("caches"));
  EXPECT_EQ(stem_of("cached"), stem_of("cache"));
  EXPECT_EQ(stem_of("queries"), stem_of("query"));
  EXPECT_EQ(stem_of("stopped"), stem_of("stop"));
  EXPECT_EQ(stem_of("class"), "class");
  EXPECT_EQ(stems("getUserName()"), (std::set<std::string>{"getusernam", "get", "user", "nam"}));
  EXPECT_EQ(stems("max_line_no"), (std::set<std::string>{"maxlineno", "max", "lin", "no"}));
  EXPECT_EQ(stems("HTTPServer"), (std::set<std::string>{"httpserver", "http", "server"}));
  EXPECT_EQ(stems("42 1,000"), (std::set<std::string>{}));
  EXPECT_EQ(stems("\xD0\x94\xD0\xB0"), (std::set<std::string>{"\xD0\xB4\xD0\xB0"}));
}

}  // namespace
}  // namespace assize
