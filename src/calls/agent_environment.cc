#include "calls/agent_environment.h"

#include <array>
#include <map>
#include <string_view>

namespace assize {
namespace {

constexpr std::array<std::string_view, 22> kPassed = {
    "PATH",         "LANG",           "LC_ALL",      "LC_CTYPE",    "LC_MESSAGES", "LC_NUMERIC",
    "LC_TIME",      "LC_COLLATE",     "LC_MONETARY", "LC_PAPER",    "LC_NAME",     "LC_ADDRESS",
    "LC_TELEPHONE", "LC_MEASUREMENT", "HTTP_PROXY",  "HTTPS_PROXY", "ALL_PROXY",   "NO_PROXY",
    "http_proxy",   "https_proxy",    "all_proxy",   "no_proxy",
};

// A name or value with these could not be handed to exec as one entry.
bool is_plain(std::string_view name, std::string_view value) {
  return !name.empty() && name.find('=') == std::string_view::npos && name.find('\0') == std::string_view::npos &&
         value.find('\0') == std::string_view::npos;
}

}  // namespace

AgentEnvironment agent_environment(const AgentSpec& spec, const Invocation& invocation, const Room& room,
                                   const Surroundings& world) {
  AgentEnvironment result;
  std::map<std::string, std::string> variables;
  const auto pass = [&](std::string_view name) {
    if (const auto value = world.variable(name)) variables[std::string(name)] = *value;
  };
  for (const std::string_view name : kPassed) pass(name);
  for (const std::string& name : invocation.passed_env) pass(name);
  variables["HOME"] = room.home;
  variables["TMPDIR"] = room.scratch;
  variables["TERM"] = "dumb";
  for (const auto& [name, value] : invocation.env) variables[name] = value;
  for (const auto& [name, value] : spec.env) {
    if (name == "HOME" || name == "TMPDIR" || !is_plain(name, value)) {
      result.refused.push_back(name);
    } else {
      variables[name] = value;
    }
  }
  for (const auto& [name, value] : variables) {
    if (is_plain(name, value)) result.entries.push_back(name + "=" + value);
  }
  return result;
}

}  // namespace assize
