#include "agents/cli_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agents/classify.h"
#include "core/text.h"

namespace assize {

namespace {

struct Maker {
  std::string_view name_part;
  std::string_view maker;
};
// Families of models by what their names carry, most telling first: "qwen2.5-coder", "deepseek-r1-distill-llama".
constexpr std::array kMakers = {
    Maker{"claude", "anthropic"},  Maker{"gemini", "google"},    Maker{"gemma", "google"},
    Maker{"qwen", "alibaba"},      Maker{"qwq", "alibaba"},      Maker{"deepseek", "deepseek"},
    Maker{"codestral", "mistral"}, Maker{"devstral", "mistral"}, Maker{"mistral", "mistral"},
    Maker{"mixtral", "mistral"},   Maker{"llama", "meta"},       Maker{"grok", "xai"},
    Maker{"kimi", "moonshot"},     Maker{"glm-", "zhipu"},       Maker{"minimax", "minimax"},
    Maker{"command-r", "cohere"},  Maker{"nemotron", "nvidia"},  Maker{"phi-", "microsoft"},
    Maker{"granite", "ibm"},       Maker{"gpt-", "openai"},      Maker{"codex", "openai"},
};

bool is_option(std::string_view arg) {
  return arg.size() > 1 && arg.front() == '-';
}

}  // namespace

std::string_view maker_of_model(std::string_view model) {
  const std::string lower = to_lower_ascii(model);
  std::string_view name = lower;
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name = name.substr(slash + 1);
  for (const Maker& maker : kMakers) {
    if (name.find(maker.name_part) != std::string_view::npos) return maker.maker;
  }
  if (name.starts_with("o1") || name.starts_with("o3") || name.starts_with("o4")) return "openai";
  return {};
}

std::string vendor_of(const AgentSpec& spec, std::string_view own_vendor) {
  const std::string_view maker = maker_of_model(spec.model);
  return std::string(maker.empty() ? own_vendor : maker);
}

Probe find_cli(const AgentSpec& spec, const Surroundings& world, std::string_view name, std::string_view install_hint) {
  Probe probe;
  const std::string_view wanted = spec.command.empty() ? name : std::string_view(spec.command.front());
  if (const auto path = world.find_program(wanted)) {
    probe.found = true;
    probe.program = *path;
    return probe;
  }
  probe.unusable = CallErrorKind::not_installed;
  probe.hint = spec.command.empty() ? fmt::format("{} is not on PATH; install it with: {}", wanted, install_hint)
                                    : fmt::format("{} does not exist or is not executable", wanted);
  return probe;
}

void find_login(const Surroundings& world, std::span<const LoginSource> sources, std::string_view hint, Probe& probe) {
  for (const LoginSource& source : sources) {
    if (source.kind == LoginSource::Kind::variable) {
      const auto value = world.variable(source.name);
      if (!value || value->empty()) continue;
      probe.how_known = fmt::format("{} is set", source.name);
    } else {
      if (world.home().empty() || !world.file_exists(fmt::format("{}/{}", world.home(), source.name))) continue;
      probe.how_known = fmt::format("~/{} is there", source.name);
    }
    probe.logged_in = LoggedIn::yes;
    return;
  }
  probe.logged_in = LoggedIn::no;
  probe.how_known = "no key in the environment and no login file";
  probe.unusable = CallErrorKind::not_logged_in;
  probe.hint = hint;
}

bool find_own_key(const AgentSpec& spec, const Surroundings& world, std::string_view variable, Probe& probe) {
  if (spec.api_key_env.empty()) return false;
  const auto key = world.variable(spec.api_key_env);
  if (!key || key->empty()) {
    probe.logged_in = LoggedIn::no;
    probe.how_known = fmt::format("{} is not set", spec.api_key_env);
    probe.unusable = CallErrorKind::not_logged_in;
    probe.hint = fmt::format("set {}, the variable that api_key_env names", spec.api_key_env);
    return true;
  }
  probe.logged_in = LoggedIn::yes;
  probe.how_known = fmt::format("{} is set", spec.api_key_env);
  probe.credentials.emplace_back(variable, *key);
  return true;
}

void find_endpoint_key(const AgentSpec& spec, const Surroundings& world, std::string_view variable, Probe& probe) {
  if (find_own_key(spec, world, variable, probe)) return;
  probe.logged_in = LoggedIn::unknown;
  probe.how_known = "an endpoint without api_key_env: no key is sent";
  probe.credentials.emplace_back(variable, kNoKey);
}

void find_access(const AgentSpec& spec, const Surroundings& world, std::string_view variable,
                 std::span<const LoginSource> logins, std::string_view hint, Probe& probe) {
  if (!spec.endpoint.empty()) return find_endpoint_key(spec, world, variable, probe);
  if (!find_own_key(spec, world, variable, probe)) find_login(world, logins, hint, probe);
}

std::optional<CallError> check_call(const Call& call, std::size_t max_bytes, std::string_view limit_name) {
  if (trim(call.prompt).empty()) return call_error(CallErrorKind::invalid_request, "the prompt is empty");
  if (call.prompt.size() > max_bytes) {
    return call_error(CallErrorKind::prompt_too_long,
                      fmt::format("the prompt has {} bytes; {} takes {} on standard input", call.prompt.size(),
                                  limit_name, max_bytes));
  }
  const std::string& model = call.agent->model;
  const bool odd = std::any_of(model.begin(), model.end(), [](unsigned char c) { return c <= ' ' || c == 0x7F; });
  if (!model.empty() && (model.front() == '-' || odd)) {
    return call_error(CallErrorKind::invalid_request, fmt::format("'{}' cannot be the name of a model", model));
  }
  return std::nullopt;
}

std::optional<CallError> check_no_slash(const Call& call) {
  const std::string_view prompt = trim(call.prompt);
  if (!prompt.starts_with('/')) return std::nullopt;
  return call_error(CallErrorKind::invalid_request,
                    "the prompt begins with /, which this program runs as its own command");
}

const ModeRule& rule_of(const std::vector<ModeRule>& table, ExecutionMode mode) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const ModeRule& rule) { return rule.mode == mode; });
  CHECK(row != table.end());
  return *row;
}

