#include "cli/options.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/option_table.h"
#include "cli/perspectives.h"
#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

// What stood on the line, before any value is looked at.
struct RawLine {
  std::map<std::string_view, std::vector<std::string>> values;  // by option, in order
  std::vector<std::string> arguments;
  bool help = false;

  bool has(std::string_view name) const { return values.contains(name); }
  std::string first(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second.front();
  }
};

const CommandRow& row_of(Command command) {
  const auto rows = command_table();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const CommandRow& row) { return row.command == command; });
  CHECK(found != rows.end());
  return *found;
}

std::string usage_of(const CommandRow& row) {
  return fmt::format("assize {}{}{}", row.name, row.arguments.empty() ? "" : " ", row.arguments);
}

Error not_built(std::string_view what) {
  return Error{ErrorCode::unsupported, fmt::format("{} is not built yet", what), "see `assize help` for what there is"};
}

// An option that this command does not have: the nearest one, or the commands that have it.
Error unknown_option(const CommandRow& command, std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  std::vector<std::string_view> candidates;
  std::string owners;
  for (const OptionRow& option : option_table()) {
    if ((option.commands & bit_of(command.command)) != 0) {
      candidates.push_back(option.name);
    } else if (option.name == name) {
      for (const CommandRow& other : command_table()) {
        if ((option.commands & bit_of(other.command)) == 0) continue;
        owners += (owners.empty() ? "" : ", ") + std::string(other.name);
      }
    }
  }
  std::string hint;
  if (!owners.empty()) {
    hint = fmt::format("it is an option of: {}", owners);
  } else if (const auto close = nearest(name, candidates); !close.empty()) {
    hint = fmt::format("did you mean '{}'?", close);
  } else {
    hint = fmt::format("`assize help {}` lists the options", command.name);
  }
  return invalid(fmt::format("{}: unknown option '{}'", command.name, shown_word(name)), hint);
}

// CLI11 takes the next word when nothing follows the '=' of `--base=`; an empty value is an empty value.
std::vector<std::string> with_empty_values(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    if (*at == "--") {
      out.insert(out.end(), at, arguments.end());
      break;
    }
    const bool empty_value = at->size() > 3 && at->starts_with("--") && at->find('=') == at->size() - 1;
    if (empty_value) {
      out.push_back(at->substr(0, at->size() - 1));
      out.emplace_back();
    } else {
      out.push_back(*at);
    }
  }
  return out;
}

