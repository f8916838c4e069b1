#include "trial/depth.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

std::string diff(const std::string& path, int lines) {
  std::string text = fmt::format("diff --git a/{0} b/{0}\n--- a/{0}\n+++ b/{0}\n@@ -0,0 +1,{1} @@\n", path, lines);
  for (int i = 0; i < lines; ++i) text += "+x\n";
  return text;
}

RiskReport risk_of_patch(const std::string& patch, const Policy& policy = {}) {
  Change change;
  auto parsed = parse_patch(patch);
  EXPECT_TRUE(parsed);
  if (parsed) change.files = std::move(parsed->files);
  return risk_of(change, make_plan(change, {}).value(), policy);
}

TEST(Depth, follows_from_paths_and_size) {
  struct Case {
    std::vector<std::pair<std::string, int>> files;
    Risk risk;
    std::string reason;
  };
  const Case cases[] = {
      {{{"src/a.c", 15}}, Risk::low, "15 changed lines in 1 file"},
      {{{"src/a.c", 7}, {"src/b.c", 8}}, Risk::low, "15 changed lines in 2 files"},
      {{{"src/a.c", 16}}, Risk::medium, "16 changed lines in 1 file"},
      {{{"a.c", 1}, {"b.c", 1}, {"c.c", 1}}, Risk::medium, "3 changed lines in 3 files"},
      {{{"src/a.c", 400}}, Risk::medium, "400 changed lines in 1 file"},
      {{{"src/a.c", 401}}, Risk::high, "401 changed lines in 1 file: more than 400 lines or 20 files"},
      {{{"README.md", 90}, {"docs/x.rst", 90}, {"LICENSE", 1}},
       Risk::low,
       "documentation, tests and generated files alone"},
      {{{"x_test.go", 90}, {"tests/y.py", 90}, {"src/FooTest.java", 9}, {"a.spec.ts", 9}},
       Risk::low,
       "documentation, tests and generated files alone"},
      {{{"README.md", 900}}, Risk::high, "900 changed lines in 1 file: more than 400 lines or 20 files"},
      {{{"requirements.txt", 20}}, Risk::medium, "20 changed lines in 1 file"},
      {{{"CMakeLists.txt", 20}}, Risk::medium, "20 changed lines in 1 file"},
      {{{"CLAUDE.md", 20}}, Risk::medium, "20 changed lines in 1 file"},  // instructions, not prose
      {{{"src/contest.c", 20}}, Risk::medium, "20 changed lines in 1 file"},
      {{{"src/auth/user.c", 1}}, Risk::high, "src/auth/user.c is security-sensitive by its name (\"auth\")"},
      {{{"src/JWTVerifier.java", 1}}, Risk::high, "src/JWTVerifier.java is security-sensitive by its name (\"jwt\")"},
      {{{"lib/myOAuth2Flow.ts", 1}}, Risk::high, "lib/myOAuth2Flow.ts is security-sensitive by its name (\"auth\")"},
      {{{"lib/reset-password.ts", 1}},
       Risk::high,
       "lib/reset-password.ts is security-sensitive by its name (\"password\")"},
      {{{".github/workflows/ci.yml", 1}},
       Risk::high,
       ".github/workflows/ci.yml is security-sensitive by its name (\"workflows\")"},
      {{{"tests/login_test.py", 1}}, Risk::high, "tests/login_test.py is security-sensitive by its name (\"login\")"},
      {{{"docs/authentication.md", 1}}, Risk::low, "documentation, tests and generated files alone"},
      {{{"src/author.c", 1}, {"src/tokens.c", 1}}, Risk::low, "2 changed lines in 2 files"},  // whole words only
      {{{"package-lock.json", 9'000}}, Risk::low, "nothing is reviewed"},
      {{{"package-lock.json", 9'000}, {"a.c", 1}}, Risk::low, "1 changed line in 1 file"},
      {{{"app.min.js", 9'000}, {"a.c", 1}},
       Risk::medium,
       "1 changed line in 1 file, and a file that may carry code was set aside"},
  };
  for (const Case& test : cases) {
    std::string patch;
    for (const auto& [path, lines] : test.files) patch += diff(path, lines);
    const RiskReport report = risk_of_patch(patch);
    EXPECT_EQ(report.risk, test.risk) << test.files[0].first;
    EXPECT_EQ(report.reason, test.reason);
  }
  std::string many;
  for (int i = 0; i < 21; ++i) many += diff(fmt::format("{}.c", i), 1);
  EXPECT_EQ(risk_of_patch(many).reason, "21 changed lines in 21 files: more than 400 lines or 20 files");
}

TEST(Depth, the_policy_names_paths_of_high_risk) {
  Policy policy;
  policy.high_risk_paths = {"db/**", "*.lock", "!db/README.md"};
  EXPECT_EQ(risk_of_patch(diff("db/a.c", 1), policy).reason, "db/a.c is of high risk by the policy (db/**)");
  EXPECT_EQ(risk_of_patch(diff("db/README.md", 1), policy).risk, Risk::low);
  EXPECT_EQ(risk_of_patch(diff("yarn.lock", 1), policy).risk, Risk::high);  // though it is set aside
  EXPECT_EQ(risk_of_patch("diff --git a/db/a.c b/x.c\nrename from db/a.c\nrename to x.c\n", policy).risk, Risk::high);
  EXPECT_EQ(risk_of_patch(diff("src/a.c", 1), policy).risk, Risk::low);
  policy.high_risk_paths = {"[a"};
  EXPECT_EQ(risk_of_patch(diff("src/a.c", 1), policy).risk, Risk::high);
}

TEST(Depth, where_a_file_comes_from_counts_too) {
  EXPECT_EQ(risk_of_patch("diff --git a/login.c b/x.c\nrename from login.c\nrename to x.c\n").risk, Risk::high);
  std::string code =
      "diff --git a/x.c b/x.md\nrename from x.c\nrename to x.md\n--- a/x.c\n+++ b/x.md\n@@ -0,0 +1,20 @@\n";
  for (int i = 0; i < 20; ++i) code += "+x\n";
  EXPECT_EQ(risk_of_patch(code).risk, Risk::medium);
}

TEST(Depth, counts_the_lines_of_a_combined_diff) {
  std::string patch = "diff --cc m.c\nindex 1,2..3\n--- a/m.c\n+++ b/m.c\n@@@ -1,1 -1,1 +1,40 @@@\n  same\n";
  for (int i = 0; i < 20; ++i) patch += i % 2 == 0 ? "++both\n" : " +one\n";
  EXPECT_EQ(risk_of_patch(patch).reason, "20 changed lines in 1 file");
}

TEST(Depth, a_reason_is_safe_to_print) {
  const RiskReport report = risk_of_patch(diff("auth\x1b[31m.c", 1));
  EXPECT_EQ(report.reason.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace assize
