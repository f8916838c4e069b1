// Everything that a run found and decided, for reports. Plain values; the JSON form is docs/outcome.schema.json.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "core/finding.h"
#include "core/units.h"

namespace assize {

enum class DecisionValue { pass, partial, fail, inconclusive, escalate };
std::string_view to_string(DecisionValue value);  // "PASS", "PARTIAL", …

struct TraceStep {
  std::string rule;                 // stable identifier of the gate's rule, e.g. "blocking_group"
  bool fired = false;               // the first that fired decides
  std::string reason;               // one sentence with the numbers that it looked at
  std::vector<std::string> groups;  // ids of the groups concerned
};

struct Decision {
  DecisionValue value = DecisionValue::inconclusive;
  int exit = 3;  // before --exit-zero
  std::string rule;
  std::string reason;            // of the step that fired
  std::vector<TraceStep> trace;  // in the order looked at, up to and including the one that fired
};

// Why a file is not reviewed.
enum class SetAside { binary, generated, excluded, not_included, too_large_file, submodule, no_text };
std::string_view to_string(SetAside reason);

struct HunkCoverage {
  LineRange lines;  // of the post-image (of the pre-image for a deletion); {0,0} for a file without hunks
  std::vector<std::string> agents;  // reviewers with a valid review that cover it, in roster order
};

struct FileCoverage {
  std::string path, old_path;
  std::string kind;                   // "added", "modified", …
  std::optional<SetAside> set_aside;  // empty: it was shown
  std::string detail;                 // of set_aside
  bool risky = false;                 // set aside or cut though it may carry code: gate.unreviewed looks at it
  std::uint64_t bytes = 0;            // of its diff
  std::uint32_t added = 0, removed = 0;
  std::vector<HunkCoverage> hunks;     // of a file that was shown
  std::vector<std::string> analysers;  // analysers that looked at it
};

// `partial`: valid for some parts of the change, not for all that it was asked about.
enum class ReviewStatus {
  findings,
  clean,
  partial,
  insubstantial,
  no_contract,
  malformed,
  refused,
  empty,
  unavailable
};
std::string_view to_string(ReviewStatus status);
inline bool is_valid_review(ReviewStatus status) {
  return status == ReviewStatus::findings || status == ReviewStatus::clean;
}

enum class Verdict { approve, comment, request_changes };
std::string_view to_string(Verdict verdict);

struct DroppedItem {
  std::string ref;  // where in the answer
  std::string reason;
};

// One agent's review of one part of the change.
struct ChunkReview {
  int chunk = 0;
  ReviewStatus status = ReviewStatus::unavailable;
  std::string reason;  // when it is not valid
};

struct AgentReport {
  std::string id, kind, vendor, model, version;
  bool chair_only = false;
  std::string lens;                 // the perspective that it was dealt; empty: none
  std::vector<ChunkReview> chunks;  // of the parts that it was asked about, in order; only when there are several
  std::string cancel_reason;        // "straggler", "interrupted", "timeout", "stalled", …; empty: it was not stopped
  AgentRole role = AgentRole::reviewer;
  bool optional = false;
  bool available = false;
  std::string unavailable_reason;
  ReviewStatus status = ReviewStatus::unavailable;
  std::string parse_reason;  // why the status is what it is, when it is not valid
  bool repaired = false;     // the review was read from a repair call's answer
  std::optional<Verdict> verdict;
  std::string summary;
  std::vector<std::string> checked;  // paths of the change that it says it read, resolved
  std::size_t findings = 0;
  std::vector<DroppedItem> dropped;
  std::vector<std::string> warnings;
  Millis duration{0};
  Millis last_progress{0};
  int attempts = 0;
  Usage usage;
  std::optional<CallError> error;
  std::string excerpt;                    // first 240 characters of the answer
  std::vector<std::string> command_line;  // what ran; never with secrets
};

// A part of the change that was reviewed on its own.
struct ChunkReport {
  std::vector<std::string> files;  // that it shows, or shows a part of
  std::uint64_t bytes = 0;
  std::vector<std::string> asked;  // reviewers, in roster order
  std::vector<std::string> valid;  // those whose review of it is valid
};

// The chair's words, or ours when there is none. It explains the decision and cannot change it.
struct Synthesis {
  std::string agent;  // empty: written by code
  std::string text;
  std::optional<Verdict> recommendation;
  std::string note;  // that it contradicts the decision, or why there is no chair
};

// One reviewer's vote, recomputed from the groups that survived.
struct Ballot {
  std::string agent;
  Verdict verdict = Verdict::approve;
  std::string reason;
};
struct Vote {
  std::optional<Verdict> verdict;  // the majority's, the stricter on a tie; empty: no ballots
  std::vector<Ballot> ballots;     // in roster order
};

struct BudgetReport {
  std::optional<Millis> total_timeout, phase_timeout;
  std::optional<std::uint64_t> max_tokens;
  std::optional<double> max_cost_usd;
  Charge spent;                      // over all calls of the run
  bool exhausted = false;            // something was refused or stopped for it
  std::vector<std::string> skipped;  // what: "debate round 2", "verification", …
};

enum class Risk { low, medium, high };
std::string_view to_string(Risk risk);

struct Outcome {
  std::string run;       // id of the run
  std::string mode;      // "review", "issue" or "group"
  bool offline = false;  // no model agent: analysers alone
  Decision decision;
  std::string source, base, head, repository;
  std::vector<AgentReport> panel;  // in roster order
  std::vector<FileCoverage> coverage;
  std::vector<std::string> private_files;
  std::vector<Finding> findings;  // in roster order, then the order of the answers
  std::vector<Group> groups;      // in report order
  std::vector<std::string> warnings;
  std::string stop_reason;  // stable identifier, e.g. "completed", "cancelled"
  std::string stop_reason_text;
  int rounds = 1;             // that were held: 1 is the review alone
  bool verification = false;  // whether groups are verified; not whether it succeeded
  std::optional<Risk> risk;   // with `auto`: what the depth was chosen by
  std::string risk_reason;
  std::string chair;  // agent id; empty: none
  std::vector<ChunkReport> chunks;
  std::string divide;                  // "files", "lenses" or empty
  std::vector<std::string> lenses;     // that were asked for
  std::vector<Stance> stances;         // in the order of rounds, roster, groups
  std::vector<GroupVerdict> verdicts;  // in the order of asking, roster, groups
  std::optional<Synthesis> synthesis;
  std::optional<Vote> vote;
  BudgetReport budget;
  std::uint64_t seed = 0;
  std::map<std::string, std::string> versions;  // "assize", "prompt", "git", …
  std::map<std::string, std::string> digests;   // "change", "config", "prompt"
  std::string started_at;                       // RFC 3339, UTC
  Millis duration{0};
  std::string context_mode = "diff";  // what reviewers saw around the change: "diff" or "expanded"
  std::vector<Severity> fail_on;      // the gate's severities that block, worst first; empty: not known
};

}  // namespace assize
