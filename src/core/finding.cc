#include "core/finding.h"

#include <array>

#include "core/outcome.h"

namespace assize {

namespace {
constexpr std::array<std::string_view, 5> kSeverities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 6> kCategories = {"bug",      "security", "performance", "maintainability",
                                                         "test-gap", "docs"};
constexpr std::array<std::string_view, 8> kAnchorStates = {"exact",     "moved", "line_only",    "outside_change",
                                                           "file_only", "none",  "unknown_file", "fabricated"};
constexpr std::array<std::string_view, 4> kLevels = {"single", "supported", "majority", "consensus"};
constexpr std::array<std::string_view, 5> kStatuses = {"unverified", "verified", "unsupported", "disputed",
                                                       "needs_human"};
constexpr std::array<std::string_view, 5> kDecisions = {"PASS", "PARTIAL", "FAIL", "INCONCLUSIVE", "ESCALATE"};
constexpr std::array<std::string_view, 7> kSetAside = {"binary",         "generated", "excluded", "not-included",
                                                       "too-large-file", "submodule", "no-text"};
constexpr std::array<std::string_view, 9> kReviewStatuses = {
    "findings", "clean", "partial", "insubstantial", "no_contract", "malformed", "refused", "empty", "unavailable"};
constexpr std::array<std::string_view, 3> kVerdicts = {"approve", "comment", "request_changes"};
constexpr std::array<std::string_view, 3> kStances = {"agree", "disagree", "unsure"};
constexpr std::array<std::string_view, 3> kVerdictStatuses = {"verified", "unsupported", "needs_human"};
constexpr std::array<std::string_view, 3> kVerifierTasks = {"check", "prove", "refute"};
constexpr std::array<std::string_view, 3> kRisks = {"low", "medium", "high"};

// The enumerators above are numbered from 0 in the order of their names.
template <class Enum, std::size_t N>
std::optional<Enum> from_name(const std::array<std::string_view, N>& names, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}
template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}
}  // namespace

std::string_view to_string(Severity severity) {
  return name_of(kSeverities, severity);
}
std::optional<Severity> severity_from(std::string_view word) {
  return from_name<Severity>(kSeverities, word);
}
std::string_view to_string(Category category) {
  return name_of(kCategories, category);
}
std::optional<Category> category_from(std::string_view word) {
  return from_name<Category>(kCategories, word);
}
std::string_view to_string(AnchorState state) {
  return name_of(kAnchorStates, state);
}
std::string_view to_string(AgreementLevel level) {
  return name_of(kLevels, level);
}
std::string_view to_string(StanceValue stance) {
  return name_of(kStances, stance);
}

std::string_view to_string(VerdictStatus status) {
  return name_of(kVerdictStatuses, status);
}

std::string_view to_string(VerifierTask task) {
  return name_of(kVerifierTasks, task);
}

std::string_view to_string(GroupStatus status) {
  return name_of(kStatuses, status);
}
std::string_view to_string(DecisionValue value) {
  return name_of(kDecisions, value);
}
std::string_view to_string(SetAside reason) {
  return name_of(kSetAside, reason);
}
std::string_view to_string(ReviewStatus status) {
  return name_of(kReviewStatuses, status);
}
std::string_view to_string(Risk risk) {
  return name_of(kRisks, risk);
}
std::string_view to_string(Verdict verdict) {
  return name_of(kVerdicts, verdict);
}

}  // namespace assize
