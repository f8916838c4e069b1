#include <fmt/format.h>

#include "agents/detect.h"
#include "agents/surroundings.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/panel.h"
#include "cli/roster.h"
#include "cli/toml_reader.h"
#include "cli/trust.h"

namespace assize {
namespace {

// The agents that are usable here, by id: vendors' CLIs, then the rules and the tools.
struct Found {
  std::vector<std::string> panel;
  std::vector<DetectedCli> clis;
};

Found look_around(const Surroundings& world) {
  Found found;
  found.clis = detect_clis(world);
  for (const DetectedCli& cli : found.clis) {
    if (!cli.probe.unusable) found.panel.push_back(cli.spec.id);
  }
  for (const ProbedAgent& agent : probe_agents(offline_panel(built_in_vocabulary().tools), world)) {
    if (!agent.probe.unusable) found.panel.push_back(agent.spec.id);
  }
  return found;
}

std::string agent_section(const DetectedCli& cli) {
  const bool usable = !cli.probe.unusable.has_value();
  const std::string_view off = usable ? "" : "# ";
  std::string text = "\n";
  if (!usable) text += fmt::format("# Found, but not usable: {}\n", cli.probe.hint);
  text += fmt::format("{}[agents.{}]\n", off, cli.spec.id);
  return text + fmt::format(
                    "{}# model = \"…\"           # without it the agent's own default\n"
                    "{}# perspective = \"…\"     # what it looks at first\n",
                    off, off);
}

std::string config_text(const Found& found) {
  std::string text =
      "# Configuration of Assize: docs/config.md lists every key, `assize config show` prints what is in force.\n"
      "# A repository's config counts only when its exact content is trusted: run `assize trust` after an edit.\n"
      "\n[panel]\n"
      "# Who reviews. Model reviewers send the change to their vendors; lint and the tools stay on this machine.\n";
  text += fmt::format("agents = {}\n", to_toml(ConfigValue(found.panel)));
  text +=
      "# chair = \"auto\"           # who sums up; or \"rotate\", or a name\n"
      "# max_rounds = 3           # of debate, the review included; rounds = N: exactly N\n"
      "# auto = true              # less for a harmless change, more for a risky one\n"
      "# lenses = [\"security\", \"performance\", \"tests\"]   # dealt to the reviewers in order\n";
  for (const DetectedCli& cli : found.clis) {
    if (cli.probe.found) text += agent_section(cli);
  }
  text +=
      "\n# Any program can review: the prompt is its standard input, its standard output the answer.\n"
      "# [agents.house-rules]\n"
      "# kind = \"command\"\n"
      "# command = [\"python3\", \"tools/house_rules.py\"]\n"
      "\n# So can a model server: `assize doctor` lists the models of a local one.\n"
      "# [agents.local]\n"
      "# kind = \"openai\"\n"
      "# endpoint = \"http://127.0.0.1:11434/v1\"\n"
      "# model = \"qwen2.5-coder:14b\"\n"
      "# context_tokens = 32000   # larger changes are cut to fit\n"
      "\n[review]\n"
      "# include = [\"src/**\"]\n"
      "# exclude = [\"third_party/**\"]\n"
      "# policy = \"review-policy.toml\"   # the house's rules: docs/policy.md\n"
      "\n[budget]\n"
      "# total_timeout = \"20m\"\n"
      "# max_cost_usd = 2.0\n"
      "\n[gate]\n"
      "# fail_on = [\"critical\", \"high\"]\n"
      "# min_reviews = 2          # without it half of the model reviewers\n"
      "# unreviewed = \"risky\"     # or \"report\", \"fail\"\n"
      "\n[report]\n"
      "# format = \"text\"          # or markdown, json, sarif, jsonl\n"
      "# outputs = [\"sarif:assize.sarif\"]\n";
  return text;
}

}  // namespace

Result<int> run_init(const CommandContext& context) {
  TRY_ASSIGN(const Places places, find_places(context.options.source.repo, context.environment));
  const std::string path = places.repository_file();
  const auto present = read_file(path, kMaxConfigBytes);
  const bool there = present.has_value() || present.error().code != ErrorCode::not_found;
  if (there && !context.options.force) {
    return invalid(fmt::format("{} is there already", path), "--force replaces it");
  }
  const std::unique_ptr<Surroundings> world = real_surroundings();
  const Found found = look_around(*world);
  const std::string text = config_text(found);
  TRY(write_file(path, text, FileMode::shared));
  std::string_view next = "`assize review` uses it now; after an edit, run `assize trust`.";
  if (const auto trusted = TrustStore(places.config_directory).record(path, text); !trusted) {
    warn(fmt::format("{} was written but not trusted: {}", path, trusted.error().message));
    next = "`assize review` ignores it until it is trusted: --config names it, or ASSIZE_TRUST_REPO_CONFIG=1.";
  }
  return print(fmt::format("wrote {}\nThe panel: {}\n{}\n", path, fmt::join(found.panel, ", "), next));
}

}  // namespace assize
