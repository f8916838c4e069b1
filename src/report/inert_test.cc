#include "report/inert.h"

#include <gtest/gtest.h>

#include "core/text.h"
#include "report/report_fixture.h"

namespace assize::report {
namespace {

TEST(InertLine, keeps_the_words_and_drops_what_acts) {
  struct Case {
    std::string_view text, expected;
  };
  const Case cases[] = {
      {"plain words", "plain words"},
      {"  two\n lines\tand  spaces ", "two lines and spaces"},
      {"\x1b[31mred\x1b[0m", "red"},
      {"\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"},
      {"bell\a back\b del\x7f", "bell back del"},
      {"\xff\xfe", "��"},
      {"\xe2\x80\xaeleft", "⟦U+202E⟧left"},
      {"", ""},
      {"\n\t ", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(inert_line(c.text, 100), c.expected);
}

TEST(InertLine, is_never_longer_than_asked_and_marks_the_cut) {
  EXPECT_EQ(inert_line("abcdef", 6), "abcdef");
  EXPECT_EQ(inert_line("abcdefg", 6), "abc…");
  // 10 MB of characters that grow when they are shown.
  std::string huge;
  for (int i = 0; i < 3'500'000; ++i) huge += "\xe2\x80\xae";
  const std::string shown = inert_line(huge, kTitleBytes);
  EXPECT_LE(shown.size(), kTitleBytes);
  EXPECT_TRUE(is_valid_utf8(shown));
}

TEST(InertText, keeps_lines_and_expands_tabs) {
  EXPECT_EQ(inert_text("a\tb  \r\n\n  c\n\n", 100), "a    b\n\n  c");
  EXPECT_EQ(inert_text(fixture::hostile_text(), 10'000).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace assize::report
