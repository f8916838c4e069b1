#include "trial/gate.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

AgentReport reviewer(std::string id, std::string vendor, ReviewStatus status) {
  AgentReport agent;
  agent.id = std::move(id);
  agent.vendor = std::move(vendor);
  agent.available = true;
  agent.status = status;
  return agent;
}

AgentReport analyser(std::string id, ReviewStatus status) {
  AgentReport agent = reviewer(std::move(id), "", status);
  agent.role = AgentRole::analyser;
  return agent;
}

FileCoverage shown(std::string path, std::vector<std::string> agents) {
  FileCoverage file;
  file.path = std::move(path);
  file.hunks.push_back({{1, 3}, std::move(agents)});
  return file;
}

Group group(std::string id, Severity severity, AgreementLevel level, std::vector<std::string> agents) {
  Group g;
  g.id = std::move(id);
  g.severity = severity;
  g.agreement.level = level;
  g.agents = std::move(agents);
  g.anchored = true;
  return g;
}

// Three reviewers of three vendors who all read the one file and found nothing.
Outcome clean() {
  Outcome outcome;
  outcome.panel = {reviewer("a", "va", ReviewStatus::clean), reviewer("b", "vb", ReviewStatus::clean),
                   reviewer("c", "vc", ReviewStatus::clean)};
  outcome.coverage = {shown("x.c", {"a", "b", "c"})};
  return outcome;
}

struct Case {
  std::string name;
  Outcome outcome;
  GateSettings settings;
  DecisionValue value;
  int exit;
  std::string rule;
};

template <class Edit>
Case with(std::string name, Edit edit, DecisionValue value, int exit, std::string rule) {
  Case c{std::move(name), clean(), {}, value, exit, std::move(rule)};
  edit(c.outcome, c.settings);
  return c;
}

