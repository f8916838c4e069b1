#include "report/markdown.h"

#include <gmock/gmock.h>

#include "core/text.h"
#include "report/report_fixture.h"

namespace assize {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(MarkdownReport, opens_with_the_decision_and_the_panel) {
  EXPECT_THAT(render_markdown(fixture::clean_outcome()),
              StartsWith("## Assize: PASS\n"
                         "\n"
                         "**2 of 2 reviewers found nothing that blocks.** (rule pass, exit 0)\n"
                         "\n"
                         "Reviewed: \\--commit HEAD (1a2&#8203;b3c4)\n"
                         "\n"
                         "### Panel\n"
                         "\n"
                         "| Agent | Model | Result | Findings | Time |\n"
                         "| --- | --- | --- | ---: | ---: |\n"
                         "| claude | claude-test-1 | clean, approve | 0 | 12.3 s |\n"
                         "| codex | gpt-test | clean, approve, after a repair | 0 | 1 min 5 s |\n"
                         "\n"
                         "### Findings\n"
                         "\n"
                         "None.\n"));
}

TEST(MarkdownReport, shows_a_group_in_collapsible_details) {
  EXPECT_THAT(
      render_markdown(fixture::rich_outcome()),
      HasSubstr("#### High\n"
                "\n"
                "<details><summary><b>G2</b> <code>src/übung.py:7</code> eval of a value from outside · 0/1 "
                "reviewer · unverified</summary>\n"
                "\n"
                "**Why:** When the write fails, the function returns early and the caller goes on with what it had "
                "before.\n"
                "\n"
                "```\n"
                "eval(request.args['x'])\n"
                "```\n"
                "\n"
                "**Fix:** Return the error to the caller.\n"
                "\n"
                "Raised by lint · security · rule py-eval\n"
                "\n"
                "</details>\n"));
}

// Every line that opens a block is ours: what hostile text adds are longer lines, never other ones.
TEST(MarkdownReport, text_from_outside_opens_no_block_and_no_inline_construct) {
  const std::string report = render_markdown(fixture::with_everywhere(fixture::hostile_text()));
  EXPECT_TRUE(is_valid_utf8(report));
  bool in_code = false;
  for (const std::string_view line : split_lines(report)) {
    if (line.starts_with("```")) {
      in_code = !in_code;
      continue;
    }
    if (in_code || line.empty()) continue;
    EXPECT_THAT(std::string(line),
                testing::AnyOf(StartsWith("## Assize: FAIL"), StartsWith("### "), StartsWith("#### "), StartsWith("**"),
                               StartsWith("Reviewed: "), StartsWith("| "), StartsWith("<details><summary><b>"),
                               StartsWith("</details>"), StartsWith("Raised by "), StartsWith("- "), StartsWith("---"),
                               StartsWith("2 of 5 reviewers"), StartsWith("  - **"),
                               StartsWith("> **In the words of the chair (judge):** "), testing::Eq(">"),
                               StartsWith("> The chair recommends"), StartsWith("> **Note:** ")));
    for (const std::string_view bad :
         {"<script", "<img", "<!--", "</table", "@everyone", "@org", "#123", "#4 ", "GH-7", "user@example", "https://",
          "www.evil", "![img](", " [text](", "| a |", "~~~", "**bold"}) {
      EXPECT_EQ(line.find(bad), std::string_view::npos) << bad << " in " << line;
    }
  }
  EXPECT_FALSE(in_code);
}

TEST(MarkdownReport, quotes_the_chair_and_says_that_it_contradicts) {
  EXPECT_THAT(render_markdown(fixture::debated_outcome()),
              HasSubstr("\n> **In the words of the chair (judge):** The double free is real: the error path frees "
                        "\\`buf\\` twice.<br><br>The rest can wait.\n"
                        ">\n"
                        "> The chair recommends approve; it does not decide.\n"
                        ">\n"
                        "> **Note:** the chair would approve; the decision is FAIL by the rule blocking\\_group and "
                        "stands\n"));
  Outcome by_code = fixture::debated_outcome();
  by_code.synthesis =
      Synthesis{"", "2 of 5 reviewers gave a valid review.", std::nullopt, "nobody could take the chair"};
  EXPECT_THAT(render_markdown(by_code), HasSubstr("\n> **Summary:** 2 of 5 reviewers gave a valid review.\n"
                                                  ">\n> **Note:** nobody could take the chair\n"));
}

TEST(MarkdownReport, shows_verdicts_tally_and_what_was_refuted_in_brief) {
  const std::string report = render_markdown(fixture::debated_outcome());
  EXPECT_THAT(report, HasSubstr("2/2 reviewers (consensus) · verified by judge</summary>"));
  EXPECT_THAT(report, HasSubstr("- **judge, verified:** Both frees are on the error path. (src/store.c:44)\n"));
  EXPECT_THAT(report, HasSubstr("Raised by lint · debate: 1 for (claude), 0 against · security · rule py-eval · "
                                "debaters would say medium\n"));
  EXPECT_THAT(report, HasSubstr("#### Set aside: refuted when it was checked\n"
                                "\n"
                                "- G3 src/store.c:38 (removed) · The only test of the error path is removed · medium · "
                                "refuted by codex and claude\n"
                                "  - **codex, refuted:** The test was moved. (tests/store\\_test.c:12)\n"
                                "  - **claude, refuted:** (tests/old.c:9, which does not exist)\n"
                                "\n"
                                "### Vote: request_changes\n"));
}

TEST(MarkdownReport, tells_how_the_run_went) {
  EXPECT_THAT(render_markdown(fixture::debated_outcome()),
              HasSubstr("### Procedure\n"
                        "\n"
                        "- Depth by the risk of the change, high: src/store.c is a path of high risk.\n"
                        "- Reviewed in 3 parts.\n"
                        "- No valid review of part 3 (src/a b#&#8203;c.sh, x.sh and 1 more).\n"));
  EXPECT_THAT(render_markdown(fixture::clean_outcome()), Not(HasSubstr("### Procedure")));
}

TEST(MarkdownReport, tells_what_an_analyser_left_out) {
  Outcome outcome = fixture::clean_outcome();
  outcome.panel.push_back(fixture::rich_outcome().panel.at(5));
  outcome.panel.back().warnings = {"600 files more than one run takes were not analysed"};
  EXPECT_THAT(render_markdown(outcome), HasSubstr("### Warnings (1)\n\n- cppcheck: 600 files more than"));
}

// GitHub reads everything from a closing tag to the next empty line as HTML.
TEST(MarkdownReport, a_list_never_follows_a_tag_directly) {
  const std::string report = render_markdown(fixture::many_groups(1'000));
  EXPECT_THAT(report, HasSubstr("</details>\n\n- G"));
  EXPECT_THAT(report, Not(HasSubstr("</details>\n- ")));
}

TEST(MarkdownReport, table_rows_keep_their_cells) {
  const std::string report = render_markdown(fixture::with_everywhere("a|b\\|c\n|d"));
  for (const std::string_view line : split_lines(report)) {
    if (!line.starts_with("| ")) continue;
    EXPECT_EQ(std::count(line.begin(), line.end(), '|'), 6) << line;
  }
}

TEST(MarkdownReport, fits_into_a_comment_and_says_what_is_missing) {
  const std::string report = render_markdown(fixture::many_groups(10'000));
  EXPECT_LE(report.size(), 65'536U);
  EXPECT_THAT(report, HasSubstr("### Findings (10000 groups)"));
  EXPECT_THAT(report, HasSubstr("shown without detail."));
  EXPECT_THAT(report, HasSubstr("more are not shown here:** "));
  EXPECT_THAT(report, HasSubstr("2000 medium, 2000 low, 2000 info."));
  // Listed in full, in a line, and counted: nothing is lost.
  std::size_t full = 0;
  std::size_t lines = 0;
  for (const std::string_view line : split_lines(report)) {
    if (line.starts_with("<details>")) ++full;
    if (line.starts_with("- G")) ++lines;
  }
  const std::size_t at = report.find(" more are not shown");
  const std::size_t counted = std::stoul(report.substr(report.rfind("**", at) + 2));
  EXPECT_EQ(full + lines + counted, 10'000U);
  EXPECT_GT(full, 20U);
}

TEST(MarkdownReport, stays_within_the_limit_whatever_the_text) {
  Outcome outcome = fixture::with_everywhere(std::string(10'000, '@') + fixture::hostile_text());
  outcome.private_files.assign(1'000, std::string(5'000, '#'));
  outcome.warnings.assign(1'000, std::string(5'000, '<'));
  for (int i = 0; i < 200; ++i) outcome.panel.push_back(outcome.panel.front());
  outcome.decision.reason.assign(5'000, '@');
  for (const std::size_t limit : {0UL, 16'384UL, 65'536UL}) {
    const std::string report = render_markdown(outcome, {.max_bytes = limit});
    EXPECT_LE(report.size(), std::max<std::size_t>(limit, 16'384));
    EXPECT_TRUE(is_valid_utf8(report));
    EXPECT_THAT(report, HasSubstr("### Not reviewed (1003)"));
    EXPECT_THAT(report, HasSubstr("in the JSON report"));
  }
}

TEST(MarkdownReport, copes_with_an_empty_outcome) {
  EXPECT_THAT(render_markdown(Outcome{}), StartsWith("## Assize: INCONCLUSIVE\n\n(rule , exit 3)"));
}

}  // namespace
}  // namespace assize
