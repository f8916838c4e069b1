#include "core/sarif.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assize {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string log_of(std::string_view results, std::string_view driver = R"("name":"t")") {
  return R"({"version":"2.1.0","runs":[{"tool":{"driver":{)" + std::string(driver) + R"(}},"results":[)" +
         std::string(results) + "]}]}";
}

SarifResult only(std::string_view results, std::string_view driver = R"("name":"t")") {
  const SarifLog log = read_sarif(log_of(results, driver)).value();
  EXPECT_THAT(log.results, SizeIs(1));
  return log.results.empty() ? SarifResult{} : log.results.front();
}

TEST(PathOfUri, takes_the_forms_that_tools_write) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"src/a.c", "src/a.c"},
      {"./src/a.c", "src/a.c"},
      {"%SRCROOT%/src/a.c", "src/a.c"},
      {"file:///home/me/a%20b.c", "/home/me/a b.c"},
      {"file://host/share/a.c", "/share/a.c"},
      {"file:/x/a.c", "/x/a.c"},
      {"file:///C:/x/a.c", "C:/x/a.c"},
      {"src\\a.c", "src/a.c"},
      {"100%.c", "100%.c"},
      {"%zz%41.c", "%zzA.c"},
      {"%41%42.c", "AB.c"},
      {"", ""},
  };
  for (const auto& [uri, path] : cases) EXPECT_EQ(path_of_uri(uri), path) << uri;
}

TEST(Sarif, reads_a_result_whole) {
  const SarifResult result = only(
      R"({"ruleId":"R1","level":"error","message":{"text":"Buffer\noverrun"},"guid":"g","partialFingerprints":{"a/v1":"f1"},
          "fixes":[{"description":{"text":"Check it"}}],
          "locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a%20b.c","uriBaseId":"%SRCROOT%"},
             "region":{"startLine":3,"endLine":5,"snippet":{"text":"\n  x[9] = 1;\n"}}},
             "logicalLocations":[{"fullyQualifiedName":"ns::f"}]}]})",
      R"("name":"cc","rules":[{"id":"R0"},{"id":"R1","fullDescription":{"text":"Long words"},"properties":{"tags":["security"]}}])");
  EXPECT_EQ(result.tool, "cc");
  EXPECT_EQ(result.rule, "R1");
  EXPECT_EQ(result.severity, Severity::high);
  EXPECT_EQ(result.category, Category::security);
  EXPECT_EQ(result.message, "Buffer overrun");
  EXPECT_EQ(result.detail, "Long words");
  EXPECT_EQ(result.fix, "Check it");
  EXPECT_EQ(result.path, "src/a b.c");
  EXPECT_EQ(result.lines, (LineRange{3, 5}));
  EXPECT_EQ(result.quote, "x[9] = 1;");
  EXPECT_EQ(result.symbol, "ns::f");
  EXPECT_EQ(result.fingerprint, "f1");
  EXPECT_EQ(result.where, "/runs/0/results/0");
}

TEST(Sarif, severity_comes_from_score_then_level_then_rank) {
  const std::string_view message = R"("message":{"text":"m"})";
  const std::vector<std::pair<std::string, Severity>> cases = {
      {R"({%,"properties":{"security-severity":"9.8"},"level":"note"})", Severity::critical},
      {R"({%,"properties":{"security-severity":7.0}})", Severity::high},
      {R"({%,"level":"error"})", Severity::high},
      {R"({%,"level":"warning","rank":99})", Severity::medium},
      {R"({%,"level":"note"})", Severity::low},
      {R"({%,"rank":75.5})", Severity::high},
      {R"({%,"rank":-1})", Severity::medium},
      {R"({%,"level":7,"properties":{"security-severity":"high"}})", Severity::medium},
      {R"({%})", Severity::medium},
  };
  for (const auto& [pattern, severity] : cases) {
    std::string text = pattern;
    text.replace(text.find('%'), 1, message);
    EXPECT_EQ(only(text).severity, severity) << text;
  }
}

