// Gemini CLI (`gemini`), checked against 0.61.0. Facts: docs/agents.md.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_gemini_adapter();

}  // namespace assize
