#include <algorithm>

#include <fmt/core.h>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/panel.h"
#include "cli/policy_source.h"
#include "cli/toml_reader.h"
#include "cli/trial_settings.h"
#include "report/json_writer.h"

namespace assize {
namespace {

using report::JsonStyle;
using report::JsonWriter;

std::string_view word(ConfigFile::State state) {
  switch (state) {
    case ConfigFile::State::read:
      return "read";
    case ConfigFile::State::absent:
      return "absent";
    case ConfigFile::State::untrusted:
      return "not trusted";
    case ConfigFile::State::changed:
      return "changed since trusted";
  }
  return "";
}

// Values of env may be keys and passwords; whatever they are, they are nobody's business.
ConfigValue printable(std::string_view key, const ConfigValue& value) {
  if (key != "env") return value;
  auto hidden = std::get<std::map<std::string, std::string>>(value);
  for (auto& [name, text] : hidden) text = "(hidden)";
  return hidden;
}

std::string origin(const Setting& setting) {
  if (setting.where.empty()) return std::string(to_string(setting.layer));
  return fmt::format("{}: {}", to_string(setting.layer), setting.where);
}

std::string line_of(std::string_view name, const Setting& setting) {
  const std::string assignment = fmt::format("{} = {}", name, to_toml(printable(name, setting.value)));
  return fmt::format("{:<44}  # {}\n", assignment, origin(setting));
}

std::string settings_text(const LoadedConfig& loaded) {
  std::string text;
  for (const std::string_view section : config_sections()) {
    std::string lines;
    for (const ConfigKey& key : config_keys()) {
      if (key.section != section) continue;
      const auto found = loaded.config.settings.find(fmt::format("{}.{}", section, key.name));
      if (found != loaded.config.settings.end()) lines += line_of(key.name, found->second);
    }
    if (!lines.empty()) text += fmt::format("[{}]\n{}\n", section, lines);
  }
  for (const std::string& id : loaded.config.agent_order) {
    text += fmt::format("[agents.{}]\n", id.find('.') == std::string::npos ? id : "\"" + id + "\"");
    for (const auto& [key, setting] : loaded.config.agents.at(id)) text += line_of(key, setting);
    text += "\n";
  }
  return text;
}

struct JsonValue {
  JsonWriter& json;
  void operator()(const std::vector<std::string>& list) const {
    json.begin_array();
    for (const std::string& item : list) json.value(std::string_view(item));
    json.end_array();
  }
  void operator()(const std::map<std::string, std::string>& map) const {
    json.begin_object();
    for (const auto& [name, text] : map) json.field(name, text);
    json.end_object();
  }
  void operator()(const std::string& text) const { json.value(std::string_view(text)); }
  template <class T>
  void operator()(T plain) const {
    json.value(plain);
  }
};

void write_setting(JsonWriter& json, const std::string& full, std::string_view key, const Setting& setting) {
  json.begin_object();
  json.field("key", full);
  json.key("value");
  std::visit(JsonValue{json}, printable(key, setting.value));
  json.field("layer", to_string(setting.layer));
  json.field_or_null("where", setting.where);
  json.end_object();
}

void write_files(JsonWriter& json, const LoadedConfig& loaded) {
  json.key("files");
  json.begin_array();
  for (const ConfigFile& file : loaded.files) {
    json.begin_object();
    json.field("layer", to_string(file.layer));
    json.field("path", file.path);
    json.field("state", word(file.state));
    json.end_object();
  }
  json.end_array();
}

std::string settings_json(const LoadedConfig& loaded) {
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  write_files(json, loaded);
  json.key("settings");
  json.begin_array();
  for (const auto& [name, setting] : loaded.config.settings) {
    write_setting(json, name, name.substr(name.find('.') + 1), setting);
  }
  for (const std::string& id : loaded.config.agent_order) {
    for (const auto& [key, setting] : loaded.config.agents.at(id)) {
      write_setting(json, fmt::format("agents.{}.{}", id, key), key, setting);
    }
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

Result<int> path(const CommandContext& context, const LoadedConfig& loaded) {
  if (context.options.json) {
    JsonWriter json(JsonStyle::indented);
    json.begin_object();
    write_files(json, loaded);
    json.end_object();
    return print(json.take() + "\n");
  }
  std::string text;
  for (const ConfigFile& file : loaded.files) {
    text += fmt::format("{:<12}{:<23}{}\n", to_string(file.layer), word(file.state), file.path);
  }
  return print(text);
}

void add_error(LoadedConfig& loaded, const Error& error) {
  loaded.problems.push_back({ConfigProblem::Kind::error, error.message, error.hint});
}
void add_warnings(LoadedConfig& loaded, const std::vector<std::string>& messages) {
  for (const std::string& message : messages) loaded.problems.push_back({ConfigProblem::Kind::warning, message, {}});
}

// The policy that is in force. One that an untrusted config names is not opened.
void check_policy(const CommandContext& context, const Places& places, LoadedConfig& loaded) {
  const auto policy = load_policy(loaded, places, context.options);
  if (!policy) return add_error(loaded, policy.error());
  add_warnings(loaded, policy->warnings);
}

// How the settings go together, for the panel as far as it can be read: panel_problems has said what cannot.
void check_procedure(const CommandContext& context, LoadedConfig& loaded, const Vocabulary& words) {
  if (const auto plan = plan_options(loaded.config); !plan) add_error(loaded, plan.error());
  const auto request = requested_panel(loaded, context.options, words);
  if (!request) return;
  add_warnings(loaded, request->warnings);
  const auto procedure = procedure_settings(loaded.config, request->agents);
  if (!procedure) return add_error(loaded, procedure.error());
  add_warnings(loaded, procedure->warnings);
}

// Also looks into a repository's config that is not trusted: to check it is not to follow it.
Result<bool> look_into_untrusted(LoadedConfig& loaded) {
  for (const ConfigFile& file : loaded.files) {
    if (file.state != ConfigFile::State::untrusted && file.state != ConfigFile::State::changed) continue;
    TRY_ASSIGN(const std::string text, read_file(file.path, kMaxConfigBytes));
    TRY_ASSIGN(LayerSettings settings, read_config(text, "assize.toml", file.layer));
    loaded.problems.insert(loaded.problems.end(), settings.problems.begin(), settings.problems.end());
    apply_layer(loaded.config, settings);
  }
  return true;
}

Result<int> check(const CommandContext& context, const Places& places, LoadedConfig loaded) {
  check_policy(context, places, loaded);
  TRY(look_into_untrusted(loaded));
  const Vocabulary words = built_in_vocabulary();
  for (const Error& error : panel_problems(loaded, words)) {
    add_error(loaded, error);
  }
  check_procedure(context, loaded, words);
  bool failed = false;
  std::string text;
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.key("problems");
  json.begin_array();
  for (const ConfigProblem& problem : loaded.problems) {
    const bool error = problem.kind == ConfigProblem::Kind::error ||
                       (context.options.strict_config && problem.kind == ConfigProblem::Kind::unknown_key);
    failed = failed || error;
    const std::string_view kind = error ? "error" : "warning";
    text += fmt::format("{}: {}{}\n", kind, problem.message,
                        problem.hint.empty() ? std::string() : fmt::format(" ({})", problem.hint));
    json.begin_object();
    json.field("kind", kind);
    json.field("message", problem.message);
    json.field_or_null("hint", problem.hint);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  if (loaded.problems.empty()) text = "no problems\n";
  return print(context.options.json ? json.take() + "\n" : text, failed ? kExitUsage : 0);
}

}  // namespace

Result<int> run_config(const CommandContext& context) {
  TRY_ASSIGN(const Places places, find_places(context.options.source.repo, context.environment));
  TRY_ASSIGN(const LoadedConfig loaded, load_config(places, context.options));
  const std::string& action = context.options.arguments.front();
  if (action == "path") return path(context, loaded);
  if (action == "check") return check(context, places, loaded);
  if (const auto error = first_error(loaded, context.options.strict_config)) return *error;
  for (const std::string& warning : config_warnings(loaded, context.options.strict_config)) warn(warning);
  return print(context.options.json ? settings_json(loaded) : settings_text(loaded));
}

}  // namespace assize
