#include "cli/cli.h"

#include <fmt/core.h>

#include "cli/command.h"
#include "cli/files.h"
#include "core/text.h"
#include "report/json.h"

namespace assize {
namespace {

Result<int> run_command(const CommandContext& context) {
  switch (context.options.command) {
    case Command::bare:
      return run_bare(context);
    case Command::review:
      return context.options.dry_run ? run_plan(context) : run_review(context);
    case Command::plan:
      return run_plan(context);
    case Command::doctor:
      return run_doctor(context);
    case Command::init:
      return run_init(context);
    case Command::config:
      return run_config(context);
    case Command::trust:
      return run_trust(context);
    case Command::parse:
      return run_parse(context);
    case Command::group:
      return run_group(context);
    case Command::version:
      return run_version(context);
    case Command::help:
      return run_help(context);
  }
  return kExitUsage;
}

void report_error(const Error& error, bool as_json) {
  if (as_json) {
    (void)write_stdout(render_error_json(error));
    return;
  }
  const auto line = [](std::string_view text) { return strip_controls(to_valid_utf8(text), Newlines::to_space); };
  std::string text = fmt::format("assize: {}\n", line(error.message));
  if (!error.hint.empty()) text += fmt::format("  hint: {}\n", line(error.hint));
  write_stderr(text);
}

}  // namespace

int run_cli(const std::vector<std::string>& arguments) {
  const bool as_json = wants_json_errors(arguments);
  const auto options = parse_options(arguments);
  if (!options) {
    report_error(options.error(), as_json);
    return kExitUsage;
  }
  const Environment environment = process_environment();
  const Terminal terminal = find_terminal(environment, options->no_color);
  const auto exit = run_command({*options, environment, terminal});
  if (exit) return *exit;
  report_error(exit.error(), as_json);
  return kExitUsage;
}

}  // namespace assize
