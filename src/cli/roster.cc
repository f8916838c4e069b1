#include "cli/roster.h"

#include <algorithm>

#include "agents/detect.h"
#include "cli/panel.h"

namespace assize {
namespace {

// Where a call would run, in words: the directories are made for each call and removed after it.
Room room_in_words() {
  return {.home = "/ROOM/home", .scratch = "/ROOM/tmp", .cwd = "/ROOM/cwd"};
}

CallError why_unusable(const Probe& probe) {
  CallError error;
  error.kind = probe.unusable.value_or(CallErrorKind::not_installed);
  error.message = std::string(to_string(error.kind));
  std::replace(error.message.begin(), error.message.end(), '_', ' ');
  if (!probe.hint.empty()) error.message += ": " + probe.hint;
  return error;
}

bool is_plain(std::string_view word) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,@+-%";
  return !word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos;
}

}  // namespace

std::vector<ProbedAgent> probe_agents(const std::vector<AgentSpec>& agents, const Surroundings& world) {
  std::vector<ProbedAgent> out;
  for (const AgentSpec& spec : agents) {
    const auto adapter = adapter_for(spec.kind);
    CHECK(adapter.has_value());
    out.push_back({spec, *adapter, (*adapter)->probe(spec, world)});
  }
  return out;
}

std::vector<std::string> command_line_of(const ProbedAgent& agent, std::shared_ptr<const Scope> scope) {
  Call call;
  call.agent = std::make_shared<AgentSpec>(agent.spec);
  call.prompt = "PROMPT";
  if (role_of(agent.spec.kind) == AgentRole::analyser) call.scope = std::move(scope);
  if (agent.adapter->transport() == Transport::http) {
    const auto request = agent.adapter->request(call, agent.probe);
    return request ? std::vector<std::string>{"POST", request->url} : std::vector<std::string>{};
  }
  const auto invocation = agent.adapter->invocation(call, agent.probe, room_in_words(), FileTools::none);
  return invocation ? invocation->argv : std::vector<std::string>{};
}

std::vector<RosterEntry> make_roster(const std::vector<ProbedAgent>& agents, const std::shared_ptr<const Scope>& scope,
                                     const Options& options) {
  std::vector<RosterEntry> roster;
  for (const ProbedAgent& agent : agents) {
    RosterEntry entry;
    entry.spec = std::make_shared<AgentSpec>(agent.spec);
    entry.vendor = agent.adapter->vendor(agent.spec);
    entry.available = !agent.probe.unusable.has_value();
    if (entry.available) {
      entry.command_line = command_line_of(agent, scope);
    } else {
      entry.unavailable = why_unusable(agent.probe);
    }
    entry.limits = limits_for(agent.spec, options);
    roster.push_back(std::move(entry));
  }
  return roster;
}

std::string_view word_for_asking(const ProbedAgent& agent) {
  return agent.adapter->transport() == Transport::http ? "asks" : "runs";
}

std::string shell_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    if (is_plain(word)) {
      out += word;
      continue;
    }
    out += '\'';
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out += '\'';
  }
  return out;
}

std::vector<AgentSpec> found_vendors(const Surroundings& world) {
  std::vector<AgentSpec> out;
  for (const DetectedCli& cli : detect_clis(world)) {
    if (cli.probe.found && !cli.probe.unusable) out.push_back(cli.spec);
  }
  return out;
}

}  // namespace assize
