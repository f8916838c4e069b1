#include "cli/observers.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>

#include "cli/files.h"
#include "report/live_table.h"
#include "report/progress.h"

namespace assize {
namespace {

constexpr Millis kLinesPeriod{1'000};  // several in kHeartbeat, as ProgressLines asks for

bool is_set(const Environment& environment, std::string_view name) {
  return !environment(name).value_or("").empty();
}

// Of the terminal behind standard error; the default where it does not say.
ScreenSize screen_size() {
  ScreenSize size;
  winsize window{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0) return size;
  if (window.ws_col > 0) size.columns = window.ws_col;
  if (window.ws_row > 0) size.rows = window.ws_row;
  return size;
}

}  // namespace

Watching choose_watching(const CommandContext& context, const std::vector<ReportTarget>& targets) {
  if (context.options.quiet) return Watching::nothing;
  const std::string term = context.environment("TERM").value_or("");
  if (!context.terminal.err || term.empty() || term == "dumb") return Watching::lines;
  const bool events_on_terminal =
      context.terminal.out && std::any_of(targets.begin(), targets.end(), [](const ReportTarget& target) {
        return target.format == Format::jsonl && target.file.empty();
      });
  return events_on_terminal ? Watching::lines : Watching::table;
}

struct Watch::Seen {
  std::optional<ProgressLines> lines;
  std::optional<LiveTable> table;
};

Watch::Watch(const CommandContext& context, const std::vector<ReportTarget>& targets, std::function<Millis()> elapsed)
    : seen_(std::make_unique<Seen>()) {
  switch (choose_watching(context, targets)) {
    case Watching::nothing:
      break;
    case Watching::lines:
      seen_->lines.emplace(write_stderr, std::move(elapsed));
      break;
    case Watching::table: {
      // no-color.org: set and not empty.
      const bool plain = context.options.no_color || is_set(context.environment, "NO_COLOR");
      seen_->table.emplace(write_stderr, std::move(elapsed), screen_size, plain ? Color::off : Color::on);
      break;
    }
  }
}

Watch::~Watch() = default;

void Watch::join(Observers& observers) {
  if (seen_->lines) observers.add(*seen_->lines);
  if (seen_->table) observers.add(*seen_->table);
}

Millis Watch::period() const {
  return seen_->table ? kLiveFrame : kLinesPeriod;
}

void Watch::tick() {
  if (seen_->lines) seen_->lines->tick();
  if (seen_->table) seen_->table->tick();
}

void Watch::note(std::string_view message) {
  if (seen_->table) {
    seen_->table->print_above(note_line(message));
  } else {
    assize::note(message);
  }
}

void Watch::finish() {
  if (seen_->table) seen_->table->finish();
}

}  // namespace assize
