// Claude Code (`claude -p`), checked against 2.1.197. Facts: docs/agents.md.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_claude_adapter();

}  // namespace assize
