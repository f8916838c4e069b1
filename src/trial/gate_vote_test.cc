#include <gtest/gtest.h>

#include "trial/gate.h"
#include "trial/gate_fixture.h"

namespace assize {
namespace {

using namespace gate_fixture;  // NOLINT: what these tests are made of

Group raised(std::string id, Severity severity, std::vector<std::string> agents,
             GroupStatus status = GroupStatus::unverified) {
  Group g = group(std::move(id), severity, AgreementLevel::single, std::move(agents));
  g.status = status;
  return g;
}

TEST(GateVote, each_ballot_follows_from_the_groups_that_are_left) {
  Outcome outcome = clean();
  outcome.panel[1].status = ReviewStatus::partial;
  outcome.panel.push_back(reviewer("silent", "vd", ReviewStatus::empty));
  outcome.panel.push_back(analyser("lint", ReviewStatus::findings));
  outcome.panel.push_back(reviewer("judge", "ve", ReviewStatus::clean));
  outcome.panel.back().chair_only = true;
  outcome.panel[2].verdict = Verdict::request_changes;  // what it said itself does not count
  outcome.groups = {raised("G1", Severity::critical, {"a", "lint"}), raised("G2", Severity::low, {"b", "a"}),
                    raised("G3", Severity::critical, {"b", "c"}, GroupStatus::unsupported),
                    raised("G4", Severity::info, {"c"})};
  const Vote vote = take_vote(outcome, {});
  ASSERT_EQ(vote.ballots.size(), 3U);
  EXPECT_EQ(vote.ballots[0].agent, "a");
  EXPECT_EQ(vote.ballots[0].verdict, Verdict::request_changes);
  EXPECT_EQ(vote.ballots[0].reason, "raised G1, critical");
  EXPECT_EQ(vote.ballots[1].agent, "b");
  EXPECT_EQ(vote.ballots[1].verdict, Verdict::comment);
  EXPECT_EQ(vote.ballots[2].agent, "c");
  EXPECT_EQ(vote.ballots[2].verdict, Verdict::approve);
}

TEST(GateVote, the_most_ballots_decide_and_a_tie_is_the_stricter) {
  struct Case {
    std::vector<std::optional<Severity>> worst;  // of each reviewer
    std::optional<Verdict> verdict;
  };
  using enum Severity;
  const Case cases[] = {
      {{}, std::nullopt},
      {{std::nullopt}, Verdict::approve},
      {{high}, Verdict::request_changes},
      {{high, std::nullopt}, Verdict::request_changes},
      {{high, std::nullopt, std::nullopt}, Verdict::approve},
      {{high, high, std::nullopt}, Verdict::request_changes},
      {{low, std::nullopt}, Verdict::comment},
      {{high, low, std::nullopt}, Verdict::request_changes},
      {{high, low, low, std::nullopt, std::nullopt}, Verdict::comment},
  };
  for (const Case& c : cases) {
    Outcome outcome;
    for (std::size_t i = 0; i < c.worst.size(); ++i) {
      const std::string id(1, static_cast<char>('a' + i));
      outcome.panel.push_back(reviewer(id, "v" + id, ReviewStatus::findings));
      if (c.worst[i]) outcome.groups.push_back(raised("G" + id, *c.worst[i], {id}));
    }
    EXPECT_EQ(take_vote(outcome, {}).verdict, c.verdict) << c.worst.size();
  }
}

TEST(GateVote, only_tightens_what_the_rules_say) {
  using enum DecisionValue;
  // Three reviewers; two raised a high that was not verified, or nobody raised anything.
  const auto changes = [](Outcome& o) {
    o.verification = true;
    o.groups = {raised("G1", Severity::high, {"a", "b"})};
  };
  const auto vote = [](GateSettings& s) { s.decide_by = DecideBy::vote; };
  const std::vector<GateCase> cases = {
      with(
          "all approve", [&](Outcome&, GateSettings& s) { vote(s); }, pass, 0, "all_clear"),
      with(
          "without a vote the rules stand", [&](Outcome& o, GateSettings&) { changes(o); }, escalate, 4,
          "unverified_blocking_group"),
      with(
          "an ESCALATE of rule 3 becomes FAIL",
          [&](Outcome& o, GateSettings& s) {
            changes(o);
            vote(s);
          },
          fail, 1, "panel_vote"),
      with(
          "a PASS becomes FAIL",
          [&](Outcome& o, GateSettings& s) {
            changes(o);
            vote(s);
            s.unverified = UnverifiedPolicy::ignore;
          },
          fail, 1, "panel_vote"),
      with(
          "a PARTIAL becomes FAIL",
          [&](Outcome& o, GateSettings& s) {
            changes(o);
            vote(s);
            s.unverified = UnverifiedPolicy::ignore;
            o.panel[2].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          fail, 1, "panel_vote"),
      with(
          "an ESCALATE of rule 4 becomes FAIL",
          [&](Outcome& o, GateSettings& s) {
            changes(o);
            vote(s);
            s.unverified = UnverifiedPolicy::ignore;
            o.coverage.push_back({.path = "lib.so", .set_aside = SetAside::binary, .risky = true});
          },
          fail, 1, "panel_vote"),
      with(
          "an ESCALATE stays when the majority approves",
          [&](Outcome& o, GateSettings& s) {
            o.groups = {raised("G1", Severity::high, {"a"})};
            vote(s);
          },
          escalate, 4, "unverified_blocking_group"),
      with(
          "a FAIL stays when the majority approves",
          [&](Outcome& o, GateSettings& s) {
            o.verification = true;
            o.groups = {raised("G1", Severity::high, {"a"}, GroupStatus::verified)};
            vote(s);
          },
          fail, 1, "blocking_group"),
      with(
          "INCONCLUSIVE stays when the majority wants changes",
          [&](Outcome& o, GateSettings& s) {
            changes(o);
            vote(s);
            s.min_reviews = 4;
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "nobody votes",
          [&](Outcome& o, GateSettings& s) {
            for (AgentReport& agent : o.panel) agent.status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {})};
            vote(s);
          },
          inconclusive, 3, "no_ballots"),
      with(
          "nobody votes, and a problem is verified",
          [&](Outcome& o, GateSettings& s) {
            o.verification = true;
            o.groups = {raised("G1", Severity::high, {"a"}, GroupStatus::verified)};
            for (AgentReport& agent : o.panel) agent.status = ReviewStatus::malformed;
            o.coverage = {shown("x.c", {})};
            vote(s);
          },
          fail, 1, "blocking_group"),
      with(
          "analysers have no vote",
          [&](Outcome& o, GateSettings& s) {
            o.panel = {analyser("lint", ReviewStatus::findings)};
            o.groups = {raised("G1", Severity::medium, {"lint"})};
            o.offline = true;
            vote(s);
          },
          partial, 3, "rules_only"),
      with(
          "there is nothing to vote on",
          [&](Outcome& o, GateSettings& s) {
            o.coverage.clear();
            for (AgentReport& agent : o.panel) agent.status = ReviewStatus::unavailable;
            vote(s);
          },
          partial, 0, "nothing_to_review"),
  };
  for (const GateCase& c : cases) {
    expect_decided(c);
    const Decision decision = decide(c.outcome, c.settings);
    const bool voted = decision.trace.back().rule == "panel_vote" || decision.trace.back().rule == "no_ballots";
    EXPECT_EQ(voted, c.settings.decide_by == DecideBy::vote) << c.name;
  }
}

TEST(GateVote, the_trace_says_how_the_panel_voted) {
  Outcome outcome = clean();
  outcome.groups = {raised("G1", Severity::high, {"a", "b"}), raised("G2", Severity::low, {"c"})};
  const Decision decision = decide(outcome, {.decide_by = DecideBy::vote});
  ASSERT_GE(decision.trace.size(), 2U);
  EXPECT_EQ(decision.reason, "the panel votes for changes: 2 request_changes, 1 comment");
  const TraceStep& before = decision.trace[decision.trace.size() - 2];
  EXPECT_EQ(before.rule, "unverified_blocking_group");
  EXPECT_EQ(before.reason, "one problem of the severities that block: 1 unverified; the panel's vote stands over it");
  outcome.groups.clear();
  EXPECT_EQ(decide(outcome, {.decide_by = DecideBy::vote}).trace.back().reason, "3 approve: a vote only tightens");
  outcome.offline = true;
  EXPECT_EQ(decide(outcome, {.decide_by = DecideBy::vote}).trace.back().reason,
            "the panel does not vote: analysers alone have no vote");
}

}  // namespace
}  // namespace assize
