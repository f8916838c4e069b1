// Puts findings that describe one problem into one group. No model; independent of input order; a partition.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/finding.h"

namespace assize {

// Who counts for agreement on a file.
struct PanelMember {
  std::string id;
  AgentRole role = AgentRole::reviewer;
  bool valid = false;               // returned a valid review
  std::vector<std::string> covers;  // paths of the change that it covers, sorted (checked or cited)
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

// Stable over runs and moved lines: file, category, normalised claim terms, quoted code. 32 hex digits.
std::string fingerprint(const Finding& finding);

}  // namespace assize
