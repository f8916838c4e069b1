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
  std::string fingerprint;  // stable over runs and moved lines; 32 hex digits
};

}  // namespace assize
