// opencode (`opencode run`), checked against 1.18.33. Facts: docs/agents.md.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_opencode_adapter();

}  // namespace assize
