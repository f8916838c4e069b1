// Execution modes: what each kind's command line says for them, and what the audit lets pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/adapter.h"
#include "agents/decoder_test_support.h"

namespace assize {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ExecutionMode kModes[] = {ExecutionMode::read_only, ExecutionMode::write, ExecutionMode::yolo};
constexpr std::string_view kWriters[] = {"claude", "codex", "gemini", "qwen", "opencode", "command"};

const Adapter& adapter(std::string_view kind) {
  return **adapter_for(kind);
}

Invocation invocation(std::string_view kind, ExecutionMode mode, std::vector<std::string> extra = {}) {
  AgentSpec spec{.id = "a", .kind = std::string(kind), .model = "vendor/model", .extra_args = std::move(extra)};
  if (kind == "command") spec = {.id = "a", .kind = "command", .command = {"tool"}};
  Call call = call_to(std::move(spec));
  call.phase = Phase::task;
  call.mode = mode;
  const auto made = adapter(kind).invocation(call, found_at("/bin/x"), test_room(), FileTools::none);
  EXPECT_TRUE(made) << kind;
  return made ? *made : Invocation{};
}

// Everything that states the mode: arguments, settings files and variables.
std::string stated(const Invocation& run) {
  std::string all = joined(run.argv);
  for (const auto& [path, content] : run.files) all += "\n" + content;
  for (const auto& [name, value] : run.env) all += "\n" + name + "=" + value;
  return all;
}

TEST(Modes, every_kind_that_can_write_states_all_three_and_the_others_none) {
  for (const std::string_view kind : adapter_kinds()) {
    const auto table = adapter(kind).modes();
    const bool writes = std::find(std::begin(kWriters), std::end(kWriters), kind) != std::end(kWriters);
    ASSERT_EQ(table.size(), writes ? 3U : 0U) << kind;
    for (std::size_t i = 0; i < table.size(); ++i) {
      EXPECT_EQ(table[i].mode, kModes[i]) << kind;
      EXPECT_FALSE(table[i].allows.empty()) << kind;
    }
    EXPECT_NE(adapter(kind).audit_mode({"/bin/x"}, ExecutionMode::write).has_value(), kind == "command") << kind;
  }
}

TEST(Modes, a_command_line_holds_what_its_row_states_and_passes_its_own_audit) {
  for (const std::string_view kind : kWriters) {
    for (const ModeRule& rule : adapter(kind).modes()) {
      const Invocation run = invocation(kind, rule.mode);
      for (const std::string_view argument : rule.arguments) {
        EXPECT_NE(std::find(run.argv.begin(), run.argv.end(), argument), run.argv.end()) << kind << " " << argument;
      }
      EXPECT_EQ(adapter(kind).audit_mode(run.argv, rule.mode), std::nullopt) << kind << " " << to_string(rule.mode);
    }
  }
}

TEST(Modes, a_wider_command_line_never_passes_the_audit_of_a_narrower_mode) {
  for (const std::string_view kind : {"claude", "codex", "gemini", "qwen"}) {
    for (std::size_t narrow = 0; narrow < 3; ++narrow) {
      for (std::size_t wide = narrow + 1; wide < 3; ++wide) {
        EXPECT_TRUE(adapter(kind).audit_mode(invocation(kind, kModes[wide]).argv, kModes[narrow]))
            << kind << " " << to_string(kModes[wide]) << " as " << to_string(kModes[narrow]);
      }
    }
  }
}

TEST(Modes, extra_arguments_that_widen_are_found_in_every_mode) {
  struct Row {
    std::string_view kind;
    ExecutionMode mode;
    std::vector<std::string> extra;
  };
  const std::vector<Row> rows = {
      {"claude", ExecutionMode::write, {"--permission-mode", "bypassPermissions"}},
      {"claude", ExecutionMode::write, {"--allowedTools", "Bash"}},
      {"claude", ExecutionMode::write, {"--dangerously-skip-permissions"}},
      {"claude", ExecutionMode::yolo, {"--add-dir", "/"}},
      {"claude", ExecutionMode::yolo, {"--settings", "x.json"}},
      {"codex", ExecutionMode::write, {"-s", "danger-full-access"}},
      {"codex", ExecutionMode::write, {"-c", "sandbox_workspace_write.network_access=true"}},
      {"codex", ExecutionMode::write, {"-c", "sandbox_workspace_write.writable_roots=[\"/\"]"}},
      {"codex", ExecutionMode::yolo, {"--yolo"}},
      {"gemini", ExecutionMode::write, {"--approval-mode", "yolo"}},
      {"gemini", ExecutionMode::write, {"--include-directories", "/"}},
      {"qwen", ExecutionMode::write, {"--core-tools", "run_shell_command"}},
      {"qwen", ExecutionMode::write, {"--yolo"}},
      {"qwen", ExecutionMode::write, {"--approval-mode", "auto-edit"}},
      {"opencode", ExecutionMode::write, {"--auto"}},
      {"opencode", ExecutionMode::yolo, {"--dir", "/"}},
  };
  for (const Row& row : rows) {
    EXPECT_TRUE(adapter(row.kind).audit_mode(invocation(row.kind, row.mode, row.extra).argv, row.mode))
        << row.kind << " " << joined(row.extra);
  }
}

TEST(Modes, write_edits_files_and_runs_no_shell_where_the_vendor_can_tell_them_apart) {
  EXPECT_THAT(stated(invocation("claude", ExecutionMode::write)), HasSubstr("--tools Read,Grep,Glob,Edit,Write"));
  EXPECT_THAT(stated(invocation("gemini", ExecutionMode::write)),
              HasSubstr(R"("core":["read_file","list_directory","glob","grep_search","replace","write_file"])"));
  EXPECT_THAT(stated(invocation("gemini", ExecutionMode::yolo)), Not(HasSubstr("\"core\"")));
  EXPECT_THAT(stated(invocation("qwen", ExecutionMode::write)), Not(HasSubstr("run_shell_command")));
  EXPECT_THAT(stated(invocation("qwen", ExecutionMode::write)),
              HasSubstr(R"x("permissions":{"allow":["Edit(./**)"]})x"));
  EXPECT_THAT(stated(invocation("qwen", ExecutionMode::read_only)), Not(HasSubstr("permissions")));
  EXPECT_THAT(
      stated(invocation("opencode", ExecutionMode::write)),
      HasSubstr(
          R"("permission":{"*":"deny","edit":"allow","read":"allow","grep":"allow","glob":"allow","list":"allow"})"));
  EXPECT_THAT(stated(invocation("opencode", ExecutionMode::read_only)), HasSubstr(R"("permission":{"*":"deny"})"));
  EXPECT_THAT(stated(invocation("codex", ExecutionMode::write)), Not(HasSubstr("shell_tool")));
  EXPECT_THAT(stated(invocation("codex", ExecutionMode::read_only)), HasSubstr("--disable shell_tool"));
}

TEST(Modes, a_task_that_writes_has_no_limit_of_turns) {
  for (const std::string_view kind : {"claude", "gemini", "qwen"}) {
    EXPECT_THAT(stated(invocation(kind, ExecutionMode::read_only)), HasSubstr("urns")) << kind;
    EXPECT_THAT(stated(invocation(kind, ExecutionMode::write)), Not(HasSubstr("urns"))) << kind;
  }
}

}  // namespace
}  // namespace assize
