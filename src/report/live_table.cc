#include "report/live_table.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "report/view.h"
#include "report/width.h"

namespace assize {

using namespace report;

namespace {

// ECMA-48: cursor up, erase to the end of the line, erase to the end of the screen. DECAWM off and on (DEC STD 070):
// characters that are wider than expected are cut at the edge and never make a second line of one.
constexpr std::string_view kEraseLine = "\x1b[K", kEraseBelow = "\x1b[J", kWrapOff = "\x1b[?7l", kWrapOn = "\x1b[?7h";

constexpr int kNarrowest = 20;
constexpr int kWidestState = 24;

// "0:07", "12:34", "1:02:03"
std::string clock_text(Millis time) {
  const auto seconds = time.count() / 1000;
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string ago_text(Millis time) {
  const auto seconds = time.count() / 1000;
  return seconds < 60 ? fmt::format("{}s", seconds) : clock_text(time);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::uint64_t kKi = 1024;
  if (bytes < kKi) return fmt::format("{} B", bytes);
  if (bytes < kKi * kKi) return fmt::format("{} KiB", bytes / kKi);
  return fmt::format("{}.{} MiB", bytes / kKi / kKi, bytes / kKi % kKi * 10 / kKi);
}

std::string state_text(const LiveRow& row) {
  switch (row.state) {
    case LiveRow::State::waiting:
      return "waiting";
    case LiveRow::State::running:
      return "running";
    case LiveRow::State::retrying:
      // Rounded up: it does not say 0 while it waits.
      return fmt::format("retrying in {}", ago_text(row.retry_in + Millis(999)));
    case LiveRow::State::done:
      return row.parts_failed == 0 ? "done" : fmt::format("done, {} failed", row.parts_failed);
    case LiveRow::State::failed:
      return row.why == "failed" ? row.why : "failed: " + row.why;  // a kind of error is called so, too
    case LiveRow::State::unavailable:
      return "unavailable: " + row.why;
  }
  return {};
}

// Select Graphic Rendition parameters (ECMA-48).
std::string_view style_of(LiveRow::State state) {
  switch (state) {
    case LiveRow::State::running:
      return "1";
    case LiveRow::State::retrying:
      return "1;33";
    case LiveRow::State::done:
      return "1;32";
    case LiveRow::State::failed:
    case LiveRow::State::unavailable:
      return "1;31";
    case LiveRow::State::waiting:
      break;
  }
  return "2";
}

// The one that matters most is shown when not all fit: 0 first.
int rank_of(LiveRow::State state) {
  switch (state) {
    case LiveRow::State::running:
    case LiveRow::State::retrying:
      return 0;
    case LiveRow::State::failed:
      return 1;
    case LiveRow::State::waiting:
      return 2;
    case LiveRow::State::done:
      return 3;
    case LiveRow::State::unavailable:
      break;
  }
  return 4;
}

enum Column { name, state, phase, parts, elapsed, sign, findings, columns };
using Cells = std::array<std::string, Column::columns>;

Cells cells_of(const LiveRow& row, int width) {
  Cells cells;
  cells[name] = cut_to_width(row.name, width / 4);
  cells[state] = state_text(row);
  if (row.state == LiveRow::State::unavailable) return cells;
  cells[state] = cut_to_width(cells[state], kWidestState);
  if (row.phase) {
    cells[phase] = to_string(*row.phase);
    if (row.round > 1) cells[phase] += fmt::format(" {}", row.round);
    cells[elapsed] = clock_text(row.elapsed);
  }
  if (row.parts > 1) cells[parts] = fmt::format("{}/{}", row.parts_done, row.parts);
  if (row.state == LiveRow::State::running) {
    cells[sign] =
        row.bytes == 0 ? "no output yet" : fmt::format("{} ago, {}", ago_text(row.quiet_for), bytes_text(row.bytes));
  }
  if (row.findings > 0) cells[findings] = plural(row.findings, "finding");
  return cells;
}

bool right_aligned(int column) {
  return column == parts || column == elapsed;
}

// Rows that fit, still in roster order: those at work before those that are done.
std::vector<LiveRow> choose(std::vector<LiveRow> rows, std::size_t room) {
  if (rows.size() <= room) return rows;
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank_of(rows[a].state) < rank_of(rows[b].state); });
  order.resize(room);
  std::sort(order.begin(), order.end());
  std::vector<LiveRow> chosen;
  chosen.reserve(room);
  for (const std::size_t i : order) chosen.push_back(std::move(rows[i]));
  return chosen;
}

}  // namespace

LiveTable::LiveTable(std::function<void(std::string_view)> write, std::function<Millis()> elapsed,
                     std::function<ScreenSize()> size, Color color)
    : write_(std::move(write)), elapsed_(std::move(elapsed)), size_(std::move(size)), color_(color) {}

LiveTable::~LiveTable() {
  finish();
}

