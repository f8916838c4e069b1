#include "finding/anchor.h"

#include <gtest/gtest.h>

#include "change/diff_parser.h"
#include "finding/coverage.h"

namespace assize {
namespace {

constexpr std::string_view kPatch = R"(diff --git a/src/a.c b/src/a.c
--- a/src/a.c
+++ b/src/a.c
@@ -10,5 +10,7 @@ int f(void)
 int first(void) {
-  old_call(x);
+  new_call(x, y);
+  return value;
+  buffer[0] = 1;
   helper();
 }
 /* tail */
@@ -100,3 +102,4 @@ int g(void)
 int second(void) {
+  return value;
   helper();
 }
diff --git a/src/old_name.c b/src/new_name.c
similarity index 90%
rename from src/old_name.c
rename to src/new_name.c
--- a/src/old_name.c
+++ b/src/new_name.c
@@ -5,3 +5,3 @@
 alpha();
-beta_before();
+beta_after();
 gamma();
diff --git a/src/gone.c b/src/gone.c
deleted file mode 100644
--- a/src/gone.c
+++ /dev/null
@@ -1,2 +0,0 @@
-int gone(void);
-int lost(void);
diff --git a/lib/x/util.c b/lib/x/util.c
--- a/lib/x/util.c
+++ b/lib/x/util.c
@@ -1,1 +1,1 @@
-one_util();
+two_util();
diff --git a/lib/y/util.c b/lib/y/util.c
--- a/lib/y/util.c
+++ b/lib/y/util.c
@@ -1,1 +1,1 @@
-three_util();
+four_util();
diff --git a/gen/out.c b/gen/out.c
--- a/gen/out.c
+++ b/gen/out.c
@@ -1,1 +1,1 @@
-generated_old();
+generated_new();
diff --git a/new.c b/new.c
new file mode 100644
--- /dev/null
+++ b/new.c
@@ -0,0 +1,2 @@
+int brand_new(void);
+int also_new(void);
)";

class Anchoring : public testing::Test {
 protected:
  Anchoring() {
    auto parsed = parse_patch(kPatch);
    change_.files = std::move(parsed.value().files);
    change_.repository = "/home/me/proj";
    for (std::size_t i = 0; i < change_.files.size(); ++i) {
      PlannedFile& planned = plan_.files.emplace_back();
      planned.index = i;
      if (change_.files[i].path() == "gen/out.c") planned.set_aside = SetAside::generated;
    }
    std::string image = "#include <a.h>\nint far_away = 7;\n";
    for (int i = 3; i < 10; ++i) image += "filler_" + std::to_string(i) + "();\n";
    image += "int first(void) {\n  new_call(x, y);\n  return value;\n  buffer[0] = 1;\n  helper();\n}\n";
    images_["src/a.c"] = std::make_shared<const std::string>(image);
    images_["src/caller.c"] = std::make_shared<const std::string>("void caller(void) {\n  first(1);\n}\n");
    view_ = std::make_unique<ChangeView>(change_, plan_, images_,
                                         [](std::string_view path) { return path == "docs/guide.md"; });
  }

  // As a row of the tables: "state path:first-last side".
  std::string resolve(const Citation& citation) const {
    const Anchor anchor = resolve_anchor(citation, *view_);
    std::string text = std::string(to_string(anchor.state)) + " " + anchor.path;
    if (anchor.lines) text += ":" + std::to_string(anchor.lines->first) + "-" + std::to_string(anchor.lines->last);
    if (anchor.side == Side::pre_image) text += " old";
    return text;
  }

