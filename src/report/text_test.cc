#include "report/text.h"

#include <gmock/gmock.h>

#include "core/text.h"
#include "report/report_fixture.h"
#include "report/width.h"

namespace assize {

using report::display_width;
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(TextReport, of_a_clean_run_is_short) {
  EXPECT_EQ(render_text(fixture::clean_outcome(), {.width = 100}),
            "PASS (exit 0, pass): 2 of 2 reviewers found nothing that blocks.\n"
            "  --commit HEAD (1a2b3c4)\n"
            "\n"
            "PANEL\n"
            "      claude  clean, approve · claude-test-1 · 12.3 s\n"
            "      codex   clean, approve, after a repair · gpt-test · 1 min 5 s in 2 attempts\n"
            "\n"
            "SUMMARY\n"
            "      2 of 2 reviewers gave a valid review.\n"
            "      Covered: 2 of 2 hunks in 1 of 1 file.\n"
            "      32.3k tokens in, 1.5k tokens out, $0.04 (as 1 of 2 agents report); 1 min 6 s; run\n"
            "      01J0000000000000000000TEST\n"
            "      Everything in full: --format json. For a pull request: --format markdown. For code scanning:\n"
            "      --format sarif.\n");
}

TEST(TextReport, shows_a_group_with_place_agreement_reason_code_and_fix) {
  EXPECT_THAT(
      render_text(fixture::rich_outcome(), {.width = 100}),
      HasSubstr("CRITICAL (1)\n"
                "  G1  src/store.c:42-44\n"
                "      Buffer is freed twice when the write fails\n"
                "      2/2 reviewers (consensus): claude, codex, and cppcheck · unverified · bug · rated medium to\n"
                "      critical\n"
                "      The error path frees `buf` and then falls through to the common exit, which frees it again. A\n"
                "      full disk is enough to get there.\n"
                "      | free(buf);\n"
                "      Fix: Set `buf` to NULL after the first free.\n"
                "      Also at: src/store.c:44\n"));
}

TEST(TextReport, has_its_sections_in_order) {
  const std::string report = render_text(fixture::rich_outcome());
  std::vector<std::string> headings;
  for (const std::string_view line : split_lines(report)) {
    if (!line.empty() && line.front() != ' ') headings.emplace_back(line.substr(0, line.find_first_of("(:")));
  }
  EXPECT_THAT(headings, testing::ElementsAre("FAIL ", "CRITICAL ", "HIGH ", "LOW ", "NOT ANCHORED ", "SET ASIDE ",
                                             "NOT REVIEWED ", "PANEL", "WARNINGS ", "SUMMARY"));
}

TEST(TextReport, names_unavailable_agents_with_the_reason) {
  const std::string report = render_text(fixture::rich_outcome(), {.width = 100});
  EXPECT_THAT(report, HasSubstr("gemini    unavailable: not logged in: run `gemini` once\n"));
  EXPECT_THAT(report, HasSubstr("qwen      no valid review: malformed_answer: no JSON object in 17 bytes"));
  EXPECT_THAT(report, HasSubstr("2 of 4 reviewers gave a valid review."));
}

TEST(TextReport, text_from_outside_starts_no_line_at_the_edge) {
  const Outcome hostile = fixture::with_everywhere(fixture::hostile_text());
  for (const int width : {0, 40, 80, 120, 400}) {
    const std::string report = render_text(hostile, {.width = width});
    EXPECT_TRUE(is_valid_utf8(report));
    EXPECT_THAT(report, StartsWith("FAIL (exit 1, blocking_group): "));
    for (const std::string_view line : split_lines(report)) {
      EXPECT_LE(display_width(line), std::clamp(width, 40, 120)) << line;
      EXPECT_FALSE(line.starts_with("PASS") || line.starts_with("NOT REVIEWED (0)")) << line;
    }
    for (const unsigned char c : report) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7F));
    EXPECT_THAT(report, Not(HasSubstr("\xe2\x80\xae")));
    EXPECT_THAT(report, Not(HasSubstr("\xe2\x80\xa8")));
    EXPECT_THAT(report, Not(HasSubstr("\xc2\x9b")));
  }
}

TEST(TextReport, with_color_has_only_our_own_sequences) {
  const std::string report =
      render_text(fixture::with_everywhere(fixture::hostile_text()), {.color = Color::on, .width = 100});
  EXPECT_THAT(report, StartsWith("\x1b[1;31mFAIL\x1b[0m (exit 1"));
  for (std::size_t at = report.find('\x1b'); at != std::string::npos; at = report.find('\x1b', at + 1)) {
    const std::string sequence = report.substr(at + 1, report.find('m', at) - at);
    EXPECT_THAT(sequence, testing::AnyOf("[0m", "[1m", "[2m", "[36m", "[1;31m", "[1;32m", "[1;33m"));
  }
}

TEST(TextReport, links_a_place_to_its_file) {
  EXPECT_THAT(render_text(fixture::rich_outcome(), {.links = Hyperlinks::on, .width = 100}),
              HasSubstr("  G2  \x1b]8;;file:///srv/my%20repo/src/%C3%BCbung.py\x1b\\src/übung.py:7\x1b]8;;\x1b\\\n"));
  Outcome patch = fixture::rich_outcome();
  patch.repository.clear();
  EXPECT_THAT(render_text(patch, {.links = Hyperlinks::on}), Not(HasSubstr("\x1b")));
}

TEST(TextReport, counts_what_a_long_list_leaves_out) {
  Outcome outcome = fixture::clean_outcome();
  outcome.private_files.assign(60, "key.pem");
  EXPECT_THAT(render_text(outcome), HasSubstr("NOT REVIEWED (60)\n"));
  EXPECT_THAT(render_text(outcome), HasSubstr("      and 10 more: see --format json, \"coverage\"\n"));
}

TEST(TextReport, offline_says_that_no_model_was_asked) {
  Outcome outcome = fixture::rich_outcome();
  outcome.offline = true;
  EXPECT_THAT(render_text(outcome), HasSubstr("Rules alone: no model agent was asked."));
}

TEST(TextReport, tells_what_an_analyser_left_out) {
  Outcome outcome = fixture::rich_outcome();
  for (AgentReport& agent : outcome.panel) {
    if (agent.role == AgentRole::analyser) agent.warnings = {"600 files more than one run takes were not analysed"};
  }
  EXPECT_THAT(render_text(outcome, {.width = 100}), HasSubstr("600 files more than one run takes were not analysed\n"));
}

TEST(TextReport, copes_with_an_empty_outcome_and_a_huge_title) {
  EXPECT_THAT(render_text(Outcome{}), StartsWith("INCONCLUSIVE (exit 3)\n"));
  Outcome outcome = fixture::rich_outcome();
  outcome.findings.front().title.assign(10'000'000, 'x');
  EXPECT_LT(render_text(outcome).size(), 10'000U);
}

}  // namespace
}  // namespace assize