void declare(CLI::App& app, const OptionRow& option, RawLine& line) {
  const auto keep = [&line, name = option.name](const CLI::results_t& results) {
    line.values[name] = results;
    return true;
  };
  if (option.kind == OptionKind::flag) {
    app.add_flag_function(std::string(option.name), [&line, name = option.name](std::int64_t count) {
      if (count > 0) line.values[name] = {""};
    });
    return;
  }
  const int least = option.kind == OptionKind::not_yet ? 0 : 1;
  app.add_option(std::string(option.name), keep)
      ->type_size(1)
      ->expected(least, 1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// CLI11 would count `--quiet=3`, and take `--strict=false` for leaving it out.
Result<bool> refuse_values_of_flags(const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    if (word == "--") break;
    for (const OptionRow& option : option_table()) {
      if (option.kind == OptionKind::flag && word.starts_with(std::string(option.name) + "=")) {
        return invalid(fmt::format("{}: takes no value", option.name));
      }
    }
  }
  return true;
}

Result<RawLine> read_line(const CommandRow& command, const std::vector<std::string>& arguments) {
  TRY(refuse_values_of_flags(arguments));
  RawLine line;
  try {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    app.add_flag_callback("-h,--help", [&line] { line.help = true; });
    for (const OptionRow& option : option_table()) {
      if ((option.commands & bit_of(command.command)) != 0) declare(app, option, line);
    }
    std::vector<std::string> words = with_empty_values(arguments);
    std::vector<std::string> after;  // what follows `--` is never an option
    if (const auto mark = std::find(words.begin(), words.end(), "--"); mark != words.end()) {
      after.assign(mark + 1, words.end());
      words.erase(mark, words.end());
    }
    std::reverse(words.begin(), words.end());  // the form that App::parse(vector) takes
    app.parse(words);
    line.arguments = app.remaining();
    for (const std::string& word : line.arguments) {
      if (word.size() > 1 && word.front() == '-') return unknown_option(command, word);
    }
    line.arguments.insert(line.arguments.end(), after.begin(), after.end());
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view what = error.what();
    return invalid(fmt::format("{}: needs a value", shown_word(what.substr(0, what.find_first_of(": ")))));
  } catch (const CLI::Error& error) {
    return invalid(fmt::format("{}: {}", command.name, shown_word(error.what())));
  }
  return line;
}

// What CLI11 does not know: refused options, repetition, the number of arguments.
Result<bool> check_line(const CommandRow& command, const RawLine& line) {
  for (const OptionRow& option : option_table()) {
    const auto found = line.values.find(option.name);
    if (found == line.values.end() || (option.commands & bit_of(command.command)) == 0) continue;
    if (option.kind == OptionKind::not_yet) return not_built(option.name);
    if (option.kind == OptionKind::value && found->second.size() > 1) {
      return invalid(fmt::format("{}: given {} times, it takes one value", option.name, found->second.size()));
    }
  }
  const bool takes_paths = line.has("--files");
  const bool takes_files = (bit_of(command.command) & kRuns) != 0;
  if (!takes_paths && line.arguments.size() > command.max_arguments) {
    return invalid(
        fmt::format("{}: unexpected argument '{}'", command.name, shown_word(line.arguments[command.max_arguments])),
        takes_files ? "name the change with an option: --base REF, --commit REV, --files PATH..."
                    : "usage: " + usage_of(command));
  }
  return true;
}

Result<SourceOptions> read_source(const RawLine& line) {
  using Kind = SourceOptions::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 8> kSources = {{{"--staged", Kind::staged},
                                                                          {"--unstaged", Kind::unstaged},
                                                                          {"--base", Kind::base},
                                                                          {"--commit", Kind::commit},
                                                                          {"--range", Kind::range},
                                                                          {"--patch", Kind::patch},
                                                                          {"--files", Kind::files},
                                                                          {"--text", Kind::text}}};
  SourceOptions source;
  std::string_view named;
  for (const auto& [name, kind] : kSources) {
    if (!line.has(name)) continue;
    if (!named.empty()) {
      return invalid(fmt::format("{} and {} name two different changes", named, name), "name one of them");
    }
    named = name;
    source.kind = kind;
    source.value = line.first(name);
  }
  const bool is_revision = source.kind == Kind::base || source.kind == Kind::commit || source.kind == Kind::range;
  if (is_revision && (source.value.empty() || source.value.front() == '-')) {
    return bad_value(named, source.value,
                     source.kind == Kind::range ? "two revisions, A..B" : "a revision: a branch, a tag or a commit");
  }
  if (source.kind == Kind::range && source.value.find("..") == std::string::npos) {
    return bad_value(named, source.value, "two revisions, A..B");
  }
  if ((source.kind == Kind::patch || source.kind == Kind::text) && source.value.empty()) {
    return bad_value(named, source.value, "a file, or - for standard input");
  }
  if (line.has("--repo") && line.first("--repo").empty()) return bad_value("--repo", "", "a directory");
  source.repo = line.first("--repo");
  return source;
}

// [AGENT=]TIME, several times.
Result<std::map<std::string, Millis>> read_timeouts(const RawLine& line, std::string_view name) {
  std::map<std::string, Millis> out;
  const auto found = line.values.find(name);
  if (found == line.values.end()) return out;
  for (const std::string& text : found->second) {
    const std::size_t equals = text.find('=');
    const std::string agent = equals == std::string::npos ? std::string() : text.substr(0, equals);
    if (equals != std::string::npos && !is_agent_id(agent)) return bad_value(name, text, "TIME, or AGENT=TIME");
    const auto duration = duration_from(equals == std::string::npos ? text : text.substr(equals + 1));
    if (!duration) return bad_value(name, text, kAllowedDuration);
    out[agent] = *duration;
  }
  return out;
}

// Lists may be repeated and hold commas only where no glob and no file name can (choice lists, agents).
Result<Setting> read_setting(const OptionRow& option, const std::vector<std::string>& values) {
  const std::size_t dot = option.config_key.find('.');
  const std::string_view section = option.config_key.substr(0, dot), key = option.config_key.substr(dot + 1);
  if (option.kind == OptionKind::list) {
    for (const std::string& value : values) {
      if (value.empty()) return bad_value(option.name, value, option.metavar);
    }
    return setting_from_values(section, key, values, option.name);
  }
  return setting_from_flag(section, key, option.kind == OptionKind::flag ? option.flag_value : values.front(),
                           option.name);
}

// The settings that options set, by key.
Result<std::map<std::string, Setting>> read_settings(const RawLine& line) {
  std::map<std::string, Setting> settings;
  for (const OptionRow& option : option_table()) {
    if (option.config_key.empty() || !line.has(option.name)) continue;
    TRY_ASSIGN(Setting setting, read_setting(option, line.values.at(option.name)));
    const auto [other, fresh] = settings.try_emplace(std::string(option.config_key), std::move(setting));
    if (!fresh) {
      return invalid(fmt::format("{} and {} contradict each other", other->second.where, option.name),
                     "name one of them");
    }
  }
  return settings;
}

Result<ExecutionMode> read_mode(const RawLine& line) {
  if (!line.has("--mode")) return ExecutionMode::read_only;
  for (const ExecutionMode mode : {ExecutionMode::read_only, ExecutionMode::write, ExecutionMode::yolo}) {
    if (line.first("--mode") == to_string(mode)) return mode;
  }
  return bad_value("--mode", line.first("--mode"), "read_only, write or yolo");
}

// Commas separate paths, also where the option is repeated.
Result<std::vector<std::string>> read_target_paths(const RawLine& line) {
  std::vector<std::string> paths;
  const auto found = line.values.find("--target-paths");
  if (found == line.values.end()) return paths;
  for (const std::string& value : found->second) {
    for (const std::string_view path : split(value, ',')) {
      if (path.empty()) return bad_value("--target-paths", value, "paths, separated by commas");
      paths.emplace_back(path);
    }
  }
  return paths;
}

Result<Options> read_options(const CommandRow& command, const RawLine& line) {
  Options options;
  options.command = command.command;
  options.arguments = line.arguments;
  TRY_ASSIGN(options.source, read_source(line));
  TRY_ASSIGN(options.timeouts, read_timeouts(line, "--timeout"));
  TRY_ASSIGN(options.stall_timeouts, read_timeouts(line, "--stall-timeout"));
  TRY_ASSIGN(options.settings, read_settings(line));
  if (line.has("--perspectives")) {
    TRY_ASSIGN(options.perspectives, read_perspectives(line.first("--perspectives")));
  }
  if (line.has("--retries")) {
    TRY_ASSIGN(const Setting retries, setting_from_flag("agents", "retries", line.first("--retries"), "--retries"));
    options.retries = std::get<std::int64_t>(retries.value);
  }
  for (const std::string_view name :
       {"--config", "--prompt", "--agent", "--change", "--policy", "--chair", "--artifacts"}) {
    if (line.has(name) && line.first(name).empty()) return invalid(fmt::format("{}: needs a value", name));
  }
  options.config_file = line.first("--config");
  options.prompt = line.first("--prompt");
  options.agent = line.first("--agent");
  options.change = line.first("--change");
  options.artifacts = line.first("--artifacts");
  TRY_ASSIGN(options.mode, read_mode(line));
  TRY_ASSIGN(options.target_paths, read_target_paths(line));
  options.offline = line.has("--offline");
  options.strict = line.has("--strict");
  options.strict_config = line.has("--strict-config");
  options.exit_zero = line.has("--exit-zero");
  options.quiet = line.has("--quiet");
  options.no_color = line.has("--no-color");
  options.dry_run = line.has("--dry-run");
  options.json = line.has("--json") || (options.dry_run && line.has("--format") && line.first("--format") == "json");
  options.force = line.has("--force");
  options.show = line.has("--show");
  options.chain = line.has("--chain");
  options.synthesize = line.has("--synthesize");
  options.modes = line.has("--modes");
  return options;
}

// An empty list of an option is an unset variable in a script; it must not switch something off. A config can.
Result<bool> check_lists(const Options& options) {
  constexpr std::array<std::tuple<std::string_view, std::string_view, std::string_view>, 3> kLists = {
      {{"panel.agents", "--agents", "names of agents, separated by commas"},
       {"gate.fail_on", "--fail-on", "severities, separated by commas"},
       {"panel.lenses", "--lenses", "what to look at, separated by commas"}}};
  for (const auto& [key, option, allowed] : kLists) {
    const auto found = options.settings.find(std::string(key));
    if (found == options.settings.end()) continue;
    if (std::get<std::vector<std::string>>(found->second.value).empty()) return bad_value(option, "", allowed);
  }
  return true;
}

// Options that make no sense beside each other; what shares a config key is told apart by read_settings.
Result<bool> check_together(const Options& options) {
  const auto set = [&](const char* key) { return options.settings.contains(key); };
  const auto flag = [&](const char* key, bool value) {
    const auto found = options.settings.find(key);
    return found != options.settings.end() && std::get<bool>(found->second.value) == value;
  };
  if (options.offline && set("panel.agents")) {
    return invalid("--offline and --agents name two different panels", "name one of them");
  }
  if (options.offline && !options.perspectives.empty()) {
    return invalid("--perspectives is for model reviewers, and --offline has none", "name one of them");
  }
  if (set("panel.rounds") && flag("panel.adaptive", true)) {
    return invalid("--rounds is the length of a fixed debate, and --adaptive has none",
                   "use --max-rounds N to bound an adaptive one");
  }
  if (set("panel.max_rounds") && (set("panel.rounds") || flag("panel.adaptive", false))) {
    return invalid("--max-rounds bounds an adaptive debate, and this one is fixed", "use --rounds N alone");
  }
  if (set("review.chunk_bytes") && flag("review.chunk", false)) {
    return invalid("--chunk-bytes is the size of a chunk, and --no-chunk refuses chunks", "name one of them");
  }
  if (options.source.kind == SourceOptions::Kind::text) {
    for (const auto& [key, option] : {std::pair("review.include", "--include"), {"review.exclude", "--exclude"}}) {
      if (set(key)) return invalid(fmt::format("{} chooses files of a change, and --text is one piece", option));
    }
  }
  return true;
}

Result<bool> check_options(const Options& options) {
  TRY(check_lists(options));
  TRY(check_together(options));
  if (const auto agents = options.settings.find("panel.agents"); agents != options.settings.end()) {
    const auto& names = std::get<std::vector<std::string>>(agents->second.value);
    for (const std::string& name : names) {
      if (!is_agent_id(name)) return bad_value("--agents", name, kAllowedAgentId);
    }
  }
  if (!options.agent.empty() && !is_agent_id(options.agent))
    return bad_value("--agent", options.agent, kAllowedAgentId);
  if (options.command == Command::config) {
    constexpr std::array<std::string_view, 3> kActions = {"show", "path", "check"};
    const std::string action = options.arguments.empty() ? "" : options.arguments.front();
    if (std::find(kActions.begin(), kActions.end(), action) == kActions.end()) {
      return bad_value("config", action, "show, path or check");
    }
  }
  return true;
}

}  // namespace

