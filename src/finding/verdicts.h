// What is asked of a verifier, and how its answer is read. By group id only, and only for ids asked about in that call.
// Tolerant of form, strict about meaning; linear; never throws.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "finding/anchor.h"

namespace assize {

// JSON Schema of {"verdicts":[{group, status, members, reason, evidence}]}, strict-mode clean.
std::string_view verdicts_schema();

// One group as it was put to the verifier: its members without names, as "G3.1", "G3.2", … in this order.
struct AskedGroup {
  std::string id;
  std::vector<std::string> members;  // finding ids, in the order of their labels
};

struct VerdictsOptions {
  std::string agent;
  VerifierTask task = VerifierTask::check;
  std::span<const AskedGroup> groups;
  std::string_view shown;  // the whole prompt
};

struct ParsedVerdicts {
  bool readable = false;
  std::string reason;
  std::vector<GroupVerdict> verdicts;  // at most one a group, in the order of `groups`; `raiser` is left to the caller
  std::vector<std::string> warnings;
};

// Conflicting verdicts on one group: the strictest stands (verified over needs_human over unsupported). Unknown status
// words are needs_human. An `unsupported` of a group with one member refutes that member; of several members it must
// name them ("G3.2", or 2), else it is needs_human with a warning. Labels that do not exist are dropped with a warning.
// An `unsupported` that is said twice refutes what both name. evidence_anchored is left to the caller, who has the
// change: evidence_anchors().
ParsedVerdicts parse_verdicts(std::string_view answer, const VerdictsOptions& options);

// Whether "file:line" (or "file:12-14", with text around it; of several places one is enough) names lines that exist:
// shown lines of the change, or lines of a known post-image. A path without a line names nothing, and so do more than
// 200 lines. Reads the first 4,000 bytes.
bool evidence_anchors(std::string_view evidence, const ChangeView& shown);

}  // namespace assize
