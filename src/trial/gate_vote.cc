// The panel's vote: each reviewer's verdict recomputed from what is left of its findings.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "trial/gate.h"
#include "trial/gate_quorum.h"

namespace assize {

namespace {

bool may_vote(const AgentReport& agent) {
  return agent.role == AgentRole::reviewer && !agent.chair_only && has_valid_review(agent);
}

Ballot ballot_of(const AgentReport& agent, const Outcome& outcome, const GateSettings& settings) {
  const Group* worst = nullptr;
  for (const Group& group : outcome.groups) {
    if (group.status == GroupStatus::unsupported) continue;
    if (std::find(group.agents.begin(), group.agents.end(), agent.id) == group.agents.end()) continue;
    if (worst == nullptr || group.severity > worst->severity) worst = &group;
  }
  Ballot ballot{.agent = agent.id, .verdict = Verdict::approve, .reason = "no problem that it raised is left"};
  if (worst == nullptr) return ballot;
  ballot.reason = fmt::format("raised {}, {}", worst->id, to_string(worst->severity));
  // A person may have set fail_on so that a milder severity blocks and a worse one does not.
  const bool blocks = std::any_of(outcome.groups.begin(), outcome.groups.end(), [&](const Group& group) {
    return group.status != GroupStatus::unsupported && settings.fail_on.contains(group.severity) &&
           std::find(group.agents.begin(), group.agents.end(), agent.id) != group.agents.end();
  });
  if (blocks) {
    ballot.verdict = Verdict::request_changes;
  } else if (worst->severity > Severity::info) {
    ballot.verdict = Verdict::comment;
  }
  return ballot;
}

// "2 request_changes, 1 approve".
std::string tally_of(const Vote& vote) {
  std::string text;
  for (const Verdict verdict : {Verdict::request_changes, Verdict::comment, Verdict::approve}) {
    const auto votes = std::count_if(vote.ballots.begin(), vote.ballots.end(),
                                     [&](const Ballot& ballot) { return ballot.verdict == verdict; });
    if (votes > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", votes, to_string(verdict));
  }
  return text;
}

}  // namespace

Vote take_vote(const Outcome& outcome, const GateSettings& settings) {
  Vote vote;
  std::array<std::size_t, 3> votes{};  // by verdict, the stricter later
  for (const AgentReport& agent : outcome.panel) {
    if (!may_vote(agent)) continue;
    vote.ballots.push_back(ballot_of(agent, outcome, settings));
    ++votes.at(static_cast<std::size_t>(vote.ballots.back().verdict));
  }
  if (vote.ballots.empty()) return vote;
  for (const Verdict verdict : {Verdict::request_changes, Verdict::comment, Verdict::approve}) {
    const auto count = votes.at(static_cast<std::size_t>(verdict));
    if (!vote.verdict || count > votes.at(static_cast<std::size_t>(*vote.verdict))) vote.verdict = verdict;
  }
  return vote;
}

void apply_vote(Decision& decision, const Outcome& outcome, const GateSettings& settings) {
  TraceStep step{.rule = "panel_vote"};
  const auto changes_nothing = [&](std::string reason) {
    step.reason = std::move(reason);
    decision.trace.push_back(step);
  };
  const auto decides = [&](DecisionValue value, int exit) {
    // The first step that fired is the one that decided.
    for (TraceStep& earlier : decision.trace) {
      if (earlier.fired) earlier.reason += "; the panel's vote stands over it";
      earlier.fired = false;
    }
    step.fired = true;
    decision.value = value;
    decision.exit = exit;
    decision.rule = step.rule;
    decision.reason = step.reason;
    decision.trace.push_back(step);
  };
  if (outcome.offline) return changes_nothing("the panel does not vote: analysers alone have no vote");
  if (!anything_shown(outcome)) return changes_nothing("the panel does not vote: it was shown nothing");

  const Vote vote = take_vote(outcome, settings);
  const bool failed = decision.value == DecisionValue::fail;
  if (!vote.verdict) {
    if (failed) return changes_nothing("nobody could vote");
    step.rule = "no_ballots";
    step.reason = "nobody could vote: " + decision.reason;
    return decides(DecisionValue::inconclusive, kExitInconclusive);
  }
  const std::string tally = tally_of(vote);
  if (*vote.verdict != Verdict::request_changes) return changes_nothing(tally + ": a vote only tightens");
  if (failed || decision.value == DecisionValue::inconclusive) return changes_nothing(tally + ": nothing to tighten");
  step.reason = "the panel votes for changes: " + tally;
  decides(DecisionValue::fail, kExitFail);
}

}  // namespace assize
