#include "trial/gate.h"

#include <gtest/gtest.h>

#include "trial/gate_fixture.h"

namespace assize {
namespace {

using namespace gate_fixture;  // NOLINT: what these tests are made of

TEST(Gate, decides_by_the_first_rule_that_applies) {
  using enum DecisionValue;
  const std::vector<GateCase> cases = {
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
  for (const GateCase& c : cases) expect_decided(c);
}

// ---- rule 1 and rule 3: what a debate and a verification leave

enum class Checked { off, on };

TEST(Gate, looks_at_what_verification_and_debate_made_of_a_group) {
  using enum DecisionValue;
  struct Case {
    Checked checked;
    GroupStatus status;
    AgreementLevel level;
    DecisionValue value;
    std::string reason;
  };
  const auto on = Checked::on;
  const auto off = Checked::off;
  using enum GroupStatus;
  using enum AgreementLevel;
  const std::string one = "one problem of the severities that block";
  const std::vector<Case> cases = {
      // With verification only a verified group counts as proven, however many raised it.
      {on, verified, single, fail, one + " is verified"},
      {on, unverified, consensus, escalate, one + ": 1 unverified"},
      {on, disputed, consensus, escalate, one + ": 1 disputed"},
      {on, needs_human, majority, escalate, one + ": 1 needs_human"},
      {on, unsupported, consensus, pass, "3 valid reviews, nothing that blocks"},
      // Without it, enough raisers do, unless the debate disputes it.
      {off, unverified, supported, fail, one + " is raised by enough reviewers"},
      {off, unverified, single, escalate, one + ": 1 unverified"},
      {off, disputed, consensus, escalate, one + ": 1 disputed"},
      {off, needs_human, consensus, escalate, one + ": 1 needs_human"},
      {off, unsupported, consensus, pass, "3 valid reviews, nothing that blocks"},
      // A key in its provider's format is verified by what it is.
      {off, verified, single, fail, one + " is verified"},
  };
  for (const Case& c : cases) {
    Outcome outcome = clean();
    outcome.verification = c.checked == on;
    outcome.groups = {group("G1", Severity::high, c.level, {"a", "b"})};
    outcome.groups[0].status = c.status;
    const Decision decision = decide(outcome, {});
    const std::string name = std::string(to_string(c.status)) + (c.checked == on ? ", on" : ", off");
    EXPECT_EQ(to_string(decision.value), to_string(c.value)) << name;
    EXPECT_EQ(decision.reason, c.reason) << name;
  }
}

TEST(Gate, says_how_each_problem_stands) {
  Outcome outcome = clean();
  outcome.verification = true;
  const auto add = [&](std::string id, Severity severity, GroupStatus status) {
    outcome.groups.push_back(group(std::move(id), severity, AgreementLevel::single, {"a"}));
    outcome.groups.back().status = status;
  };
  add("G1", Severity::high, GroupStatus::unverified);
  add("G2", Severity::critical, GroupStatus::disputed);
  add("G3", Severity::medium, GroupStatus::unverified);
  add("G4", Severity::high, GroupStatus::unsupported);
  add("G5", Severity::high, GroupStatus::unverified);
  outcome.groups.back().anchored = false;
  add("G6", Severity::high, GroupStatus::unverified);
  outcome.groups.back().split_from = "G4";  // what the refutation did not reach is an ordinary group
  const Decision open = decide(outcome, {});
  EXPECT_EQ(open.rule, "unverified_blocking_group");
  EXPECT_EQ(open.reason,
            "4 problems of the severities that block: 1 disputed, 3 unverified; 1 at a place that does not exist");
  EXPECT_EQ(open.trace.back().groups, (std::vector<std::string>{"G1", "G2", "G5", "G6"}));

  add("G7", Severity::high, GroupStatus::verified);
  add("G8", Severity::critical, GroupStatus::verified);
  EXPECT_EQ(decide(outcome, {}).reason, "2 problems of the severities that block are verified");
  outcome.verification = false;
  outcome.groups[0].agreement.level = AgreementLevel::majority;
  EXPECT_EQ(decide(outcome, {}).reason,
            "3 problems of the severities that block: 2 verified, 1 raised by enough reviewers");
}

TEST(Gate, a_verified_problem_at_no_known_place_is_for_a_person) {
  Outcome outcome = clean();
  outcome.verification = true;
  outcome.groups = {group("G1", Severity::high, AgreementLevel::single, {"a"})};
  outcome.groups[0].status = GroupStatus::verified;
  outcome.groups[0].anchored = false;
  EXPECT_EQ(decide(outcome, {}).rule, "unverified_blocking_group");
  outcome.groups[0].status = GroupStatus::unsupported;
  EXPECT_EQ(decide(outcome, {}).rule, "all_clear");
}

TEST(Gate, a_severity_that_debaters_suggest_moves_nothing) {
  Outcome outcome = clean();
  outcome.groups = {group("G1", Severity::high, AgreementLevel::majority, {"a", "b"}),
                    group("G2", Severity::medium, AgreementLevel::majority, {"a", "b"})};
  outcome.groups[0].suggested_severity = Severity::medium;
  outcome.groups[1].suggested_severity = Severity::critical;
  const Decision decision = decide(outcome, {});
  EXPECT_EQ(decision.rule, "blocking_group");
  EXPECT_EQ(decision.trace.back().groups, (std::vector<std::string>{"G1"}));
}

TEST(Gate, what_nobody_could_verify_is_what_gate_unverified_says) {
  struct Case {
    UnverifiedPolicy policy;
    DecisionValue value;
    int exit;
  };
  const Case cases[] = {{UnverifiedPolicy::escalate, DecisionValue::escalate, 9},
                        {UnverifiedPolicy::fail, DecisionValue::fail, 1},
                        {UnverifiedPolicy::ignore, DecisionValue::pass, 0}};
  for (const Case& c : cases) {
    Outcome outcome = clean();
    outcome.verification = true;
    outcome.budget.exhausted = true;
    outcome.budget.skipped = {"verification"};
    outcome.groups = {group("G1", Severity::critical, AgreementLevel::consensus, {"a", "b", "c"})};
    const Decision decision = decide(outcome, {.unverified = c.policy, .escalate_exit = 9});
    EXPECT_EQ(to_string(decision.value), to_string(c.value));
    EXPECT_EQ(decision.exit, c.exit);
  }
}

// ---- agents that fail in ways of their own

TEST(Gate, tells_agents_that_failed_from_a_run_that_was_interrupted) {
  using enum DecisionValue;
  const auto third = [](CallErrorKind kind, std::string cancel_reason) {
    return [kind, cancel_reason](Outcome& o, GateSettings&) {
      o.panel[2].status = ReviewStatus::unavailable;
      o.panel[2].error = CallError{.kind = kind};
      o.panel[2].cancel_reason = cancel_reason;
      o.coverage = {shown("x.c", {"a", "b"})};
    };
  };
  const std::vector<GateCase> cases = {
      with("a straggler has failed", third(CallErrorKind::timed_out, "straggler"), partial, 0, "some_agents_failed"),
      with("whatever its error is called", third(CallErrorKind::cancelled, "straggler"), partial, 0,
           "some_agents_failed"),
      with("one that timed out", third(CallErrorKind::timed_out, "timeout"), partial, 0, "some_agents_failed"),
      with("one that the budget refused", third(CallErrorKind::budget_exhausted, ""), partial, 0, "some_agents_failed"),
      with("one that was interrupted", third(CallErrorKind::cancelled, "interrupted"), inconclusive, 3,
           "not_reviewed_enough"),
      with(
          "a run that was interrupted in its debate", [](Outcome& o, GateSettings&) { o.stop_reason = "cancelled"; },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "a budget that left one review of three",
          [](Outcome& o, GateSettings&) {
            for (const std::size_t i : {1, 2}) {
              o.panel[i].status = ReviewStatus::unavailable;
              o.panel[i].error = CallError{.kind = CallErrorKind::budget_exhausted};
            }
            o.coverage = {shown("x.c", {"a"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
  };
  for (const GateCase& c : cases) expect_decided(c);
}

TEST(Gate, an_agent_in_the_chair_alone_is_no_reviewer) {
  using enum DecisionValue;
  const auto chair = [](ReviewStatus status) {
    AgentReport agent = reviewer("judge", "vj", status);
    agent.chair_only = true;
    return agent;
  };
  const std::vector<GateCase> cases = {
      with(
          "it leaves the counts",
          [&](Outcome& o, GateSettings&) { o.panel.push_back(chair(ReviewStatus::unavailable)); }, pass, 0,
          "all_clear"),
      with(
          "its absence costs no coverage",
          [&](Outcome& o, GateSettings&) {
            o.panel.push_back(chair(ReviewStatus::unavailable));
            o.panel.back().available = false;
          },
          pass, 0, "all_clear"),
      with(
          "its vendor counts for nothing",
          [&](Outcome& o, GateSettings&) {
            o.panel = {reviewer("a", "va", ReviewStatus::clean), chair(ReviewStatus::clean)};
            o.coverage = {shown("x.c", {"a"})};
          },
          pass, 0, "all_clear"),
      with(
          "its review counts for nothing",
          [&](Outcome& o, GateSettings&) {
            o.panel = {reviewer("a", "va", ReviewStatus::empty), chair(ReviewStatus::clean)};
            o.coverage = {shown("x.c", {"judge"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
  };
  for (const GateCase& c : cases) expect_decided(c);
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
