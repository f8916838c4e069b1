// Any program as a reviewer: the prompt on its standard input, the answer on its standard output. spec.output says in
// what form: `text`, `json` (one document) or `jsonl` (one a line), the latter two with a JSON pointer to the text.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_command_adapter();

}  // namespace assize
