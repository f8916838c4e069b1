#include "cli/command.h"

namespace assize {

Result<int> run_help(const CommandContext& context) {
  if (context.options.arguments.empty()) return print(help_text(Command::bare));
  TRY_ASSIGN(const Command topic, command_from(context.options.arguments.front()));
  return print(help_text(topic));
}

}  // namespace assize
