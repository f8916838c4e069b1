#include "report/task_text.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/task_words.h"
#include "report/width.h"

namespace assize {

using namespace report;

namespace {

constexpr std::string_view kBold = "1", kDim = "2", kRed = "1;31", kYellow = "1;33", kGreen = "1;32";
constexpr std::string_view kBar = "  │ ";
constexpr int kBarColumns = 4;
constexpr int kNarrowest = 20;

std::string_view style_of(DecisionValue value) {
  return value == DecisionValue::pass ? kGreen : value == DecisionValue::partial ? kYellow : kRed;
}

// A tab takes as many columns as the terminal likes.
std::string with_spaces_for_tabs(std::string_view line) {
  std::string out;
  for (const char c : line) out += c == '\t' ? std::string("    ") : std::string(1, c);
  return out;
}

class TaskPage {
 public:
  explicit TaskPage(const TaskTextOptions& options) : options_(options) {}

  // One line of ours with words of others in it: inert, and broken by us where a terminal would break it, so that no
  // part of it stands in the first column.
  void line(std::string_view indent, std::string_view text, std::string_view style = {}) {
    constexpr std::string_view kContinued = "    ";
    const std::string inert = inert_line(text, kMessageBytes);
    std::vector<std::string> pieces = {inert};
    if (options_.width > 0) {
      const auto before = static_cast<int>(indent.size() + kContinued.size());
      pieces = wrap(inert, std::max(options_.width, kNarrowest) - before);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      out_ += indent;
      if (i > 0) out_ += kContinued;
      out_ += paint(style, pieces[i]);
      out_ += '\n';
    }
  }
  void gap() { out_ += '\n'; }

  void quoted(std::string_view text) {
    std::string inert = strip_controls(to_valid_utf8(text), Newlines::keep);
    while (inert.ends_with('\n')) inert.pop_back();
    if (inert.empty()) return;
    for (const std::string_view whole : split(inert, '\n')) {
      const std::string line = options_.width > 0 ? with_spaces_for_tabs(whole) : std::string(whole);
      std::string_view rest = line;
      do {
        const std::size_t piece = fitting(rest);
        out_ += paint(kDim, piece == 0 ? "  │" : kBar);
        out_ += rest.substr(0, piece);
        out_ += '\n';
        rest.remove_prefix(piece);
      } while (!rest.empty());
    }
  }

  std::string take() { return std::move(out_); }

 private:
  std::string paint(std::string_view style, std::string_view text) const {
    if (options_.color == Color::off || style.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", style, text);
  }

  // Bytes of `text` that fit on one line, at least one character; all of them without a terminal.
  std::size_t fitting(std::string_view text) const {
    if (options_.width <= 0) return text.size();
    const int columns = std::max(options_.width, kNarrowest) - kBarColumns;
    std::size_t bytes = 0;
    int used = 0;
    while (bytes < text.size()) {
      const std::size_t next = first_code_point(text.substr(bytes)).length;
      const int width = display_width(text.substr(bytes, next));
      if (used + width > columns && bytes > 0) break;
      used += width;
      bytes += next;
    }
    return bytes;
  }

  const TaskTextOptions& options_;
  std::string out_;
};

void write_changes(TaskPage& page, const TaskAgent& agent) {
  if (!agent.diff_error.empty()) page.line("  ", "its changes are lost: " + agent.diff_error, kRed);
  if (!agent.diff) return;
  page.line("  ", changes_of(*agent.diff) + (agent.diff_file.empty() ? "" : ": " + agent.diff_file));
  for (const ChangedFile& file : agent.diff->files) {
    page.line("    ", fmt::format("{} {} {}", letter_of(file.kind), file.path, lines_of(file)));
  }
  for (const LeftOut& file : agent.diff->left_out) {
    page.line("    ", fmt::format("not in the diff: {}: {}", file.path, file.reason), kYellow);
  }
  for (const std::string& note : agent.diff->notes) page.line("    ", note);
}

}  // namespace

std::string render_task_text(const TaskOutcome& outcome, const TaskTextOptions& options) {
  TaskPage page(options);
  const TaskDecision& decision = outcome.decision;
  page.line("", fmt::format("{}: {}", to_string(decision.value), decision.reason), style_of(decision.value));
  page.line("", manner_of(outcome), kDim);
  for (const TaskAgent& agent : outcome.agents) {
    page.gap();
    const std::string model = agent.model.empty() ? "" : fmt::format(" ({})", agent.model);
    page.line("", fmt::format("{}{}: {}", agent.id, model, standing_of(agent)), kBold);
    page.quoted(agent.answer.text);
    write_changes(page, agent);
    for (const std::string& warning : agent.answer.warnings) page.line("  ", "warning: " + warning, kYellow);
  }
  if (outcome.synthesis) {
    page.gap();
    page.line("", "Synthesis: " + origin_of(*outcome.synthesis), kBold);
    page.quoted(outcome.synthesis->text);
  }
  if (!outcome.left_out.empty()) {
    page.gap();
    page.line("", "Not in the agents' trees", kBold);
    for (const LeftOut& file : outcome.left_out) page.line("  ", fmt::format("{}: {}", file.path, file.reason));
  }
  if (!outcome.warnings.empty()) {
    page.gap();
    page.line("", "Warnings", kBold);
    for (const std::string& warning : outcome.warnings) page.line("  ", warning);
  }
  return page.take();
}

}  // namespace assize
