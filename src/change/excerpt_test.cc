#include "change/excerpt.h"

#include <gtest/gtest.h>

#include "change/diff_parser.h"
#include "core/text.h"

namespace assize {
namespace {

Change change_of(std::string_view patch) {
  Change change;
  change.files = parse_patch(patch).value().files;
  return change;
}

PostImages image_of(std::string path, std::string text) {
  PostImages images;
  images[std::move(path)] = std::make_shared<const std::string>(std::move(text));
  return images;
}

Anchor at(std::string path, std::uint32_t first, std::uint32_t last, Side side = Side::post_image) {
  return {.state = AnchorState::exact, .path = std::move(path), .lines = LineRange{first, last}, .side = side};
}

// Lines 1 … 9 of which 5 was changed and what stood after 7 was removed.
constexpr std::string_view kPatch = "--- a/x.c\n+++ b/x.c\n@@ -4,6 +4,5 @@\n l4\n-old 5\n+l5\n l6\n l7\n-old 8\n l8\n";
constexpr std::string_view kImage = "l1\nl2\nl3\nl4\nl5\nl6\nl7\nl8\nl9\n";

TEST(Excerpt, shows_the_lines_around_an_anchor_and_what_the_change_did_there) {
  const Change change = change_of(kPatch);
  const PostImages images = image_of("x.c", std::string(kImage));
  struct Case {
    Anchor anchor;
    std::uint32_t context;
    std::string_view with_image, without;
  };
  const Case cases[] = {
      {at("x.c", 5, 5), 2, "   3   l3\n   4   l4\n   5 - old 5\n   5 + l5\n   6   l6\n   7   l7\n",
       "   4   l4\n   5 - old 5\n   5 + l5\n   6   l6\n   7   l7\n"},
      {at("x.c", 1, 1), 1, "   1   l1\n   2   l2\n", ""},
      {at("x.c", 9, 9), 1, "   8 - old 8\n   8   l8\n   9   l9\n", "   8 - old 8\n   8   l8\n"},
      {at("x.c", 6, 7), 0, "   6   l6\n   7   l7\n", "   6   l6\n   7   l7\n"},
      // A removed line: its place in the file as it is now.
      {at("x.c", 8, 8, Side::pre_image), 1, "   7   l7\n   8 - old 8\n   8   l8\n   9   l9\n",
       "   7   l7\n   8 - old 8\n   8   l8\n"},
      {at("x.c", 5, 5, Side::pre_image), 0, "   5 - old 5\n   5 + l5\n", "   5 - old 5\n"},
      {at("x.c", 40, 40), 3, "", ""},
      {at("y.c", 5, 5), 3, "", ""},
      {{.state = AnchorState::file_only, .path = "x.c"}, 3, "", ""},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(render_excerpt(change, images, test.anchor, test.context), test.with_image);
    EXPECT_EQ(render_excerpt(change, {}, test.anchor, test.context), test.without);
  }
}

TEST(Excerpt, of_a_deleted_file_shows_the_removed_lines) {
  const Change change = change_of(
      "diff --git a/x.c b/x.c\ndeleted file mode 100644\n--- a/x.c\n+++ /dev/null\n@@ -1,4 +0,0 @@\n-a\n-b\n-c\n-d\n");
  EXPECT_EQ(render_excerpt(change, {}, at("x.c", 3, 3, Side::pre_image), 1), "   2 - b\n   3 - c\n   4 - d\n");
  EXPECT_EQ(render_excerpt(change, {}, at("x.c", 3, 3), 0), "   3 - c\n");
}

TEST(Excerpt, of_a_removed_end_shows_it) {
  const Change change = change_of("--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,1 @@\n a\n-b\n-c\n");
  EXPECT_EQ(render_excerpt(change, image_of("x.c", "a\n"), at("x.c", 3, 3, Side::pre_image), 1),
            "   1   a\n   2 - b\n   3 - c\n");
}

TEST(Excerpt, outside_the_change_comes_from_the_post_image) {
  EXPECT_EQ(render_excerpt({}, image_of("lib/y.c", "a\nb\nc\n"), at("lib/y.c", 2, 2), 1),
            "   1   a\n   2   b\n   3   c\n");
}

TEST(Excerpt, two_hunks_without_the_file_show_a_gap) {
  const Change change = change_of("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n@@ -8,2 +8,2 @@\n c\n-d\n+D\n");
  EXPECT_EQ(render_excerpt(change, {}, at("x", 2, 8), 1),
            "   1   a\n   2 - b\n   2 + B\n     …\n   8   c\n   9 - d\n   9 + D\n");
}

TEST(Excerpt, a_long_anchor_is_cut_in_the_middle_and_says_so) {
  std::string image;
  for (int i = 1; i <= 1000; ++i) image += "line " + std::to_string(i) + "\n";
  const std::string text = render_excerpt({}, image_of("x.c", image), at("x.c", 100, 900), 20);
  EXPECT_EQ(text.find("  80   line 80\n"), 0U);
  EXPECT_NE(text.find(" 159   line 159\n     … (681 lines left out)\n 841   line 841\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with(" 920   line 920\n"));
}

TEST(Excerpt, is_inert_text_with_bounded_lines) {
  const std::string image = "a\x1b[31m\n" + std::string(3'000, 'x') + "\n";
  const std::string text = render_excerpt({}, image_of("x.js", image), at("x.js", 1, UINT32_MAX), 20);
  EXPECT_EQ(text,
            "   1   a⟦U+001B⟧[31m\n   2   " + std::string(2'000, 'x') + " …[cut: 1000 more bytes of this line]\n");
  EXPECT_EQ(render_excerpt({}, image_of("x", "a\r\nb\r\n"), at("x", 1, 2), 0), "   1   a\n   2   b\n");
  EXPECT_EQ(render_excerpt({}, image_of("x", "a\r\nb\n"), at("x", 1, 2), 0), "   1   a⟦U+000D⟧\n   2   b\n");
}

}  // namespace
}  // namespace assize
