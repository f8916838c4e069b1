#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "agents/detect.h"
#include "agents/http_endpoint.h"
#include "agents/surroundings.h"
#include "calls/list_models.h"
#include "cli/command.h"
#include "cli/panel.h"
#include "cli/roster.h"
#include "cli/task_setup.h"
#include "cli/versions.h"
#include "core/text.h"
#include "report/json_parts.h"
#include "report/json_writer.h"

namespace assize {
namespace {

using report::JsonStyle;
using report::JsonWriter;

// docs/security.md says the same at length.
constexpr std::string_view kSandbox =
    "none yet: agents run as you, in an empty directory with a private HOME, an allow-listed environment, and without "
    "file tools where they can be told so";
constexpr std::array<std::string_view, 4> kNotPrevented = {
    "an agent that ignores its own read-only mode can read and write what you can",
    "an agent can use the network, this machine's own services included",
    "an agent can leak the key that it was given",
    "an agent can use up memory and processes",
};

constexpr std::size_t kModelsShown = 20;

// What a server on this machine says that it has; an error for one that does not say.
using Models = Result<std::vector<std::string>>;

struct Examined {
  std::vector<ProbedAgent> agents;
  std::vector<std::string> versions;          // one for each agent
  std::vector<std::optional<Models>> models;  // one for each agent; nothing: it is not on this machine
};

// Each server is asked once for each way of talking to it, and no other machine ever.
std::vector<std::optional<Models>> ask_models(const std::vector<ProbedAgent>& agents, const Surroundings& world) {
  std::map<std::string, Models> known;
  std::vector<std::optional<Models>> out;
  for (const ProbedAgent& agent : agents) {
    const auto endpoint = parse_endpoint(agent.spec.endpoint);
    if (agent.adapter->transport() != Transport::http || !endpoint || !endpoint->loopback) {
      out.emplace_back();
      continue;
    }
    const std::string key = fmt::format("{} {} {} {}", agent.spec.kind, agent.spec.endpoint, agent.spec.api_key_env,
                                        agent.spec.api_key_file);
    auto found = known.find(key);
    if (found == known.end()) found = known.emplace(key, list_models(agent.spec, world)).first;
    out.emplace_back(found->second);
  }
  return out;
}

// The vendors' CLIs, what is configured, the rules, and the known tools; a configured section takes its name's place.
Result<Examined> examine(const CommandContext& context, const LoadedConfig& loaded, const Surroundings& world) {
  const Vocabulary words = built_in_vocabulary();
  TRY_ASSIGN(std::vector<AgentSpec> specs, configured_agents(loaded, words));
  const auto add = [&specs](const AgentSpec& spec) {
    const bool there =
        std::any_of(specs.begin(), specs.end(), [&](const AgentSpec& other) { return other.id == spec.id; });
    if (!there) specs.push_back(spec);
  };
  for (const DetectedCli& cli : detect_clis(world)) add(cli.spec);
  for (const AgentSpec& spec : offline_panel(words.tools)) add(spec);
  Examined examined;
  examined.agents = probe_agents(specs, world);
  TRY_ASSIGN(examined.versions, ask_versions(examined.agents, context.environment));
  examined.models = ask_models(examined.agents, world);
  return examined;
}

std::string clean(std::string_view text) {
  return strip_controls(to_valid_utf8(text), Newlines::to_space);
}

std::string_view word(LoggedIn logged_in) {
  switch (logged_in) {
    case LoggedIn::yes:
      return "yes";
    case LoggedIn::no:
      return "no";
    case LoggedIn::unknown:
      return "unknown";
  }
  return "";
}

std::string reason_of(const Probe& probe) {
  if (!probe.unusable) return {};
  std::string reason(to_string(*probe.unusable));
  std::replace(reason.begin(), reason.end(), '_', ' ');
  return reason;
}

std::string models_text(const std::optional<Models>& models) {
  if (!models) return {};
  if (!*models) return fmt::format("    models: not known: {}\n", clean(models->error().message));
  const std::vector<std::string>& names = **models;
  if (names.empty()) return "    models: none; the server has to be given one\n";
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kModelsShown); ++i) {
    list += (list.empty() ? "" : ", ") + clean(names[i]);
  }
  if (names.size() > kModelsShown) list += fmt::format(" and {} more", names.size() - kModelsShown);
  return fmt::format("    models: {}\n", list);
}

