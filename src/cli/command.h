// What a command is given, and the commands themselves: one file each. A command writes its report to standard output
// and returns the exit code; what goes wrong comes back as an Error, which cli.cc prints.
#pragma once

#include <string>
#include <string_view>

#include "cli/config_files.h"
#include "cli/options.h"
#include "core/result.h"

namespace assize {

inline constexpr int kExitUsage = 2;  // usage, config or environment (docs/cli.md)

// What the three standard streams are.
struct Terminal {
  bool in = false, out = false, err = false;  // is a terminal
  int width = 80;
  bool color = false;       // standard output may be coloured
  bool hyperlinks = false;  // and understands OSC 8
};
Terminal find_terminal(const Environment& environment, bool no_color);

struct CommandContext {
  const Options& options;
  const Environment& environment;
  const Terminal& terminal;
};

Result<int> run_review(const CommandContext& context);
Result<int> run_plan(const CommandContext& context);
Result<int> run_task_command(const CommandContext& context);
Result<int> run_doctor(const CommandContext& context);
Result<int> run_init(const CommandContext& context);
Result<int> run_config(const CommandContext& context);
Result<int> run_trust(const CommandContext& context);
Result<int> run_parse(const CommandContext& context);
Result<int> run_group(const CommandContext& context);
Result<int> run_version(const CommandContext& context);
Result<int> run_help(const CommandContext& context);
Result<int> run_bare(const CommandContext& context);

// Standard output of the small commands: a reader that went away is no error. Error io when it cannot be written.
Result<int> print(std::string_view text, int exit = 0);

// `assize: warning: …` on standard error, one line each.
void warn(std::string_view message);
void note(std::string_view message);
std::string note_line(std::string_view message);  // what note() prints

// On standard error for people, or as a JSON document on standard output.
enum class ErrorForm { text, json };
void report_error(const Error& error, ErrorForm form);

}  // namespace assize
