// Puts findings that describe one problem into one group. No model; independent of input order; a partition.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/finding.h"

namespace assize {

// A file of the change in one of its parts: a file can be cut, and seen in one part and not in another.
struct CoveredFile {
  std::string path;
  int chunk = 0;
  friend auto operator<=>(const CoveredFile&, const CoveredFile&) = default;
};

// Who counts for agreement on a file.
struct PanelMember {
  std::string id;
  AgentRole role = AgentRole::reviewer;
  bool valid = false;               // returned a valid review (of one part at least)
  std::vector<CoveredFile> covers;  // that its valid reviews cover, sorted (checked or cited)
};

struct GroupingInput {
  std::span<const Finding> findings;  // anchored
  std::span<const PanelMember>
      panel;  // in roster order; empty: every agent of the findings is a reviewer that covers all
};

// consensus: k = n >= 2; majority: k >= 2 and k > n/2; supported: k >= max(2, n/3 rounded up); else single.
AgreementLevel agreement_level(std::size_t k, std::size_t n);

// Groups in report order: anchored before unanchored, severity, then agreement, then path and line, then id; ids are
// G1, G2, … in that order.
std::vector<Group> group_findings(const GroupingInput& input);

// Puts findings that came later (`missed` in a debate) into the groups that there are, or into new ones with the next
// free ids. `input.findings` holds all of them, old and new; groups keep their ids, members and statuses, gain members,
// and have severity, representative, agreement and fingerprint taken anew. `groups` is what an earlier call returned.
// Independent of the order of the new findings. Order of the result: the old groups, then the new ones.
std::vector<Group> extend_groups(std::vector<Group> groups, const GroupingInput& input);

// The order of reports, as group_findings gives it; ids stay.
void sort_for_report(std::vector<Group>& groups, std::span<const Finding> findings);

// Stable over runs and moved lines: file, category, normalised claim terms, quoted code. 32 hex digits.
std::string fingerprint(const Finding& finding);

}  // namespace assize
