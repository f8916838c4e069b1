// Qwen Code (`qwen`), checked against 0.15.10. Facts: docs/agents.md.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_qwen_adapter();

}  // namespace assize