Result<Command> command_from(std::string_view name) {
  std::vector<std::string_view> names;
  for (const CommandRow& row : command_table()) {
    if (row.name == name) return row.command;
    names.push_back(row.name);
  }
  for (const std::string_view later : commands_not_yet()) {
    if (later == name) return not_built(fmt::format("assize {}", name));
    names.push_back(later);
  }
  const auto close = nearest(name, names);
  return invalid(fmt::format("unknown command '{}'", shown_word(name)),
                 close.empty() ? "`assize help` lists the commands" : fmt::format("did you mean '{}'?", close));
}

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return Options{};
  const std::string& first = arguments.front();
  Options options;
  if (first == "--version" || first == "-V") {
    options.command = Command::version;
    return options;
  }
  if (first == "--help" || first == "-h") {
    options.command = Command::help;
    return options;
  }
  if (first.starts_with('-')) {
    return invalid(fmt::format("'{}' stands before the command", shown_word(first)),
                   "usage: assize COMMAND [OPTIONS]; `assize help` lists the commands");
  }
  TRY_ASSIGN(const Command command, command_from(first));
  const CommandRow& row = row_of(command);
  TRY_ASSIGN(const RawLine line, read_line(row, {arguments.begin() + 1, arguments.end()}));
  if (line.help) {
    options.command = Command::help;
    options.arguments = {first};
    return options;
  }
  TRY(check_line(row, line));
  TRY_ASSIGN(options, read_options(row, line));
  TRY(check_options(options));
  return options;
}

