#include "agents/lint.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "agents/lint/engine.h"
#include "core/text.h"

namespace assize {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ScopeLine added(std::uint32_t number, std::string text) {
  return {ScopeLine::Kind::added, number, std::move(text)};
}
ScopeLine context(std::uint32_t number, std::string text) {
  return {ScopeLine::Kind::context, number, std::move(text)};
}

Answer answer_to(ScopeFile file) {
  auto scope = std::make_shared<Scope>();
  scope->files.push_back(std::move(file));
  Call call;
  call.agent = std::make_shared<AgentSpec>(AgentSpec{.id = "lint", .kind = "lint"});
  call.scope = scope;
  return make_lint_adapter()->answer_directly(call).value();
}

std::vector<std::string> rules_in(const Answer& answer) {
  std::vector<std::string> rules;
  const json::value review = json::parse(answer.text);
  for (const json::value& finding : review.at("findings").as_array()) {
    rules.emplace_back(finding.at("rule").as_string());
  }
  return rules;
}

TEST(Lint, answers_in_the_contract_with_the_rule) {
  const Answer answer = answer_to({.path = "a.py", .lines = {added(7, "def f(x=[]):")}, .post_image = nullptr});
  EXPECT_FALSE(answer.error);
  const json::object review = json::parse(answer.text).as_object();
  EXPECT_EQ(review.at("verdict"), "comment");
  EXPECT_EQ(review.at("checked"), json::value({"a.py"}));
  const json::object finding = review.at("findings").at(0).as_object();
  EXPECT_EQ(finding.at("rule"), "py.mutable-default");
  EXPECT_EQ(finding.at("file"), "a.py");
  EXPECT_EQ(finding.at("line"), 7);
  EXPECT_EQ(finding.at("quote"), "def f(x=[]):");
  EXPECT_EQ(finding.at("severity"), "medium");
}

TEST(Lint, looks_at_added_lines_alone_and_uses_the_others_to_understand_them) {
  EXPECT_THAT(
      rules_in(answer_to({.path = "a.c", .lines = {context(1, "gets(a);"), added(2, "f();")}, .post_image = nullptr})),
      IsEmpty());
  EXPECT_THAT(rules_in(answer_to(
                  {.path = "a.c", .lines = {context(1, "/* old:"), added(2, "gets(a);")}, .post_image = nullptr})),
              IsEmpty());
  EXPECT_THAT(rules_in(answer_to({.path = "a.c",
                                  .lines = {{ScopeLine::Kind::removed, 1, "/*"}, added(1, "gets(a);")},
                                  .post_image = nullptr})),
              ElementsAre("c.gets"));
}

TEST(Lint, uses_the_whole_file_when_it_is_the_one_of_the_change) {
  const auto image = std::make_shared<const std::string>("/*\n\n\ngets(a);\n*/\n");
  EXPECT_THAT(rules_in(answer_to({.path = "a.c", .lines = {added(4, "gets(a);")}, .post_image = image})), IsEmpty());
  const auto stale = std::make_shared<const std::string>("/*\n\n\nsomething else\n*/\n");
  EXPECT_THAT(rules_in(answer_to({.path = "a.c", .lines = {added(4, "gets(a);")}, .post_image = stale})),
              ElementsAre("c.gets"));
}

TEST(Lint, never_repeats_a_secret) {
  const std::string secret =
      "ghp_"
      "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zA7bC";
  const Answer answer = answer_to({.path = "a.py",
                                   .lines = {added(1, "requests.get(u, verify=False, auth='" + secret + "')")},
                                   .post_image = nullptr});
  EXPECT_THAT(rules_in(answer), ElementsAre("secret.github-token", "py.tls-off"));
  EXPECT_THAT(answer.text, Not(HasSubstr(secret)));
  EXPECT_THAT(answer.text, HasSubstr("request_changes"));
}

TEST(Lint, finds_secrets_in_files_that_it_has_no_rules_for_and_does_not_say_it_checked_them) {
  const Answer answer = answer_to({.path = "notes.txt", .lines = {added(1, "<<<<<<< HEAD")}, .post_image = nullptr});
  EXPECT_THAT(rules_in(answer), ElementsAre("any.merge-marker"));
  EXPECT_TRUE(json::parse(answer.text).at("checked").as_array().empty());
}

TEST(Lint, without_files_is_not_applicable) {
  Call call;
  call.agent = std::make_shared<AgentSpec>();
  EXPECT_EQ(make_lint_adapter()->answer_directly(call)->error->kind, CallErrorKind::not_applicable);
  call.scope = std::make_shared<Scope>();
  EXPECT_EQ(make_lint_adapter()->answer_directly(call)->error->kind, CallErrorKind::not_applicable);
}

TEST(Lint, a_flood_of_one_rule_is_cut_and_said) {
  ScopeFile file{.path = "a.c", .lines = {}, .post_image = nullptr};
  for (std::uint32_t i = 1; i <= 1000; ++i) file.lines.push_back(added(i, "gets(a);"));
  const Answer answer = answer_to(std::move(file));
  EXPECT_EQ(rules_in(answer).size(), lint::kMaxHitsPerRuleAndFile);
  EXPECT_THAT(answer.warnings, ElementsAre(HasSubstr("980 more")));
}

TEST(Lint, a_line_that_a_program_wrote_is_searched_for_secrets_alone) {
  const std::string secret = std::string("ghp_") + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zA7bC";
  const std::string line = "eval(x); gets(a);" + std::string(lint::kMaxCodeLine, ' ') + "k='" + secret + "'";
  EXPECT_THAT(rules_in(answer_to({.path = "a.js", .lines = {added(1, line)}, .post_image = nullptr})),
              ElementsAre("secret.github-token"));
}

TEST(Lint, takes_any_bytes) {
  const std::string bytes = "gets(\xff\xfe\x00\x1b[31m);\r";
  const Answer answer = answer_to({.path = "a\xff.c", .lines = {added(1, bytes)}, .post_image = nullptr});
  EXPECT_TRUE(is_valid_utf8(answer.text));
  EXPECT_THAT(rules_in(answer), ElementsAre("c.gets"));
}

TEST(Lint, is_always_there_and_starts_nothing) {
  const auto adapter = make_lint_adapter();
  EXPECT_EQ(adapter->kind(), "lint");
  EXPECT_TRUE(adapter->version_args().empty());
  EXPECT_FALSE(adapter->invocation({}, {}, {}, FileTools::none));
}

TEST(LanguageOf, goes_by_name_then_by_first_line) {
  using lint::Language;
  const std::vector<std::tuple<std::string, std::string, Language>> cases = {
      {"a/b.c", "", Language::c},
      {"a.CC", "", Language::cpp},
      {"x.tsx", "", Language::typescript},
      {"Dockerfile", "", Language::dockerfile},
      {"deploy/Dockerfile.prod", "", Language::dockerfile},
      {"bin/run", "#!/bin/sh", Language::shell},
      {"bin/run", "#!/usr/bin/env -S python3 -u", Language::python},
      {"bin/run", "", Language::other},
      {".github/workflows/ci.yml", "", Language::yaml},
      {".bashrc", "#!/bin/bash", Language::shell},
      {"v1.2/run", "#!/bin/bash", Language::shell},
  };
  for (const auto& [path, line, language] : cases) EXPECT_EQ(lint::language_of(path, line), language) << path;
}

}  // namespace
}  // namespace assize
