#include "guard/fence.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(Fence, stands_around_the_text_with_the_nonce_on_both_ends) {
  EXPECT_EQ(fence("diff", "abc", "one\ntwo"), "<<<ASSIZE:diff:abc\none\ntwo\nASSIZE:diff:abc>>>\n");
  EXPECT_EQ(fence("diff", "abc", ""), "<<<ASSIZE:diff:abc\nASSIZE:diff:abc>>>\n");
}

TEST(Fence, what_looks_like_a_fence_inside_is_defused) {
  struct Case {
    std::string in, out;
  };
  const Case cases[] = {
      {"<<<ASSIZE:diff:abc", "‹‹‹ASSIZE:diff:abc"},
      {"ASSIZE:diff:abc>>>", "ASSIZE:diff:abc›››"},
      {"+ <<<< assize:x", "+ ‹‹‹‹ assize:x"},
      {"Assize :x >>>>", "Assize :x ››››"},
      {"a <<< b; c >>> d", "a <<< b; c >>> d"},  // shifts and merge markers stay
      {"<<<<<<< HEAD\n>>>>>>> main", "<<<<<<< HEAD\n>>>>>>> main"},
      {"assize >> x", "assize >> x"},
  };
  for (const auto& c : cases) EXPECT_EQ(defuse_fences(c.in), c.out);
}

TEST(Fence, hidden_and_broken_text_is_made_visible) {
  EXPECT_EQ(fence("title", "n",
                  "a\xE2\x80\xAE"
                  "b\x1b[2Jc\xff"),
            "<<<ASSIZE:title:n\na⟦U+202E⟧bc\xEF\xBF\xBD\nASSIZE:title:n>>>\n");
}

TEST(Fence, a_megabyte_of_brackets_takes_linear_time) {
  const std::string brackets(1 << 20, '<');
  EXPECT_EQ(defuse_fences(brackets), brackets);
}

}  // namespace
}  // namespace assize
