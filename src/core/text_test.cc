#include "core/text.h"

#include <gtest/gtest.h>

#include "core/hash.h"

namespace assize {
namespace {

TEST(Utf8, invalid_sequences_become_one_replacement_each) {
  struct Case {
    std::string in, out;
  };
  const std::vector<Case> cases = {
      {"plain", "plain"},
      {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
      {"a\xFFz", "a\xEF\xBF\xBDz"},
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // overlong
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                  // a surrogate
      {"\xF0\x9F\x98", "\xEF\xBF\xBD"},                                          // cut at the end
      {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // above U+10FFFF
  };
  for (const auto& c : cases) {
    EXPECT_EQ(to_valid_utf8(c.in), c.out);
    EXPECT_EQ(is_valid_utf8(c.in), c.in == c.out);
  }
}

TEST(StripControls, nothing_that_moves_a_cursor_or_hides_text_is_left) {
  struct Case {
    std::string in, out;
  };
  const std::vector<Case> cases = {
      {"\x1b[31mred\x1b[0m", "red"},
      {"\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"},
      {"\x1b]0;title\arest", "rest"},
      {"\x1b[31", ""},
      {"\x1bP unterminated\nnext", "\nnext"},
      {std::string("a\rb\x08\x7f\0z", 7), "abz"},
      {"c1 \xC2\x9B"
       "31m",
       "c1 31m"},
      {"rtl\xE2\x80\xAEx", "rtl⟦U+202E⟧x"},
      {"tab\tnl\n", "tab\tnl\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(strip_controls(c.in, Newlines::keep), c.out);
  EXPECT_EQ(strip_controls("one\r\ntwo\rthree\n", Newlines::to_space), "one two three ");
}

TEST(CapBytes, cuts_at_a_character_and_says_so) {
  EXPECT_EQ(cap_bytes("short", 5), "short");
  EXPECT_EQ(cap_bytes("longer text", 8), "longe…");
  EXPECT_EQ(cap_bytes("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC", 7), "\xE2\x82\xAC…");
}

TEST(Lines, carriage_returns_before_newlines_are_dropped) {
  EXPECT_EQ(split_lines("a\r\nb\n\nc"), (std::vector<std::string_view>{"a", "b", "", "c"}));
  EXPECT_EQ(split_lines("a\n"), (std::vector<std::string_view>{"a"}));
  EXPECT_TRUE(split_lines("").empty());
}

TEST(Nearest, offers_only_what_is_close) {
  EXPECT_EQ(nearest("agnets", {"agents", "chair"}), "agents");
  EXPECT_EQ(nearest("zebra", {"agents", "chair"}), "");
}

TEST(Hash, sha256_and_digest_are_what_they_say) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_NE(Digest().add("ab").add("c").hex(), Digest().add("a").add("bc").hex());
  EXPECT_EQ(random_hex(16).size(), 32U);
  EXPECT_NE(random_hex(16), random_hex(16));
}

}  // namespace
}  // namespace assize