bool names_format(const std::vector<std::string>& arguments, std::string_view format) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    if (arguments[i] == fmt::format("--format={}", format)) return true;
    if (arguments[i] == "--format" && i + 1 < arguments.size() && arguments[i + 1] == format) return true;
  }
  return false;
}

bool wants_json_errors(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, "--json") != end || names_format(arguments, "json");
}

std::string help_text(Command command) {
  if (command == Command::bare) {
    std::string out = "usage: assize COMMAND [OPTIONS]\n\nCommands:\n";
    for (const CommandRow& row : command_table()) out += fmt::format("  {:<10}{}\n", row.name, row.help);
    out += "\n`assize help COMMAND` lists the options of a command.\n";
    return out + fmt::format("Not built yet: {}.\n", fmt::join(commands_not_yet(), ", "));
  }
  const CommandRow& row = row_of(command);
  std::string out = fmt::format("usage: {}\n\n{}\n", usage_of(row), row.help);
  std::string options, later;
  for (const OptionRow& option : option_table()) {
    if ((option.commands & bit_of(command)) == 0) continue;
    if (option.kind == OptionKind::not_yet) {
      later += (later.empty() ? "" : " ") + std::string(option.name);
    } else {
      options += fmt::format("  {:<30}{}\n", fmt::format("{} {}", option.name, option.metavar), option.help);
    }
  }
  if (!options.empty()) out += "\nOptions:\n" + options;
  if (!later.empty()) out += "\nNot built yet: " + later + "\n";
  return out;
}

}  // namespace assize
