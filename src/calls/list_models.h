// Asks a local model server which models it has, for `assize doctor`.
#pragma once

#include <string>
#include <vector>

#include "agents/adapter.h"
#include "core/result.h"

namespace assize {

inline constexpr Millis kListDeadline{2'000};

// Blocking, at most `deadline`. Error invalid: the agent's kind is not asked over HTTP, or its endpoint is not on this
// machine (no other is ever asked); unavailable: no server answers there, or it refuses; timed_out; corrupt: what it
// answers is no list of models. Messages never hold the key.
Result<std::vector<std::string>> list_models(const AgentSpec& spec, const Surroundings& world,
                                             Millis deadline = kListDeadline);

}  // namespace assize
