// Anthropic's messages interface over HTTP.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_anthropic_adapter();

}  // namespace assize
