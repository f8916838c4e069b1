#include "cli/task_setup.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "cli/files.h"
#include "cli/panel.h"
#include "cli/values.h"
#include "cli/versions.h"
#include "core/hash.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::size_t kMaxTask = 1'000'000;  // bytes; what every CLI takes on standard input

Result<std::string> task_of(const Options& options) {
  constexpr std::string_view kUsage = "usage: assize run PROMPT|- [OPTIONS]";
  if (options.arguments.empty()) return invalid("run: there is no task", std::string(kUsage));
  std::string task = options.arguments.front();
  if (task == "-") {
    TRY_ASSIGN(task, read_stdin(kMaxTask, "run -"));
  }
  if (task.size() > kMaxTask) return invalid(fmt::format("run: the task has more than {} bytes", kMaxTask));
  task = to_valid_utf8(task);
  if (trim(task).empty()) return invalid("run: the task is empty", std::string(kUsage));
  return task;
}

bool takes_part(const AgentSpec& agent) {
  return role_of(agent.kind) == AgentRole::reviewer && !agent.chair_only;
}

std::string why_it_takes_no_part(const AgentSpec& agent) {
  return role_of(agent.kind) == AgentRole::analyser
             ? fmt::format("{} is an analyser: it reviews by rules, and can be given no task", agent.id)
             : fmt::format("{} is in the chair alone: it is given no task", agent.id);
}

// Whoever was named has to be able to take part; whoever the config has on its panel for reviews is passed over.
Result<std::vector<AgentSpec>> panel_of(TaskSetup& setup, const Options& options, const Vocabulary& words,
                                        const Surroundings& world) {
  TRY_ASSIGN(PanelRequest request, requested_panel(setup.loaded, options, words));
  setup.warnings.insert(setup.warnings.end(), request.warnings.begin(), request.warnings.end());
  const bool named = options.settings.contains("panel.agents");
  std::vector<AgentSpec> panel;
  for (AgentSpec& agent : request.agents) {
    if (takes_part(agent)) {
      panel.push_back(std::move(agent));
    } else if (named) {
      return invalid("--agents: " + why_it_takes_no_part(agent), "name agents with a model behind them");
    } else if (!agent.chair_only) {
      setup.warnings.push_back(why_it_takes_no_part(agent));
    }
  }
  if (!panel.empty()) return panel;
  std::vector<std::string> found;
  for (const AgentSpec& agent : found_vendors(world)) found.push_back(agent.id);
  return Error{ErrorCode::unavailable, "no agent is configured or named to be given the task",
               found.empty() ? std::string("`assize doctor` says what agents lack here")
                             : fmt::format("found here: {}; name them with --agents", fmt::join(found, ", "))};
}

// What would run in this mode; empty when it cannot be made.
std::vector<std::string> command_line_in(const ProbedAgent& agent, ExecutionMode mode) {
  if (mode == ExecutionMode::read_only) return command_line_of(agent, nullptr);
  Call call;
  call.agent = std::make_shared<AgentSpec>(agent.spec);
  call.phase = Phase::task;
  call.prompt = "PROMPT";
  call.mode = mode;
  call.directory = "/TREE";
  const Room room{.home = "/ROOM/home", .scratch = "/ROOM/tmp", .cwd = "/TREE"};
  const auto invocation = agent.adapter->invocation(call, agent.probe, room, FileTools::none);
  return invocation ? invocation->argv : std::vector<std::string>{};
}

bool knows(const Adapter& adapter, ExecutionMode mode) {
  if (mode == ExecutionMode::read_only) return true;
  const std::vector<ModeRule> table = adapter.modes();
  return std::any_of(table.begin(), table.end(), [&](const ModeRule& rule) { return rule.mode == mode; });
}

// As for a review, with what is different in a task: the mode, no hard limit of time, no second attempt on top of what
// a first one left in the tree.
RosterEntry entry_for(const ProbedAgent& agent, const Options& options, ExecutionMode mode) {
  RosterEntry entry = std::move(make_roster({agent}, nullptr, options).front());
  const bool limited = agent.spec.timeout || options.timeouts.contains("") || options.timeouts.contains(agent.spec.id);
  if (!limited) entry.limits.timeout.reset();
  if (mode != ExecutionMode::read_only && !options.retries) entry.limits.retries = 0;
  if (!knows(*agent.adapter, mode)) {
    CallError error;
    error.kind = CallErrorKind::permission_enforcement_failed;
    error.message = fmt::format("{} has no way to write: a {} agent has no mode {}", agent.spec.id, agent.spec.kind,
                                to_string(mode));
    entry.available = false;
    entry.command_line.clear();
    entry.unavailable = std::move(error);
  }
  if (entry.available) entry.command_line = command_line_in(agent, mode);
  return entry;
}

