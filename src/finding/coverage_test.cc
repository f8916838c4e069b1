#include "finding/coverage.h"

#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

using Paths = std::vector<std::string>;

// One document under review.
class ADocument : public testing::Test {
 protected:
  ADocument() {
    change_.files =
        parse_patch("--- /dev/null\n+++ b/issue.md\n@@ -0,0 +1,3 @@\n+# Slow\n+It is slow.\n+Make it fast.\n")
            .value()
            .files;
    plan_.files.push_back({.index = 0, .set_aside = {}, .detail = {}});
    view_ = std::make_unique<ChangeView>(change_, plan_, images_);
  }
  CoveredReview covered(ReviewStatus status, Paths checked, std::vector<Finding> findings, Matter matter) const {
    ParsedReview review;
    review.status = status;
    review.checked = std::move(checked);
    review.findings = std::move(findings);
    anchor_findings(review.findings, *view_, matter);
    return cover_files(review, *view_, matter);
  }
  static Finding in(std::string path, std::string quote = {}) {
    Finding finding;
    finding.title = "Says no number";
    finding.cited.path = std::move(path);
    finding.cited.quote = std::move(quote);
    return finding;
  }
  Change change_;
  Plan plan_;
  PostImages images_;
  std::unique_ptr<ChangeView> view_;
};

TEST_F(ADocument, is_covered_by_any_finding_about_it) {
  const Paths all = {"issue.md"};
  EXPECT_EQ(covered(ReviewStatus::findings, {}, {in("")}, Matter::document).covers, all);
  EXPECT_EQ(covered(ReviewStatus::findings, {}, {in("issue.md")}, Matter::document).covers, all);
  EXPECT_EQ(covered(ReviewStatus::findings, {}, {in("the issue")}, Matter::document).covers, all);
  EXPECT_EQ(covered(ReviewStatus::findings, {}, {in("other.md")}, Matter::document).covers, Paths{});
  EXPECT_EQ(covered(ReviewStatus::findings, {}, {in("issue.md", "it never said this")}, Matter::document).covers,
            Paths{});
  EXPECT_EQ(covered(ReviewStatus::findings, {}, {in("")}, Matter::change).covers, Paths{});
}

TEST_F(ADocument, must_be_named_by_a_clean_review) {
  const Paths all = {"issue.md"};
  for (const char* name : {"issue.md", "issue.md:1-3", "text", "Issue", "the document"}) {
    const CoveredReview clean = covered(ReviewStatus::clean, {name}, {}, Matter::document);
    EXPECT_EQ(clean.status, ReviewStatus::clean) << name;
    EXPECT_EQ(clean.covers, all) << name;
  }
  EXPECT_EQ(covered(ReviewStatus::clean, {"everything"}, {}, Matter::document).status, ReviewStatus::insubstantial);
  EXPECT_EQ(covered(ReviewStatus::clean, {}, {}, Matter::document).status, ReviewStatus::insubstantial);
  EXPECT_EQ(covered(ReviewStatus::clean, {"issue"}, {}, Matter::change).status, ReviewStatus::insubstantial);
}

TEST_F(ADocument, has_findings_in_it_by_whatever_name) {
  std::vector<Finding> findings = {in("issue", "It is slow."), in("issue", "It is slow.")};
  findings[0].cited.lines = findings[1].cited.lines = LineRange{2, 2};
  anchor_findings(findings, *view_, Matter::document);
  EXPECT_EQ(findings[0].anchor.state, AnchorState::exact);
  EXPECT_EQ(findings[0].anchor.path, "issue.md");
  EXPECT_EQ(findings[0].code, "It is slow.");
  anchor_findings(findings, *view_, Matter::change);
  EXPECT_EQ(findings[0].anchor.state, AnchorState::unknown_file);
}

}  // namespace
}  // namespace assize
