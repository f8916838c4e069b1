#include "trial/gate.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

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

constexpr int kExitFail = 1;
constexpr int kExitInconclusive = 3;

// The numbers that the rules look at, counted once.
struct Count {
  std::size_t declared = 0;  // reviewers that must be there: optional ones that are unavailable leave the denominators
  std::size_t valid = 0;
  std::size_t min_reviews = 1;
  std::set<std::string> declared_vendors;
  std::set<std::string> valid_vendors;
  std::size_t min_vendors = 1;
  std::vector<std::string> failed;     // agents without a valid answer, by id
  std::vector<std::string> cancelled;  // agents that were stopped because the run was
  std::size_t analysers_that_looked = 0;
};

bool is_reviewer(const AgentReport& agent) {
  return agent.role == AgentRole::reviewer;
}

bool has_failed(const AgentReport& agent) {
  if (agent.optional && !agent.available) return false;
  if (agent.error && agent.error->kind == CallErrorKind::not_applicable) return false;
  return !is_valid_review(agent.status);
}

Count count(const Outcome& outcome, const GateSettings& settings) {
  Count c;
  for (const AgentReport& agent : outcome.panel) {
    const bool valid = is_valid_review(agent.status);
    if (has_failed(agent)) c.failed.push_back(agent.id);
    if (agent.error && agent.error->kind == CallErrorKind::cancelled) c.cancelled.push_back(agent.id);
    if (!is_reviewer(agent)) {
      c.analysers_that_looked += valid ? 1 : 0;
      continue;
    }
    if (agent.optional && !agent.available) continue;
    ++c.declared;
    c.declared_vendors.insert(agent.vendor);
    if (valid) {
      ++c.valid;
      c.valid_vendors.insert(agent.vendor);
    }
  }
  // Never 0: silence is not approval, whatever is configured.
  c.min_reviews = std::max<std::size_t>(1, settings.min_reviews.value_or((c.declared + 1) / 2));
  c.min_vendors = settings.min_vendors.value_or(std::min<std::size_t>(2, c.declared_vendors.size()));
  return c;
}

bool blocks(const Group& group, const GateSettings& settings) {
  return settings.fail_on.contains(group.severity);
}

// Whether any member would block. A group's own severity is of the members whose place was found; rule 3 asks about the
// others as well, lest a finding with a misquoted line vanish in a milder one.
bool may_block(const Group& group, const GateSettings& settings) {
  return blocks(group, settings) || settings.fail_on.contains(group.highest_severity);
}

// Rule 1 accepts a group as proven: verified, or with verification off raised by enough reviewers.
bool is_proven(const Group& group, const Outcome& outcome) {
  if (!group.anchored) return false;
  if (group.status == GroupStatus::verified) return true;
  return !outcome.verification && group.status == GroupStatus::unverified &&
         group.agreement.level >= AgreementLevel::supported;
}

std::vector<std::string> ids_of(const std::vector<const Group*>& groups) {
  std::vector<std::string> ids;
  ids.reserve(groups.size());
  for (const Group* group : groups) ids.push_back(group->id);
  return ids;
}

bool anything_shown(const Outcome& outcome) {
  return std::any_of(outcome.coverage.begin(), outcome.coverage.end(),
                     [](const FileCoverage& file) { return !file.set_aside; });
}

// Of a change of which nothing was shown: a file that only the filters kept from being reviewed, or that may carry code
// where no later rule looks at that.
bool could_have_been_shown(const FileCoverage& file, const GateSettings& settings) {
  if (file.set_aside == SetAside::excluded || file.set_aside == SetAside::not_included) return true;
  return file.risky && settings.unreviewed == UnreviewedPolicy::report;
}

Ruling blocking_group(const Outcome& outcome, const GateSettings& settings, const Count&) {
  Ruling ruling{.value = DecisionValue::fail, .exit = kExitFail, .rule = "blocking_group"};
  std::vector<const Group*> proven;
  for (const Group& group : outcome.groups) {
    if (blocks(group, settings) && is_proven(group, outcome)) proven.push_back(&group);
  }
  ruling.applies = !proven.empty();
  ruling.groups = ids_of(proven);
  ruling.reason = proven.empty()
                      ? "no blocking group is verified or raised by enough reviewers"
                      : fmt::format("{} of the severities that block {} raised by enough reviewers",
                                    proven.size() == 1 ? "one problem" : fmt::format("{} problems", proven.size()),
                                    proven.size() == 1 ? "is" : "are");
  return ruling;
}