Result<bool> check_available(const std::vector<RosterEntry>& roster, bool strict) {
  std::string reasons;
  bool any = false;
  for (const RosterEntry& entry : roster) {
    any = any || entry.available;
    if (entry.available) continue;
    reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : "; ", entry.spec->id, entry.unavailable->message);
    if (strict) {
      return Error{ErrorCode::unavailable,
                   fmt::format("--strict: {} is not available: {}", entry.spec->id, entry.unavailable->message),
                   "`assize doctor` says what each agent lacks"};
    }
  }
  if (any) return true;
  return Error{ErrorCode::unavailable, fmt::format("no agent is available for the task: {}", reasons),
               "install or log in to one of them, or choose others with --agents"};
}

// Such an agent is not started; that is told before anything is.
Result<bool> audit(TaskSetup& setup, const std::vector<ProbedAgent>& agents, const Options& options) {
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const RosterEntry& entry = setup.input.roster[i];
    if (entry.command_line.empty()) continue;
    const auto violation = agents[i].adapter->audit_mode(entry.command_line, options.mode);
    if (!violation) continue;
    const std::string message = fmt::format("{}: its command line allows more than {}: {}", entry.spec->id,
                                            to_string(options.mode), *violation);
    if (options.strict) return invalid("--strict: " + message, "look at its extra_args");
    setup.warnings.push_back(message);
  }
  return true;
}

// The agent that `name` means, whether or not it is on the panel.
Result<std::optional<AgentSpec>> agent_called(const std::string& name, const TaskSetup& setup,
                                              const Vocabulary& words) {
  for (const RosterEntry& entry : setup.input.roster) {
    if (entry.spec->id == name) return std::optional(*entry.spec);
  }
  TRY_ASSIGN(const std::vector<AgentSpec> configured, configured_agents(setup.loaded, words));
  for (const AgentSpec& agent : configured) {
    if (agent.id == name) return std::optional(agent);
  }
  if (std::find(words.kinds.begin(), words.kinds.end(), name) == words.kinds.end()) return std::optional<AgentSpec>();
  AgentSpec agent;
  agent.id = agent.kind = name;
  return std::optional(agent);
}

// panel.chair, or the configured agent that is there for nothing else.
Result<bool> choose_chair(TaskSetup& setup, const Options& options, const Vocabulary& words,
                          const Surroundings& world) {
  const Setting* setting = setup.loaded.config.find("panel.chair");
  const std::string name = setup.loaded.config.text("panel.chair").value_or("auto");
  std::optional<AgentSpec> chosen;
  if (name == "rotate") {
    setup.input.settings.chair = ChairDraw::lot;
  } else if (name == "auto") {
    TRY_ASSIGN(const std::vector<AgentSpec> configured, configured_agents(setup.loaded, words));
    const auto found =
        std::find_if(configured.begin(), configured.end(), [](const AgentSpec& agent) { return agent.chair_only; });
    if (found != configured.end()) chosen = *found;
  } else {
    TRY_ASSIGN(chosen, agent_called(name, setup, words));
    const bool usable = chosen && role_of(chosen->kind) == AgentRole::reviewer;
    if (!usable) {
      const std::string message = fmt::format("{}: '{}' is no agent that could sum up",
                                              setting != nullptr ? setting->where : "panel.chair", shown_word(name));
      if (setting != nullptr && setting->layer == Layer::flags) return invalid(message, "name an agent with a model");
      setup.warnings.push_back(message);
      chosen.reset();
    }
  }
  if (!chosen) return true;
  RosterEntry entry = entry_for(probe_agents({*chosen}, world).front(), options, ExecutionMode::read_only);
  // With nobody asked for by name, somebody who cannot be asked is simply not chosen.
  if (entry.available || name != "auto") setup.input.chair = std::move(entry);
  return true;
}

