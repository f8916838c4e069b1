// What a task came to, for a person: as text for a terminal or a file, and as Markdown. The answers stand whole, line
// by line, but for control characters. Pure. In the text every line of an agent's stands behind a bar, and in Markdown
// in a fenced block, so that none of them can pass for ours.
#pragma once

#include <string>

#include "core/task_outcome.h"
#include "report/text.h"

namespace assize {

struct TaskTextOptions {
  Color color = Color::off;
  int width = 0;  // columns of the terminal, at which long lines are broken; 0: no terminal, lines stay as they are
};

// Both end with a newline and are valid UTF-8. The same outcome and options give the same bytes.
std::string render_task_text(const TaskOutcome& outcome, const TaskTextOptions& options = {});
std::string render_task_markdown(const TaskOutcome& outcome);

}  // namespace assize
