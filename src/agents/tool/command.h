// Command lines of analysers. Pure: they are made from the call and from where it runs.
#pragma once

#include <string>
#include <vector>

#include "agents/adapter.h"
#include "agents/tool/catalogue.h"
#include "agents/tool/subject.h"

namespace assize::tool {

// `kind` null: the custom command of the spec, with the files in the place of "{files}", or at the end.
Invocation command_line(const Call& call, const Kind* kind, const std::string& program, const Subject& subject,
                        const Room& room);

}  // namespace assize::tool
