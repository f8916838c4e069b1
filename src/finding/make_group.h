// One group from its members: who raised it, how severe it is, who agrees. Where groups are made, grown and split.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/finding.h"
#include "finding/group.h"

namespace assize {

// The panel as groups count it.
class Panel {
 public:
  explicit Panel(const GroupingInput& input);

  std::vector<std::string> in_roster_order(const std::set<std::string>& agents) const;
  // Those of `agents` that are reviewers with a valid review, in roster order.
  std::vector<std::string> valid_reviewers(const std::set<std::string>& agents) const;
  // `raisers`: agents with an anchored finding in the group; `path`: the group's file, empty when it has none;
  // `chunks`: of its members.
  Agreement agreement(const std::set<std::string>& raisers, const std::string& path, const std::set<int>& chunks) const;

 private:
  std::vector<PanelMember> members_;
  std::size_t declared_ = 0;
  bool everybody_covers_ = false;  // no panel was given
};

// `members`: one or more. Everything is set but the id and what debate and verification add.
Group make_group(std::span<const Finding* const> members, const Panel& panel);

// The number after the largest of ids "G<n>".
std::size_t next_group_number(std::span<const Group> groups);

}  // namespace assize
