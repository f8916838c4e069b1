// Every rule against its own proofs, through the whole pipeline: masking, prefilter, pattern, guard.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "agents/lint/engine.h"
#include "core/text.h"

namespace assize::lint {
namespace {

// A file of a language that the rule is for, all of whose lines are added.
std::string path_for(const Rule& rule, Language language) {
  if (!rule.path.empty()) return std::string(rule.path);
  switch (language) {
    case Language::c:
      return "src/x.c";
    case Language::cpp:
      return "src/x.cc";
    case Language::python:
      return "src/x.py";
    case Language::javascript:
      return "src/x.js";
    case Language::typescript:
      return "src/x.ts";
    case Language::go:
      return "src/x.go";
    case Language::java:
      return "src/X.java";
    case Language::rust:
      return "src/x.rs";
    case Language::shell:
      return "src/x.sh";
    case Language::sql:
      return "src/x.sql";
    case Language::yaml:
      return "src/x.yaml";
    case Language::dockerfile:
      return "Dockerfile";
    case Language::other:
      return "src/notes.txt";
  }
  return "x.txt";
}

Language first_language(const Rule& rule) {
  if (rule.languages.is_any()) return Language::other;
  for (const Language language :
       {Language::c, Language::cpp, Language::python, Language::javascript, Language::typescript, Language::go,
        Language::java, Language::rust, Language::shell, Language::sql, Language::yaml, Language::dockerfile}) {
    if (rule.languages.has(language)) return language;
  }
  return Language::other;
}

enum class Image { known, unknown };

Scope scope_of(const std::string& path, std::string_view text, Image image) {
  ScopeFile file;
  file.path = path;
  std::uint32_t number = 0;
  for (const std::string_view line : split_lines(text)) {
    file.lines.push_back({ScopeLine::Kind::added, ++number, std::string(line)});
  }
  if (image == Image::known) file.post_image = std::make_shared<const std::string>(text);
  Scope scope;
  scope.files.push_back(std::move(file));
  return scope;
}

bool fires(const Rule& rule, const Scope& scope) {
  const Report report = run_rules(scope, std::span<const Rule>(&rule, 1));
  return !report.hits.empty();
}

class RuleTest : public testing::TestWithParam<Rule> {};

TEST_P(RuleTest, flags_and_passes_what_its_proofs_say) {
  const Rule& rule = GetParam();
  const std::string path = path_for(rule, first_language(rule));
  ASSERT_FALSE(rule.flags.empty());
  ASSERT_FALSE(rule.passes.empty());
  for (const std::string_view example : rule.flags) {
    EXPECT_TRUE(fires(rule, scope_of(path, example, Image::known))) << rule.id << " must flag: " << example;
  }
  for (const std::string_view example : rule.passes) {
    EXPECT_FALSE(fires(rule, scope_of(path, example, Image::known))) << rule.id << " must pass: " << example;
    EXPECT_FALSE(fires(rule, scope_of(path, example, Image::unknown))) << rule.id << " must pass: " << example;
  }
}

TEST_P(RuleTest, says_what_is_wrong_and_what_to_do) {
  const Rule& rule = GetParam();
  EXPECT_FALSE(rule.title.empty());
  EXPECT_FALSE(rule.detail.empty());
  EXPECT_FALSE(rule.fix.empty());
  EXPECT_LT(rule.title.size(), 120U);
  EXPECT_NE(rule.severity, Severity::critical) << "no pattern alone is sure enough for that";
  if (rule.severity == Severity::high) {
    EXPECT_GE(rule.confidence, 0.7) << "high needs to be likely";
  }
  for (const std::string_view word : rule.keywords) EXPECT_EQ(word, to_lower_ascii(word));
}

std::string name_of(const testing::TestParamInfo<Rule>& info) {
  std::string name(info.param.id);
  for (char& c : name) {
    if (c == '.' || c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rules, RuleTest, testing::ValuesIn(all_rules()), name_of);

TEST(Rules, have_unique_ids_and_cover_every_language) {
  std::set<std::string_view> ids;
  std::uint32_t covered = 0;
  for (const Rule& rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    if (rule.languages.is_any()) continue;
    for (std::uint32_t bit = 1; bit <= static_cast<std::uint32_t>(Language::dockerfile); bit <<= 1U) {
      if (rule.languages.has(static_cast<Language>(bit))) covered |= bit;
    }
  }
  EXPECT_GE(ids.size(), 30U);
  EXPECT_EQ(covered, 2 * static_cast<std::uint32_t>(Language::dockerfile) - 1);
}

TEST(Rules, are_all_listed_in_the_documentation) {
  const std::filesystem::path page =
      std::filesystem::path(__FILE__).parent_path() / ".." / ".." / ".." / "docs" / "analysers.md";
  std::ifstream file(page);
  if (!file) GTEST_SKIP() << page << " is not there: built away from its sources";
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const Rule& rule : all_rules()) {
    const std::string row = "| `" + std::string(rule.id) + "` | " + std::string(to_string(rule.severity)) + " |";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace assize::lint
