#include "cli/review_setup.h"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

#include "cli/chunking.h"
#include "cli/files.h"
#include "cli/panel.h"
#include "cli/policy_source.h"
#include "cli/trial_settings.h"
#include "cli/values.h"
#include "cli/versions.h"
#include "core/hash.h"
#include "core/text.h"
#include "trial/exhibits.h"

namespace assize {
namespace {

constexpr std::size_t kMaxPromptBytes = 100'000;  // half of a change's default size: it is an addition, not the matter

// --prompt TEXT, or @FILE.
Result<std::string> extra_prompt(const Options& options) {
  if (!options.prompt.starts_with('@')) return options.prompt;
  const auto text = read_file(options.prompt.substr(1), kMaxPromptBytes);
  if (!text) return Error{text.error().code, "--prompt: " + text.error().message, text.error().hint};
  return *text;
}

bool is_reviewer(const AgentSpec& agent) {
  return role_of(agent.kind) == AgentRole::reviewer;
}

bool reviews(const AgentSpec& agent) {
  return is_reviewer(agent) && !agent.chair_only;
}

std::string names_of(const std::vector<AgentSpec>& agents) {
  std::vector<std::string_view> names;
  names.reserve(agents.size());
  for (const AgentSpec& agent : agents) names.emplace_back(agent.id);
  return fmt::format("{}", fmt::join(names, ", "));
}

// The rules, the analysers found here, and the ones that are configured.
Result<std::vector<AgentSpec>> analysers(const LoadedConfig& loaded, const Vocabulary& words,
                                         const Surroundings& world) {
  std::vector<AgentSpec> panel;
  TRY_ASSIGN(const std::vector<AgentSpec> configured, configured_agents(loaded, words));
  const auto is_configured = [&](const AgentSpec& agent) {
    return std::any_of(configured.begin(), configured.end(),
                       [&](const AgentSpec& other) { return other.id == agent.id; });
  };
  for (const ProbedAgent& agent : probe_agents(offline_panel(words.tools), world)) {
    if (!agent.probe.unusable && !is_configured(agent.spec)) panel.push_back(agent.spec);
  }
  for (const AgentSpec& agent : configured) {
    if (!is_reviewer(agent)) panel.push_back(agent);
  }
  return panel;
}

// One question, one line; anything but yes is no.
bool agreed_to(const std::vector<AgentSpec>& vendors) {
  write_stderr(
      fmt::format("assize: no reviewer is configured. Found here: {}.\n"
                  "They would send this change to their vendors. Use them for this review? [y/N] ",
                  names_of(vendors)));
  std::string line;
  std::getline(std::cin, line);
  const std::string answer = to_lower_ascii(trim(line));
  return answer == "y" || answer == "yes";
}

// Nobody was named: the vendors' CLIs if a person at a terminal says so, else the analysers alone.
Result<std::vector<AgentSpec>> panel_without_config(ReviewSetup& setup, const CommandContext& context,
                                                    const Vocabulary& words, const Surroundings& world, Asking asking) {
  TRY_ASSIGN(std::vector<AgentSpec> panel, analysers(setup.loaded, words, world));
  if (context.options.offline) {
    setup.offline = true;
    return panel;
  }
  const std::vector<AgentSpec> vendors = found_vendors(world);
  const SourceOptions& source = context.options.source;
  const bool stdin_is_the_change =
      source.value == "-" && (source.kind == SourceOptions::Kind::patch || source.kind == SourceOptions::Kind::text);
  const bool can_ask = asking == Asking::allowed && context.terminal.in && context.terminal.err && !stdin_is_the_change;
  if (!vendors.empty() && can_ask && agreed_to(vendors)) {
    panel.insert(panel.begin(), vendors.begin(), vendors.end());
    return panel;
  }
  setup.offline = true;
  setup.warnings.push_back(
      fmt::format("no model reviewer is configured: the built-in rules and the analysers found here ({}) review alone",
                  names_of(panel)));
  setup.notes.push_back(
      vendors.empty() ? "`assize doctor` says what reviewers lack here"
                      : fmt::format("found but not chosen: {}; `assize init` configures them", names_of(vendors)));
  return panel;
}

Result<bool> check_available(const ReviewSetup& setup, bool strict) {
  std::string reasons;
  std::size_t available = 0;
  for (const RosterEntry& entry : setup.roster) {
    if (entry.available) {
      if (!entry.spec->chair_only) ++available;
      continue;
    }
    reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : "; ", entry.spec->id, entry.unavailable->message);
    if (strict) {
      return Error{ErrorCode::unavailable,
                   fmt::format("--strict: {} is not available: {}", entry.spec->id, entry.unavailable->message),
                   "`assize doctor` says what each agent lacks"};
    }
  }
  if (available > 0) return true;
  return Error{ErrorCode::unavailable, fmt::format("no agent of the panel is available to review: {}", reasons),
               "install or log in to one of them, choose others with --agents, or use --offline"};
}

// Flags of the user's that widen what an agent may do.
Result<bool> audit_command_lines(ReviewSetup& setup, bool strict) {
  for (std::size_t i = 0; i < setup.roster.size(); ++i) {
    const RosterEntry& entry = setup.roster[i];
    if (entry.command_line.empty()) continue;
    const auto violation = setup.agents[i].adapter->audit(entry.command_line);
    if (!violation) continue;
    const std::string message = fmt::format("{}: its command line is not read-only: {}", entry.spec->id, *violation);
    if (strict) return invalid("--strict: " + message, "look at its extra_args");
    setup.warnings.push_back(message);
  }
  return true;
}

TrialSettings::Context context_of(const Config& config) {
  return config.text("review.context") == "expanded" ? TrialSettings::Context::expanded : TrialSettings::Context::diff;
}

// 63 bits, so that it fits into the config's integers and can be given again.
std::uint64_t seed_of(const Config& config) {
  if (const auto seed = config.integer("panel.seed")) return static_cast<std::uint64_t>(*seed);
  return std::stoull(random_hex(8), nullptr, 16) >> 1U;
}

// What stays is what belongs to one run, and what only this file knows.
Result<bool> choose_procedure(ReviewSetup& setup, const std::vector<AgentSpec>& panel) {
  TRY_ASSIGN(ProcedureSettings procedure, procedure_settings(setup.loaded.config, panel));
  procedure.settings.extra_prompt = std::move(setup.settings.extra_prompt);
  procedure.settings.policy = std::move(setup.settings.policy);
  setup.settings = std::move(procedure.settings);
  setup.warnings.insert(setup.warnings.end(), procedure.warnings.begin(), procedure.warnings.end());
  return true;
}

Result<std::string> choose_policy(ReviewSetup& setup, const Options& options) {
  TRY_ASSIGN(ChosenPolicy chosen, load_policy(setup.loaded, setup.places, options));
  setup.settings.policy = std::move(chosen.policy);
  setup.policy_text = std::move(chosen.text);
  setup.warnings.insert(setup.warnings.end(), chosen.warnings.begin(), chosen.warnings.end());
  return chosen.path;
}

// The user asked for the file as it is now; that the change under review wrote it is for the user to know.
void warn_of_changed_policy(ReviewSetup& setup, const std::string& path) {
  const Change& change = setup.intake.change;
  if (path.empty() || change.repository.empty()) return;
  for (const FileChange& file : change.files) {
    if (path != change.repository + "/" + file.path()) continue;
    setup.warnings.push_back(
        fmt::format("the policy {} is part of the change under review: its new rules count", shown_word(file.path())));
  }
}

Result<bool> cut(ReviewSetup& setup) {
  const std::size_t added = setup.settings.extra_prompt.size() + setup.policy_text.size();
  TRY_ASSIGN(const std::optional<ContextBound> bound, context_bound(setup.roster, added));
  TRY_ASSIGN(CutChange parts, cut_to_fit(setup.loaded.config, setup.input(), bound));
  setup.chunks = std::move(parts.chunks);
  std::size_t declared = 0;
  for (const RosterEntry& entry : setup.roster) declared += reviews(*entry.spec) ? 1 : 0;
  if (setup.settings.division != Division::none && declared > 1 && available_reviewers(setup.roster) == 1) {
    setup.warnings.emplace_back("panel.divide: one reviewer is available, and there is nobody to share with");
  }
  setup.warnings.insert(setup.warnings.end(), parts.warnings.begin(), parts.warnings.end());
  return true;
}

}  // namespace

