// Codex CLI (`codex exec`), checked against 0.169.0. Facts: docs/agents.md.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_codex_adapter();

}  // namespace assize
