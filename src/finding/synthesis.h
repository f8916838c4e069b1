// What is asked of the chair at the end, and how its answer is read. Never throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/outcome.h"

namespace assize {

// JSON Schema of {"summary": string, "recommendation": "approve|comment|request_changes"}, strict-mode clean.
std::string_view synthesis_schema();

struct ParsedSynthesis {
  bool readable = false;
  std::string reason;                     // why not
  std::string text;                       // cleaned, at most 8,000 bytes
  std::optional<Verdict> recommendation;  // empty: none, or a word that is not known
};
// An answer in prose without the object is readable as text without a recommendation; an echo of `shown` is not.
ParsedSynthesis parse_synthesis(std::string_view answer, std::string_view shown);

}  // namespace assize
