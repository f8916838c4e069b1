#include <fmt/format.h>

#include "agents/detect.h"
#include "agents/surroundings.h"
#include "cli/command.h"
#include "cli/panel.h"
#include "cli/roster.h"

namespace assize {
namespace {

std::string config_line(const LoadedConfig& loaded) {
  for (auto file = loaded.files.rbegin(); file != loaded.files.rend(); ++file) {
    if (file->state == ConfigFile::State::read) return file->path;
    if (file->state != ConfigFile::State::absent) return file->path + " (not trusted, ignored)";
  }
  return "none";
}

std::string ids(const std::vector<AgentSpec>& agents) {
  std::vector<std::string_view> names;
  names.reserve(agents.size());
  for (const AgentSpec& agent : agents) names.emplace_back(agent.id);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

// The usable ones; else what stands in the way of those that are installed, for `assize doctor` to explain.
std::string reviewers_line(const std::vector<AgentSpec>& usable, const Surroundings& world) {
  if (!usable.empty()) return ids(usable);
  std::string installed;
  for (const DetectedCli& cli : detect_clis(world)) {
    if (cli.probe.found) installed += fmt::format("{}{}", installed.empty() ? "" : ", ", cli.spec.id);
  }
  return installed.empty() ? "none" : fmt::format("none ready; installed: {}", installed);
}

std::vector<AgentSpec> usable_analysers(const Surroundings& world) {
  std::vector<AgentSpec> out;
  for (const ProbedAgent& agent : probe_agents(offline_panel(built_in_vocabulary().tools), world)) {
    if (!agent.probe.unusable) out.push_back(agent.spec);
  }
  return out;
}

}  // namespace

// On a terminal: what there is, and what one most likely wants. Elsewhere nobody reads that: wrong usage.
Result<int> run_bare(const CommandContext& context) {
  if (!context.terminal.out) {
    return invalid("no command was given", "usage: assize COMMAND [OPTIONS]; `assize help` lists the commands");
  }
  const std::unique_ptr<Surroundings> world = real_surroundings();
  TRY_ASSIGN(const Places places, find_places("", context.environment));
  TRY_ASSIGN(const LoadedConfig loaded, load_config(places, context.options));
  const std::vector<AgentSpec> vendors = found_vendors(*world);
  const bool configured = !loaded.config.agent_order.empty() || loaded.config.find("panel.agents") != nullptr;

  std::string text = fmt::format("assize {}: a panel of independent reviewers for a change\n\n", ASSIZE_VERSION);
  text += fmt::format("  repository  {}\n", places.in_repository ? places.root : "none here");
  text += fmt::format("  config      {}\n", config_line(loaded));
  text += fmt::format("  reviewers   {}\n", reviewers_line(vendors, *world));
  text += fmt::format("  analysers   {}\n\n", ids(usable_analysers(*world)));
  if (places.in_repository) {
    text += "  assize review            review this branch and the uncommitted work\n";
    text += "  assize review --staged   review what is about to be committed\n";
  } else {
    text += "  assize review --files    review the files here as they stand\n";
    text += "  assize review --patch -  review a diff from standard input\n";
  }
  text += configured || vendors.empty() ? "  assize doctor            say what each reviewer has and lacks\n"
                                        : "  assize init              write a config for the reviewers found here\n";
  return print(text + "\n`assize help` lists all commands.\n");
}

}  // namespace assize
