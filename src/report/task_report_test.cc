#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/text.h"
#include "report/report_fixture.h"
#include "report/task_fixture.h"
#include "report/task_json.h"
#include "report/task_text.h"
#include "report/width.h"

namespace assize {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TaskText, says_who_answered_what_and_what_changed) {
  EXPECT_EQ(render_task_text(fixture::rich_task()),
            "PARTIAL: 1 of 3 agents completed the task; b: timed_out: too slow\n"
            "mode write, scope: src ., at cafe0123cafe, 13.0 s\n"
            "\n"
            "a (opus): completed in 12.3 s\n"
            "  │ I fixed it:\n"
            "  │\n"
            "  │     return 1;\n"
            "  2 files changed, +3 -1: out/agents/a.diff\n"
            "    M src/a.c +3 -1\n"
            "    A logo.png binary\n"
            "    not in the diff: core: too large for a patch (99999999 bytes)\n"
            "    sub/.git is not in the diff\n"
            "  warning: one tool call was denied\n"
            "\n"
            "b: expired: timed_out: too slow\n"
            "  its changes are lost: the agent removed its whole tree\n"
            "\n"
            "c: failed: not_installed: qwen is not on PATH\n"
            "\n"
            "Synthesis: written by a; A is b, B is a (x wrote none: refused)\n"
            "  │ In short: it is fixed.\n"
            "\n"
            "Not in the agents' trees\n"
            "  module: a submodule\n"
            "\n"
            "Warnings\n"
            "  c: not installed\n");
}

TEST(TaskText, an_answer_stands_whole_and_is_broken_only_on_a_terminal) {
  TaskOutcome task = fixture::rich_task();
  const std::string line(20'000, 'x');
  task.agents[0].answer.text = line + "\n";
  EXPECT_THAT(render_task_text(task), HasSubstr("  │ " + line + "\n"));
  task.agents[0].answer.text = "\tif (x)  \r\n\n";
  EXPECT_THAT(render_task_text(task), HasSubstr("  │ \tif (x)  \n  2 files"));
  EXPECT_THAT(render_task_text(task, {.width = 60}), HasSubstr("  │     if (x)  \n  2 files"));
  task.agents[0].answer.text = line;
  const std::string narrow = render_task_text(task, {.width = 60});
  for (const std::string_view got : split_lines(narrow)) {
    EXPECT_TRUE(!got.starts_with("  │") || report::display_width(got) <= 60) << got;
  }
}

TEST(TaskText, no_text_of_an_agent_can_control_a_terminal_or_pass_for_ours) {
  const std::string text = render_task_text(
      fixture::hostile_task("\x1b[31mPASS: all\x07\x1b]8;;http://x\x1b\\\nPASS: 9 of 9 agents completed the task\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
  EXPECT_THAT(text, Not(HasSubstr("\nPASS")));
  // Nor by being broken by the terminal: only the first line of all, and headings of ours, begin in the first column.
  for (const int width : {20, 80}) {
    const std::string words = std::string(static_cast<std::size_t>(width), 'x') + " PASS: forged PASS: forged";
    const std::string page = render_task_text(fixture::hostile_task(words), {.width = width});
    for (const std::string_view line : split_lines(page)) {
      EXPECT_LE(report::display_width(line), width) << line;
      EXPECT_FALSE(line.starts_with("PASS")) << line;
    }
  }
}

TEST(TaskMarkdown, answers_stand_in_blocks_that_nothing_inside_can_end) {
  const std::string text = render_task_markdown(fixture::rich_task());
  EXPECT_THAT(text, HasSubstr("## Assize run: PARTIAL\n"));
  EXPECT_THAT(text, HasSubstr("\n```text\nI fixed it:\n\n    return 1;\n```\n"));
  EXPECT_THAT(text, HasSubstr("\n````diff\n")) << "the patch holds three backticks";
  const std::string hostile =
      render_task_markdown(fixture::hostile_task("```\n````\n# Forged\n@someone <img src=x> \x1b[1m"));
  EXPECT_THAT(hostile, HasSubstr("\n`````text\n"));
  EXPECT_THAT(hostile, Not(HasSubstr("\x1b")));
  // Outside of the blocks nothing is left of it as it was.
  bool inside = false;
  for (const std::string_view line : split_lines(hostile)) {
    if (line.starts_with("`````")) {
      inside = !inside;
      continue;
    }
    if (inside) continue;
    EXPECT_FALSE(line.starts_with("# Forged")) << line;
    EXPECT_EQ(line.find("<img"), std::string_view::npos) << line;
    EXPECT_EQ(line.find("@someone"), std::string_view::npos) << line;
  }
  EXPECT_FALSE(inside);
}

TEST(TaskMarkdown, a_long_patch_is_named_and_not_shown) {
  TaskOutcome task = fixture::rich_task();
  task.agents[0].diff->patch = std::string(30'000, 'x');
  const std::string text = render_task_markdown(task);
  EXPECT_THAT(text, HasSubstr("The diff has 30000 bytes."));
  EXPECT_THAT(text, HasSubstr("out/agents/a.diff"));
  EXPECT_THAT(text, Not(HasSubstr("xxxxxxxx")));
}

TEST(TaskJson, gives_the_answers_back_as_they_were) {
  TaskOutcome task = fixture::rich_task();
  const std::string odd = "\x1b[31mred\x1b[0m \xE2\x80\xAE \"quoted\" \\ \t\n";
  task.agents[0].answer.text = odd;
  task.agents[0].diff->patch = "-\xff\n+x\n";
  const boost::json::value document = boost::json::parse(render_task_json(task));
  const auto& agent = document.at("agents").at(0);
  EXPECT_EQ(agent.at("answer").as_string(), odd);
  EXPECT_EQ(agent.at("diff").at("patch").as_string(), "-\xEF\xBF\xBD\n+x\n");
  EXPECT_FALSE(agent.at("diff").at("patch_exact").as_bool());
  EXPECT_EQ(document.at("schema").as_string(), "assize.run.v1");
  EXPECT_EQ(document.at("state").as_string(), "partial_success");
  EXPECT_EQ(document.at("agents").at(1).at("states").as_array().size(), 6U);
  EXPECT_TRUE(document.at("agents").at(2).at("diff").is_null());
  EXPECT_EQ(document.at("synthesis").at("letters").at("A").as_string(), "b");
}

TEST(TaskReports, hostile_text_of_all_sorts_stays_valid_utf8) {
  const TaskOutcome task = fixture::hostile_task(fixture::hostile_text());
  for (const std::string& text : {render_task_text(task, {.width = 40}), render_task_markdown(task)}) {
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_EQ(strip_controls(text, Newlines::keep), text);
    EXPECT_TRUE(text.ends_with('\n'));
  }
  EXPECT_NO_THROW(boost::json::parse(render_task_json(task)));
}

}  // namespace
}  // namespace assize
