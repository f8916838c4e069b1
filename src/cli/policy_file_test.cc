#include "cli/policy_file.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

std::string error_of(std::string_view text) {
  const auto file = read_policy(text, "policy.toml");
  if (file) return "(no error)";
  return file.error().message + (file.error().hint.empty() ? "" : " | " + file.error().hint);
}

TEST(PolicyFile, everything_that_a_policy_can_say) {
  const auto file = read_policy(R"(
high_risk_paths = ["src/auth/**", "*.sql"]
focus_areas = ["locking"]
forbidden_output = ["Project Bluebird"]
checklist = "Is there a test?"
doc_links = ["docs/locking.md", "https://example.org/style"]
severity_overrides = [{glob = "docs/**", severity = "low"}]
)",
                                "policy.toml");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const Policy& policy = file->policy;
  EXPECT_EQ(policy.name, "policy.toml");
  EXPECT_EQ(policy.high_risk_paths, (std::vector<std::string>{"src/auth/**", "*.sql"}));
  EXPECT_EQ(policy.focus_areas, std::vector<std::string>{"locking"});
  EXPECT_EQ(policy.forbidden_output, std::vector<std::string>{"Project Bluebird"});
  EXPECT_EQ(policy.checklist, "Is there a test?");
  EXPECT_EQ(policy.doc_links.size(), 2U);
  ASSERT_EQ(policy.overrides.size(), 1U);
  EXPECT_EQ(policy.overrides[0].glob, "docs/**");
  EXPECT_EQ(policy.overrides[0].severity, Severity::low);
  EXPECT_TRUE(file->warnings.empty());
}

TEST(PolicyFile, overrides_may_be_written_as_sections_and_keep_their_order) {
  const auto file = read_policy(
      "[[severity_overrides]]\nseverity = \"high\"\nglob = \"b\"\n[[severity_overrides]]\nglob = \"a\"\nseverity = "
      "\"info\"\n",
      "policy.toml");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  ASSERT_EQ(file->policy.overrides.size(), 2U);
  EXPECT_EQ(file->policy.overrides[0].glob, "b");
  EXPECT_EQ(file->policy.overrides[1].severity, Severity::info);
}

TEST(PolicyFile, a_checklist_may_be_a_list) {
  EXPECT_EQ(read_policy("checklist = [\"a\", \"b \"]", "p")->policy.checklist, "- a\n- b\n");
}

TEST(PolicyFile, an_empty_file_is_a_policy_that_asks_for_nothing) {
  const auto file = read_policy("", "policy.toml");
  ASSERT_TRUE(file.has_value());
  EXPECT_FALSE(file->policy.empty());
  EXPECT_TRUE(read_policy("severity_overrides = []", "p")->policy.overrides.empty());
}

TEST(PolicyFile, what_is_wrong_is_one_line_with_its_position) {
  const std::pair<const char*, const char*> table[] = {
      {"focus_areas = \"locks\"",
       "policy.toml:1:15: focus_areas: 'locks' is not allowed; allowed: a list of texts in quotes"},
      {"focus_areas = [1]",
       "policy.toml:1:15: focus_areas: 'a list with something else than text' is not allowed; allowed: a list of texts "
       "in quotes"},
      {"forbidden_output = [\"x\", \" \"]",
       "policy.toml:1:20: forbidden_output: ' ' is not allowed; allowed: texts that are not empty"},
      {"high_risk_paths = [\"[a\"]",
       "policy.toml:1:19: high_risk_paths: the glob \"[a\" has a bracket that does not close | write \\[ for the "
       "character itself"},
      {"\nchecklist = 3",
       "policy.toml:2:13: checklist: '3' is not allowed; allowed: text in quotes, or a list of texts"},
      {"[checklist]\na = 1",
       "policy.toml:1:1: checklist: 'a table' is not allowed; allowed: text in quotes, or a list of texts"},
      {"severity_overrides = [\"docs\"]",
       "policy.toml:1:22: severity_overrides: 'a list' is not allowed; allowed: a list of {glob = \"GLOB\", severity = "
       "\"SEVERITY\"}"},
      {"severity_overrides = [{glob = \"a\"}]", "policy.toml:1:23: severity_overrides: an entry has no severity"},
      {"severity_overrides = [{severity = \"low\"}]", "policy.toml:1:23: severity_overrides: an entry has no glob"},
      {"severity_overrides = [{glob = \"a\", severity = \"minor\"}]",
       "policy.toml:1:47: severity_overrides.severity: 'minor' is not allowed; allowed: critical, high, medium, low, "
       "info"},
      {"severity_overrides = [{glob = 1, severity = \"low\"}]",
       "policy.toml:1:31: severity_overrides.glob: '1' is not allowed; allowed: text in quotes"},
      {"severity_overrides = [{glob = \"a\", severity = \"low\"}, \"b\"]",
       "policy.toml:1:22: severity_overrides: 'a list with tables and texts' is not allowed; allowed: a list of {glob "
       "= "
       "\"GLOB\", severity = \"SEVERITY\"}"},
  };
  for (const auto& [text, message] : table) EXPECT_EQ(error_of(text), message) << text;
  EXPECT_EQ(error_of("a = ").substr(0, 26), "policy.toml:1:5: not TOML:");
  EXPECT_EQ(error_of(std::string(kMaxPolicyBytes + 1, '#')),
            "policy.toml: 262145 bytes are too many for a policy; at most 262144");
}

TEST(PolicyFile, unknown_keys_are_warnings_with_the_nearest_known_one) {
  const auto file = read_policy(
      "focus_area = [\"x\"]\n[owners]\na = 1\nb = 2\n[[severity_overrides]]\nglob = \"a\"\nseverity = \"low\"\npath = "
      "\"b\"\n",
      "policy.toml");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->warnings,
            (std::vector<std::string>{"policy.toml:1:14: unknown key 'focus_area' (did you mean 'focus_areas'?)",
                                      "policy.toml:2:1: unknown key 'owners'",
                                      "policy.toml:8:8: unknown key 'severity_overrides.path'"}));
}

}  // namespace
}  // namespace assize
