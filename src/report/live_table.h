// The run on a terminal while it goes on: a few lines that are redrawn in place, one for each agent, and cleared in the
// end so that the report stands alone. Has no clock, no terminal and no stream of its own. Not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/observer.h"
#include "report/live_state.h"
#include "report/text.h"

namespace assize {

struct ScreenSize {
  int columns = 80;
  int rows = 24;
};

// The longest time between two drawings is the caller's tick; the shortest is this.
inline constexpr Millis kLiveFrame{100};

class LiveTable : public Observer {
 public:
  // `write` sends bytes to the terminal in one go; `elapsed` is the time since the run started, and never goes back;
  // `size` is asked before each drawing.
  LiveTable(std::function<void(std::string_view bytes)> write, std::function<Millis()> elapsed,
            std::function<ScreenSize()> size, Color color);
  // Clears it.
  ~LiveTable() override;
  LiveTable(const LiveTable&) = delete;
  LiveTable& operator=(const LiveTable&) = delete;

  void run_started(const Outcome& outcome) override;
  void phase_started(Phase phase, int round) override;
  void review_read(const AgentReport& report) override;
  void phase_finished(Phase phase, int round, const Outcome& outcome) override;
  void run_finished(const Outcome& outcome) override;  // clears it, too
  void call_started(const Call& call) override;
  void call_progress(const Call& call, std::uint64_t output_bytes) override;
  void call_retry(const Call& call, const CallError& error, Millis wait) override;
  void call_finished(const Call& call, const Answer& answer) override;

  // Redraws when something changed and the last drawing is kLiveFrame ago. Call it about as often as that.
  void tick();
  // Whole lines that stay: they stand above the table, which goes on below them. The caller makes their text inert.
  void print_above(std::string_view lines);
  // Clears the table; nothing is drawn any more. print_above() then just prints.
  void finish();

 private:
  struct Line {
    std::string text;
    int width = 0;  // columns
    friend bool operator==(const Line&, const Line&) = default;
  };
  std::vector<Line> render(const ScreenSize& size) const;
  std::string to_top(int columns) const;  // takes the cursor from below the table to where it begins
  void draw();

  std::function<void(std::string_view)> write_;
  std::function<Millis()> elapsed_;
  std::function<ScreenSize()> size_;
  Color color_;
  report::LiveState state_;
  std::vector<Line> drawn_;  // what is on the screen
  Millis last_draw_{-1'000'000};
  bool finished_ = false;
};

}  // namespace assize