TEST(Sarif, a_rule_is_found_by_index_by_id_and_in_an_extension) {
  const std::string_view driver =
      R"("name":"t","rules":[{"id":"A","defaultConfiguration":{"level":"error"}},{"id":"B","messageStrings":{"m":{"text":"about {0}"}}}])";
  EXPECT_EQ(only(R"({"ruleIndex":0,"message":{"text":"m"}})", driver).rule, "A");
  EXPECT_EQ(only(R"({"ruleIndex":0,"message":{"text":"m"}})", driver).severity, Severity::high);
  EXPECT_EQ(only(R"({"ruleId":"A","ruleIndex":1,"message":{"text":"m"}})", driver).severity, Severity::high);
  EXPECT_EQ(only(R"({"ruleId":"B","message":{"id":"m","arguments":["x"]}})", driver).message, "about x");
  EXPECT_EQ(only(R"({"ruleIndex":99,"message":{"text":"m"}})", driver).rule, "");
  const SarifLog log = read_sarif(R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"},
      "extensions":[{"name":"e","rules":[{"id":"X"}]}]},
      "results":[{"message":{"text":"m"},"rule":{"index":0,"toolComponent":{"index":0}}}]}]})")
                           .value();
  EXPECT_EQ(log.results.at(0).rule, "X");
}

TEST(Sarif, what_is_no_problem_is_left_out_and_what_is_suppressed_is_kept) {
  const SarifLog log =
      read_sarif(log_of(R"({"kind":"pass","message":{"text":"a"}},{"level":"none","message":{"text":"b"}},
      {"kind":"fail","message":{"text":"c"},"suppressions":[{"kind":"inSource","justification":"old"}]},
      {"message":{"text":"d"},"suppressions":[{"kind":"external","status":"rejected"}]})"))
          .value();
  ASSERT_THAT(log.results, SizeIs(2));
  EXPECT_EQ(log.results[0].suppressed, "old");
  EXPECT_EQ(log.results[1].suppressed, std::nullopt);
}

TEST(Sarif, several_runs_artifacts_and_failures) {
  const SarifLog log = read_sarif(R"({"version":"2.1.0","runs":[
      {"tool":{"driver":{"name":"a"}},"artifacts":[{"location":{"uri":"x.c"}}],
       "results":[{"message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}]}]},
      {"tool":{"driver":{"name":"b"}},"invocations":[{"executionSuccessful":false,
        "toolExecutionNotifications":[{"level":"error","message":{"text":"no config"}}]}]}]})")
                           .value();
  EXPECT_THAT(log.tools, ElementsAre("a", "b"));
  EXPECT_THAT(log.checked, ElementsAre("x.c"));
  EXPECT_EQ(log.results.at(0).path, "x.c");
  EXPECT_THAT(log.failures, ElementsAre(HasSubstr("failed"), HasSubstr("no config")));
}

TEST(Sarif, members_of_the_wrong_type_are_as_good_as_missing) {
  for (const char* text : {R"({"runs":5})", R"({"runs":[1,null,"x",[]]})", R"({"runs":[{"tool":[],"results":{}}]})",
                           R"({"runs":[{"results":[null,5,[],{},{"message":7},{"message":{"text":9}}]}]})"}) {
    const auto log = read_sarif(text);
    ASSERT_TRUE(log) << text;
    EXPECT_THAT(log->results, IsEmpty()) << text;
  }
  const SarifResult result = only(R"({"message":{"text":"m"},"ruleIndex":-3,"locations":[{"physicalLocation":
      {"artifactLocation":{"uri":1},"region":{"startLine":"3","endLine":-1}}}],"suppressions":3,"partialFingerprints":[]})");
  EXPECT_EQ(result.path, "");
  EXPECT_EQ(result.lines, std::nullopt);
  EXPECT_EQ(
      only(R"({"message":{"text":"m"},"locations":[{"physicalLocation":{"region":{"startLine":9,"endLine":2}}}]})")
          .lines,
      (LineRange{9, 9}));
}

TEST(Sarif, what_is_no_sarif_is_an_error) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[]"), std::string("not json"),
                                  std::string(R"({"runs":[)"), std::string(1'000'000, '[')}) {
    EXPECT_FALSE(read_sarif(text)) << text.substr(0, 20);
  }
}

TEST(Sarif, control_characters_never_come_through) {
  const SarifResult result = only("{\"message\":{\"text\":\"a\\u001b[31mb\\u0007\"},\"ruleId\":\"x\\ny\"}");
  EXPECT_EQ(result.message, "ab");
  EXPECT_EQ(result.rule, "x y");
}

}  // namespace
}  // namespace assize
