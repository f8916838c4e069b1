#include "cli/trial_settings.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

// "assize.toml:3:9: panel.quorum", "--rounds", "panel.rounds" for a built-in value.
std::string place_of(const Setting& setting, std::string_view key) {
  if (setting.where.empty()) return std::string(key);
  return setting.layer == Layer::flags ? setting.where : fmt::format("{}: {}", setting.where, key);
}

// Nothing: no limit. A time of 0 is none.
std::optional<Millis> time_of(const Config& config, std::string_view key) {
  const auto text = config.text(key);
  const auto time = text ? duration_from(*text) : std::nullopt;
  return time && time->count() > 0 ? time : std::nullopt;
}

// Of `adaptive`, `rounds` and `max_rounds` the topmost layer that says any of them counts: `--rounds 3` makes a debate
// fixed whatever the config says, and a config's `rounds` the built-in adaptive one.
Result<Debate> choose_debate(const Config& config) {
  const Setting* adaptive = config.find("panel.adaptive");
  const Setting* rounds = config.find("panel.rounds");
  const Setting* most = config.find("panel.max_rounds");
  Layer top = Layer::built_in;
  for (const Setting* setting : {adaptive, rounds, most}) {
    if (setting != nullptr) top = std::max(top, setting->layer);
  }
  if (top == Layer::built_in) return Debate::adaptive;
  const auto said = [&](const Setting* setting) { return setting != nullptr && setting->layer == top; };
  const bool wants_adaptive = said(adaptive) && std::get<bool>(adaptive->value);
  const bool wants_fixed = said(adaptive) && !wants_adaptive;
  if (said(rounds) && wants_adaptive) {
    return invalid(fmt::format("{} is the length of a fixed debate, and panel.adaptive is true",
                               place_of(*rounds, "panel.rounds")),
                   "use max_rounds to bound an adaptive one");
  }
  if (said(most) && (said(rounds) || wants_fixed)) {
    return invalid(
        fmt::format("{} bounds an adaptive debate, and this one is fixed", place_of(*most, "panel.max_rounds")),
        "use rounds alone");
  }
  return said(rounds) || wants_fixed ? Debate::fixed : Debate::adaptive;
}

Result<bool> choose_rounds(const Config& config, TrialSettings& settings) {
  TRY_ASSIGN(settings.debate, choose_debate(config));
  settings.rounds = static_cast<int>(config.integer("panel.rounds").value_or(settings.rounds));
  settings.max_rounds = static_cast<int>(config.integer("panel.max_rounds").value_or(settings.max_rounds));
  return true;
}

Result<bool> choose_lenses(const Config& config, ProcedureSettings& out) {
  const Setting* lenses = config.find("panel.lenses");
  std::set<std::string> seen;
  for (const std::string& text : config.list("panel.lenses")) {
    const std::string lens(trim(text));
    if (lens.empty()) {
      return bad_value(place_of(*lenses, "panel.lenses"), text, "texts that say what to look at");
    }
    if (!seen.insert(lens).second) {
      out.warnings.push_back(
          fmt::format("{}: '{}' is named twice, and counts once", place_of(*lenses, "panel.lenses"), shown_word(lens)));
      continue;
    }
    out.settings.lenses.push_back(lens);
  }
  const std::string divide = config.text("panel.divide").value_or("");
  out.settings.division = divide == "files" ? Division::files : divide == "lenses" ? Division::lenses : Division::none;
  if (out.settings.division == Division::lenses && out.settings.lenses.empty()) {
    out.settings.lenses.assign(std::begin(kStandardLenses), std::end(kStandardLenses));
  }
  if (out.settings.division == Division::files && out.settings.lenses.size() > 1) {
    return invalid("panel.divide = files with several lenses: each slice would be seen through one of them alone",
                   "use --divide lenses, or give one lens");
  }
  return true;
}

