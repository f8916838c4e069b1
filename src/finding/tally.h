// What a debate and a verification make of the groups: rules over stances and verdicts, by id. Pure.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/finding.h"
#include "finding/group.h"

namespace assize {

// Sets support, against, suggested_severity and, from stances alone, status: `disputed` when somebody is against and
// against >= support; back to unverified when it no longer is. Statuses that a verdict or a rule set are left. Only
// members of `panel` that are valid reviewers count; raisers agree until a later stance of theirs says otherwise; the
// latest stance of each agent counts (two of one round that differ are `unsure`); `unsure` is neither. No stances
// change nothing. The order of the stances does not matter. suggested_severity: two or more debaters ask for a lower
// one than the group's: one step lower; or for a higher one: one step higher; when both, what more of them ask for, and
// nothing on a tie.
void tally_stances(std::vector<Group>& groups, std::span<const Finding> findings, std::span<const Stance> stances,
                   std::span<const PanelMember> panel);

// What the next verdict on a group would have to be, after those that there are. `first`: none is there. `second`: the
// group has a severity in fail_on, and the first does not say `verified`, or it is always doubled, or was asked to
// prove or refute. `none`: there are enough, or a rule has settled the group.
enum class NextVerdict { none, first, second };
struct VerdictRules {
  std::set<Severity> fail_on;  // groups of these need two verdicts before they are called unsupported
  bool always_double = false;  // high risk: two verdicts on every group in fail_on
};
NextVerdict next_verdict(const Group& group, std::span<const GroupVerdict> verdicts, const VerdictRules& rules);

// Sets the status of each group from its verdicts, with status_reason, and splits groups of which only some members are
// refuted: the others become a group of their own ("G<n>" after the last, split_from set, unverified). `verdicts` may
// be those of all groups, those of one group in the order of asking. Groups without a verdict are left as they are.
// Members that a verdict names and the group does not have count as not named. The rules are in docs/findings.md.
void settle_groups(std::vector<Group>& groups, std::span<const Finding> findings,
                   std::span<const GroupVerdict> verdicts, std::span<const PanelMember> panel,
                   const VerdictRules& rules);

}  // namespace assize
