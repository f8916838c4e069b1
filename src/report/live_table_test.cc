#include "report/live_table.h"

#include <gmock/gmock.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/report_fixture.h"
#include "report/report_sample_run.h"
#include "report/width.h"

namespace assize {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A terminal that knows just what the table writes; anything else fails the test. Lines that leave at the top are kept:
// they are what a person finds when scrolling up.
class Screen {
 public:
  explicit Screen(ScreenSize size) : size_(size) {}

  void write(std::string_view bytes) {
    ++writes;
    while (!bytes.empty()) {
      if (bytes.front() == '\x1b') {
        bytes.remove_prefix(sequence(bytes));
        continue;
      }
      const report::CodePoint c = report::first_code_point(bytes);
      if (c.code == '\n') {
        ++row_;
        column_ = 0;
      } else if (c.code == '\r') {
        column_ = 0;
      } else {
        put(std::string(bytes.substr(0, c.length)));
      }
      bytes.remove_prefix(c.length);
    }
    highest_ = std::max(highest_, row_);
  }

  // All lines without those that are empty at the end.
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const auto& cells : rows_) {
      std::string line;
      for (const std::string& cell : cells) line += cell;
      while (line.ends_with(' ')) line.pop_back();
      out.push_back(line);
    }
    while (!out.empty() && out.back().empty()) out.pop_back();
    return out;
  }
  std::size_t row() const { return row_; }

  int writes = 0;
  std::set<std::string> styles;

 private:
  void put(std::string glyph) {
    const int wide = report::display_width(glyph);
    ASSERT_GT(wide, 0);
    ASSERT_LE(column_ + wide, size_.columns) << "the table wrote beyond the edge";
    if (rows_.size() <= row_) rows_.resize(row_ + 1);
    auto& cells = rows_[row_];
    if (cells.size() < static_cast<std::size_t>(column_ + wide))
      cells.resize(static_cast<std::size_t>(column_ + wide), " ");
    cells[static_cast<std::size_t>(column_)] = std::move(glyph);
    if (wide == 2) cells[static_cast<std::size_t>(column_ + 1)].clear();
    column_ += wide;
  }

  std::size_t sequence(std::string_view bytes) {
    for (const std::string_view known : {"\x1b[K", "\x1b[J", "\x1b[?7l", "\x1b[?7h"}) {
      if (!bytes.starts_with(known)) continue;
      if (known == "\x1b[K" && row_ < rows_.size()) {
        rows_[row_].resize(std::min(rows_[row_].size(), static_cast<std::size_t>(column_)));
      }
      if (known == "\x1b[J" && row_ < rows_.size()) {
        EXPECT_EQ(column_, 0);
        rows_.resize(row_);
      }
      return known.size();
    }
    const std::size_t end = bytes.find_first_of("Am");
    if (end == std::string_view::npos || !bytes.starts_with("\x1b[")) {
      ADD_FAILURE() << "an unknown sequence";
      return 1;
    }
    const std::string parameter(bytes.substr(2, end - 2));
    if (bytes[end] == 'm') {
      styles.insert(parameter);
    } else {
      const std::size_t up = std::stoul(parameter);
      EXPECT_LT(up, static_cast<std::size_t>(size_.rows)) << "the table is higher than the screen";
      EXPECT_LE(up, row_);
      row_ -= std::min(up, row_);
    }
    return end + 1;
  }

  ScreenSize size_;
  std::vector<std::vector<std::string>> rows_;
  std::size_t row_ = 0, highest_ = 0;
  int column_ = 0;
};

AgentReport declared(std::string id) {
  AgentReport agent;
  agent.id = std::move(id);
  agent.kind = "claude";
  agent.available = true;
  return agent;
}

Call call_of(const std::string& agent, Phase phase = Phase::review, int round = 1, int chunk = 0) {
  AgentSpec spec;
  spec.id = agent;
  Call call;
  call.agent = std::make_shared<const AgentSpec>(std::move(spec));
  call.phase = phase;
  call.round = round;
  call.chunk = chunk;
  return call;
}

Answer answer_with(std::optional<CallErrorKind> error = std::nullopt) {
  Answer answer;
  if (error) answer.error = CallError{*error, "…", std::nullopt, std::nullopt, std::nullopt};
  return answer;
}

class LiveTableTest : public testing::Test {
 protected:
  LiveTableTest() { start({"claude", "codex", "lint"}); }

