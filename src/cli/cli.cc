#include "cli/cli.h"

#include "cli/clock.h"
#include "cli/command.h"
#include "cli/files.h"
#include "report/events.h"

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
    case Command::run:
      return run_task_command(context);
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

}  // namespace

int run_cli(const std::vector<std::string>& arguments) {
  const ErrorForm form = wants_json_errors(arguments) ? ErrorForm::json : ErrorForm::text;
  const auto options = parse_options(arguments);
  if (!options) {
    if (names_format(arguments, "jsonl")) {
      EventWriter([](std::string_view line) { (void)write_stdout(line); }, rfc3339_now)
          .failed(options.error(), kExitUsage);
    }
    report_error(options.error(), form);
    return kExitUsage;
  }
  const Environment environment = process_environment();
  const Terminal terminal = find_terminal(environment, options->no_color);
  const auto exit = run_command({*options, environment, terminal});
  if (exit) return *exit;
  report_error(exit.error(), form);
  return kExitUsage;
}

}  // namespace assize
