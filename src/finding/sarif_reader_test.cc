#include "finding/sarif_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assize {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SarifReader, makes_findings_of_several_tools_with_ids_of_their_own) {
  const auto read = read_sarif_findings(R"({"version":"2.1.0","runs":[
      {"tool":{"driver":{"name":"Clang Static/Analyzer"}},"results":[
        {"ruleId":"core.Null","level":"error","message":{"text":"Null"},"locations":[{"physicalLocation":
          {"artifactLocation":{"uri":"file:///src/a.c"},"region":{"startLine":4}}}]},
        {"message":{"text":"Two"}}]},
      {"tool":{"driver":{"name":"b"}},"results":[{"message":{"text":"Three"},"suppressions":[{"kind":"inSource"}]}]}]})",
                                        "x.sarif");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->findings.size(), 3U);
  const Finding& first = read->findings[0];
  EXPECT_EQ(first.id, "Clang-Static-Analyzer-1");
  EXPECT_EQ(first.agent, "Clang-Static-Analyzer");
  EXPECT_EQ(first.severity, Severity::high);
  EXPECT_EQ(first.rule, "core.Null");
  EXPECT_EQ(first.cited.path, "/src/a.c");
  EXPECT_EQ(first.cited.lines, (LineRange{4, 4}));
  EXPECT_EQ(read->findings[1].id, "Clang-Static-Analyzer-2");
  EXPECT_TRUE(read->findings[1].severity_guessed);
  EXPECT_EQ(read->findings[2].id, "b-1");
}

TEST(SarifReader, a_suppressed_result_stays_visible_as_info) {
  const auto read = read_sarif_findings(
      R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"b"}},"results":[
         {"level":"error","message":{"text":"m"},"suppressions":[{"kind":"inSource","justification":"legacy"}]}]}]})",
      "x");
  EXPECT_EQ(read->findings.at(0).severity, Severity::info);
  EXPECT_THAT(read->findings.at(0).detail, HasSubstr("legacy"));
}

TEST(SarifReader, errors_and_warnings_name_the_file) {
  EXPECT_THAT(read_sarif_findings("{}", "x.sarif").error().message, HasSubstr("x.sarif: "));
  EXPECT_THAT(read_sarif_findings(R"({"version":"1.0.0","runs":[]})", "x.sarif")->warnings,
              ElementsAre(HasSubstr("x.sarif: the log says version")));
}

}  // namespace
}  // namespace assize
