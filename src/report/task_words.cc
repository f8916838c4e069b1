#include "report/task_words.h"

#include <fmt/format.h>

#include "report/view.h"

namespace assize::report {

std::string standing_of(const TaskAgent& agent) {
  const TaskState state = agent.track.now();
  if (state == TaskState::completed) return fmt::format("completed in {}", duration_text(agent.answer.duration));
  std::string text(to_string(state));
  if (state == TaskState::partial_success) text = "completed in part";
  if (agent.answer.error) {
    if (text != to_string(agent.answer.error->kind)) text += fmt::format(": {}", to_string(agent.answer.error->kind));
    if (!agent.answer.error->message.empty()) text += ": " + agent.answer.error->message;
  }
  return text;
}

std::string changes_of(const TreeDiff& diff) {
  if (diff.files.empty()) return "no file changed";
  std::uint64_t added = 0, removed = 0;
  for (const ChangedFile& file : diff.files) {
    added += file.added.value_or(0);
    removed += file.removed.value_or(0);
  }
  return fmt::format("{} changed, +{} -{}", plural(diff.files.size(), "file"), added, removed);
}

std::string lines_of(const ChangedFile& file) {
  if (!file.added) return "binary";
  return fmt::format("+{} -{}", *file.added, file.removed.value_or(0));
}

std::string_view letter_of(ChangedFile::Kind kind) {
  switch (kind) {
    case ChangedFile::Kind::added:
      return "A";
    case ChangedFile::Kind::modified:
      return "M";
    case ChangedFile::Kind::deleted:
      return "D";
  }
  return "M";
}

std::string origin_of(const TaskSynthesis& synthesis) {
  std::string text;
  if (!synthesis.agent.empty()) {
    text = fmt::format("written by {}", synthesis.agent);
    for (const auto& [letter, agent] : synthesis.letters)
      text += fmt::format("{} {} is {}", letter == "A" ? ";" : ",", letter, agent);
  }
  if (synthesis.note.empty()) return text;
  return text.empty() ? fmt::format("there is none: {}", synthesis.note) : fmt::format("{} ({})", text, synthesis.note);
}

std::string manner_of(const TaskOutcome& outcome) {
  std::string text = fmt::format("mode {}", to_string(outcome.mode));
  if (outcome.chain) text += ", one after the other";
  if (!outcome.target_paths.empty()) {
    text += ", scope: ";
    for (std::size_t i = 0; i < outcome.target_paths.size(); ++i) {
      text += fmt::format("{}{}", i == 0 ? "" : " ", outcome.target_paths[i].empty() ? "." : outcome.target_paths[i]);
    }
  }
  constexpr std::size_t kShortId = 12;
  if (!outcome.head.empty()) text += fmt::format(", at {}", outcome.head.substr(0, kShortId));
  return text + fmt::format(", {}", duration_text(outcome.duration));
}

}  // namespace assize::report
