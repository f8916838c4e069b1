#include "report/sarif.h"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include "report/report_fixture.h"

namespace assize {
namespace {

namespace bj = boost::json;

bj::value run_of(const Outcome& outcome) {
  return bj::parse(render_sarif(outcome)).at("runs").at(0);
}

TEST(Sarif, has_one_result_a_group_with_a_stable_rule) {
  const bj::value run = run_of(fixture::rich_outcome());
  std::vector<std::string> rules;
  for (const bj::value& result : run.at("results").as_array()) {
    rules.emplace_back(result.at("ruleId").as_string());
    // The index points at the rule of that name.
    EXPECT_EQ(run.at("tool")
                  .at("driver")
                  .at("rules")
                  .at(static_cast<std::size_t>(result.at("ruleIndex").as_int64()))
                  .at("id"),
              result.at("ruleId"));
  }
  EXPECT_THAT(rules, testing::ElementsAre("assize/bug", "lint/py-eval", "assize/test-gap", "cppcheck/unreadVariable",
                                          "assize/performance"));
}

TEST(Sarif, maps_severities_to_levels) {
  Outcome outcome = fixture::rich_outcome();
  const std::pair<Severity, std::string> levels[] = {{Severity::critical, "error"},
                                                     {Severity::high, "error"},
                                                     {Severity::medium, "warning"},
                                                     {Severity::low, "note"},
                                                     {Severity::info, "note"}};
  for (const auto& [severity, level] : levels) {
    outcome.groups.front().severity = severity;
    EXPECT_EQ(run_of(outcome).at("results").at(0).at("level").as_string(), level);
  }
}

TEST(Sarif, places_are_encoded_relative_and_have_lines) {
  const bj::value run = run_of(fixture::rich_outcome());
  const auto physical = [&](std::size_t result) {
    return run.at("results").at(result).at("locations").at(0).at("physicalLocation");
  };
  EXPECT_EQ(physical(1).at("artifactLocation").at("uri").as_string(), "src/%C3%BCbung.py");
  EXPECT_EQ(physical(1).at("artifactLocation").at("uriBaseId").as_string(), "%SRCROOT%");
  EXPECT_EQ(physical(0).at("region").at("startLine").as_int64(), 42);
  EXPECT_EQ(physical(0).at("region").at("endLine").as_int64(), 44);
  EXPECT_EQ(physical(0).at("region").at("snippet").at("text").as_string(), "    free(buf);");
  // Removed lines do not exist in the file that is shown.
  EXPECT_EQ(physical(2).at("region").at("startLine").as_int64(), 1);
  EXPECT_EQ(run.at("results").at(2).at("locations").at(0).at("message").at("text").as_string(),
            "About removed lines, at 38 of the old file.");
}

TEST(Sarif, a_path_that_leaves_the_tree_is_never_written) {
  Outcome outcome = fixture::rich_outcome();
  for (const std::string path : {"../../etc/passwd", "/etc/passwd", ""}) {
    outcome.findings.at(2).cited.path = path;
    const bj::value result = run_of(outcome).at("results").at(4);
    EXPECT_EQ(result.at("locations").at(0).at("physicalLocation").at("artifactLocation").at("uri").as_string(),
              "src/store.c");
    EXPECT_EQ(result.at("locations").at(0).at("message").at("text").as_string(),
              "The reviewer names no file; shown at the first one.");
  }
}

TEST(Sarif, keeps_other_members_and_fingerprints) {
  const bj::value result = run_of(fixture::rich_outcome()).at("results").at(0);
  EXPECT_EQ(result.at("relatedLocations").as_array().size(), 2U);
  EXPECT_EQ(result.at("relatedLocations").at(0).at("message").at("text").as_string(), "codex: Double free of buf");
  EXPECT_EQ(result.at("partialFingerprints").at("assizeGroup/v1").as_string(), std::string(31, '0') + "1");
}

TEST(Sarif, suppresses_what_was_refuted_and_nothing_else) {
  const bj::value run = run_of(fixture::debated_outcome());
  EXPECT_EQ(run.at("results").as_array().size(), 6U);
  EXPECT_EQ(run.at("results").at(2).at("suppressions").at(0).at("kind").as_string(), "external");
  EXPECT_EQ(run.at("results").at(2).at("suppressions").at(0).at("status").as_string(), "accepted");
  EXPECT_EQ(run.at("results").at(2).at("suppressions").at(0).at("justification").as_string(),
            "claude and codex refute it, without a line that exists for evidence");
  for (const bj::value& result : run.at("results").as_array()) {
    const bool refuted = result.at("properties").at("status").as_string() == "unsupported";
    EXPECT_EQ(result.at("suppressions").as_array().size(), refuted ? 1U : 0U);
  }
}

TEST(Sarif, tells_of_agents_that_gave_no_review) {
  const bj::value run = run_of(fixture::rich_outcome());
  EXPECT_EQ(run.at("tool").at("extensions").as_array().size(), 6U);
  EXPECT_EQ(run.at("tool").at("extensions").at(0).at("properties").at("model").as_string(), "claude-test-1");
  const bj::value& invocation = run.at("invocations").at(0);
  EXPECT_TRUE(invocation.at("executionSuccessful").as_bool());
  const bj::value& first = invocation.at("toolExecutionNotifications").at(0);
  EXPECT_EQ(first.at("descriptor").at("id").as_string(), "assize/agent-unavailable");
  EXPECT_EQ(first.at("message").at("text").as_string(), "gemini: not logged in: run `gemini` once");
  EXPECT_EQ(run.at("properties").at("decision").at("value").as_string(), "FAIL");

  Outcome silent = fixture::rich_outcome();
  silent.decision.value = DecisionValue::inconclusive;
  EXPECT_FALSE(run_of(silent).at("invocations").at(0).at("executionSuccessful").as_bool());
}

TEST(Sarif, tells_status_and_tally) {
  const bj::value run = run_of(fixture::debated_outcome());
  const bj::value& properties = run.at("results").at(4).at("properties");
  EXPECT_EQ(properties.at("status").as_string(), "disputed");
  EXPECT_EQ(properties.at("statusReason").as_string(),
            "disputed in the debate: claude, codex against it, nobody for it");
  EXPECT_EQ(properties.at("tally").at("against").as_array().size(), 2U);
  EXPECT_EQ(run.at("results").at(1).at("properties").at("suggestedSeverity").as_string(), "medium");
  EXPECT_THAT(
      std::string(run.at("results").at(0).at("message").at("text").as_string()),
      testing::HasSubstr("\n\njudge, verified: Both frees are on the error path. (src/store.c:44)\n\nRaised by"));
  EXPECT_EQ(run.at("properties").at("budget").at("spent").at("tokens").as_int64(), 48'123);
}

TEST(Sarif, notifies_of_how_the_run_went_and_of_what_an_analyser_left_out) {
  Outcome outcome = fixture::debated_outcome();
  outcome.panel.at(5).warnings = {"600 files were not analysed"};
  std::vector<std::string> told;
  const bj::value run = run_of(outcome);
  for (const bj::value& notification : run.at("invocations").at(0).at("toolExecutionNotifications").as_array()) {
    const bj::value& descriptor = notification.at("descriptor");
    told.push_back(std::string(descriptor.at("id").as_string()) + " " +
                   std::string(notification.at("message").at("text").as_string()));
    EXPECT_EQ(run.at("tool")
                  .at("driver")
                  .at("notifications")
                  .at(static_cast<std::size_t>(descriptor.at("index").as_int64()))
                  .at("id"),
              descriptor.at("id"));
  }
  EXPECT_THAT(told, testing::Contains("assize/warning cppcheck: 600 files were not analysed"));
  EXPECT_THAT(told, testing::Contains("assize/procedure 3 rounds, 2 of debate: the run's budget is used up."));
  EXPECT_THAT(told, testing::Contains(testing::StartsWith("assize/no-valid-review local: 1 of 3 parts")));
  EXPECT_THAT(told, testing::Not(testing::Contains(testing::HasSubstr("judge:"))));
}

TEST(Sarif, an_agents_text_makes_no_link_and_no_placeholder) {
  Outcome outcome = fixture::rich_outcome();
  outcome.findings.front().title = "see [here](https://evil.example) {0}\x1b[31m";
  const std::string message(run_of(outcome).at("results").at(0).at("message").at("text").as_string());
  EXPECT_THAT(message, testing::StartsWith("see [here] (https://evil.example) { 0}\n"));
}

}  // namespace
}  // namespace assize
