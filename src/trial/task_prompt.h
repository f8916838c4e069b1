// What agents are asked in run mode, from the texts in prompts/task*.md. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/task_outcome.h"
#include "trial/task.h"

namespace assize {

// Of answers and diffs together, in one prompt. Longer ones are cut, and the prompt says so.
inline constexpr std::size_t kMaxMaterial = 400'000;

// The prompt of one agent. `former`: those before it in a chain, in order; empty otherwise.
std::string task_prompt(const TaskSettings& settings, const AgentSpec& agent, std::span<const TaskAgent* const> former);

// The chair's: the answers under letters instead of names, in the order of `shown` ("A" is the first of them).
std::string task_synthesis_prompt(const TaskSettings& settings, std::span<const TaskAgent* const> shown);

// 0 → "A", 25 → "Z", 26 → "AA".
std::string letter(std::size_t index);

}  // namespace assize