std::string agent_text(const ProbedAgent& agent, const std::string& version, const std::optional<Models>& models) {
  const Probe& probe = agent.probe;
  const std::string state = probe.unusable ? reason_of(probe) : "ready";
  std::string text = fmt::format("  {:<14} {}", agent.spec.id, state);
  if (agent.spec.kind != agent.spec.id && agent.spec.kind != "tool") text += fmt::format(" ({})", agent.spec.kind);
  if (!version.empty()) text += fmt::format(", version {}", clean(version));
  if (!probe.program.empty()) text += fmt::format(", {}", clean(probe.program));
  text += "\n";
  if (probe.unusable && !probe.hint.empty()) text += fmt::format("    to do: {}\n", clean(probe.hint));
  if (role_of(agent.spec.kind) == AgentRole::analyser) return text;
  if (!probe.found) return text;
  if (probe.logged_in != LoggedIn::unknown || !probe.how_known.empty()) {
    text += fmt::format("    logged in: {}{}\n", word(probe.logged_in),
                        probe.how_known.empty() ? "" : ", " + clean(probe.how_known));
  }
  text += models_text(models);
  text += fmt::format("    read-only: {}\n", clean(agent.adapter->read_only_rule()));
  const std::vector<std::string> command = command_line_of(agent, nullptr);
  if (command.empty()) return text;
  text += fmt::format("    {}: {}\n", word_for_asking(agent), clean(shell_words(command)));
  if (const auto violation = agent.adapter->audit(command)) text += fmt::format("    warning: {}\n", clean(*violation));
  return text;
}

std::string as_text(const Examined& examined, const LoadedConfig& loaded) {
  std::string reviewers, analysers;
  for (std::size_t i = 0; i < examined.agents.size(); ++i) {
    const ProbedAgent& agent = examined.agents[i];
    const bool is_reviewer = role_of(agent.spec.kind) == AgentRole::reviewer;
    (is_reviewer ? reviewers : analysers) += agent_text(agent, examined.versions[i], examined.models[i]);
  }
  std::string text = "Reviewers\n" + reviewers + "\nAnalysers\n" + analysers;
  text += fmt::format("\nSandbox\n  {}\n  not prevented:\n", kSandbox);
  for (const std::string_view risk : kNotPrevented) text += fmt::format("    - {}\n", risk);
  text += "\nConfig\n";
  for (const ConfigFile& file : loaded.files) {
    const bool used = file.state == ConfigFile::State::read;
    const bool absent = file.state == ConfigFile::State::absent;
    text += fmt::format("  {:<12} {}{}\n", to_string(file.layer), clean(file.path),
                        used     ? ""
                        : absent ? " (absent)"
                                 : " (not trusted, ignored)");
  }
  return text;
}

// null: not on this machine, or not known; then models_error says why.
void write_models(JsonWriter& json, const std::optional<Models>& models) {
  if (models && *models) {
    report::write_strings(json, "models", **models);
  } else {
    json.field_null("models");
  }
  json.field_or_null("models_error", models && !*models ? models->error().message : std::string());
}

void write_agent(JsonWriter& json, const ProbedAgent& agent, const std::string& version,
                 const std::optional<Models>& models) {
  const std::vector<std::string> command = command_line_of(agent, nullptr);
  const auto violation = command.empty() ? std::nullopt : agent.adapter->audit(command);
  json.begin_object();
  json.field("agent", agent.spec.id);
  json.field("kind", agent.spec.kind);
  json.field("role", role_of(agent.spec.kind) == AgentRole::reviewer ? "reviewer" : "analyser");
  json.field_or_null("vendor", agent.adapter->vendor(agent.spec));
  json.field("found", agent.probe.found);
  json.field("usable", !agent.probe.unusable.has_value());
  json.field_or_null("reason", agent.probe.unusable ? to_string(*agent.probe.unusable) : std::string_view());
  json.field_or_null("hint", agent.probe.hint);
  json.field_or_null("program", agent.probe.program);
  json.field_or_null("version", version);
  json.field("logged_in", word(agent.probe.logged_in));
  json.field_or_null("how_known", agent.probe.how_known);
  json.field_or_null("read_only_rule", agent.adapter->read_only_rule());
  write_models(json, models);
  report::write_strings(json, "command_line", command);
  json.field_or_null("audit", violation.value_or(""));
  json.end_object();
}

std::string as_json(const Examined& examined) {
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.key("agents");
  json.begin_array();
  for (std::size_t i = 0; i < examined.agents.size(); ++i) {
    write_agent(json, examined.agents[i], examined.versions[i], examined.models[i]);
  }
  json.end_array();
  json.key("sandbox");
  json.begin_object();
  json.field("kind", "none");
  json.field("note", kSandbox);
  report::write_strings(json, "not_prevented", kNotPrevented);
  json.end_object();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace

Result<int> run_doctor(const CommandContext& context) {
  if (context.options.modes) return print(context.options.json ? modes_json() : modes_text());
  const std::unique_ptr<Surroundings> world = real_surroundings();
  TRY_ASSIGN(const Places places, find_places(context.options.source.repo, context.environment));
  TRY_ASSIGN(const LoadedConfig loaded, load_config(places, context.options));
  if (const auto error = first_error(loaded, context.options.strict_config)) return *error;
  for (const std::string& warning : config_warnings(loaded, context.options.strict_config)) warn(warning);
  TRY_ASSIGN(const Examined examined, examine(context, loaded, *world));
  return print(context.options.json ? as_json(examined) : as_text(examined, loaded));
}

}  // namespace assize
