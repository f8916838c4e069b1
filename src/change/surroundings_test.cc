#include "change/surroundings.h"

#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

// A file of 100 lines "line 1" … with a change in line 50 and one in line 60.
struct Sample {
  Change change;
  Plan plan;
  PostImages images;

  Sample() {
    change.files =
        parse_patch("--- a/x.c\n+++ b/x.c\n@@ -50,1 +50,1 @@\n-old\n+line 50\n@@ -60,1 +60,1 @@\n-old\n+line 60\n")
            .value()
            .files;
    plan = make_plan(change, {}).value();
    std::string text;
    for (int i = 1; i <= 100; ++i) text += "line " + std::to_string(i) + "\n";
    images["x.c"] = std::make_shared<const std::string>(text);
  }
};

TEST(Surroundings, twenty_lines_on_both_sides_without_what_the_diff_shows) {
  const Sample sample;
  const std::string text = render_surroundings(sample.change, sample.plan, sample.images);
  EXPECT_EQ(text.find("x.c:\n  30   line 30\n  31   line 31\n"), 0U) << text;
  EXPECT_NE(text.find("  49   line 49\n     …\n  51   line 51\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  59   line 59\n     …\n  61   line 61\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  80   line 80\n"), std::string::npos);
  EXPECT_EQ(text.find("line 81"), std::string::npos);
  EXPECT_EQ(text.find("line 29\n"), std::string::npos);
}

TEST(Surroundings, what_does_not_fit_is_said) {
  const Sample sample;
  EXPECT_EQ(render_surroundings(sample.change, sample.plan, sample.images, ByteCount{10}),
            "(1 more files have code around their hunks that did not fit)\n");
  EXPECT_EQ(render_surroundings(sample.change, sample.plan, {}), "");
}

}  // namespace
}  // namespace assize
