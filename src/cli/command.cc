#include "cli/command.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/core.h>

#include "cli/files.h"
#include "cli/values.h"
#include "core/text.h"
#include "report/json.h"

namespace assize {
namespace {

std::string one_line(std::string_view message) {
  return strip_controls(to_valid_utf8(message), Newlines::to_space);
}

int columns(const Environment& environment) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const auto named = integer_from(environment("COLUMNS").value_or(""));
  constexpr std::int64_t kWidest = 1'000;
  if (named && *named > 0 && *named <= kWidest) return static_cast<int>(*named);
  return Terminal{}.width;
}

}  // namespace

Terminal find_terminal(const Environment& environment, bool no_color) {
  Terminal terminal;
  terminal.in = ::isatty(STDIN_FILENO) == 1;
  terminal.out = ::isatty(STDOUT_FILENO) == 1;
  terminal.err = ::isatty(STDERR_FILENO) == 1;
  terminal.width = columns(environment);
  // no-color.org: set and not empty.
  const bool refused = no_color || !environment("NO_COLOR").value_or("").empty() || environment("TERM") == "dumb";
  terminal.color = terminal.out && !refused;
  // There is no way to ask; these say of themselves that they can.
  const bool known = environment("VTE_VERSION") || environment("KITTY_WINDOW_ID") || environment("WT_SESSION") ||
                     environment("TERM_PROGRAM") == "iTerm.app" || environment("TERM_PROGRAM") == "WezTerm";
  terminal.hyperlinks = terminal.color && known;
  return terminal;
}

Result<int> print(std::string_view text, int exit) {
  TRY(write_stdout(text));
  return exit;
}

void warn(std::string_view message) {
  write_stderr(fmt::format("assize: warning: {}\n", one_line(message)));
}
void note(std::string_view message) {
  write_stderr(note_line(message));
}
std::string note_line(std::string_view message) {
  return fmt::format("assize: {}\n", one_line(message));
}

void report_error(const Error& error, ErrorForm form) {
  if (form == ErrorForm::json) {
    const std::string document = render_error_json(error);
    if (!write_stdout(document)) write_stderr(document);  // one that nobody could read would say nothing
    return;
  }
  std::string text = fmt::format("assize: {}\n", one_line(error.message));
  if (!error.hint.empty()) text += fmt::format("  hint: {}\n", one_line(error.hint));
  write_stderr(text);
}

}  // namespace assize
