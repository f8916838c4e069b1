#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/markdown_escape.h"
#include "report/task_text.h"
#include "report/task_words.h"
#include "report/view.h"

namespace assize {

using namespace report;

namespace {

// A patch that is longer stands in its artifact alone: the services that show Markdown cut at about this much.
constexpr std::size_t kMostPatch = 20'000;

// Several lines as they are, in a block that nothing inside can end: its fence is longer than any run of backticks.
std::string block(std::string_view language, std::string_view text) {
  const std::string inert = strip_controls(to_valid_utf8(text), Newlines::keep);
  std::size_t longest = 2, run = 0;
  for (const char c : inert) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("\n{}{}\n{}{}{}\n", fence, language, inert, inert.ends_with('\n') ? "" : "\n", fence);
}

std::string changes(const TaskAgent& agent) {
  if (!agent.diff_error.empty())
    return fmt::format("\n**Its changes are lost:** {}\n", md_line(agent.diff_error, kMessageBytes));
  if (!agent.diff) return {};
  const TreeDiff& diff = *agent.diff;
  std::string text = fmt::format("\n{}", md_line(changes_of(diff), kMessageBytes));
  if (!agent.diff_file.empty()) text += fmt::format(": {}", md_line(agent.diff_file, kPathBytes));
  text += '\n';
  if (!diff.files.empty()) text += '\n';
  for (const ChangedFile& file : diff.files) {
    text += fmt::format("- {} {} ({})\n", letter_of(file.kind), md_line(file.path, kPathBytes), lines_of(file));
  }
  for (const LeftOut& file : diff.left_out) {
    text += fmt::format("- **not in the diff:** {}: {}\n", md_line(file.path, kPathBytes),
                        md_line(file.reason, kMessageBytes));
  }
  for (const std::string& note : diff.notes) text += fmt::format("- {}\n", md_line(note, kMessageBytes));
  if (diff.patch.empty()) return text;
  if (diff.patch.size() > kMostPatch) return text + fmt::format("\nThe diff has {} bytes.\n", diff.patch.size());
  return text + fmt::format("\n<details><summary>Diff</summary>\n{}\n</details>\n", block("diff", diff.patch));
}

std::string list(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = fmt::format("\n### {}\n\n", heading);
  for (const std::string& item : items) text += fmt::format("- {}\n", md_line(item, kMessageBytes));
  return text;
}

}  // namespace

std::string render_task_markdown(const TaskOutcome& outcome) {
  std::string text =
      fmt::format("## Assize run: {}\n\n{}\n\n{}\n", to_string(outcome.decision.value),
                  md_line(outcome.decision.reason, kMessageBytes), md_line(manner_of(outcome), kMessageBytes));
  for (const TaskAgent& agent : outcome.agents) {
    const std::string model = agent.model.empty() ? "" : fmt::format(" ({})", agent.model);
    text += fmt::format("\n### {}: {}\n", md_line(agent.id + model, kTitleBytes),
                        md_line(standing_of(agent), kMessageBytes));
    if (!trim(agent.answer.text).empty()) text += block("text", agent.answer.text);
    text += changes(agent);
    for (const std::string& warning : agent.answer.warnings)
      text += fmt::format("\n**Warning:** {}\n", md_line(warning, kMessageBytes));
  }
  if (outcome.synthesis) {
    text += fmt::format("\n### Synthesis: {}\n", md_line(origin_of(*outcome.synthesis), kMessageBytes));
    if (!trim(outcome.synthesis->text).empty()) text += block("text", outcome.synthesis->text);
  }
  std::vector<std::string> left_out;
  for (const LeftOut& file : outcome.left_out) left_out.push_back(fmt::format("{}: {}", file.path, file.reason));
  return text + list("Not in the agents' trees", left_out) + list("Warnings", outcome.warnings);
}

}  // namespace assize
