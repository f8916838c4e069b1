// Writes what an analyser found in the form that reviewers are asked for (docs/formats.md, "review"), with one more key
// a finding: `rule`, the rule's own id.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/lint/engine.h"

namespace assize::lint {

// The verdict is request_changes when a hit is high or critical, else comment: an analyser never approves.
std::string contract_text(std::span<const Hit> hits, const std::vector<std::string>& checked, std::string_view summary);

}  // namespace assize::lint
