// How risky a change is, by its paths and its size alone: what the depth of a review is chosen by. Pure.
#pragma once

#include <string>

#include "change/change.h"
#include "change/plan.h"
#include "core/outcome.h"
#include "trial/policy.h"

namespace assize {

struct RiskReport {
  Risk risk = Risk::medium;
  std::string reason;  // one line, safe to print
};

// Bounds of the specification. Lines are the added and removed ones.
inline constexpr std::size_t kHighRiskLines = 400;  // more than this
inline constexpr std::size_t kHighRiskFiles = 20;
inline constexpr std::size_t kLowRiskLines = 15;  // at most this, in at most kLowRiskFiles
inline constexpr std::size_t kLowRiskFiles = 2;

// In this order: high when a file, set aside or not, matches the policy's high_risk_paths; when the path of a kept file
// that is no documentation names what guards access, data or secrets; or when the kept files are many or large. Low
// when they are documentation, tests and generated files alone, or few lines in few files, and nothing that may carry
// code was set aside. Else medium. A pattern of the policy that cannot be read makes it high.
RiskReport risk_of(const Change& change, const Plan& plan, const Policy& policy);

}  // namespace assize
