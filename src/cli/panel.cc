#include "cli/panel.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "agents/adapter.h"
#include "agents/tool.h"
#include "change/glob.h"
#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

using Keys = std::map<std::string, Setting>;

template <class Words>
bool among(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A path of a config file means what it means beside that file.
std::string beside(const std::string& directory, const std::string& path) {
  if (path.empty() || path.front() == '/' || directory.empty()) return path;
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

// Agents run in an empty directory: words of a command that name files beside the config become absolute.
std::string command_word(const std::string& directory, const std::string& word) {
  if (word.empty() || word.front() == '-' || word.find('/') == std::string::npos) return word;
  std::error_code ignored;
  const std::string path = beside(directory, word);
  return std::filesystem::is_regular_file(path, ignored) ? path : word;
}

template <class T>
const T* value_of(const Keys& keys, const std::string& name) {
  const auto found = keys.find(name);
  return found == keys.end() ? nullptr : std::get_if<T>(&found->second.value);
}

std::string text_of(const Keys& keys, const std::string& name, const std::string& otherwise = {}) {
  const auto* text = value_of<std::string>(keys, name);
  return text == nullptr ? otherwise : *text;
}

std::optional<Millis> duration_of(const Keys& keys, const std::string& name) {
  const auto* text = value_of<std::string>(keys, name);
  return text == nullptr ? std::nullopt : duration_from(*text);
}

std::optional<std::uint64_t> count_of(const Keys& keys, const std::string& name) {
  const auto* number = value_of<std::int64_t>(keys, name);
  if (number == nullptr) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

// Names are looked up as kinds, then as tools.
Result<bool> choose_kind(AgentSpec& spec, const Keys& keys, const Vocabulary& words) {
  spec.kind = text_of(keys, "kind");
  spec.tool = text_of(keys, "tool");
  if (spec.kind.empty()) {
    const bool is_tool = !among(words.kinds, spec.id) && among(words.tools, spec.id);
    spec.kind = is_tool ? "tool" : spec.id;
    if (is_tool && spec.tool.empty()) spec.tool = spec.id;
  }
  return words.check_kind(spec.kind);
}

Result<bool> check_needs(const AgentSpec& spec) {
  const auto needs = [&](std::string_view what) {
    return invalid(fmt::format("agents.{}: kind = \"{}\" needs {}", spec.id, spec.kind, what));
  };
  if (spec.kind == "command" && spec.command.empty()) return needs("command = [\"PROGRAM\", …]");
  if (spec.kind == "scripted" && spec.file.empty()) return needs("file = \"ANSWERS\"");
  if (spec.kind == "tool" && spec.tool.empty() && spec.command.empty())
    return needs("tool = \"NAME\" or command = […]");
  if (spec.chair_only && role_of(spec.kind) == AgentRole::analyser) {
    return invalid(fmt::format("agents.{}: an analyser cannot take the chair", spec.id), "leave chair_only out");
  }
  return true;
}

Result<AgentSpec> make_agent(const std::string& id, const Keys& keys, const LoadedConfig& loaded,
                             const Vocabulary& words) {
  AgentSpec spec;
  spec.id = id;
  if (const auto kind = choose_kind(spec, keys, words); !kind) {
    const auto named = keys.find("kind");
    const std::string where = named == keys.end() ? std::string() : named->second.where + ": ";
    return Error{kind.error().code, fmt::format("{}agents.{}: {}", where, id, kind.error().message), kind.error().hint};
  }
  const auto directory = [&](const std::string& key) {
    const auto found = keys.find(key);
    return found == keys.end() ? std::string() : loaded.directory_of(found->second.layer);
  };
  spec.model = text_of(keys, "model");
  if (const auto* command = value_of<std::vector<std::string>>(keys, "command")) {
    for (const std::string& word : *command) spec.command.push_back(command_word(directory("command"), word));
  }
  spec.output = text_of(keys, "output", spec.output);
  spec.output_pointer = text_of(keys, "output_pointer");
  spec.file = beside(directory("file"), text_of(keys, "file"));
  spec.endpoint = text_of(keys, "endpoint");
  spec.api_key_env = text_of(keys, "api_key_env");
  spec.api_key_file = text_of(keys, "api_key_file");
  if (!spec.api_key_file.starts_with("~/")) spec.api_key_file = beside(directory("api_key_file"), spec.api_key_file);
  if (const auto* arguments = value_of<std::vector<std::string>>(keys, "extra_args")) spec.extra_args = *arguments;
  if (const auto* env = value_of<std::map<std::string, std::string>>(keys, "env")) spec.env = *env;
  spec.perspective = text_of(keys, "perspective");
  spec.timeout = duration_of(keys, "timeout");
  spec.stall_timeout = duration_of(keys, "stall_timeout");
  if (const auto* retries = value_of<std::int64_t>(keys, "retries")) spec.retries = static_cast<int>(*retries);
  if (const auto* optional = value_of<bool>(keys, "optional")) spec.optional = *optional;
  if (const auto* chair_only = value_of<bool>(keys, "chair_only")) spec.chair_only = *chair_only;
  if (const auto* insecure = value_of<bool>(keys, "allow_insecure_endpoint")) spec.allow_insecure_endpoint = *insecure;
  spec.context_tokens = count_of(keys, "context_tokens");
  spec.max_output_tokens = count_of(keys, "max_output_tokens");
  TRY(check_needs(spec));
  return spec;
}

// What a word of panel.agents or --agents means.
Result<AgentSpec> named_agent(const std::string& name, const std::string& where, const LoadedConfig& loaded,
                              const Vocabulary& words) {
  const auto section = loaded.config.agents.find(name);
  if (section != loaded.config.agents.end()) return make_agent(name, section->second, loaded, words);
  if (!is_agent_id(name)) return bad_value(where, name, kAllowedAgentId);
  const bool known = among(words.kinds, name) || among(words.tools, name);
  if (known) return make_agent(name, {}, loaded, words);
  if (const auto kind = words.check_kind(name); !kind && kind.error().code == ErrorCode::unsupported) {
    return Error{kind.error().code, fmt::format("{}: {}", where, kind.error().message), kind.error().hint};
  }
  std::vector<std::string_view> candidates = words.kinds;
  candidates.insert(candidates.end(), words.tools.begin(), words.tools.end());
  for (const std::string& id : loaded.config.agent_order) candidates.emplace_back(id);
  const auto close = nearest(name, candidates);
  return invalid(fmt::format("{}: '{}' is neither a configured agent nor a kind nor a tool", where, shown_word(name)),
                 close.empty() ? "`assize doctor` lists what there is" : fmt::format("did you mean '{}'?", close));
}

// An option that names single agents names those of the panel; "" is all of them.
template <class T>
Result<bool> check_names(const std::map<std::string, T>& named, std::string_view option,
                         const std::vector<AgentSpec>& agents) {
  std::vector<std::string_view> ids;
  ids.reserve(agents.size());
  for (const AgentSpec& agent : agents) ids.emplace_back(agent.id);
  for (const auto& [id, value] : named) {
    if (!id.empty() && !among(ids, id)) {
      return invalid(fmt::format("{}: there is no agent '{}' on the panel", option, id),
                     ids.empty() ? std::string() : fmt::format("the panel is: {}", fmt::join(ids, ", ")));
    }
  }
  return true;
}

std::optional<Millis> limit_for(const std::map<std::string, Millis>& flags, const std::string& id,
                                std::optional<Millis> own, std::optional<Millis> standard) {
  std::optional<Millis> chosen = own ? own : standard;
  if (const auto all = flags.find(""); all != flags.end()) chosen = all->second;
  if (const auto one = flags.find(id); one != flags.end()) chosen = one->second;
  if (chosen && chosen->count() == 0) return std::nullopt;
  return chosen;
}

std::set<Severity> severities(const std::vector<std::string>& names) {
  std::set<Severity> out;
  for (const std::string& name : names) {
    if (const auto severity = severity_from(name)) out.insert(*severity);
  }
  return out;
}

std::optional<std::size_t> count_of(const Config& config, std::string_view key) {
  const auto number = config.integer(key);
  if (!number) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

}  // namespace

Vocabulary built_in_vocabulary() {
  Vocabulary words;
  words.kinds = adapter_kinds();
  words.tools = known_tools();
  words.check_kind = [](std::string_view kind) -> Result<bool> {
    TRY(adapter_for(kind));
    return true;
  };
  return words;
}

Result<PanelRequest> requested_panel(const LoadedConfig& loaded, const Options& options, const Vocabulary& words) {
  PanelRequest request;
  if (options.offline) return request;
  std::vector<std::string> names = loaded.config.agent_order;
  std::string where = "agents";
  if (const Setting* list = loaded.config.find("panel.agents"); list != nullptr) {
    names = std::get<std::vector<std::string>>(list->value);
    where = list->layer == Layer::flags ? list->where : fmt::format("{}: panel.agents", list->where);
  }
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      request.warnings.push_back(fmt::format("{}: '{}' is named twice, and counts once", where, shown_word(name)));
      continue;
    }
    TRY_ASSIGN(AgentSpec agent, named_agent(name, where, loaded, words));
    request.agents.push_back(std::move(agent));
  }
  TRY(check_names(options.timeouts, "--timeout", request.agents));
  TRY(check_names(options.stall_timeouts, "--stall-timeout", request.agents));
  TRY(check_names(options.perspectives, "--perspectives", request.agents));
  for (AgentSpec& agent : request.agents) {
    if (const auto said = options.perspectives.find(agent.id); said != options.perspectives.end()) {
      agent.perspective = said->second;
    }
  }
  return request;
}

Result<std::vector<AgentSpec>> configured_agents(const LoadedConfig& loaded, const Vocabulary& words) {
  std::vector<AgentSpec> out;
  for (const std::string& id : loaded.config.agent_order) {
    TRY_ASSIGN(AgentSpec agent, make_agent(id, loaded.config.agents.at(id), loaded, words));
    out.push_back(std::move(agent));
  }
  return out;
}

std::vector<Error> panel_problems(const LoadedConfig& loaded, const Vocabulary& words) {
  std::vector<Error> out;
  for (const std::string& id : loaded.config.agent_order) {
    if (const auto agent = make_agent(id, loaded.config.agents.at(id), loaded, words); !agent)
      out.push_back(agent.error());
  }
  if (const Setting* list = loaded.config.find("panel.agents"); list != nullptr) {
    for (const std::string& name : std::get<std::vector<std::string>>(list->value)) {
      if (loaded.config.agents.contains(name)) continue;
      const auto agent = named_agent(name, fmt::format("{}: panel.agents", list->where), loaded, words);
      if (!agent) out.push_back(agent.error());
    }
  }
  return out;
}

std::vector<AgentSpec> offline_panel(const std::vector<std::string>& tools) {
  std::vector<AgentSpec> out(1);
  out.front().id = out.front().kind = "lint";
  for (const std::string& tool : tools) {
    AgentSpec spec;
    spec.id = spec.tool = tool;
    spec.kind = "tool";
    out.push_back(std::move(spec));
  }
  return out;
}

CallLimits limits_for(const AgentSpec& agent, const Options& options) {
  CallLimits limits;
  limits.timeout = limit_for(options.timeouts, agent.id, agent.timeout, limits.timeout);
  limits.stall_timeout = limit_for(options.stall_timeouts, agent.id, agent.stall_timeout, limits.stall_timeout);
  limits.retries = options.retries ? static_cast<int>(*options.retries) : agent.retries.value_or(limits.retries);
  return limits;
}

GateSettings gate_settings(const Config& config, const Options& options, OfflineExit offline) {
  GateSettings gate;
  gate.fail_on = severities(config.list("gate.fail_on"));
  gate.min_reviews = count_of(config, "gate.min_reviews");
  gate.min_vendors = count_of(config, "gate.min_vendors");
  const std::string unverified = config.text("gate.unverified").value_or("escalate");
  gate.unverified = unverified == "fail"     ? UnverifiedPolicy::fail
                    : unverified == "ignore" ? UnverifiedPolicy::ignore
                                             : UnverifiedPolicy::escalate;
  const std::string unreviewed = config.text("gate.unreviewed").value_or("risky");
  gate.unreviewed = unreviewed == "fail"     ? UnreviewedPolicy::fail
                    : unreviewed == "report" ? UnreviewedPolicy::report
                                             : UnreviewedPolicy::risky;
  gate.escalate_on = severities(config.list("gate.escalate_on"));
  gate.escalate_threshold = count_of(config, "gate.escalate_threshold").value_or(gate.escalate_threshold);
  gate.escalate_exit = static_cast<int>(config.integer("gate.escalate_exit").value_or(gate.escalate_exit));
  gate.decide_by = config.text("gate.decision") == "vote" ? DecideBy::vote : DecideBy::gate;
  gate.offline_exit = offline;
  gate.strict = options.strict ? Strict::yes : Strict::no;
  return gate;
}

Result<PlanOptions> plan_options(const Config& config) {
  PlanOptions plan;
  for (const std::string_view key : {"review.include", "review.exclude"}) {
    const Setting* setting = config.find(key);
    for (const std::string& glob : config.list(key)) {
      if (const auto parsed = GlobList::parse({glob}); !parsed) {
        return Error{parsed.error().code, fmt::format("{}: {}", setting->where, parsed.error().message),
                     parsed.error().hint};
      }
    }
  }
  plan.include = config.list("review.include");
  plan.exclude = config.list("review.exclude");
  plan.chunking = config.flag("review.chunk").value_or(true) ? Chunking::cut : Chunking::refuse;
  if (const auto text = config.text("review.max_bytes")) plan.max_bytes = size_from(*text).value_or(plan.max_bytes);
  return plan;
}

}  // namespace assize
