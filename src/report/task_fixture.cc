#include "report/task_fixture.h"

namespace assize::fixture {

namespace {

TaskTrack walk(std::initializer_list<TaskState> states) {
  TaskTrack track;
  for (const TaskState state : states) CHECK(track.to(state));
  return track;
}

}  // namespace

TaskOutcome rich_task() {
  TaskOutcome task;
  task.run = "0123456789ab";
  task.mode = ExecutionMode::write;
  task.prompt = "Fix the parser.\n";
  task.repository = "/srv/project";
  task.head = "cafe0123cafe0123cafe0123cafe0123cafe0123";
  task.target_paths = {"src", ""};
  task.track = walk({TaskState::dispatched, TaskState::running, TaskState::aggregating, TaskState::partial_success});
  task.decision = {DecisionValue::partial, 0, "1 of 3 agents completed the task; b: timed_out: too slow"};

  TaskAgent done;
  done.id = "a";
  done.kind = "claude";
  done.vendor = "anthropic";
  done.model = "opus";
  done.version = "2.1.0";
  done.available = true;
  done.command_line = {"/bin/claude", "-p"};
  done.track = walk({TaskState::dispatched, TaskState::running, TaskState::aggregating, TaskState::completed});
  done.answer.text = "I fixed it:\n\n    return 1;\n";
  done.answer.attempts = 1;
  done.answer.duration = Millis(12'300);
  done.answer.usage = {.input_tokens = 100, .output_tokens = 20, .cached_tokens = {}, .cost_usd = 0.25};
  done.answer.warnings = {"one tool call was denied"};
  done.diff.emplace();
  done.diff->files = {{ChangedFile::Kind::modified, "src/a.c", 3, 1}, {ChangedFile::Kind::added, "logo.png", {}, {}}};
  done.diff->patch = "diff --git a/src/a.c b/src/a.c\n--- a/src/a.c\n+++ b/src/a.c\n@@ -1 +1 @@\n-``` old\n+new\n";
  done.diff->left_out = {{"core", "too large for a patch (99999999 bytes)"}};
  done.diff->notes = {"sub/.git is not in the diff"};
  done.diff_file = "out/agents/a.diff";
  done.answer_file = "out/agents/a.txt";

  TaskAgent late;
  late.id = "b";
  late.kind = "codex";
  late.available = true;
  late.track =
      walk({TaskState::dispatched, TaskState::running, TaskState::retrying, TaskState::running, TaskState::expired});
  late.answer.attempts = 2;
  late.answer.error = CallError{.kind = CallErrorKind::timed_out, .message = "too slow"};
  late.diff_error = "the agent removed its whole tree";

  TaskAgent absent;
  absent.id = "c";
  absent.kind = "qwen";
  absent.track = walk({TaskState::failed});
  absent.answer.error = CallError{.kind = CallErrorKind::not_installed, .message = "qwen is not on PATH"};

  task.agents = {done, late, absent};
  task.synthesis = TaskSynthesis{
      "a", "In short: it is fixed.", {{"A", "b"}, {"B", "a"}}, "x wrote none: refused", "out/synthesis.txt"};
  task.left_out = {{"module", "a submodule"}};
  task.warnings = {"c: not installed"};
  task.artifacts = "out";
  task.seed = 7;
  task.versions = {{"assize", "0.1.0"}, {"prompt", "abcdef012345"}};
  task.started_at = "2026-01-02T03:04:05.678Z";
  task.duration = Millis(13'000);
  return task;
}

TaskOutcome hostile_task(const std::string& text) {
  TaskOutcome task = rich_task();
  task.prompt = task.decision.reason = task.repository = text;
  task.target_paths = {text};
  task.left_out = {{text, text}};
  task.warnings = {text};
  task.synthesis = TaskSynthesis{text, text, {{"A", text}}, text, text};
  for (TaskAgent& agent : task.agents) {
    agent.model = agent.version = agent.diff_error = agent.diff_file = agent.answer_file = text;
    agent.command_line = {text};
    agent.answer.text = agent.answer.stderr_tail = text;
    agent.answer.warnings = {text};
    agent.answer.error = CallError{.kind = CallErrorKind::failed, .message = text};
    agent.diff.emplace();
    agent.diff->files = {{ChangedFile::Kind::added, text, 1, 0}};
    agent.diff->patch = text;
    agent.diff->left_out = {{text, text}};
    agent.diff->notes = {text};
  }
  task.agents.back().diff_error.clear();
  return task;
}

}  // namespace assize::fixture