// A panel chosen by a later layer than the quorum may be smaller: then nobody is a straggler, and all are waited for.
Result<bool> choose_quorum(const Config& config, std::size_t reviewers, ProcedureSettings& out) {
  if (const auto grace = config.text("panel.grace")) out.settings.grace = duration_from(*grace).value_or(Millis(0));
  const Setting* quorum = config.find("panel.quorum");
  if (quorum == nullptr) return true;
  const auto wanted = static_cast<std::size_t>(std::get<std::int64_t>(quorum->value));
  out.settings.quorum = wanted;
  if (reviewers == 0 || wanted <= reviewers) return true;
  const std::string message =
      fmt::format("{}: {} valid reviews cannot come from a panel of {} {}", place_of(*quorum, "panel.quorum"), wanted,
                  reviewers, reviewers == 1 ? "reviewer" : "reviewers");
  const Setting* agents = config.find("panel.agents");
  if (agents == nullptr || agents->layer <= quorum->layer) {
    return invalid(message, fmt::format("at most {}", reviewers));
  }
  out.warnings.push_back(message + ": all are waited for");
  out.settings.quorum.reset();
  return true;
}

Result<bool> choose_chair(const Config& config, const std::vector<AgentSpec>& panel, ProcedureSettings& out) {
  const Setting* chair = config.find("panel.chair");
  if (chair == nullptr) return true;
  out.settings.chair = std::get<std::string>(chair->value);
  if (out.settings.chair == "auto" || out.settings.chair == "rotate") return true;
  const std::string place = place_of(*chair, "panel.chair");
  if (!is_agent_id(out.settings.chair)) {
    return bad_value(place, out.settings.chair, fmt::format("auto, rotate, or a name: {}", kAllowedAgentId));
  }
  const auto named =
      std::find_if(panel.begin(), panel.end(), [&](const AgentSpec& agent) { return agent.id == out.settings.chair; });
  const bool can = named != panel.end() && role_of(named->kind) == AgentRole::reviewer;
  if (can || reviewers_of(panel) == 0) return true;
  out.warnings.push_back(fmt::format("{}: '{}' {}; the chair is chosen as with \"auto\"", place, out.settings.chair,
                                     named == panel.end() ? "is not on the panel" : "is an analyser"));
  out.settings.chair = "auto";
  return true;
}

}  // namespace

BudgetReport choose_budget(const Config& config) {
  BudgetReport budget;
  budget.total_timeout = time_of(config, "budget.total_timeout");
  budget.phase_timeout = time_of(config, "budget.phase_timeout");
  if (const auto tokens = config.integer("budget.max_tokens")) budget.max_tokens = static_cast<std::uint64_t>(*tokens);
  budget.max_cost_usd = config.number("budget.max_cost_usd");
  return budget;
}

std::size_t reviewers_of(const std::vector<AgentSpec>& panel) {
  return static_cast<std::size_t>(std::count_if(panel.begin(), panel.end(), [](const AgentSpec& agent) {
    return role_of(agent.kind) == AgentRole::reviewer && !agent.chair_only;
  }));
}

Result<ProcedureSettings> procedure_settings(const Config& config, const std::vector<AgentSpec>& panel) {
  const std::size_t reviewers = reviewers_of(panel);
  const auto chair_only =
      std::find_if(panel.begin(), panel.end(), [](const AgentSpec& agent) { return agent.chair_only; });
  if (reviewers == 0 && chair_only != panel.end()) {
    return invalid(fmt::format("agents.{}: chair_only, and nobody else on the panel can review", chair_only->id),
                   "add a reviewer, or leave chair_only out");
  }
  ProcedureSettings out;
  TRY(choose_rounds(config, out.settings));
  TRY(choose_chair(config, panel, out));
  TRY(choose_lenses(config, out));
  TRY(choose_quorum(config, reviewers, out));
  if (reviewers == 1 && out.settings.division != Division::none) {
    out.warnings.emplace_back("panel.divide: there is one reviewer, and nothing to divide");
  }
  const auto flag = [&](std::string_view key, bool otherwise) { return config.flag(key).value_or(otherwise); };
  out.settings.verify = flag("panel.verify", true) ? Verify::on : Verify::off;
  out.settings.depth = flag("panel.auto", false) ? Depth::by_risk : Depth::as_configured;
  out.settings.names = flag("panel.anonymize", true) ? Names::hidden : Names::shown;
  out.settings.budget = choose_budget(config);
  return out;
}

}  // namespace assize
