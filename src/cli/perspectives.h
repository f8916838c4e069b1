// What single agents are told to look at, as the command line says it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"

namespace assize {

// {"AGENT": "TEXT", …}. Error invalid: no JSON object of texts, a name that no agent can have, an
// empty text.
Result<std::map<std::string, std::string>> read_perspectives(std::string_view json);

}  // namespace assize
