// Writes one document of every machine-readable format, from a rich, a hostile, an empty and a long outcome, into the
// folder named on the command line. tests/schemas/validate then holds them to their schemas.
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>

#include "report/events.h"
#include "report/json.h"
#include "report/live_table.h"
#include "report/markdown.h"
#include "report/report_fixture.h"
#include "report/report_sample_run.h"
#include "report/sarif.h"
#include "report/task_fixture.h"
#include "report/task_json.h"
#include "report/text.h"

namespace {

using namespace assize;

std::string events_of(const std::function<void(EventWriter&)>& script) {
  std::string lines;
  EventWriter events([&](std::string_view line) { lines += line; }, [] { return "2026-01-02T03:04:05.678Z"; });
  script(events);
  return lines;
}

// Each enumerator that a report can write, so that none is missing in the schemas. The enums are numbered from 0; the
// last enumerator of each is named here.
Outcome every_enumerator() {
  Outcome outcome = fixture::debated_outcome();
  const Stance stance = outcome.stances.front();
  const GroupVerdict verdict = outcome.verdicts.front();
  outcome.stances.clear();
  outcome.verdicts.clear();
  const AgentReport agent = outcome.panel.front();
  const Finding finding = outcome.findings.front();
  const Group group = outcome.groups.front();
  const FileCoverage file = outcome.coverage.front();
  outcome.panel.clear();
  outcome.findings.clear();
  outcome.groups.clear();
  outcome.coverage.clear();
  const auto each = [](auto last, const auto& use) {
    for (int i = 0; i <= static_cast<int>(last); ++i) use(static_cast<decltype(last)>(i));
  };
  const auto add_agent = [&](const auto& change) { change(outcome.panel.emplace_back(agent)); };
  const auto add_finding = [&](const auto& change) { change(outcome.findings.emplace_back(finding)); };
  const auto add_group = [&](const auto& change) { change(outcome.groups.emplace_back(group)); };
  each(ReviewStatus::unavailable, [&](auto e) { add_agent([e](AgentReport& a) { a.status = e; }); });
  each(Verdict::request_changes, [&](auto e) { add_agent([e](AgentReport& a) { a.verdict = e; }); });
  each(CallErrorKind::internal, [&](auto e) { add_agent([e](AgentReport& a) { a.error = CallError{.kind = e}; }); });
  each(Severity::critical, [&](auto e) { add_finding([e](Finding& f) { f.severity = e; }); });
  each(Category::docs, [&](auto e) { add_finding([e](Finding& f) { f.category = e; }); });
  each(AnchorState::fabricated, [&](auto e) { add_finding([e](Finding& f) { f.anchor.state = e; }); });
  each(Side::pre_image, [&](auto e) { add_finding([e](Finding& f) { f.cited.side = f.anchor.side = e; }); });
  each(Severity::critical, [&](auto e) { add_group([e](Group& g) { g.severity = g.lowest_severity = e; }); });
  each(GroupStatus::needs_human, [&](auto e) { add_group([e](Group& g) { g.status = e; }); });
  each(AgreementLevel::consensus, [&](auto e) { add_group([e](Group& g) { g.agreement.level = e; }); });
  each(SetAside::no_text, [&](auto e) { outcome.coverage.emplace_back(file).set_aside = e; });
  each(StanceValue::unsure, [&](auto e) { outcome.stances.emplace_back(stance).value = e; });
  each(Severity::critical, [&](auto e) { outcome.stances.emplace_back(stance).severity = e; });
  each(VerdictStatus::needs_human, [&](auto e) { outcome.verdicts.emplace_back(verdict).status = e; });
  each(VerifierTask::refute, [&](auto e) { outcome.verdicts.emplace_back(verdict).task = e; });
  each(Severity::critical, [&](auto e) { add_group([e](Group& g) { g.suggested_severity = e; }); });
  each(ReviewStatus::unavailable, [&](auto e) { outcome.panel.front().chunks.push_back({0, e, ""}); });
  // Ids are unique, and groups point at findings by theirs.
  int number = 0;
  for (AgentReport& a : outcome.panel) a.id = "agent-" + std::to_string(++number);
  number = 0;
  for (Finding& f : outcome.findings) f.id = "claude-" + std::to_string(++number);
  number = 0;
  for (Group& g : outcome.groups) {
    ++number;
    g.representative = "claude-" + std::to_string(1 + number % static_cast<int>(outcome.findings.size()));
    g.members = {g.representative};
  }
  return outcome;
}

bool write(const std::string& folder, const std::string& name, const std::string& content) {
  std::ofstream file(folder + "/" + name, std::ios::binary);
  file << content;
  file.close();
  if (!file) std::fprintf(stderr, "write_samples: cannot write %s/%s\n", folder.c_str(), name.c_str());
  return static_cast<bool>(file);
}

bool write_all(const std::string& folder, const std::string& name, const Outcome& outcome) {
  return write(folder, name + ".outcome.json", render_json(outcome)) &&
         write(folder, name + ".sarif", render_sarif(outcome)) &&
         write(folder, name + ".jsonl", events_of([&](EventWriter& events) { fixture::play(outcome, events); }));
}

// The words for prose, the depths, the ways to divide, and what there may be none of.
bool write_modes(const std::string& folder) {
  Outcome issue = fixture::debated_outcome();
  issue.mode = "issue";
  Outcome files = fixture::debated_outcome();
  files.divide = "files";
  files.risk = Risk::low;
  files.vote->verdict.reset();
  files.synthesis = Synthesis{"", "In short.", std::nullopt, ""};
  Outcome lenses = fixture::debated_outcome();
  lenses.divide = "lenses";
  lenses.risk = Risk::medium;
  lenses.chair.clear();
  return write_all(folder, "issue", issue) && write_all(folder, "files", files) && write_all(folder, "lenses", lenses);
}

// An event of every phase, also of those that a sample run does not have.
bool write_phases(const std::string& folder) {
  const auto lines = events_of([](EventWriter& events) {
    for (int i = 0; i <= static_cast<int>(Phase::task); ++i) {
      events.phase_started(static_cast<Phase>(i), 1);
      events.phase_finished(static_cast<Phase>(i), 1, fixture::debated_outcome());
    }
  });
  return write(folder, "phases.jsonl", lines);
}

// What a task comes to, every enumerator included.
bool write_tasks(const std::string& folder) {
  TaskOutcome every = fixture::rich_task();
  const TaskAgent agent = every.agents.front();
  every.mode = ExecutionMode::yolo;
  for (int i = 0; i <= static_cast<int>(CallErrorKind::internal); ++i) {
    every.agents.emplace_back(agent).answer.error = CallError{.kind = static_cast<CallErrorKind>(i), .message = "m"};
  }
  for (int i = 0; i <= static_cast<int>(ChangedFile::Kind::deleted); ++i) {
    every.agents.front().diff->files.push_back({static_cast<ChangedFile::Kind>(i), "f", 1, {}});
  }
  for (const TaskState end : {TaskState::completed, TaskState::failed, TaskState::cancelled, TaskState::expired}) {
    TaskTrack track;
    for (const TaskState state : {TaskState::dispatched, TaskState::running, TaskState::aggregating, end}) {
      (void)track.to(state);
    }
    every.agents.emplace_back(agent).track = track;
  }
  TaskOutcome bare;
  bare.decision = {DecisionValue::pass, 0, ""};
  return write(folder, "rich.task.json", render_task_json(fixture::rich_task())) &&
         write(folder, "hostile.task.json", render_task_json(fixture::hostile_task(fixture::hostile_text()))) &&
         write(folder, "every.task.json", render_task_json(every)) &&
         write(folder, "bare.task.json", render_task_json(bare));
}

// A run in mid-review on a terminal of 90 columns, without what moves the cursor.
std::string live_table() {
  std::string screen;
  Millis now{0};
  LiveTable table([&](std::string_view bytes) { screen = bytes; }, [&] { return now; },
                  [] {
                    return ScreenSize{90, 24};
                  },
                  Color::off);
  const Outcome outcome = fixture::debated_outcome();
  table.run_started(outcome);
  table.phase_started(Phase::review, 1);
  const auto call = [&](std::size_t agent, int chunk) {
    return fixture::call_of(outcome.panel.at(agent), Phase::review, 1, chunk);
  };
  for (int chunk = 0; chunk < 3; ++chunk) table.call_started(call(0, chunk));
  table.call_started(call(1, 0));
  for (const std::size_t analyser : {4UL, 5UL}) table.call_finished(call(analyser, 0), Answer{});
  now = Millis(17'000);
  for (int chunk = 0; chunk < 3; ++chunk) table.call_finished(call(0, chunk), Answer{});
  table.review_read(outcome.panel.at(0));
  table.call_finished(call(1, 0), Answer{});
  now = Millis(41'000);
  table.call_started(call(1, 1));
  table.call_progress(call(1, 1), 48'000);
  now = Millis(52'000);
  table.call_started(call(6, 0));
  table.call_retry(call(6, 0), CallError{CallErrorKind::rate_limited, "", {}, {}, {}}, Millis(4'000));
  Answer failed;
  failed.error = CallError{CallErrorKind::crashed, "", {}, {}, {}};
  for (int chunk = 0; chunk < 3; ++chunk) table.call_finished(call(3, chunk), failed);
  now = Millis(53'000);
  table.tick();

  std::string plain;
  for (std::size_t i = 0; i < screen.size(); ++i) {
    if (screen[i] == '\x1b') {
      i = screen.find_first_of("AJKhl", i);
    } else if (screen[i] != '\r') {
      plain += screen[i];
    }
  }
  return plain;
}

// What docs/reports.md shows.
bool write_shown(const std::string& folder) {
  const Outcome outcome = fixture::debated_outcome();
  return write(folder, "report.txt", render_text(outcome, {.width = 100})) &&
         write(folder, "report.md", render_markdown(outcome)) && write(folder, "live.txt", live_table());
}

bool write_decisions(const std::string& folder) {
  bool written = true;
  for (int i = 0; i <= static_cast<int>(DecisionValue::escalate); ++i) {
    Outcome outcome = fixture::clean_outcome();
    outcome.decision.value = static_cast<DecisionValue>(i);
    written = written && write_all(folder, "decision" + std::to_string(i), outcome);
  }
  std::string errors;
  for (int i = 0; i <= static_cast<int>(ErrorCode::unsupported); ++i) {
    const Error error{static_cast<ErrorCode>(i), "message", ""};
    errors += events_of([&](EventWriter& events) { events.failed(error, 2); });
  }
  return written && write(folder, "errors.jsonl", errors);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_samples FOLDER\n");
    return 2;
  }
  const std::string folder = argv[1];
  const Error error = invalid("unknown option '--frmat'", "did you mean --format?");
  const bool written =
      write_all(folder, "rich", fixture::rich_outcome()) && write_all(folder, "clean", fixture::clean_outcome()) &&
      write_all(folder, "hostile", fixture::with_everywhere(fixture::hostile_text())) &&
      write_all(folder, "empty", Outcome{.mode = "review"}) && write_all(folder, "many", fixture::many_groups(100)) &&
      write_all(folder, "enumerators", every_enumerator()) && write_decisions(folder) &&
      write_all(folder, "debated", fixture::debated_outcome()) && write_modes(folder) && write_phases(folder) &&
      write_shown(folder) && write_tasks(folder) &&
      write(folder, "failed.jsonl", events_of([&](EventWriter& events) { events.failed(error, 2); })) &&
      write(folder, "interrupted.jsonl", events_of([](EventWriter& events) {
              events.run_started(fixture::rich_outcome());
              events.interrupted(143);
            }));
  return written ? 0 : 1;
}
