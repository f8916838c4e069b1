// What a reviewer says about a change, once it has been read: the vocabulary of findings and groups. Plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.h"

namespace assize {

enum class Severity { info, low, medium, high, critical };  // ordered: later is worse
std::string_view to_string(Severity severity);
std::optional<Severity> severity_from(std::string_view word);  // exact lower-case names only; aliases: finding/parse

enum class Category { bug, security, performance, maintainability, test_gap, docs };
std::string_view to_string(Category category);  // "test-gap" with a dash
std::optional<Category> category_from(std::string_view word);

enum class Side { post_image, pre_image };

// Where a reviewer says that the problem is, in its own words. Nothing here has been checked.
struct Citation {
  std::string path;                // as given; empty when the reviewer named no file
  std::optional<LineRange> lines;  // as given
  Side side = Side::post_image;
  std::string quote;  // the code line it quotes
  std::string symbol;
};

// How a citation was resolved against what was shown, best first. The last two never count towards agreement.
enum class AnchorState { exact, moved, line_only, outside_change, file_only, none, unknown_file, fabricated };
std::string_view to_string(AnchorState state);
inline bool is_anchored(AnchorState state) {
  return state != AnchorState::unknown_file && state != AnchorState::fabricated;
}

struct Anchor {
  AnchorState state = AnchorState::none;
  std::string path;                // path of the file in the change (post-image; pre-image of a deleted file)
  std::optional<LineRange> lines;  // lines on `side`; empty unless state <= line_only, or known outside the change
  Side side = Side::post_image;
};

struct Finding {
  std::string id;     // unique in the run; ours: "<agent>-<n>" with n from 1 in the order of the answer
  std::string agent;  // id of the declared agent that raised it; always from us, never from the text
  Severity severity = Severity::high;
  bool severity_guessed = false;  // the answer gave none, or one that is unknown
  Category category = Category::bug;
  std::string title;   // one line, at most 300 bytes, no control characters
  std::string detail;  // at most 8,000 bytes
  std::string fix;
  Citation cited;
  Anchor anchor;
  std::optional<double> confidence;  // 0..1
  std::string rule;                  // rule id of an analyser, e.g. "SC2086"
  std::string source_id;             // the answer's own id and fingerprint, kept for those who migrate
  std::string source_fingerprint;
  std::string raw_ref;  // where in the answer it stood, e.g. "/findings/3"
  std::string code;     // the anchor's first line as it was shown, for reports; empty when it is not known
  int chunk = 0;        // the part of the change in which it was raised; of an analyser's: the part that shows its line
  int round = 1;        // 1: in the review; later: missed before, raised in that round's debate
  std::optional<Severity> reported;  // what the reviewer said, where the policy's override changed it
};

enum class AgreementLevel { single, supported, majority, consensus };
std::string_view to_string(AgreementLevel level);

// Over model agents only: k raised it, n answered validly and cover the file, declared is the whole panel.
struct Agreement {
  AgreementLevel level = AgreementLevel::single;
  std::size_t k = 0;
  std::size_t n = 0;
  std::size_t declared = 0;
};

// What an agent says about a group in a debate.
enum class StanceValue { agree, disagree, unsure };
std::string_view to_string(StanceValue stance);
struct Stance {
  std::string group;  // "G3"
  std::string agent;  // always from us
  int round = 2;
  StanceValue value = StanceValue::unsure;
  std::string reason;                // one line, cleaned, at most 1,000 bytes
  std::optional<Severity> severity;  // what it would say instead
};

// What a verifier says about a group.
enum class VerdictStatus { verified, unsupported, needs_human };
std::string_view to_string(VerdictStatus status);
// How the question was put. `prove` and `refute` are asked when nobody is left who did not raise the group.
enum class VerifierTask { check, prove, refute };
std::string_view to_string(VerifierTask task);
struct GroupVerdict {
  std::string group;
  std::string agent;
  VerifierTask task = VerifierTask::check;
  bool raiser = false;  // it raised the group itself and was asked afresh
  VerdictStatus status = VerdictStatus::needs_human;
  std::vector<std::string> members;  // finding ids that an `unsupported` refutes; sorted
  std::string reason;
  std::string evidence;            // as cited, "file:line"
  bool evidence_anchored = false;  // it names lines that exist
};

enum class GroupStatus { unverified, verified, unsupported, disputed, needs_human };
std::string_view to_string(GroupStatus status);

// One problem: the findings that say the same thing.
struct Group {
  std::string id;                             // "G1", "G2", … in report order
  std::vector<std::string> members;           // finding ids, sorted
  std::vector<std::string> agents;            // distinct agents of the members, in roster order, analysers included
  std::string representative;                 // finding id
  Severity severity = Severity::info;         // the highest that a raiser with a valid anchor gave
  Severity lowest_severity = Severity::info;  // the spread: lowest..highest over all members
  Severity highest_severity = Severity::info;
  bool anchored = false;  // at least one member is (is_anchored)
  Agreement agreement;
  GroupStatus status = GroupStatus::unverified;
  std::string status_reason;  // one sentence of ours: why the status is what it is; empty while unverified and unasked
  int chunk = 0;              // where it is debated and verified: that of its representative
  // After debate: reviewers with a valid review whose latest stance is agree (raisers agree until they withdraw), and
  // disagree.
  std::vector<std::string> support;
  std::vector<std::string> against;
  std::optional<Severity> suggested_severity;  // at least two debaters ask for it; shown, never used by the gate
  std::string split_from;                      // the group whose other members were refuted
  std::string fingerprint;                     // stable over runs and moved lines; 32 hex digits
};

}  // namespace assize
