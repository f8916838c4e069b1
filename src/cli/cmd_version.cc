#include <fmt/core.h>

#include "cli/command.h"

namespace assize {

Result<int> run_version(const CommandContext&) {
  return print(fmt::format("assize {}\n", ASSIZE_VERSION));
}

}  // namespace assize
