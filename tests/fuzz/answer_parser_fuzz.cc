// Any bytes as an agent's answer, read, anchored and grouped. What follows kShown in the input is what the agent was
// shown. Checks what every reader relies on.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "change/diff_parser.h"
#include "core/result.h"
#include "core/text.h"
#include "finding/coverage.h"
#include "finding/group.h"
#include "finding/parse.h"
#include "finding/repair.h"

namespace {

using namespace assize;  // NOLINT: one file

constexpr std::string_view kShown = "\n<<<SHOWN>>>\n";
constexpr std::string_view kPatch =
    "--- a/src/a.c\n+++ b/src/a.c\n@@ -1,3 +1,4 @@\n int a;\n-old();\n+fresh(a);\n+more();\n }\n";

struct Shown {
  Change change;
  Plan plan;
  PostImages images;
  Shown() {
    change.files = parse_patch(kPatch).value().files;
    for (std::size_t i = 0; i < change.files.size(); ++i)
      plan.files.push_back({.index = i, .set_aside = {}, .detail = {}});
    images["src/a.c"] = std::make_shared<const std::string>("int a;\nfresh(a);\nmore();\n}\nfar();\n");
  }
};

void check_text(const std::string& text, std::size_t max_bytes) {
  CHECK(text.size() <= max_bytes);
  CHECK(is_valid_utf8(text));
  CHECK(strip_controls(text, Newlines::keep) == text);
}

void check(const ParsedReview& review) {
  std::set<std::string> ids;
  for (const Finding& finding : review.findings) {
    CHECK(!finding.title.empty());
    CHECK(finding.agent == "a");
    CHECK(ids.insert(finding.id).second);
    check_text(finding.title, 300);
    check_text(finding.detail, 8'000);
    check_text(finding.cited.path, 4'096);
    CHECK(finding.title.find('\n') == std::string::npos);
    CHECK(!finding.confidence || (*finding.confidence >= 0 && *finding.confidence <= 1));
    CHECK(!finding.cited.lines ||
          (finding.cited.lines->first >= 1 && finding.cited.lines->last >= finding.cited.lines->first));
  }
  if (review.status == ReviewStatus::clean) CHECK(review.findings.empty() && !review.checked.empty());
  if (review.status == ReviewStatus::findings) CHECK(!review.findings.empty());
  CHECK(is_valid_review(review.status) == review.reason.empty());
  CHECK(!(review.truncated && is_valid_review(review.status)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Shown shown;
  static const ChangeView view(shown.change, shown.plan, shown.images);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t split = input.find(kShown);
  const std::string_view answer = input.substr(0, split);
  const std::string_view context =
      split == std::string_view::npos ? std::string_view() : input.substr(split + kShown.size());

  ParsedReview review = parse_review(answer, {.agent = "a", .shown = context});
  check(review);
  anchor_findings(review.findings, view);
  const CoveredReview covered = cover_files(review, view);
  CHECK(covered.status != ReviewStatus::clean || !covered.checked.empty());
  const RepairOutcome repaired = merge_repair(review, answer, parse_review(context, {.agent = "a", .shown = {}}));
  CHECK(repaired.result == RepairResult::accepted || !is_valid_review(repaired.review.status) ||
        is_valid_review(review.status));
  if (review.findings.size() > 200) return 0;
  std::size_t members = 0;
  for (const Group& group : group_findings({.findings = review.findings, .panel = {}})) members += group.members.size();
  CHECK(members == review.findings.size());
  return 0;
}