Ruling not_reviewed_enough(const Outcome& outcome, const GateSettings& settings, const Count& c) {
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
  if (!c.cancelled.empty()) {
    return because(fmt::format("the run was interrupted before {} had answered", fmt::join(c.cancelled, ", ")));
  }
  for (const AgentReport& agent : outcome.panel) {
    if (agent.error && agent.error->kind == CallErrorKind::prompt_truncated) {
      return because(fmt::format("{} was not given the whole prompt", agent.id));
    }
  }
  if (outcome.offline) {
    if (c.analysers_that_looked == 0) return because("no analyser could look at the change");
    ruling.reason = fmt::format("{} analyser{} looked at the change", c.analysers_that_looked,
                                c.analysers_that_looked == 1 ? "" : "s");
    return ruling;
  }
  if (c.valid < c.min_reviews) {
    return because(
        fmt::format("{} of {} reviewers gave a valid review, {} needed", c.valid, c.declared, c.min_reviews));
  }
  if (c.valid_vendors.size() < c.min_vendors) {
    return because(fmt::format("valid reviews came from {} vendors, {} needed", c.valid_vendors.size(), c.min_vendors));
  }
  for (const FileCoverage& file : outcome.coverage) {
    if (file.set_aside) continue;
    for (const HunkCoverage& hunk : file.hunks) {
      if (hunk.agents.size() >= c.min_reviews) continue;
      return because(fmt::format("{}:{} was covered by {} valid reviews, {} needed", file.path, hunk.lines.first,
                                 hunk.agents.size(), c.min_reviews));
    }
  }
  ruling.reason = fmt::format("{} of {} reviewers from {} vendors gave a valid review, every hunk is covered", c.valid,
                              c.declared, c.valid_vendors.size());
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
    if (is_reviewer(agent) && is_valid_review(agent.status) && agent.verdict == Verdict::request_changes &&
        !raisers.contains(agent.id)) {
      agents.push_back(agent.id);
    }
  }
  return agents;
}

Ruling unverified_blocking_group(const Outcome& outcome, const GateSettings& settings, const Count&) {
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
    ruling.reason = fmt::format("{} of the severities that block {} neither confirmed nor refuted",
                                open.size() == 1 ? "one problem" : fmt::format("{} problems", open.size()),
                                open.size() == 1 ? "is" : "are");
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

Ruling unreviewed_risky(const Outcome& outcome, const GateSettings& settings, const Count&) {
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

Ruling partial(const Outcome& outcome, const GateSettings& settings, const Count& c) {
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
  } else if (!c.failed.empty()) {
    ruling.applies = true;
    ruling.reason = fmt::format("no valid answer from {}", fmt::join(c.failed, ", "));
  } else {
    ruling.reason = "every agent answered";
  }
  return ruling;
}

Ruling pass(const Outcome&, const GateSettings&, const Count& c) {
  return {.applies = true,
          .value = DecisionValue::pass,
          .exit = 0,
          .rule = "all_clear",
          .reason = fmt::format("{} valid review{}, nothing that blocks", c.valid, c.valid == 1 ? "" : "s")};
}

}  // namespace

Decision decide(const Outcome& outcome, const GateSettings& settings) {
  const Count c = count(outcome, settings);
  Decision decision;
  // The order is the specification's: the first rule that applies decides.
  for (const auto rule :
       {blocking_group, not_reviewed_enough, unverified_blocking_group, unreviewed_risky, partial, pass}) {
    const Ruling ruling = rule(outcome, settings, c);
    decision.trace.push_back({ruling.rule, ruling.applies, ruling.reason, ruling.groups});
    if (!ruling.applies) continue;
    decision.value = ruling.value;
    decision.exit = ruling.exit;
    decision.rule = ruling.rule;
    decision.reason = ruling.reason;
    break;
  }
  return decision;
}

}  // namespace assize
