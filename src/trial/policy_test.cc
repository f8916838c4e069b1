#include "trial/policy.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

Finding finding(std::string path, Severity severity, AnchorState state = AnchorState::exact) {
  Finding f;
  f.severity = severity;
  f.anchor = {.state = state, .path = std::move(path), .lines = std::nullopt};
  return f;
}

TEST(Policy, tells_reviewers_what_to_look_at_and_keeps_its_secrets) {
  Policy policy;
  EXPECT_EQ(render_policy(policy), "");
  policy.focus_areas = {"locking", " errors that are swallowed "};
  policy.high_risk_paths = {"src/auth/**"};
  policy.checklist = "- a test?\n- docs?\n";
  policy.doc_links = {"docs/locking.md"};
  policy.forbidden_output = {"Bluebird"};
  policy.overrides = {{"examples/**", Severity::low}};
  EXPECT_EQ(render_policy(policy),
            "Look above all at:\n- locking\n- errors that are swallowed\n\n"
            "Files that match these patterns are of high risk; read them with the most care:\n- src/auth/**\n\n"
            "Go through this checklist:\n- a test?\n- docs?\n\n"
            "The rules of this house are written down here:\n- docs/locking.md\n");
}

TEST(Policy, the_last_override_that_matches_sets_the_severity) {
  Policy policy;
  policy.overrides = {{"src/**", Severity::critical}, {"examples/", Severity::low}, {"src/gen/*.c", Severity::info}};
  struct Case {
    Finding finding;
    Severity severity;
    std::optional<Severity> reported;
  };
  const Case cases[] = {
      {finding("src/a.c", Severity::low), Severity::critical, Severity::low},
      {finding("src/gen/a.c", Severity::high), Severity::info, Severity::high},
      {finding("x/examples/a.c", Severity::critical), Severity::low, Severity::critical},
      {finding("lib/a.c", Severity::high), Severity::high, std::nullopt},
      {finding("src/a.c", Severity::critical), Severity::critical, std::nullopt},  // as it was
      {finding("", Severity::high, AnchorState::none), Severity::high, std::nullopt},
      {finding("src/a.c", Severity::low, AnchorState::file_only), Severity::critical, Severity::low},
      // A place that does not exist does not make a finding harmless.
      {finding("examples/no.c", Severity::critical, AnchorState::unknown_file), Severity::critical, std::nullopt},
      {finding("examples/a.c", Severity::critical, AnchorState::fabricated), Severity::critical, std::nullopt},
  };
  for (const Case& test : cases) {
    std::vector<Finding> findings = {test.finding};
    const auto changed = override_severities(policy, findings);
    ASSERT_TRUE(changed);
    EXPECT_EQ(*changed, test.reported.has_value()) << test.finding.anchor.path;
    EXPECT_EQ(findings[0].severity, test.severity) << test.finding.anchor.path;
    EXPECT_EQ(findings[0].reported, test.reported) << test.finding.anchor.path;
    ASSERT_TRUE(override_severities(policy, findings));  // once more changes nothing
    EXPECT_EQ(findings[0].severity, test.severity);
    EXPECT_EQ(findings[0].reported, test.reported);
  }
}

TEST(Policy, an_override_that_cannot_be_read_is_an_error) {
  Policy policy;
  policy.overrides = {{"[a", Severity::low}};
  std::vector<Finding> findings;
  EXPECT_FALSE(override_severities(policy, findings));
}

TEST(Policy, withholds_forbidden_texts) {
  struct Case {
    std::vector<std::string> forbidden;
    std::string text, shown;
    std::size_t count;
  };
  const std::string mark = "[withheld by policy]";
  const Case cases[] = {
      {{}, "Bluebird", "Bluebird", 0},
      {{""}, "Bluebird", "Bluebird", 0},
      {{"Bluebird"}, "project BLUEbird, bluebird", "project " + mark + ", " + mark, 2},
      {{"blue", "Bluebird"}, "bluebird blue", mark + " " + mark, 2},  // the longest first
      {{"ab"}, "abab", mark + mark, 2},
      {{"aba"}, "ababa", mark + "ba", 1},
      {{"abc", "cd"}, "abcd", mark + "d", 1},
      {{"x"}, "", "", 0},
      {{"longer than the text"}, "short", "short", 0},
      {{"\xC3\xA4rger"}, "Gro\xC3\x9F\x65r \xC3\xA4RGER", "Gro\xC3\x9F\x65r " + mark, 1},
      {{"policy"}, "the policy " + mark, "the " + mark + " " + mark, 1},  // what is withheld stays so
  };
  for (const Case& test : cases) {
    Policy policy;
    policy.forbidden_output = test.forbidden;
    std::size_t count = 10;
    const std::string shown = withhold(policy, test.text, count);
    EXPECT_EQ(shown, test.shown);
    EXPECT_EQ(count, 10 + test.count) << test.text;
    std::size_t again = 0;
    EXPECT_EQ(withhold(policy, shown, again), shown);
    EXPECT_EQ(again, 0U);
  }
}

TEST(Policy, withholds_in_linear_time) {
  Policy policy;
  policy.forbidden_output = {std::string(2'000, 'a') + "b"};
  std::size_t count = 0;
  // Compared place by place this would take two billion steps.
  EXPECT_EQ(withhold(policy, std::string(1'000'000, 'a'), count).size(), 1'000'000U);
  EXPECT_EQ(count, 0U);
}

}  // namespace
}  // namespace assize
