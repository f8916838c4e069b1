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

TEST(TextReport, shows_how_a_group_came_to_stand_as_it_does) {
  EXPECT_THAT(render_text(fixture::debated_outcome(), {.width = 100}),
              HasSubstr("  G2  src/übung.py:7\n"
                        "      eval of a value from outside\n"
                        "      0/1 reviewer, found by lint [py-eval] · needs a person: codex leaves it to a person, "
                        "and the\n"
                        "      second verdict is missing · debate: 1 for (claude), 0 against · security · debaters "
                        "would say\n"
                        "      medium\n"
                        "      When the write fails, the function returns early and the caller goes on with what it "
                        "had\n"
                        "      before.\n"
                        "      | eval(request.args['x'])\n"
                        "      Fix: Return the error to the caller.\n"
                        "      codex, undecided: It depends on who may send this.\n"
                        "\n"
                        "MEDIUM (1)\n"
                        "  G6  src/store.c:95\n"
                        "      The header promises an error code that is never returned\n"
                        "      1/2 reviewers: codex · unverified: split off from G3, whose other statements are "
                        "refuted ·\n"
                        "      docs · medium by policy, reported as high · raised in round 2\n"));
}

TEST(TextReport, shows_what_was_refuted_in_brief) {
  EXPECT_THAT(render_text(fixture::debated_outcome(), {.width = 100}),
              HasSubstr("SET ASIDE (1)\n"
                        "      These were refuted when they were checked.\n"
                        "  G3  src/store.c:38 (removed)\n"
                        "      The only test of the error path is removed\n"
                        "      1/2 reviewers: claude · refuted by codex and claude · test-gap · medium · severity not "
                        "given\n"
                        "      codex, refuted: The test was moved. (tests/store_test.c:12)\n"
                        "      claude, refuted: (tests/old.c:9, which does not exist)\n"
                        "\n"
                        "IN THE WORDS OF THE CHAIR (judge)\n"
                        "      │ The double free is real: the error path frees `buf` twice.\n"
                        "      │\n"
                        "      │ The rest can wait.\n"
                        "      The chair recommends approve; it does not decide.\n"
                        "      Note: the chair would approve; the decision is FAIL by the rule blocking_group and "
                        "stands\n"
                        "\n"
                        "VOTE (request_changes)\n"
                        "      claude: request_changes, raised G1, critical\n"
                        "      codex: request_changes, raised G1, critical\n"));
}

TEST(TextReport, sums_up_by_code_when_there_is_no_chair) {
  Outcome outcome = fixture::debated_outcome();
  outcome.synthesis = Synthesis{"", "2 of 5 reviewers gave a valid review. 6 problems.", std::nullopt, "no chair"};
  const std::string report = render_text(outcome, {.width = 100});
  EXPECT_THAT(report, HasSubstr("SUMMARY\n"
                                "      2 of 5 reviewers gave a valid review. 6 problems.\n"
                                "      Note: no chair\n"
                                "      Covered: "));
  EXPECT_THAT(report, Not(HasSubstr("CHAIR (")));
}

TEST(TextReport, tells_partial_reviews_chairs_and_what_was_spent) {
  const std::string report = render_text(fixture::debated_outcome(), {.width = 100});
  EXPECT_THAT(report, HasSubstr("      local     partial review: 1 of 3 parts; part 1: no answer within 5 min; part 3: "
                                "prose without\n"));
  EXPECT_THAT(report, HasSubstr("      judge     chairs and verifies · claude-test-2\n"));
  EXPECT_THAT(report, HasSubstr("      48.1k of 50.0k tokens, $0.30 of $0.50 (in part estimated); 1 min 6 s; run\n"));
  EXPECT_THAT(report, HasSubstr("      The budget ran out (10 min 0 s in all, 50.0k tokens, $0.50); left out: round 4 "
                                "of the debate.\n"));
}

TEST(TextReport, of_prose_has_its_own_words_for_verdicts) {
  Outcome outcome = fixture::debated_outcome();
  outcome.mode = "issue";
  const std::string report = render_text(outcome, {.width = 100});
  EXPECT_THAT(report, HasSubstr("claude    3 findings, NEEDS_INFO"));
  EXPECT_THAT(report, HasSubstr("The chair recommends READY; it does not decide.\n"));
  EXPECT_THAT(report, HasSubstr("VOTE (NEEDS_INFO)\n"));
  EXPECT_THAT(report, Not(HasSubstr("request_changes")));
}

TEST(TextReport, has_no_vote_when_the_gate_alone_decided) {
  Outcome outcome = fixture::debated_outcome();
  outcome.decision.trace.erase(outcome.decision.trace.begin());
  EXPECT_THAT(render_text(outcome), Not(HasSubstr("VOTE")));
}

TEST(TextReport, has_its_sections_in_order) {
  const std::string report = render_text(fixture::debated_outcome());
  std::vector<std::string> headings;
  for (const std::string_view line : split_lines(report)) {
    if (!line.empty() && line.front() != ' ') headings.emplace_back(line.substr(0, line.find_first_of("(:")));
  }
  EXPECT_THAT(headings, testing::ElementsAre("FAIL ", "CRITICAL ", "HIGH ", "MEDIUM ", "LOW ", "NOT ANCHORED ",
                                             "SET ASIDE ", "IN THE WORDS OF THE CHAIR ", "VOTE ", "NOT REVIEWED ",
                                             "PANEL", "WARNINGS ", "SUMMARY"));
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