TEST(Gate, decides_by_the_first_rule_that_applies) {
  using enum DecisionValue;
  const std::vector<Case> cases = {
      with(
          "all clean", [](Outcome&, GateSettings&) {}, pass, 0, "all_clear"),
      with(
          "two agree on a high",
          [](Outcome& o, GateSettings&) {
            o.groups = {group("G1", Severity::high, AgreementLevel::majority, {"a", "b"})};
          },
          fail, 1, "blocking_group"),
      with(
          "two agree on a medium",
          [](Outcome& o, GateSettings&) {
            o.groups = {group("G1", Severity::medium, AgreementLevel::majority, {"a", "b"})};
          },
          pass, 0, "all_clear"),
      with(
          "a lone critical",
          [](Outcome& o, GateSettings&) {
            o.groups = {group("G1", Severity::critical, AgreementLevel::single, {"a"})};
          },
          escalate, 4, "unverified_blocking_group"),
      with(
          "a lone critical may fail",
          [](Outcome& o, GateSettings& s) {
            o.groups = {group("G1", Severity::critical, AgreementLevel::single, {"a"})};
            s.unverified = UnverifiedPolicy::fail;
          },
          fail, 1, "unverified_blocking_group"),
      with(
          "a lone critical may be ignored",
          [](Outcome& o, GateSettings& s) {
            o.groups = {group("G1", Severity::critical, AgreementLevel::single, {"a"})};
            s.unverified = UnverifiedPolicy::ignore;
          },
          pass, 0, "all_clear"),
      with(
          "agreed on but nowhere in the change",
          [](Outcome& o, GateSettings&) {
            o.groups = {group("G1", Severity::high, AgreementLevel::majority, {"a", "b"})};
            o.groups[0].anchored = false;
          },
          escalate, 4, "unverified_blocking_group"),
      with(
          "a critical that nothing anchors, in a milder group",
          [](Outcome& o, GateSettings&) {
            o.groups = {group("G1", Severity::low, AgreementLevel::majority, {"a", "b"})};
            o.groups[0].highest_severity = Severity::critical;
          },
          escalate, 4, "unverified_blocking_group"),
      with(
          "an unsupported group does not block",
          [](Outcome& o, GateSettings&) {
            o.groups = {group("G1", Severity::high, AgreementLevel::majority, {"a", "b"})};
            o.groups[0].status = GroupStatus::unsupported;
          },
          pass, 0, "all_clear"),
      with(
          "asks for changes, finds nothing",
          [](Outcome& o, GateSettings&) { o.panel[0].verdict = Verdict::request_changes; }, escalate, 4,
          "unverified_blocking_group"),
      with(
          "one of three silent",
          [](Outcome& o, GateSettings&) {
            o.panel[2].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          partial, 0, "some_agents_failed"),
      with(
          "one of three silent, strict",
          [](Outcome& o, GateSettings& s) {
            o.panel[2].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "b"})};
            s.strict = Strict::yes;
          },
          partial, 1, "some_agents_failed"),
      with(
          "all silent",
          [](Outcome& o, GateSettings&) {
            for (auto& agent : o.panel) agent.status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "silence never passes, whatever is configured",
          [](Outcome& o, GateSettings& s) {
            for (auto& agent : o.panel) agent.status = ReviewStatus::no_contract;
            o.coverage = {shown("x.c", {})};
            s.min_reviews = 0;
            s.min_vendors = 0;
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "two vendors needed, one left",
          [](Outcome& o, GateSettings&) {
            o.panel[1].vendor = "va";
            o.panel[2].status = ReviewStatus::unavailable;
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "an optional agent that is not there leaves the denominators",
          [](Outcome& o, GateSettings&) {
            o.panel[1].available = o.panel[2].available = false;
            o.panel[1].optional = o.panel[2].optional = true;
            o.panel[1].status = o.panel[2].status = ReviewStatus::unavailable;
            o.coverage = {shown("x.c", {"a"})};
          },
          pass, 0, "all_clear"),
      with(
          "a hunk that too few covered", [](Outcome& o, GateSettings&) { o.coverage.push_back(shown("y.c", {"a"})); },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "too few reviews do not hide what they agree on",
          [](Outcome& o, GateSettings& s) {
            o.groups = {group("G1", Severity::high, AgreementLevel::majority, {"a", "b"})};
            s.min_reviews = 4;
          },
          fail, 1, "blocking_group"),
      with(
          "too few reviews with a lone critical",
          [](Outcome& o, GateSettings& s) {
            o.groups = {group("G1", Severity::critical, AgreementLevel::single, {"a"})};
            s.min_reviews = 4;
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "a risky file was set aside",
          [](Outcome& o, GateSettings&) {
            o.coverage.push_back({.path = "lib.so", .set_aside = SetAside::binary, .risky = true});
          },
          escalate, 4, "unreviewed_risky"),
      with(
          "a risky file was set aside, only to be reported",
          [](Outcome& o, GateSettings& s) {
            o.coverage.push_back({.path = "lib.so", .set_aside = SetAside::binary, .risky = true});
            s.unreviewed = UnreviewedPolicy::report;
          },
          pass, 0, "all_clear"),
      with(
          "anything set aside may fail",
          [](Outcome& o, GateSettings& s) {
            o.coverage.push_back({.path = "logo.png", .set_aside = SetAside::binary});
            s.unreviewed = UnreviewedPolicy::fail;
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "an interrupted run decides nothing",
          [](Outcome& o, GateSettings&) {
            o.panel[2].status = ReviewStatus::unavailable;
            o.panel[2].error = CallError{.kind = CallErrorKind::cancelled};
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "a reviewer that was given part of the prompt",
          [](Outcome& o, GateSettings&) {
            o.panel[2].status = ReviewStatus::unavailable;
            o.panel[2].error = CallError{.kind = CallErrorKind::prompt_truncated};
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "an empty change",
          [](Outcome& o, GateSettings& s) {
            o.coverage.clear();
            for (auto& agent : o.panel) agent.status = ReviewStatus::unavailable;
            s.strict = Strict::yes;
          },
          partial, 0, "nothing_to_review"),
      with(
          "only pictures",
          [](Outcome& o, GateSettings&) {
            o.coverage = {{.path = "logo.png", .set_aside = SetAside::binary}};
            for (auto& agent : o.panel) agent.status = ReviewStatus::unavailable;
          },
          partial, 0, "nothing_reviewable"),
      with(
          "everything excluded",
          [](Outcome& o, GateSettings&) { o.coverage = {{.path = "x.c", .set_aside = SetAside::excluded}}; },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "nothing included, beside a picture",
          [](Outcome& o, GateSettings&) {
            o.coverage = {{.path = "logo.png", .set_aside = SetAside::binary},
                          {.path = "x.c", .set_aside = SetAside::not_included}};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "a program alone, only to be reported",
          [](Outcome& o, GateSettings& s) {
            o.coverage = {{.path = "lib.so", .set_aside = SetAside::binary, .risky = true}};
            s.unreviewed = UnreviewedPolicy::report;
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "something excluded beside what was reviewed",
          [](Outcome& o, GateSettings&) { o.coverage.push_back({.path = "d.md", .set_aside = SetAside::excluded}); },
          pass, 0, "all_clear"),
      with(
          "many highs escalate where that is asked for",
          [](Outcome& o, GateSettings& s) {
            o.groups = {group("G1", Severity::medium, AgreementLevel::single, {"a"})};
            s.escalate_on = {Severity::medium};
          },
          escalate, 4, "escalate_on"),
      with(
          "a failed analyser makes it partial",
          [](Outcome& o, GateSettings&) { o.panel.push_back(analyser("cppcheck", ReviewStatus::unavailable)); },
          partial, 0, "some_agents_failed"),
      with(
          "an analyser with nothing to look at has not failed",
          [](Outcome& o, GateSettings&) {
            o.panel.push_back(analyser("cppcheck", ReviewStatus::unavailable));
            o.panel.back().error = CallError{CallErrorKind::not_applicable, "", {}, {}, {}};
          },
          pass, 0, "all_clear"),
      with(
          "analysers alone are at best partial",
          [](Outcome& o, GateSettings&) {
            o.panel = {analyser("lint", ReviewStatus::clean)};
            o.offline = true;
          },
          partial, 3, "rules_only"),
      with(
          "analysers alone, chosen",
          [](Outcome& o, GateSettings& s) {
            o.panel = {analyser("lint", ReviewStatus::clean)};
            o.offline = true;
            s.offline_exit = OfflineExit::zero;
          },
          partial, 0, "rules_only"),
      with(
          "analysers alone that could not look",
          [](Outcome& o, GateSettings&) {
            o.panel = {analyser("lint", ReviewStatus::unavailable)};
            o.offline = true;
          },
          inconclusive, 3, "not_reviewed_enough"),
  };
  for (const Case& c : cases) {
    const Decision decision = decide(c.outcome, c.settings);
    EXPECT_EQ(to_string(decision.value), to_string(c.value)) << c.name;
    EXPECT_EQ(decision.exit, c.exit) << c.name;
    EXPECT_EQ(decision.rule, c.rule) << c.name;
    ASSERT_FALSE(decision.trace.empty()) << c.name;
    EXPECT_TRUE(decision.trace.back().fired) << c.name;
    EXPECT_FALSE(decision.reason.empty()) << c.name;
  }
}

TEST(Gate, the_trace_names_the_groups_that_decided) {
  Outcome outcome = clean();
  outcome.groups = {group("G1", Severity::high, AgreementLevel::majority, {"a", "b"}),
                    group("G2", Severity::low, AgreementLevel::consensus, {"a", "b", "c"})};
  const Decision decision = decide(outcome, {});
  EXPECT_EQ(decision.trace.back().groups, (std::vector<std::string>{"G1"}));
  EXPECT_EQ(decision.reason, "one problem of the severities that block is raised by enough reviewers");
}

}  // namespace
}  // namespace assize
