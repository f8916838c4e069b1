#include "trial/gate.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "trial/gate_quorum.h"

namespace assize {

namespace {

// What one rule found: that it does not apply and why, or a decision with its reason and groups.
struct Ruling {
  bool applies = false;
  DecisionValue value = DecisionValue::pass;
  int exit = 0;
  std::string rule;
  std::string reason;
  std::vector<std::string> groups;
};

bool blocks(const Group& group, const GateSettings& settings) {
  return settings.fail_on.contains(group.severity);
}

// Whether any member would block. A group's own severity is of the members whose place was found; rule 3 asks about the
// others as well, lest a finding with a misquoted line vanish in a milder one.
bool may_block(const Group& group, const GateSettings& settings) {
  return blocks(group, settings) || settings.fail_on.contains(group.highest_severity);
}

// What rule 1 goes by: a verified group; with verification off also one that enough reviewers raised and that is not
// disputed. Severities that debaters suggest move nothing.
bool is_raised_by_enough(const Group& group, const Outcome& outcome) {
  return !outcome.verification && group.status == GroupStatus::unverified &&
         group.agreement.level >= AgreementLevel::supported;
}

bool is_proven(const Group& group, const Outcome& outcome) {
  if (!group.anchored) return false;
  return group.status == GroupStatus::verified || is_raised_by_enough(group, outcome);
}

std::string problems(std::size_t count) {
  return count == 1 ? "one problem" : fmt::format("{} problems", count);
}

std::vector<std::string> ids_of(const std::vector<const Group*>& groups) {
  std::vector<std::string> ids;
  ids.reserve(groups.size());
  for (const Group* group : groups) ids.push_back(group->id);
  return ids;
}

// Of a change of which nothing was shown: a file that only the filters kept from being reviewed, or that may carry code
// where no later rule looks at that.
bool could_have_been_shown(const FileCoverage& file, const GateSettings& settings) {
  if (file.set_aside == SetAside::excluded || file.set_aside == SetAside::not_included) return true;
  return file.risky && settings.unreviewed == UnreviewedPolicy::report;
}

Ruling blocking_group(const Outcome& outcome, const GateSettings& settings, const Quorum&) {
  Ruling ruling{.value = DecisionValue::fail, .exit = kExitFail, .rule = "blocking_group"};
  std::vector<const Group*> proven;
  for (const Group& group : outcome.groups) {
    if (blocks(group, settings) && is_proven(group, outcome)) proven.push_back(&group);
  }
  ruling.applies = !proven.empty();
  ruling.groups = ids_of(proven);
  if (proven.empty()) {
    ruling.reason = outcome.verification ? "no problem of the severities that block is verified"
                                         : "no problem of the severities that block is raised by enough reviewers";
    return ruling;
  }
  const auto verified = static_cast<std::size_t>(std::count_if(
      proven.begin(), proven.end(), [](const Group* group) { return group->status == GroupStatus::verified; }));
  const std::string_view verb = proven.size() == 1 ? "is" : "are";
  ruling.reason = fmt::format("{} of the severities that block", problems(proven.size()));
  if (verified == proven.size()) {
    ruling.reason += fmt::format(" {} verified", verb);
  } else if (verified == 0) {
    ruling.reason += fmt::format(" {} raised by enough reviewers", verb);
  } else {
    ruling.reason += fmt::format(": {} verified, {} raised by enough reviewers", verified, proven.size() - verified);
  }
  return ruling;
}

Ruling not_reviewed_enough(const Outcome& outcome, const GateSettings& settings, const Quorum& quorum) {
  Ruling ruling{.value = DecisionValue::inconclusive, .exit = kExitInconclusive, .rule = "not_reviewed_enough"};
  const auto because = [&](std::string reason) {
    ruling.applies = true;
    ruling.reason = std::move(reason);
    for (const Group& group : outcome.groups) {
      if (may_block(group, settings)) ruling.groups.push_back(group.id);
    }
    return ruling;
  };
  if (settings.unreviewed == UnreviewedPolicy::fail) {
    for (const FileCoverage& file : outcome.coverage) {
      if (file.set_aside)
        return because(fmt::format("{} was not reviewed ({})", file.path, to_string(*file.set_aside)));
    }
  }
  if (!anything_shown(outcome)) {
    for (const FileCoverage& file : outcome.coverage) {
      if (could_have_been_shown(file, settings)) {
        return because(
            fmt::format("nothing was reviewed: {} was set aside ({})", file.path, to_string(*file.set_aside)));
      }
    }
    ruling.reason = "nothing had to be reviewed";
    return ruling;
  }
  if (!quorum.cancelled.empty()) {
    return because(fmt::format("the run was interrupted before {} had answered", fmt::join(quorum.cancelled, ", ")));
  }
  if (outcome.stop_reason == "cancelled") return because("the run was interrupted");
  for (const AgentReport& agent : outcome.panel) {
    if (agent.error && agent.error->kind == CallErrorKind::prompt_truncated) {
      return because(fmt::format("{} was not given the whole prompt", agent.id));
    }
  }
  if (outcome.offline) {
    if (quorum.analysers_that_looked == 0) return because("no analyser could look at the change");
    ruling.reason = fmt::format("{} analyser{} looked at the change", quorum.analysers_that_looked,
                                quorum.analysers_that_looked == 1 ? "" : "s");
    return ruling;
  }
  if (auto missing = missing_reviews(outcome, quorum)) return because(*std::move(missing));
  ruling.reason =
      fmt::format("{} of {} reviewers from {} vendor{} gave a valid review, every hunk is covered", quorum.valid,
                  quorum.reviewers.size(), quorum.vendors.size(), quorum.vendors.size() == 1 ? "" : "s");
  return ruling;
}

// The decision that gate.unverified asks for.
void apply_unverified(Ruling& ruling, const GateSettings& settings) {
  switch (settings.unverified) {
    case UnverifiedPolicy::escalate:
      ruling.value = DecisionValue::escalate;
      ruling.exit = settings.escalate_exit;
      break;
    case UnverifiedPolicy::fail:
      ruling.value = DecisionValue::fail;
      ruling.exit = kExitFail;
      break;
    case UnverifiedPolicy::ignore:
      ruling.applies = false;
      ruling.reason += "; gate.unverified = ignore lets it pass";
      break;
  }
}

// A valid review that asks for changes though none of its findings is left to say which.
std::vector<std::string> asks_without_findings(const Outcome& outcome) {
  std::set<std::string> raisers;
  for (const Group& group : outcome.groups) {
    if (group.status != GroupStatus::unsupported) raisers.insert(group.agents.begin(), group.agents.end());
  }
  std::vector<std::string> agents;
  for (const AgentReport& agent : outcome.panel) {
    if (agent.role == AgentRole::reviewer && has_valid_review(agent) && agent.verdict == Verdict::request_changes &&
        !raisers.contains(agent.id)) {
      agents.push_back(agent.id);
    }
  }
  return agents;
}

// "2 problems of the severities that block: 1 disputed, 1 unverified".
std::string open_in_words(const std::vector<const Group*>& open) {
  std::string text = fmt::format("{} of the severities that block", problems(open.size()));
  std::string_view separator = ": ";
  for (const GroupStatus status :
       {GroupStatus::disputed, GroupStatus::needs_human, GroupStatus::unverified, GroupStatus::verified}) {
    const auto count =
        std::count_if(open.begin(), open.end(), [&](const Group* group) { return group->status == status; });
    if (count == 0) continue;
    text += fmt::format("{}{} {}", separator, count, to_string(status));
    separator = ", ";
  }
  const auto nowhere = std::count_if(open.begin(), open.end(), [](const Group* group) { return !group->anchored; });
  if (nowhere > 0) text += fmt::format("; {} at a place that does not exist", nowhere);
  return text;
}

Ruling unverified_blocking_group(const Outcome& outcome, const GateSettings& settings, const Quorum&) {
  Ruling ruling{.rule = "unverified_blocking_group"};
  std::vector<const Group*> open;
  for (const Group& group : outcome.groups) {
    if (may_block(group, settings) && group.status != GroupStatus::unsupported) open.push_back(&group);
  }
  const auto asking = asks_without_findings(outcome);
  std::vector<const Group*> many;
  for (const Group& group : outcome.groups) {
    if (settings.escalate_on.contains(group.severity) && group.status != GroupStatus::unsupported)
      many.push_back(&group);
  }
  if (!open.empty()) {
    ruling.applies = true;
    ruling.groups = ids_of(open);
    ruling.reason = open_in_words(open);
    apply_unverified(ruling, settings);
  } else if (!asking.empty()) {
    ruling.applies = true;
    ruling.reason = fmt::format("{} asked for changes without a finding that says which", fmt::join(asking, ", "));
    apply_unverified(ruling, settings);
  } else {
    ruling.reason = "no blocking problem is open";
  }
  if (!ruling.applies && !settings.escalate_on.empty() && many.size() >= settings.escalate_threshold) {
    ruling.applies = true;
    ruling.rule = "escalate_on";
    ruling.value = DecisionValue::escalate;
    ruling.exit = settings.escalate_exit;
    ruling.groups = ids_of(many);
    ruling.reason = fmt::format("{} problems of the severities in gate.escalate_on, {} are enough", many.size(),
                                settings.escalate_threshold);
  }
  return ruling;
}

Ruling unreviewed_risky(const Outcome& outcome, const GateSettings& settings, const Quorum&) {
  Ruling ruling{.value = DecisionValue::escalate, .exit = settings.escalate_exit, .rule = "unreviewed_risky"};
  if (settings.unreviewed == UnreviewedPolicy::report) {
    ruling.reason = "gate.unreviewed = report: files that were set aside do not decide";
    return ruling;
  }
  std::vector<std::string> risky;
  for (const FileCoverage& file : outcome.coverage) {
    if (file.risky) risky.push_back(file.path);
  }
  ruling.applies = !risky.empty();
  ruling.reason = risky.empty() ? "no file that can carry code was left unreviewed"
                                : fmt::format("{} can carry code and {} not fully reviewed", fmt::join(risky, ", "),
                                              risky.size() == 1 ? "was" : "were");
  return ruling;
}

Ruling partial(const Outcome& outcome, const GateSettings& settings, const Quorum& quorum) {
  const bool strict = settings.strict == Strict::yes;
  Ruling ruling{.value = DecisionValue::partial, .exit = strict ? kExitFail : 0, .rule = "some_agents_failed"};
  if (outcome.coverage.empty()) {
    ruling.applies = true;
    ruling.exit = 0;
    ruling.rule = "nothing_to_review";
    ruling.reason = "nothing to review: the change is empty";
  } else if (!anything_shown(outcome)) {
    ruling.applies = true;
    ruling.rule = "nothing_reviewable";
    ruling.reason = "the change holds nothing that can be reviewed";
  } else if (outcome.offline) {
    ruling.applies = true;
    ruling.rule = "rules_only";
    if (!strict && settings.offline_exit == OfflineExit::three) ruling.exit = kExitInconclusive;
    ruling.reason = "analysers looked at the change, no model reviewer did";
  } else if (!quorum.failed.empty() || !quorum.partial.empty()) {
    ruling.applies = true;
    if (!quorum.failed.empty()) ruling.reason = fmt::format("no valid answer from {}", fmt::join(quorum.failed, ", "));
    if (!quorum.partial.empty()) {
      ruling.reason += fmt::format("{}not all parts of the change were reviewed by {}",
                                   quorum.failed.empty() ? "" : "; ", fmt::join(quorum.partial, ", "));
    }
  } else {
    ruling.reason = "every agent answered";
  }
  return ruling;
}

Ruling pass(const Outcome&, const GateSettings&, const Quorum& quorum) {
  return {.applies = true,
          .value = DecisionValue::pass,
          .exit = 0,
          .rule = "all_clear",
          .reason = fmt::format("{} valid review{}, nothing that blocks", quorum.valid, quorum.valid == 1 ? "" : "s")};
}

}  // namespace

Decision decide(const Outcome& outcome, const GateSettings& settings) {
  const Quorum quorum = take_quorum(outcome, settings);
  Decision decision;
  // The order is the specification's: the first rule that applies decides.
  for (const auto rule :
       {blocking_group, not_reviewed_enough, unverified_blocking_group, unreviewed_risky, partial, pass}) {
    const Ruling ruling = rule(outcome, settings, quorum);
    decision.trace.push_back({ruling.rule, ruling.applies, ruling.reason, ruling.groups});
    if (!ruling.applies) continue;
    decision.value = ruling.value;
    decision.exit = ruling.exit;
    decision.rule = ruling.rule;
    decision.reason = ruling.reason;
    break;
  }
  if (settings.decide_by == DecideBy::vote) apply_vote(decision, outcome, settings);
  return decision;
}

}  // namespace assize
