#include "report/uri.h"

#include <gtest/gtest.h>

namespace assize::report {
namespace {

TEST(PercentEncodePath, leaves_only_unreserved_characters_and_slashes) {
  EXPECT_EQ(percent_encode_path("src/a-b_c.d~e/F9"), "src/a-b_c.d~e/F9");
  EXPECT_EQ(percent_encode_path("a b#c?d%e"), "a%20b%23c%3Fd%25e");
  EXPECT_EQ(percent_encode_path("https://x"), "https%3A//x");
  EXPECT_EQ(percent_encode_path("ü\xff\n"), "%C3%BC%FF%0A");
}

TEST(RelativeUri, refuses_what_leaves_the_tree) {
  EXPECT_EQ(relative_uri("src/a.c"), "src/a.c");
  for (const std::string_view path : {"", "/etc/passwd", "../a", "a/../../b", "a//b", "./a", "a/"}) {
    EXPECT_EQ(relative_uri(path), "") << path;
  }
}

}  // namespace
}  // namespace assize::report
