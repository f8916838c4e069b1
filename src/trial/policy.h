// The house's rules for a review: what the policy file says, and the parts of it that code enforces. From a trusted
// layer only. Pure; cli reads the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/result.h"

namespace assize {

struct SeverityOverride {
  std::string glob;  // gitignore-style
  Severity severity = Severity::medium;
};

struct Policy {
  std::string name;                           // where it came from, for reports; empty: there is none
  std::vector<std::string> high_risk_paths;   // globs: a change of one of these is of high risk
  std::vector<std::string> focus_areas;       // what reviewers look at above all
  std::vector<std::string> forbidden_output;  // texts that no report may repeat from an agent; case does not matter
  std::vector<SeverityOverride> overrides;    // the last that matches a finding's file sets its severity
  std::string checklist;
  std::vector<std::string> doc_links;
  bool empty() const { return name.empty(); }
};

// The section of a prompt that states it; empty for no policy.
std::string render_policy(const Policy& policy);

// Sets the severity of findings in files that an override matches; what the reviewer said is kept in `reported`.
// Findings without a file stay as they are. Error invalid: a glob that cannot be read.
Result<bool> override_severities(const Policy& policy, std::vector<Finding>& findings);

// `text` with each forbidden text replaced by "[withheld by policy]"; `count` is raised by the number of replacements.
std::string withhold(const Policy& policy, std::string_view text, std::size_t& count);

}  // namespace assize