  void start(const std::vector<std::string>& agents) {
    outcome_.panel.clear();
    for (const std::string& id : agents) outcome_.panel.push_back(declared(id));
  }
  void at(int milliseconds) {
    now_ = Millis(milliseconds);
    table_.tick();
  }

  Millis now_{0};
  ScreenSize size_{100, 24};
  Screen screen_{size_};
  Outcome outcome_;
  LiveTable table_{[this](std::string_view bytes) { screen_.write(bytes); }, [this] { return now_; },
                   [this] { return size_; }, Color::off};
};

TEST_F(LiveTableTest, shows_a_review_as_it_goes_on) {
  table_.run_started(outcome_);
  table_.phase_started(Phase::review, 1);
  table_.call_started(call_of("claude"));
  table_.call_started(call_of("codex"));
  at(100);
  EXPECT_THAT(screen_.lines(), ElementsAre("review · 0:00 · 0 findings · 2 calls open",       //
                                           "  claude  running  review  0:00  no output yet",  //
                                           "  codex   running  review  0:00  no output yet",  //
                                           "  lint    waiting"));

  now_ = Millis(7'000);
  table_.call_progress(call_of("codex"), 50'000);
  table_.call_finished(call_of("claude"), answer_with());
  AgentReport read = declared("claude");
  read.status = ReviewStatus::findings;
  read.findings = 3;
  table_.review_read(read);
  at(19'000);
  EXPECT_THAT(screen_.lines(), ElementsAre("review · 0:19 · 3 findings · 1 call open",                      //
                                           "  claude  done     review  0:07                   3 findings",  //
                                           "  codex   running  review  0:19  12s ago, 48 KiB",              //
                                           "  lint    waiting"));
}

TEST_F(LiveTableTest, shows_retries_failures_and_who_is_unavailable) {
  outcome_.panel.at(2).available = false;
  outcome_.panel.at(2).unavailable_reason = "not logged in: run `lint` once";
  table_.run_started(outcome_);
  table_.phase_started(Phase::review, 1);
  const CallError limited{CallErrorKind::rate_limited, "429", std::nullopt, std::nullopt, std::nullopt};
  table_.call_started(call_of("claude"));
  table_.call_retry(call_of("claude"), limited, Millis(3'000));
  table_.call_started(call_of("codex"));
  table_.call_finished(call_of("codex"), answer_with(CallErrorKind::timed_out));
  at(500);
  EXPECT_THAT(screen_.lines(), ElementsAre("review · 0:00 · 0 findings · 1 call open",   //
                                           "  claude  retrying in 3s     review  0:00",  //
                                           "  codex   failed: timed_out  review  0:00",  //
                                           "  lint    unavailable: not logged in: run `lint` once"));
  now_ = Millis(3'000);
  table_.call_started(call_of("claude"));  // the next attempt
  at(4'000);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("  claude  running            review  0:04  no output yet"));
  table_.call_progress(call_of("claude"), 900);
  at(10'000);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("  claude  running            review  0:10  6s ago, 900 B"));
}

TEST_F(LiveTableTest, counts_the_parts_of_a_large_change) {
  for (AgentReport& agent : outcome_.panel) agent.chunks.assign(12, ChunkReview{});
  table_.run_started(outcome_);
  table_.phase_started(Phase::review, 1);
  for (int chunk = 0; chunk < 4; ++chunk) table_.call_started(call_of("claude", Phase::review, 1, chunk));
  for (int chunk = 0; chunk < 3; ++chunk)
    table_.call_finished(call_of("claude", Phase::review, 1, chunk), answer_with());
  // A repair is a part of the review, and no part more.
  table_.call_started(call_of("claude", Phase::repair, 1, 2));
  table_.call_finished(call_of("claude", Phase::repair, 1, 2), answer_with());
  at(100);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("  claude  running  review  3/12  0:00"));
  table_.call_finished(call_of("claude", Phase::review, 1, 3), answer_with(CallErrorKind::crashed));
  at(200);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("  claude  waiting  review  4/12"));  // eight are still to come
  for (int chunk = 4; chunk < 12; ++chunk)
    table_.call_finished(call_of("claude", Phase::review, 1, chunk), answer_with());
  at(300);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("  claude  done, 1 failed  review  12/12"));
}

TEST_F(LiveTableTest, an_answer_without_a_review_is_no_success) {
  table_.run_started(outcome_);
  table_.call_started(call_of("claude"));
  table_.call_finished(call_of("claude"), answer_with());
  AgentReport read = declared("claude");
  read.attempts = 1;
  read.status = ReviewStatus::no_contract;
  table_.review_read(read);
  at(100);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("claude  failed: no_contract"));
  // A repair that is readable mends it.
  table_.call_started(call_of("claude", Phase::repair));
  table_.call_finished(call_of("claude", Phase::repair), answer_with());
  read.status = ReviewStatus::clean;
  table_.review_read(read);
  at(200);
  EXPECT_THAT(screen_.lines().at(1), HasSubstr("claude  done"));
}

TEST_F(LiveTableTest, goes_on_through_debate_and_verification) {
  table_.run_started(outcome_);
  table_.phase_started(Phase::review, 1);
  for (const char* agent : {"claude", "codex", "lint"}) table_.call_finished(call_of(agent), answer_with());
  outcome_.groups.resize(4);
  table_.phase_finished(Phase::review, 1, outcome_);
  table_.phase_started(Phase::debate, 2);
  table_.call_started(call_of("codex", Phase::debate, 2));
  at(100);
  EXPECT_THAT(screen_.lines(), ElementsAre("debate, round 2 · 0:00 · 0 findings in 4 groups · 1 call open",  //
                                           "  claude  done     review    0:00",                              //
                                           "  codex   running  debate 2  0:00  no output yet",               //
                                           "  lint    done     review    0:00"));
  table_.call_finished(call_of("codex", Phase::debate, 2), answer_with());
  table_.phase_started(Phase::verify, 1);
  table_.call_started(call_of("claude", Phase::verify));
  at(200);
  EXPECT_THAT(screen_.lines(), ElementsAre("verify · 0:00 · 0 findings in 4 groups · 1 call open",  //
                                           "  claude  running  verify    0:00  no output yet",      //
                                           "  codex   done     debate 2  0:00",                     //
                                           "  lint    done     review    0:00"));
}

TEST_F(LiveTableTest, is_redrawn_in_place_ten_times_a_second_at_most_and_only_when_it_changed) {
  table_.run_started(outcome_);
  for (int i = 0; i < 1'000; ++i) {
    now_ = Millis(i);
    table_.call_progress(call_of("claude"), static_cast<std::uint64_t>(i) * 1024);
    table_.tick();
  }
  EXPECT_GE(screen_.writes, 9);
  EXPECT_LE(screen_.writes, 10);
  EXPECT_EQ(screen_.lines().size(), 4U);
  table_.call_finished(call_of("claude"), answer_with());
  at(1'999);
  const int writes = screen_.writes;
  for (int i = 1'100; i < 1'999; i += 100) at(i);
  EXPECT_EQ(screen_.writes, writes);  // the clock says the same second
}

TEST_F(LiveTableTest, is_no_higher_than_the_screen_and_shows_who_is_at_work_first) {
  std::vector<std::string> agents;
  for (int i = 1; i <= 20; ++i) agents.push_back("agent-" + std::to_string(i));
  start(agents);
  size_.rows = 8;
  table_.run_started(outcome_);
  table_.phase_started(Phase::review, 1);
  table_.call_finished(call_of("agent-1"), answer_with());
  table_.call_started(call_of("agent-18"));
  table_.call_finished(call_of("agent-19"), answer_with(CallErrorKind::crashed));
  at(100);
  EXPECT_THAT(screen_.lines(), ElementsAre("review · 0:00 · 0 findings · 1 call open",                  //
                                           "  agent-2   waiting",                                       //
                                           "  agent-3   waiting",                                       //
                                           "  agent-18  running          review  0:00  no output yet",  //
                                           "  agent-19  failed: crashed  review  0:00",                 //
                                           "  … and 16 more"));
  for (const int rows : {0, 1, 3, 4, 5, 22, 23, 100}) {
    size_.rows = rows;
    at(static_cast<int>(now_.count()) + 100);
    EXPECT_LE(screen_.lines().size(), static_cast<std::size_t>(std::max(1, rows - 2)));
  }
  EXPECT_EQ(screen_.lines().size(), 21U);
}

TEST_F(LiveTableTest, lines_are_cut_to_the_width) {
  start({"claude", std::string(64, 'x'), "審査員審査員審査員審査員審査員審査員審査員審査員"});
  for (const int columns : {30, 41, 60, 80, 100}) {
    size_.columns = columns;
    LiveTable table([this](std::string_view bytes) { screen_.write(bytes); }, [this] { return now_; },
                    [this] { return size_; }, Color::off);
    table.run_started(outcome_);
    table.call_started(call_of("claude"));
    now_ += Millis(100);
    table.tick();
    for (const std::string& line : screen_.lines()) EXPECT_LT(report::display_width(line), columns) << line;
    EXPECT_THAT(screen_.lines().at(2), HasSubstr("…  waiting")) << columns;
  }
}

TEST_F(LiveTableTest, takes_up_its_place_again_when_the_terminal_became_narrower) {
  std::string written;
  LiveTable table([&](std::string_view bytes) { written = bytes; }, [this] { return now_; }, [this] { return size_; },
                  Color::off);
  table.run_started(outcome_);
  EXPECT_THAT(written, Not(HasSubstr("A")));  // the first drawing moves nowhere
  size_.columns = 22;                         // the headline, 41 columns, is now two lines
  now_ += Millis(1'000);
  table.tick();
  EXPECT_THAT(written, testing::StartsWith("\r\x1b[5A"));
}

TEST_F(LiveTableTest, leaves_nothing_behind) {
  screen_.write("$ assize review\n");
  table_.run_started(outcome_);
  table_.call_started(call_of("claude"));
  at(100);
  table_.run_finished(outcome_);
  EXPECT_THAT(screen_.lines(), ElementsAre("$ assize review"));
  EXPECT_EQ(screen_.row(), 1U);
  table_.call_started(call_of("codex"));
  at(1'000);
  table_.finish();
  EXPECT_THAT(screen_.lines(), ElementsAre("$ assize review"));
}

TEST_F(LiveTableTest, clears_itself_when_it_goes) {
  {
    LiveTable table([this](std::string_view bytes) { screen_.write(bytes); }, [this] { return now_; },
                    [this] { return size_; }, Color::off);
    table.run_started(outcome_);
    EXPECT_THAT(screen_.lines(), Not(IsEmpty()));
  }
  EXPECT_THAT(screen_.lines(), IsEmpty());
}

TEST_F(LiveTableTest, lines_above_it_stay_whole) {
  table_.run_started(outcome_);
  at(100);
  table_.print_above("assize: warning: the disk is full\n");
  table_.call_started(call_of("claude"));
  at(1'000);
  table_.print_above("assize: and something else");
  EXPECT_THAT(screen_.lines(), ElementsAre("assize: warning: the disk is full",               //
                                           "assize: and something else",                      //
                                           "starting · 0:01 · 0 findings · 1 call open",      //
                                           "  claude  running  review  0:00  no output yet",  //
                                           "  codex   waiting",                               //
                                           "  lint    waiting"));
  table_.finish();
  table_.print_above("assize: after the end");
  EXPECT_THAT(screen_.lines(),
              ElementsAre("assize: warning: the disk is full", "assize: and something else", "assize: after the end"));
}

TEST_F(LiveTableTest, colours_states_when_it_may_and_moves_no_column_by_it) {
  const auto play = [&](Color color, Screen& screen) {
    LiveTable table([&](std::string_view bytes) { screen.write(bytes); }, [this] { return now_; },
                    [this] { return size_; }, color);
    table.run_started(outcome_);
    table.call_started(call_of("claude"));
    table.call_finished(call_of("codex"), answer_with(CallErrorKind::stalled));
    now_ += Millis(100);
    table.tick();
    return screen.lines();
  };
  Screen plain(size_);
  Screen colored(size_);
  EXPECT_EQ(play(Color::off, plain), play(Color::on, colored));
  EXPECT_THAT(plain.styles, IsEmpty());
  EXPECT_THAT(colored.styles, testing::UnorderedElementsAre("0", "1", "1;31", "2"));
}

TEST_F(LiveTableTest, text_from_outside_cannot_move_the_cursor) {
  Outcome hostile = fixture::with_everywhere(fixture::hostile_text());
  for (AgentReport& agent : hostile.panel) agent.id += fixture::hostile_text();
  fixture::play(hostile, table_);  // the screen refuses what it does not know
  LiveTable table([this](std::string_view bytes) { screen_.write(bytes); }, [this] { return now_; },
                  [this] { return size_; }, Color::on);
  table.run_started(hostile);
  now_ += Millis(100);
  table.tick();
  EXPECT_EQ(screen_.lines().size(), hostile.panel.size() + 1);
}

}  // namespace
}  // namespace assize