std::vector<LiveTable::Line> LiveTable::render(const ScreenSize& size) const {
  const int width = std::max(size.columns - 1, kNarrowest);
  const auto height = static_cast<std::size_t>(std::max(size.rows - 2, 1));
  const Millis now = elapsed_();
  std::vector<Line> lines;
  const auto add = [&lines](std::string text) {
    const int columns = display_width(text);
    lines.push_back({std::move(text), columns});
  };
  add(cut_to_width(state_.headline(clock_text(now)), width));
  const std::vector<LiveRow> all = state_.rows(now);
  const bool fits = all.size() < height;
  const std::vector<LiveRow> rows = choose(all, fits ? all.size() : std::max<std::size_t>(height, 2) - 2);

  std::vector<Cells> table;
  std::array<int, Column::columns> widths{};
  for (const LiveRow& row : rows) {
    table.push_back(cells_of(row, width));
    for (int i = 0; i < Column::columns; ++i) {
      // The reason why one is unavailable runs over the columns after it.
      if (i == state && row.state == LiveRow::State::unavailable) continue;
      widths[static_cast<std::size_t>(i)] =
          std::max(widths[static_cast<std::size_t>(i)], display_width(table.back()[static_cast<std::size_t>(i)]));
    }
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    std::size_t state_at = 0;
    for (std::size_t i = 0; i < Column::columns; ++i) {
      if (widths[i] == 0 && table[r][i].empty()) continue;
      const int missing = std::max(0, widths[i] - display_width(table[r][i]));
      const std::string blanks(static_cast<std::size_t>(missing), ' ');
      line += "  ";
      if (i == state) state_at = line.size();
      line += right_aligned(static_cast<int>(i)) ? blanks + table[r][i] : table[r][i] + blanks;
    }
    while (line.ends_with(' ')) line.pop_back();
    add(cut_to_width(line, width));
    std::string& shown = lines.back().text;
    if (color_ == Color::on && state_at <= shown.size() &&
        shown.compare(state_at, table[r][state].size(), table[r][state]) == 0) {
      shown.insert(state_at + table[r][state].size(), "\x1b[0m");
      shown.insert(state_at, fmt::format("\x1b[{}m", style_of(rows[r].state)));
    }
  }
  if (!fits && height > 1) add(fmt::format("  … and {} more", all.size() - rows.size()));
  return lines;
}

std::string LiveTable::to_top(int columns) const {
  if (drawn_.empty()) return {};
  // A terminal that became narrower has broken our lines.
  int up = 0;
  for (const Line& line : drawn_) up += std::max(1, (line.width + columns - 1) / columns);
  return fmt::format("\r\x1b[{}A", up);
}

void LiveTable::draw() {
  const ScreenSize size = size_();
  std::vector<Line> lines = render(size);
  if (lines == drawn_) return;
  std::string out = to_top(std::max(size.columns, 1));
  out += kWrapOff;
  for (const Line& line : lines) {
    out += line.text;
    out += kEraseLine;
    out += '\n';
  }
  out += kEraseBelow;
  out += kWrapOn;
  drawn_ = std::move(lines);
  write_(out);
}

void LiveTable::tick() {
  const Millis now = elapsed_();
  if (finished_ || state_.empty() || now - last_draw_ < kLiveFrame) return;
  last_draw_ = now;
  draw();
}

void LiveTable::print_above(std::string_view lines) {
  const ScreenSize size = size_();
  std::string out = to_top(std::max(size.columns, 1));
  if (!drawn_.empty()) out += kEraseBelow;
  out += lines;
  if (!lines.ends_with('\n')) out += '\n';
  if (!drawn_.empty()) {
    out += kWrapOff;
    for (const Line& line : drawn_) out += line.text + '\n';
    out += kWrapOn;
  }
  write_(out);
}

void LiveTable::finish() {
  if (!drawn_.empty()) {
    write_(to_top(std::max(size_().columns, 1)) + std::string(kEraseBelow));
    drawn_.clear();
  }
  finished_ = true;
}

void LiveTable::run_started(const Outcome& outcome) {
  state_.run_started(outcome);
  tick();
}
void LiveTable::phase_started(Phase phase, int round) {
  state_.phase_started(phase, round);
  tick();
}
void LiveTable::review_read(const AgentReport& report) {
  state_.review_read(report);
  tick();
}
void LiveTable::phase_finished(Phase /*phase*/, int /*round*/, const Outcome& outcome) {
  state_.phase_finished(outcome);
  tick();
}
void LiveTable::run_finished(const Outcome& /*outcome*/) {
  finish();
}
void LiveTable::call_started(const Call& call) {
  state_.call_started(call, elapsed_());
  tick();
}
void LiveTable::call_progress(const Call& call, std::uint64_t output_bytes) {
  state_.call_progress(call, output_bytes, elapsed_());
  tick();
}
void LiveTable::call_retry(const Call& call, const CallError& error, Millis wait) {
  state_.call_retry(call, error, wait, elapsed_());
  tick();
}
void LiveTable::call_finished(const Call& call, const Answer& answer) {
  state_.call_finished(call, answer, elapsed_());
  tick();
}

}  // namespace assize
