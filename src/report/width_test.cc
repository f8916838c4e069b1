#include "report/width.h"

#include <gmock/gmock.h>

namespace assize::report {
namespace {

using testing::ElementsAre;

TEST(DisplayWidth, counts_columns_and_not_bytes) {
  struct Case {
    std::string_view text;
    int columns;
  };
  const Case cases[] = {
      {"", 0},  {"abc", 3},      {"übung", 5}, {"日本語", 6}, {"한국어", 6}, {"e\xcc\x81", 1},  // e + acute
      {"🚀", 2}, {"ｆｕｌｌ", 8}, {"…", 1},     {"—", 1},      {"Ω", 1},
  };
  for (const Case& c : cases) EXPECT_EQ(display_width(c.text), c.columns) << c.text;
}

TEST(Wrap, breaks_at_spaces_which_vanish) {
  EXPECT_THAT(wrap("the quick brown fox", 10), ElementsAre("the quick", "brown fox"));
  EXPECT_THAT(wrap("exactly ten", 7), ElementsAre("exactly", "ten"));
  EXPECT_THAT(wrap("a b", 80), ElementsAre("a b"));
  EXPECT_THAT(wrap("one\ntwo", 80), ElementsAre("one", "two"));
  EXPECT_THAT(wrap("", 80), ElementsAre(""));
}

TEST(Wrap, cuts_a_word_that_is_longer_than_a_line) {
  EXPECT_THAT(wrap("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrap("to abcdefghij", 4), ElementsAre("to", "abcd", "efgh", "ij"));
}

TEST(Wrap, breaks_between_wide_characters_and_never_inside_one) {
  EXPECT_THAT(wrap("日本語文字", 5), ElementsAre("日本", "語文", "字"));
  EXPECT_THAT(wrap("ab日本語", 5), ElementsAre("ab日", "本語"));
  EXPECT_THAT(wrap("日本 語", 4), ElementsAre("日本", "語"));
}

TEST(Wrap, no_line_is_wider_than_asked) {
  const std::string text =
      "Der Puffer wird zweimal freigegeben; 缓冲区被释放两次，调用者无法知道。 aVeryLongIdentifier_withMore 🚀🚀 x "
      "e\xcc\x81";
  for (int width = 2; width < 60; ++width) {
    std::string joined;
    for (const std::string& line : wrap(text, width)) {
      EXPECT_LE(display_width(line), width) << line;
      joined += line;
    }
    std::string words = text;
    std::erase(words, ' ');
    std::erase(joined, ' ');
    EXPECT_EQ(joined, words) << width;
  }
}

TEST(CutToWidth, marks_what_is_missing) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_width("abcdef", 4), "abc…");
  EXPECT_EQ(cut_to_width("日本語", 6), "日本語");
  EXPECT_EQ(cut_to_width("日本語", 4), "日…");
}

}  // namespace
}  // namespace assize::report