std::vector<std::string> begin_argv(const AgentSpec& spec, const Probe& found) {
  std::vector<std::string> argv = {found.program};
  if (!spec.command.empty()) argv.insert(argv.end(), spec.command.begin() + 1, spec.command.end());
  return argv;
}

void finish_env(const AgentSpec& spec, const Probe& found, Invocation& invocation) {
  invocation.env.insert(invocation.env.end(), found.credentials.begin(), found.credentials.end());
  invocation.env.insert(invocation.env.end(), spec.env.begin(), spec.env.end());
}

bool Flags::has(std::string_view name) const {
  return !values(name).empty();
}

std::vector<std::string_view> Flags::values(std::string_view name) const {
  std::vector<std::string_view> found;
  const bool is_long = name.starts_with("--");
  for (std::size_t i = 1; i < argv_.size(); ++i) {
    const std::string_view arg = argv_[i];
    if (!arg.starts_with(name)) continue;
    const std::string_view rest = arg.substr(name.size());
    if (rest.empty()) {
      const bool value_follows = i + 1 < argv_.size() && !is_option(argv_[i + 1]);
      found.push_back(value_follows ? std::string_view(argv_[i + 1]) : std::string_view());
    } else if (rest.front() == '=') {
      found.push_back(rest.substr(1));
    } else if (!is_long && !arg.starts_with("--")) {
      found.push_back(rest);
    }
  }
  return found;
}

std::vector<std::string_view> Flags::lists(std::string_view name) const {
  std::vector<std::string_view> found;
  for (std::size_t i = 1; i < argv_.size(); ++i) {
    const std::string_view arg = argv_[i];
    if (arg.starts_with(name) && arg.substr(name.size()).starts_with('=')) found.push_back(arg.substr(name.size() + 1));
    if (arg != name) continue;
    while (i + 1 < argv_.size() && !is_option(argv_[i + 1])) found.push_back(argv_[++i]);
  }
  return found;
}

std::optional<std::string_view> Flags::first_of(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    if (has(name)) return name;
  }
  return std::nullopt;
}

bool only_of(std::string_view list, std::span<const std::string_view> allowed) {
  for (const std::string_view part : split(list, ',')) {
    const std::string_view item = trim(part);
    if (!item.empty() && std::find(allowed.begin(), allowed.end(), item) == allowed.end()) return false;
  }
  return true;
}

}  // namespace assize
