// The built-in analyser: rules over the added lines of a change. It answers by itself; nothing runs and nothing is read
// but the call's scope. The rules and their proofs are in agents/lint/rules_*.cc, the list of them in
// docs/analysers.md.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_lint_adapter();

}  // namespace assize
