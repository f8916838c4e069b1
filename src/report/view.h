// What every report wants to know of an Outcome beyond its fields: look-ups by id, counts, and the same words for the
// same things in all of them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/outcome.h"

namespace assize::report {

inline constexpr std::array kWorstFirst = {Severity::critical, Severity::high, Severity::medium, Severity::low,
                                           Severity::info};

// Look-ups by id. The outcome must outlive it.
class OutcomeIndex {
 public:
  explicit OutcomeIndex(const Outcome& outcome);
  const Finding* finding(std::string_view id) const;    // null: there is none
  const AgentReport* agent(std::string_view id) const;  // null: there is none
  const Finding* representative(const Group& group) const { return finding(group.representative); }
  // What was said of a group, in the outcome's order.
  std::span<const Stance* const> stances(const Group& group) const;
  std::span<const GroupVerdict* const> verdicts(const Group& group) const;

 private:
  std::unordered_map<std::string_view, const Finding*> findings_;
  std::unordered_map<std::string_view, const AgentReport*> agents_;
  std::unordered_map<std::string_view, std::vector<const Stance*>> stances_;
  std::unordered_map<std::string_view, std::vector<const GroupVerdict*>> verdicts_;
};

struct Totals {
  std::array<std::size_t, 5> groups{};    // by severity; those set aside as unsupported are counted apart
  std::array<std::size_t, 5> statuses{};  // all groups by status
  std::size_t unsupported = 0;
  std::size_t unanchored = 0;  // of the groups, also counted by severity
  std::size_t findings = 0;
  std::size_t dropped = 0;      // items of answers that could not be read
  std::size_t reviewers = 0;    // declared model agents that review
  std::size_t chair_only = 0;   // declared model agents that do not
  std::size_t valid = 0;        // of the reviewers: with a valid review
  std::size_t partial = 0;      // of them: with valid reviews of some parts of the change alone
  std::size_t unavailable = 0;  // of them: gave no answer
  std::size_t invalid = 0;      // of them: answered, without a valid review
  std::size_t repaired = 0;
  std::size_t analysers = 0;
  std::size_t analysers_valid = 0;
};
Totals totals_of(const Outcome& outcome);

struct CoverageTotals {
  std::size_t files = 0, set_aside = 0;
  std::size_t hunks = 0;           // of the files that were shown
  std::size_t reviewed = 0;        // of the hunks: covered by at least one valid review
  std::size_t files_reviewed = 0;  // shown, and read to the end by at least one reviewer or analyser
};
CoverageTotals coverage_of(const Outcome& outcome);

struct UsageTotals {
  Usage sum;                         // of what was reported; empty where nobody did
  std::size_t agents_with_cost = 0;  // so that a partial sum is not taken for the whole
  std::size_t agents_asked = 0;      // reviewers with at least one attempt
};
UsageTotals usage_of(const Outcome& outcome);

// The word for what a reviewer says of the whole: of a change as it is named everywhere, of prose (mode "issue") READY
// for approve, NEEDS_INFO for request_changes, UNCLEAR for comment.
std::string_view verdict_word(Verdict verdict, std::string_view mode);

// The status of a group with its reason: "verified by codex", "refuted by codex and qwen", "disputed: 1 for (claude), 2
// against (codex, qwen)", "needs a person: …", "unverified".
std::string status_text(const Group& group, const OutcomeIndex& index);
// "2 for (claude, codex), 1 against (qwen)"; empty for a group that nobody debated, or whose status says it already.
std::string tally_text(const Group& group, const OutcomeIndex& index);

// What a reader wants to know of how a group came to stand as it does, one entry each: verdicts, then the latest stance
// of everybody who is against it. Raw text.
struct Opinion {
  std::string who;   // "codex, verified", "qwen disagrees"
  std::string text;  // the reason, with the evidence
};
std::vector<Opinion> opinions_on(const Group& group, const OutcomeIndex& index);

// Where a group is listed: by its severity, or, whatever its severity, apart.
enum class Shelf { by_severity, unanchored, unsupported };
Shelf shelf_of(const Group& group);

// Where a finding points: the anchor when there is one, else what was cited. Raw text: not escaped, not cleaned.
struct Place {
  std::string_view path;  // empty: no file
  std::optional<LineRange> lines;
  Side side = Side::post_image;
};
Place place_of(const Finding& finding);
std::string lines_text(const Place& place);  // ":42", ":42-44", ":42 (removed)" or ""

// "3/4 reviewers (majority)", "0/2 reviewers", "no reviewer answered for this file": the reviewers' part of agreement.
std::string agreement_text(const Agreement& agreement);

// The agents of a group by role, in its order.
struct Raisers {
  std::vector<std::string_view> reviewers, analysers;
};
Raisers raisers_of(const Group& group, const OutcomeIndex& index);

// How an agent fell short of a valid review: "unavailable", "no valid review", "partial review", "not asked", "no
// reviewer" for one that chairs alone, or "not applicable" for an analyser that found no file of its kind; empty when
// it did not.
std::string_view shortfall_of(const AgentReport& agent);

// Why an agent gave no valid review, in one phrase; empty when it gave one. Raw text.
std::string problem_of(const AgentReport& agent);

// The warnings of the run, then those of its analysers ("cppcheck: …", at most so many of each; what one left out is
// told nowhere else). Raw text.
std::vector<std::string> warnings_of(const Outcome& outcome, std::size_t of_each_analyser);

// Names a call within its run.
std::string call_key(const Call& call);

std::string plural(std::size_t count, std::string_view singular, std::string_view plural_form = {});
std::string duration_text(Millis duration);     // "850 ms", "12.3 s", "2 min 5 s"
std::string tokens_text(std::uint64_t tokens);  // "950", "12.3k", "1.2M"
std::string usage_text(
    const UsageTotals& usage);  // "12.3k tokens in, 850 out, $0.42 (2 of 3 agents say)"; empty: unknown
std::string join(const std::vector<std::string_view>& words, std::string_view separator);

}  // namespace assize::report
