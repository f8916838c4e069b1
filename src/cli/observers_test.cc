#include "cli/observers.h"

#include <gmock/gmock.h>

namespace assize {
namespace {

struct Situation {
  const char* name;
  bool quiet, err, out;
  const char* term;  // null: not set
  ReportTarget target;
  Watching expected;
};

class ChooseWatching : public testing::TestWithParam<Situation> {};

TEST_P(ChooseWatching, fits_the_terminal) {
  const Situation& situation = GetParam();
  Options options;
  options.quiet = situation.quiet;
  Terminal terminal;
  terminal.err = situation.err;
  terminal.out = situation.out;
  const Environment environment = [&](std::string_view name) -> std::optional<std::string> {
    if (name != "TERM" || situation.term == nullptr) return std::nullopt;
    return situation.term;
  };
  EXPECT_EQ(choose_watching({options, environment, terminal}, {situation.target}), situation.expected);
}

const ReportTarget kText{Format::text, ""};
const ReportTarget kEvents{Format::jsonl, ""};
const ReportTarget kEventsFile{Format::jsonl, "events.jsonl"};

INSTANTIATE_TEST_SUITE_P(
    Situations, ChooseWatching,
    testing::Values(Situation{"terminal", false, true, true, "xterm-256color", kText, Watching::table},
                    Situation{"report_in_a_pipe", false, true, false, "xterm", kText, Watching::table},
                    Situation{"quiet", true, true, true, "xterm", kText, Watching::nothing},
                    Situation{"log_file", false, false, true, "xterm", kText, Watching::lines},
                    Situation{"dumb", false, true, true, "dumb", kText, Watching::lines},
                    Situation{"unknown", false, true, true, nullptr, kText, Watching::lines},
                    Situation{"empty", false, true, true, "", kText, Watching::lines},
                    Situation{"events_on_the_terminal", false, true, true, "xterm", kEvents, Watching::lines},
                    Situation{"events_in_a_pipe", false, true, false, "xterm", kEvents, Watching::table},
                    Situation{"events_in_a_file", false, true, true, "xterm", kEventsFile, Watching::table}),
    [](const testing::TestParamInfo<Situation>& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace assize
