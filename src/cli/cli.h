// The whole program but for the process around it.
#pragma once

#include <string>
#include <vector>

namespace assize {

// `arguments` without the program's name. Returns the exit code; throws only what is a bug of ours. REQUIRES: SIGPIPE
// is ignored.
int run_cli(const std::vector<std::string>& arguments);

}  // namespace assize
