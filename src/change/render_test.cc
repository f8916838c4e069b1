#include "change/render.h"

#include <gtest/gtest.h>

#include "change/diff_parser.h"
#include "core/text.h"

namespace assize {
namespace {

std::string render(std::string_view patch) {
  auto parsed = parse_patch(patch);
  EXPECT_TRUE(parsed);
  Change change;
  change.files = std::move(parsed->files);
  auto plan = make_plan(change, {.max_bytes = {100'000'000}});
  EXPECT_TRUE(plan) << plan.error().message;
  return render_numbered(change, *plan);
}

TEST(Render, gives_every_line_its_number) {
  EXPECT_EQ(render("diff --git a/x.c b/x.c\nindex 1..2 100644\n--- a/x.c\n+++ b/x.c\n@@ -41,3 +41,3 @@ int f()\n"
                   " a\n-b\n+B\n c\n"),
            "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -41,3 +41,3 @@ int f()\n"
            "  41   a\n  42 - b\n  42 + B\n  43   c\n");
}

TEST(Render, says_what_has_no_lines) {
  EXPECT_EQ(render("diff --git a/x b/y z\nsimilarity index 100%\nrename from x\nrename to y z\n"
                   "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"),
            "diff --git a/x b/y z\nrename from x\nrename to y z\n"
            "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n");
}

TEST(Render, is_inert_text) {
  struct Case {
    std::string_view text, shown;
  };
  const Case cases[] = {
      {"a\tb", "a\tb"},
      {std::string_view("n\0l", 3), "n⟦U+0000⟧l"},
      {"\x1b[31mred\x7f", "⟦U+001B⟧[31mred⟦U+007F⟧"},
      {"a\rdiff --git", "a⟦U+000D⟧diff --git"},
      {"\xC2\x85", "⟦U+0085⟧"},
      {"bad \xFF\xC3 utf8", "bad \xEF\xBF\xBD\xEF\xBF\xBD utf8"},
      {"\xE2\x80\xAE"
       "evil",
       "⟦U+202E⟧evil"},
      {"\xC3\xA4\xE2\x82\xAC", "\xC3\xA4\xE2\x82\xAC"},
  };
  for (const Case& test : cases) {
    std::string out;
    append_inert(test.text, out);
    EXPECT_EQ(out, test.shown);
    EXPECT_TRUE(is_valid_utf8(out));
  }
  const std::string path = render("diff --git \"a/x\\n+++ b/y\" \"b/x\\n+++ b/y\"\nold mode 100644\nnew mode 100755\n");
  EXPECT_EQ(path.substr(0, path.find('\n')), "diff --git a/x⟦U+000A⟧+++ b/y b/x⟦U+000A⟧+++ b/y");
}

TEST(Render, cuts_a_long_line_at_a_character_and_says_so) {
  std::string out;
  append_inert(std::string(kMaxShownLine - 1, 'x') + "\xE2\x82\xAC" + "yy", out);
  EXPECT_EQ(out, std::string(kMaxShownLine - 1, 'x') + " …[cut: 5 more bytes of this line]");
}

TEST(Render, shows_a_carriage_return_only_where_it_differs) {
  EXPECT_EQ(
      render("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\r\n"),
      "diff --git a/x b/x\n(all lines shown end in CR LF)\n--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n   1 - a\n   1 + b\n");
  EXPECT_NE(render("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+a\r\n").find("   1 + a⟦U+000D⟧\n"), std::string::npos);
}

TEST(Render, wide_numbers_line_up) {
  EXPECT_NE(render("--- a/x\n+++ b/x\n@@ -99999,2 +99999,2 @@\n a\n-b\n+c\n").find(" 99999   a\n100000 - b\n"),
            std::string::npos);
}

TEST(Render, keeps_a_combined_diff_apart_from_structure) {
  EXPECT_NE(render("diff --cc x\nindex 1,2..3\n@@@ -1,1 -1,1 +1,1 @@@\n++d\n").find("   | ++d\n"), std::string::npos);
}

TEST(Render, marks_a_missing_newline) {
  EXPECT_NE(render("--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+b\n\\ No newline at end of file\n")
                .find("   1 + b\n     \\ no newline at end of file\n"),
            std::string::npos);
}

}  // namespace
}  // namespace assize
