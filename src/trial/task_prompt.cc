#include "trial/task_prompt.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/hash.h"
#include "core/text.h"
#include "guard/fence.h"
#include "trial/prompt.h"
#include "trial_prompts.h"

namespace assize {

namespace {

std::string section(std::string_view heading, std::string_view body) {
  return body.empty() ? std::string() : fmt::format("\n# {}\n{}\n", heading, trim(body));
}

std::string scope_of(const TaskSettings& settings) {
  if (settings.target_paths.empty()) return {};
  std::string list = "Keep to these paths of the repository, and to what lies below them:\n";
  for (const std::string& path : settings.target_paths) {
    const std::string shown = path.empty() ? "." : path;
    list += fmt::format("- {}\n", defuse_fences(strip_controls(to_valid_utf8(shown), Newlines::to_space)));
  }
  return section("Scope", list);
}

std::string_view place_of(ExecutionMode mode) {
  switch (mode) {
    case ExecutionMode::read_only:
      return "You can open no files and run no commands. Answer from what is written here and from what you know, and "
             "say where you would have to see more.";
    case ExecutionMode::write:
      return "Your working directory is a private copy of the repository's working tree, uncommitted work included. "
             "Change files there as the task asks, and nothing outside of it. What you changed is collected when you "
             "end; you need not commit.";
    case ExecutionMode::yolo:
      return "Your working directory is a private copy of the repository's working tree, uncommitted work included. "
             "Change files there as the task asks, and nothing outside of it; you may run commands. What you changed "
             "is collected when you end; you need not commit.";
  }
  return {};
}

// The size at which all pieces together fit into `total`: short ones are whole, long ones are cut alike.
std::size_t fair_size(std::vector<std::size_t> sizes, std::size_t total) {
  std::sort(sizes.begin(), sizes.end());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::size_t share = total / (sizes.size() - i);
    if (sizes[i] > share) return share;
    total -= sizes[i];
  }
  return sizes.empty() ? total : sizes.back();
}

class Material {
 public:
  Material(const TaskSettings& settings, std::span<const TaskAgent* const> agents) : settings_(settings) {
    std::vector<std::size_t> sizes;
    for (const TaskAgent* agent : agents) {
      sizes.push_back(agent->answer.text.size());
      if (agent->diff) sizes.push_back(agent->diff->patch.size());
    }
    limit_ = fair_size(std::move(sizes), kMaxMaterial);
  }

  std::string fenced(std::string_view kind, std::string_view text) const {
    if (text.size() <= limit_) return fence(kind, settings_.nonce, text);
    return fmt::format("Only the first {} of {} bytes are shown.\n{}", limit_, text.size(),
                       fence(kind, settings_.nonce, cap_bytes(to_valid_utf8(text), limit_)));
  }

  std::string of(const TaskAgent& agent) const {
    std::string out = fenced("answer", agent.answer.text);
    if (agent.diff && !agent.diff->patch.empty()) out += "What it changed:\n" + fenced("diff", agent.diff->patch);
    if (agent.diff && agent.diff->patch.empty()) out += "It changed no file.\n";
    return out;
  }

 private:
  const TaskSettings& settings_;
  std::size_t limit_ = 0;
};

std::string former_answers(const TaskSettings& settings, std::span<const TaskAgent* const> former) {
  if (former.empty()) return {};
  const Material material(settings, former);
  std::string answers;
  for (std::size_t i = 0; i < former.size(); ++i) {
    const TaskAgent& agent = *former[i];
    answers += fmt::format("\n## Agent {}\n", i + 1);
    const TaskState state = agent.track.now();
    if (state == TaskState::completed || state == TaskState::partial_success) {
      answers += material.of(agent);
    } else {
      answers += fmt::format("It failed ({}), and left no answer.\n",
                             agent.answer.error ? to_string(agent.answer.error->kind) : to_string(state));
    }
  }
  if (settings.mode != ExecutionMode::read_only) {
    answers += "\nNothing of what they changed is in your copy: where a change of theirs is good, make it yourself.\n";
  }
  return fill(embedded::k_task_chain_md, {{"nonce", settings.nonce}, {"answers", answers}});
}

}  // namespace

std::string task_prompt(const TaskSettings& settings, const AgentSpec& agent,
                        std::span<const TaskAgent* const> former) {
  return fill(embedded::k_task_md, {{"task", trim(settings.prompt)},
                                    {"scope", scope_of(settings)},
                                    {"place", section("Where you work", place_of(settings.mode))},
                                    {"perspective", section("Your perspective", agent.perspective)},
                                    {"former", former_answers(settings, former)}});
}

std::string task_synthesis_prompt(const TaskSettings& settings, std::span<const TaskAgent* const> shown) {
  const Material material(settings, shown);
  std::string answers;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    answers += fmt::format("\n## Answer {}\n{}", letter(i), material.of(*shown[i]));
  }
  return fill(embedded::k_task_synthesis_md, {{"nonce", settings.nonce},
                                              {"task", trim(settings.prompt)},
                                              {"scope", scope_of(settings)},
                                              {"answers", answers}});
}

std::string letter(std::size_t index) {
  constexpr std::size_t kLetters = 26;
  std::string out;
  for (++index; index > 0; index = (index - 1) / kLetters) {
    out.insert(out.begin(), static_cast<char>('A' + (index - 1) % kLetters));
  }
  return out;
}

std::string task_prompt_version() {
  const std::string digest = Digest()
                                 .add(embedded::k_task_md)
                                 .add(embedded::k_task_chain_md)
                                 .add(embedded::k_task_synthesis_md)
                                 .add(place_of(ExecutionMode::read_only))
                                 .add(place_of(ExecutionMode::write))
                                 .add(place_of(ExecutionMode::yolo))
                                 .hex();
  return digest.substr(0, 12);
}

}  // namespace assize
