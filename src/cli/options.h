// The command line as values. What is accepted, what is refused as not built yet, and the help texts come from one
// table (option_table.h); CLI11 is behind it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config.h"
#include "core/call.h"
#include "core/result.h"

namespace assize {

enum class Command { bare, review, plan, doctor, init, config, trust, parse, group, run, version, help };

// Which change is asked for; the default is the branch with the uncommitted work.
struct SourceOptions {
  enum class Kind { standard, staged, unstaged, base, commit, range, patch, files, text } kind = Kind::standard;
  std::string value;  // REV, A..B, FILE or "-"; the paths of files are in Options::arguments
  std::string repo;   // --repo; empty: the current directory
};

struct Options {
  Command command = Command::bare;
  std::vector<std::string> arguments;  // what is not an option: files, `show` of `config show`, the topic of help

  SourceOptions source;
  // Settings given as options: the topmost layer of the config, by "gate.fail_on".
  std::map<std::string, Setting> settings;
  // By agent id, and "" for everybody: --timeout 10m, --timeout claude=20m.
  std::map<std::string, Millis> timeouts, stall_timeouts;
  std::optional<std::int64_t> retries;
  std::map<std::string, std::string> perspectives;  // by agent id: --perspectives

  std::string config_file;                        // --config
  std::string prompt;                             // --prompt, TEXT or @FILE as given
  std::string agent;                              // parse --agent
  std::string change;                             // parse --change
  ExecutionMode mode = ExecutionMode::read_only;  // run --mode; by flag alone
  std::vector<std::string> target_paths;          // run, as given
  std::string artifacts;                          // run --artifacts
  bool offline = false;
  bool strict = false;
  bool strict_config = false;
  bool exit_zero = false;
  bool quiet = false;
  bool no_color = false;
  bool dry_run = false;
  bool json = false;        // --json of the commands that have it
  bool force = false;       // init
  bool show = false;        // trust --show
  bool chain = false;       // run
  bool synthesize = false;  // run
  bool modes = false;       // doctor
};

// `arguments` without the program's name. Error invalid: wrong usage, one line with the option, the value and what is
// allowed. Error unsupported: a command or an option of the specification that is not built yet.
Result<Options> parse_options(const std::vector<std::string>& arguments);

// Whether errors are wanted as JSON: --format json or --json stands somewhere, also on a line that cannot be read.
bool wants_json_errors(const std::vector<std::string>& arguments);
// The same for `--format FORMAT`.
bool names_format(const std::vector<std::string>& arguments, std::string_view format);

// Help of one command, or of all of them for Command::bare.
std::string help_text(Command command);
// Nothing: no such command. Error unsupported for the ones that are not built yet.
Result<Command> command_from(std::string_view name);

}  // namespace assize
