#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agents/adapter.h"
#include "agents/anthropic.h"
#include "agents/claude.h"
#include "agents/codex.h"
#include "agents/command.h"
#include "agents/gemini.h"
#include "agents/google.h"
#include "agents/lint.h"
#include "agents/openai.h"
#include "agents/opencode.h"
#include "agents/qwen.h"
#include "agents/scripted.h"
#include "agents/tool.h"
#include "core/text.h"

namespace assize {

namespace {

using Adapters = std::vector<std::unique_ptr<Adapter>>;

Adapters make_all() {
  Adapters all;
  all.push_back(make_claude_adapter());
  all.push_back(make_codex_adapter());
  all.push_back(make_gemini_adapter());
  all.push_back(make_qwen_adapter());
  all.push_back(make_opencode_adapter());
  all.push_back(make_openai_adapter());
  all.push_back(make_anthropic_adapter());
  all.push_back(make_google_adapter());
  all.push_back(make_command_adapter());
  all.push_back(make_lint_adapter());
  all.push_back(make_tool_adapter());
  all.push_back(make_scripted_adapter());
  return all;
}

// Adapters hold no state, so one set of them serves the program.
const Adapters& adapters() {
  static const Adapters all = make_all();
  return all;
}

struct Planned {
  std::string_view kind;
  std::string_view instead;
};
constexpr std::array kPlanned = {
    Planned{"copilot", "use kind \"command\""},
    Planned{"agy", "use kind \"command\""},
};

}  // namespace

Result<const Adapter*> adapter_for(std::string_view kind) {
  for (const auto& adapter : adapters()) {
    if (adapter->kind() == kind) return adapter.get();
  }
  for (const Planned& planned : kPlanned) {
    if (planned.kind == kind) {
      return Error{ErrorCode::unsupported, fmt::format("agents of kind '{}' are not built yet", kind),
                   std::string(planned.instead)};
    }
  }
  const auto kinds = adapter_kinds();
  const std::string_view close = nearest(kind, kinds);
  return invalid(
      fmt::format("'{}' is no kind of agent", kind),
      close.empty() ? fmt::format("kinds are {}", fmt::join(kinds, ", ")) : fmt::format("did you mean '{}'?", close));
}

std::vector<std::string_view> adapter_kinds() {
  std::vector<std::string_view> kinds;
  for (const auto& adapter : adapters()) kinds.push_back(adapter->kind());
  return kinds;
}

}  // namespace assize