  Change change_;
  Plan plan_;
  PostImages images_;
  std::unique_ptr<ChangeView> view_;
};

std::optional<LineRange> at(std::uint32_t first, std::uint32_t last = 0) {
  return LineRange{first, last == 0 ? first : last};
}

TEST_F(Anchoring, paths_are_read_as_reviewers_write_them) {
  const std::vector<std::pair<std::string_view, std::string_view>> table = {
      {"src/a.c", "src/a.c"},
      {"a/src/a.c", "src/a.c"},
      {"b/src/a.c", "src/a.c"},
      {"./src/a.c", "src/a.c"},
      {"src\\a.c", "src/a.c"},
      {"src//a.c", "src/a.c"},
      {" src/a.c ", "src/a.c"},
      {"file:///home/me/proj/src/a.c", "src/a.c"},
      {"/home/me/proj/src/a.c", "src/a.c"},
      {"/tmp/snapshot-1/src/a.c", "src/a.c"},
      {"C:\\w\\src\\a.c", "src/a.c"},
      {"proj/src/a.c", "src/a.c"},
      {"a.c", "src/a.c"},
      {"x/util.c", "lib/x/util.c"},
      {"src/old_name.c", "src/new_name.c"},
      {"src/gone.c", "src/gone.c"},
      {"util.c", ""},         // two files have that name
      {"SRC/A.C", ""},        // case must match
      {"other/src/a.c", ""},  // may be another file
      {"rc/a.c", ""},         // a suffix ends at a slash
      {"gen/out.c", ""},      // not shown
      {"", ""},
      {"/", ""},
  };
  for (const auto& [cited, expected] : table) EXPECT_EQ(view_->resolve_path(cited), expected) << cited;
}

TEST_F(Anchoring, follows_the_quote_then_the_line) {
  struct Row {
    std::string_view name;
    Citation cited;
    std::string_view expected;
  };
  const std::vector<Row> table = {
      {"quote and line", {.path = "src/a.c", .lines = at(11), .quote = "  new_call(x, y);"}, "exact src/a.c:11-11"},
      {"line a little off", {.path = "src/a.c", .lines = at(18), .quote = "new_call(x, y);"}, "exact src/a.c:11-11"},
      {"line far off", {.path = "src/a.c", .lines = at(500), .quote = "new_call(x, y);"}, "moved src/a.c:11-11"},
      {"quote without a line", {.path = "src/a.c", .quote = "new_call(x, y);"}, "moved src/a.c:11-11"},
      {"nearest of several", {.path = "src/a.c", .lines = at(104), .quote = "return value;"}, "exact src/a.c:103-103"},
      {"several, none near", {.path = "src/a.c", .lines = at(60), .quote = "return value;"}, "file_only src/a.c"},
      {"range is kept", {.path = "src/a.c", .lines = at(11, 13), .quote = "new_call(x, y);"}, "exact src/a.c:11-13"},
      {"white space differs", {.path = "src/a.c", .lines = at(11), .quote = "new_call( x,y );"}, "exact src/a.c:11-11"},
      {"with number and marker",
       {.path = "src/a.c", .lines = at(11), .quote = "  11 + new_call(x, y);"},
       "exact src/a.c:11-11"},
      {"with marker", {.path = "src/a.c", .lines = at(11), .quote = "+  new_call(x, y);"}, "exact src/a.c:11-11"},
      {"with number and bar",
       {.path = "src/a.c", .lines = at(11), .quote = "11 | new_call(x, y);"},
       "exact src/a.c:11-11"},
      {"with backticks", {.path = "src/a.c", .lines = at(11), .quote = "`new_call(x, y);`"}, "exact src/a.c:11-11"},
      {"zero-width space",
       {.path = "src/a.c",
        .lines = at(11),
        .quote = "new_\xE2\x80\x8B"
                 "call(x, y);"},
       "exact src/a.c:11-11"},
      {"a part of the line", {.path = "src/a.c", .lines = at(11), .quote = "new_call(x"}, "exact src/a.c:11-11"},
      {"cut with dots", {.path = "src/a.c", .lines = at(11), .quote = "new_call(x, ..."}, "exact src/a.c:11-11"},
      {"several lines",
       {.path = "src/a.c", .lines = at(10), .quote = "new_call(x, y);\nreturn value;\n"},
       "exact src/a.c:11-12"},
      {"several lines choose the place",
       {.path = "src/a.c", .quote = "return value;\nhelper();"},
       "moved src/a.c:103-104"},
      {"bracket first", {.path = "src/a.c", .lines = at(11), .quote = "{\n  new_call(x, y);"}, "exact src/a.c:11-11"},
      {"removed line", {.path = "src/a.c", .lines = at(11), .quote = "old_call(x);"}, "exact src/a.c:11-11 old"},
      {"removed line with marker",
       {.path = "src/a.c", .lines = at(11), .quote = "-  old_call(x);"},
       "exact src/a.c:11-11 old"},
      {"old side", {.path = "src/a.c", .lines = at(11), .side = Side::pre_image}, "line_only src/a.c:11-11 old"},
      {"old path",
       {.path = "src/old_name.c", .lines = at(6), .quote = "beta_before();"},
       "exact src/new_name.c:6-6 old"},
      {"deleted file", {.path = "src/gone.c", .lines = at(2), .quote = "int lost(void);"}, "exact src/gone.c:2-2 old"},
      {"deleted file, line", {.path = "src/gone.c", .lines = at(1)}, "line_only src/gone.c:1-1 old"},
      {"outside of the diff",
       {.path = "src/a.c", .lines = at(2), .quote = "int far_away = 7;"},
       "outside_change src/a.c:2-2"},
      {"line without a quote", {.path = "src/a.c", .lines = at(12)}, "line_only src/a.c:12-12"},
      {"range half shown", {.path = "src/a.c", .lines = at(14, 80)}, "line_only src/a.c:14-16"},
      {"wrong quote on a shown line",
       {.path = "src/a.c", .lines = at(12), .quote = "no_such_thing();"},
       "line_only src/a.c:12-12"},
      {"a bracket says nothing", {.path = "src/a.c", .lines = at(12), .quote = "}"}, "line_only src/a.c:12-12"},
      {"line that is not shown", {.path = "src/a.c", .lines = at(60)}, "file_only src/a.c"},
      {"file alone", {.path = "src/a.c"}, "file_only src/a.c"},
      {"file set aside", {.path = "gen/out.c", .lines = at(1), .quote = "generated_new();"}, "file_only gen/out.c"},
      {"no file", {.quote = "new_call(x, y);"}, "none "},
      {"ambiguous file", {.path = "util.c", .lines = at(1)}, "none "},
      {"another file of the snapshot",
       {.path = "src/caller.c", .lines = at(2), .quote = "first(1);"},
       "outside_change src/caller.c:2-2"},
      {"another file, by line", {.path = "src/caller.c", .lines = at(2)}, "outside_change src/caller.c:2-2"},
      {"another file without its text", {.path = "docs/guide.md", .lines = at(2)}, "outside_change docs/guide.md"},
      {"no such file", {.path = "src/nope.c", .lines = at(12)}, "unknown_file src/nope.c"},
      {"invented quote", {.path = "src/a.c", .lines = at(60), .quote = "system(user_input);"}, "fabricated src/a.c"},
      {"invented quote in another file",
       {.path = "src/caller.c", .quote = "system(user_input);"},
       "fabricated src/caller.c"},
      {"invented quote in an added file",
       {.path = "new.c", .lines = at(9), .quote = "system(user_input);"},
       "fabricated new.c"},
      {"quote of another file", {.path = "src/a.c", .lines = at(60), .quote = "beta_after();"}, "file_only src/a.c"},
      {"cannot know what was not shown",
       {.path = "src/new_name.c", .lines = at(60), .quote = "system(user_input);"},
       "file_only src/new_name.c"},
  };
  for (const Row& row : table) EXPECT_EQ(resolve(row.cited), row.expected) << row.name;
}

TEST_F(Anchoring, hostile_citations_are_only_not_found) {
  EXPECT_EQ(resolve({.path = std::string(5'000, '/'), .lines = at(1, UINT32_MAX)}).substr(0, 12), "unknown_file");
  EXPECT_EQ(resolve({.path = "../../etc/passwd"}), "unknown_file ../../etc/passwd");
  EXPECT_EQ(resolve({.path = "src/a.c", .lines = LineRange{0, UINT32_MAX}}), "line_only src/a.c:10-105");
  EXPECT_EQ(resolve({.path = "src/a.c", .quote = std::string(100'000, '\n')}), "file_only src/a.c");
  EXPECT_EQ(resolve({.path = "src/a.c", .lines = at(11), .quote = "\xE2\x80"}), "line_only src/a.c:11-11");
}

TEST_F(Anchoring, a_review_covers_what_it_names_and_cites) {
  ParsedReview review;
  review.status = ReviewStatus::findings;
  review.checked = {"./src/a.c", "no/such.c", "util.c"};
  review.findings.resize(3);
  review.findings[0].cited = {.path = "src/gone.c", .lines = at(1)};
  review.findings[1].cited = {.path = "src/a.c", .lines = at(60), .quote = "system(user_input);"};
  review.findings[2].cited = {.path = "src/caller.c", .lines = at(2)};
  anchor_findings(review.findings, *view_);
  const CoveredReview covered = cover_files(review, *view_);
  EXPECT_EQ(covered.status, ReviewStatus::findings);
  EXPECT_EQ(covered.checked, (std::vector<std::string>{"src/a.c"}));
  EXPECT_EQ(covered.covers, (std::vector<std::string>{"src/a.c", "src/gone.c"}));
  EXPECT_EQ(covered.unresolved, (std::vector<std::string>{"no/such.c", "util.c"}));
  EXPECT_EQ(uncovered_files(covered.covers, *view_),
            (std::vector<std::string>{"src/new_name.c", "lib/x/util.c", "lib/y/util.c", "new.c"}));
}

TEST(Coverage, a_name_with_a_line_is_the_file_unless_a_file_is_called_so) {
  Change change;
  change.files =
      parse_patch(
          "diff --git a/a.c b/a.c\nnew file mode 100644\n--- /dev/null\n+++ b/a.c\n@@ -0,0 +1 @@\n+x\n"
          "diff --git a/b.c:3 b/b.c:3\nnew file mode 100644\n--- /dev/null\n+++ b/b.c:3\n@@ -0,0 +1 @@\n+x\n")
          .value()
          .files;
  const Plan plan = make_plan(change, {}).value();
  const PostImages images;
  const ChangeView view(change, plan, images);
  const ParsedReview review =
      parse_review(R"({"checked":["a.c:1-9","b.c:3"],"findings":[]})", {.agent = "a", .shown = {}});
  EXPECT_EQ(cover_files(review, view).covers, (std::vector<std::string>{"a.c", "b.c:3"}));
}

TEST_F(Anchoring, notes_the_code_that_was_shown_there) {
  std::vector<Finding> findings(5);
  findings[0].cited = {.path = "src/a.c", .lines = at(103), .quote = "return value;"};
  findings[1].cited = {.path = "src/gone.c", .lines = at(2)};
  findings[2].cited = {.path = "src/caller.c", .lines = at(2)};  // outside the change: not shown
  findings[3].cited = {.path = "src/a.c"};
  findings[4].cited = {.path = "src/gone.c", .lines = at(2)};
  findings[4].rule = "secret.token";  // its line is not repeated
  anchor_findings(findings, *view_);
  EXPECT_EQ(findings[0].code, "return value;");
  EXPECT_EQ(findings[1].code, "int lost(void);");
  EXPECT_EQ(findings[2].code, "");
  EXPECT_EQ(findings[3].code, "");
  EXPECT_EQ(findings[4].code, "");
}

TEST_F(Anchoring, an_invented_quote_covers_nothing) {
  ParsedReview review;
  review.status = ReviewStatus::findings;
  review.findings.resize(1);
  review.findings[0].cited = {.path = "src/a.c", .lines = at(60), .quote = "system(user_input);"};
  anchor_findings(review.findings, *view_);
  EXPECT_TRUE(cover_files(review, *view_).covers.empty());
}

TEST_F(Anchoring, a_clean_review_of_nothing_that_changed_is_insubstantial) {
  ParsedReview review;
  review.status = ReviewStatus::clean;
  review.checked = {"path/one.cc", "gen/out.c"};
  const CoveredReview covered = cover_files(review, *view_);
  EXPECT_EQ(covered.status, ReviewStatus::insubstantial);
  EXPECT_FALSE(covered.reason.empty());
  review.checked = {"new.c"};
  EXPECT_EQ(cover_files(review, *view_).status, ReviewStatus::clean);
}

}  // namespace
}  // namespace assize
