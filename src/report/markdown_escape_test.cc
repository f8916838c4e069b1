#include "report/markdown_escape.h"

#include <gtest/gtest.h>

#include "report/report_fixture.h"

namespace assize::report {
namespace {

TEST(MdLine, makes_each_construct_plain_text) {
  struct Case {
    std::string_view text, expected;
  };
  const Case cases[] = {
      {"plain, words (and) more.", "plain, words (and) more."},
      {"<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"},
      {"</details>", "&lt;/details&gt;"},
      {"@everyone @org/team", "@&#8203;everyone @&#8203;org/team"},
      {"#12 org/repo#4 GH-7", "#&#8203;12 org/repo#&#8203;4 GH-&#8203;7"},
      {"a@b.example", "a@&#8203;b.example"},
      {"https://x.example", "https:&#8203;//x.example"},
      {"WWW.x.example", "WWW&#8203;.x.example"},
      {"[a](b) ![c](d)", "\\[a\\](b) !\\[c\\](d)"},
      {"| a | b", "&#124; a &#124; b"},
      {"`x` ``` ~~~", "\\`x\\` \\`\\`\\` \\~\\~\\~"},
      {"*a* __b__ ~c~", "\\*a\\* \\_\\_b\\_\\_ \\~&#8203;c\\~"},
      {"$x$ $5 &12 !3 %v1", "\\$x\\$ \\$&#8203;5 &amp;&#8203;12 !&#8203;3 %&#8203;v1"},
      {"\\", "\\\\"},
      {"- item", "\\- item"},
      {"+ item", "\\+ item"},
      {"=== ", "\\==="},
      {"12. item", "12\\. item"},
      {"3) item", "3\\) item"},
      {"3.14", "3\\.14"},
      {"> quote", "&gt; quote"},
      {"see 1a2b3c4 and deadbeefdeadbeef, not beef", "see 1a2&#8203;b3c4 and dea&#8203;dbeefdeadbeef, not beef"},
      {"std::vector a-b x:y", "std::vector a-b x:y"},
      {"two\nlines\n# heading", "two lines #&#8203; heading"},
  };
  for (const Case& c : cases) EXPECT_EQ(md_line(c.text, 300), c.expected) << c.text;
}

TEST(MdText, keeps_lines_apart_without_a_line_of_markdown) {
  EXPECT_EQ(md_text("one\n\n# two\n    code\n", 300), "one<br><br>#&#8203; two<br>code");
  EXPECT_EQ(md_text(fixture::hostile_text(), 8'000).find('\n'), std::string::npos);
}

TEST(HtmlLine, escapes_for_raw_html) {
  EXPECT_EQ(html_line("</summary><a href=\"x\">@me #1 *a* `b`", 300),
            "&lt;/summary&gt;&lt;a href=&quot;x&quot;&gt;@&#8203;me #&#8203;1 *a* `b`");
  EXPECT_EQ(html_line("a\n\n<p>", 300), "a &lt;p&gt;");
}

TEST(MdCodeBlock, has_a_fence_longer_than_any_inside) {
  EXPECT_EQ(md_code_block("free(buf);", 100), "```\nfree(buf);\n```\n");
  EXPECT_EQ(md_code_block("a ``` b ```` c\n```", 100), "`````\na ``` b ```` c ```\n`````\n");
}

TEST(MarkdownEscape, output_is_bounded_by_twice_the_limit_and_a_mark) {
  const std::string mentions(10'000, '@');
  constexpr std::size_t kMark = 16;
  EXPECT_LE(md_line(mentions, 300).size(), 600 + kMark);
  EXPECT_LE(html_line(mentions, 300).size(), 600 + kMark);
  EXPECT_LE(md_text(mentions + "\n" + mentions, 300).size(), 600 + kMark);
  EXPECT_TRUE(md_line(mentions, 300).ends_with("…"));
}

}  // namespace
}  // namespace assize::report