Result<std::unique_ptr<ReviewSetup>> prepare_review(const CommandContext& context, const Surroundings& world,
                                                    Asking asking) {
  const Options& options = context.options;
  auto setup = std::make_unique<ReviewSetup>();
  TRY_ASSIGN(setup->places, find_places(options.source.repo, context.environment));
  TRY_ASSIGN(setup->loaded, load_config(setup->places, options));
  if (const auto error = first_error(setup->loaded, options.strict_config)) return *error;
  setup->warnings = config_warnings(setup->loaded, options.strict_config);

  const Config& config = setup->loaded.config;
  const Vocabulary words = built_in_vocabulary();
  TRY_ASSIGN(PanelRequest request, requested_panel(setup->loaded, options, words));
  setup->warnings.insert(setup->warnings.end(), request.warnings.begin(), request.warnings.end());
  TRY_ASSIGN(setup->settings.extra_prompt, extra_prompt(options));
  TRY_ASSIGN(const std::string policy, choose_policy(*setup, options));
  TRY_ASSIGN(PlanOptions plan, plan_options(config));
  TRY_ASSIGN(setup->intake, take_in(options, setup->places, context.environment, std::move(plan)));

  if (request.agents.empty()) {
    TRY_ASSIGN(request.agents, panel_without_config(*setup, context, words, world, asking));
  } else if (std::none_of(request.agents.begin(), request.agents.end(), is_reviewer)) {
    setup->warnings.emplace_back("no agent of the panel is a model reviewer: analysers review alone");
  }
  warn_of_changed_policy(*setup, policy);
  TRY(choose_procedure(*setup, request.agents));
  const bool prose = options.source.kind == SourceOptions::Kind::text;
  setup->settings.subject = prose ? Subject::document : Subject::change;
  setup->settings.context = context_of(config);
  const bool at_best_zero = options.offline || context.terminal.out;
  setup->settings.gate = gate_settings(config, options, at_best_zero ? OfflineExit::zero : OfflineExit::three);
  setup->settings.nonce = random_hex(16);
  setup->settings.seed = seed_of(config);
  setup->agents = probe_agents(request.agents, world);
  setup->roster = make_roster(setup->agents, make_scope(setup->input()), options);
  const std::vector<std::string> versions = known_versions(setup->agents, context.environment);
  for (std::size_t i = 0; i < versions.size(); ++i) setup->roster[i].version = versions[i];
  TRY(check_available(*setup, options.strict));
  TRY(audit_command_lines(*setup, options.strict));
  TRY(cut(*setup));
  return setup;
}

}  // namespace assize