// 63 bits, so that it fits into the config's integers and can be given again.
std::uint64_t seed_of(const Config& config) {
  if (const auto seed = config.integer("panel.seed")) return static_cast<std::uint64_t>(*seed);
  return std::stoull(random_hex(8), nullptr, 16) >> 1U;
}

}  // namespace

Result<std::string> path_of_repository(const std::string& root, const std::string& stand, const std::string& path) {
  namespace fs = std::filesystem;
  constexpr int kMostLinks = 40;  // as the kernel
  const auto outside = [&] {
    return invalid(fmt::format("path_outside_repo: {}", shown_word(path)),
                   fmt::format("the repository is {}; paths are meant from where you stand", root));
  };
  const auto push = [](std::vector<fs::path>& ahead, const fs::path& more) {
    std::vector<fs::path> parts(more.begin(), more.end());
    ahead.insert(ahead.end(), parts.rbegin(), parts.rend());
  };
  std::vector<fs::path> ahead;  // what is left to walk, last first
  push(ahead, fs::path(stand) / path);
  fs::path here = "/";
  for (int links = 0; !ahead.empty();) {
    const fs::path step = ahead.back();
    ahead.pop_back();
    if (step.empty() || step == "." || step == "/") continue;
    if (step == "..") {
      here = here.parent_path();
      continue;
    }
    std::error_code error;
    const fs::path reached = here / step;
    if (!fs::is_symlink(fs::symlink_status(reached, error))) {
      here = reached;
      continue;
    }
    const fs::path target = fs::read_symlink(reached, error);
    if (error || ++links > kMostLinks) return outside();
    if (target.is_absolute()) here = "/";
    push(ahead, target);
  }
  std::error_code error;
  const fs::path relative = here.lexically_relative(fs::canonical(root, error));
  if (error || relative.empty() || *relative.begin() == "..") return outside();
  return relative == "." ? std::string() : relative.string();
}

Result<std::unique_ptr<TaskSetup>> prepare_task(const CommandContext& context, const Surroundings& world) {
  const Options& options = context.options;
  auto setup = std::make_unique<TaskSetup>();
  TaskSettings& settings = setup->input.settings;
  TRY_ASSIGN(settings.prompt, task_of(options));
  TRY_ASSIGN(setup->places, find_places(options.source.repo, context.environment));
  TRY_ASSIGN(setup->loaded, load_config(setup->places, options));
  if (const auto error = first_error(setup->loaded, options.strict_config)) return *error;
  setup->warnings = config_warnings(setup->loaded, options.strict_config);

  settings.mode = options.mode;
  settings.order = options.chain ? TaskOrder::chain : TaskOrder::together;
  settings.synthesis = options.synthesize ? Summing::on : Summing::off;
  settings.strict = options.strict ? Strict::yes : Strict::no;
  settings.repository = setup->places.root;
  settings.nonce = random_hex(16);
  settings.seed = seed_of(setup->loaded.config);
  for (const std::string& path : options.target_paths) {
    TRY_ASSIGN(std::string inside, path_of_repository(setup->places.root, setup->places.working_directory, path));
    const bool known =
        std::find(settings.target_paths.begin(), settings.target_paths.end(), inside) != settings.target_paths.end();
    if (!known) settings.target_paths.push_back(std::move(inside));
  }
  if (options.mode != ExecutionMode::read_only && options.artifacts.empty()) {
    return invalid(fmt::format("--mode {} needs --artifacts DIR for the agents' diffs", to_string(options.mode)));
  }
  if (options.mode == ExecutionMode::yolo) {
    setup->warnings.emplace_back(
        "mode yolo: agents run what they like, as you, unasked and without a sandbox; their trees are copies, the rest "
        "of the system is not");
  }

  const Vocabulary words = built_in_vocabulary();
  TRY_ASSIGN(const std::vector<AgentSpec> panel, panel_of(*setup, options, words, world));
  const std::vector<ProbedAgent> agents = probe_agents(panel, world);
  const std::vector<std::string> versions = known_versions(agents, context.environment);
  for (std::size_t i = 0; i < agents.size(); ++i) {
    setup->input.roster.push_back(entry_for(agents[i], options, options.mode));
    setup->input.roster.back().version = versions[i];
  }
  if (options.synthesize) TRY(choose_chair(*setup, options, words, world));
  TRY(check_available(setup->input.roster, options.strict));
  TRY(audit(*setup, agents, options));
  return setup;
}

}  // namespace assize
