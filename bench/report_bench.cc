// Rendering a run of 10,000 groups in every format. The aim is 300 ms each; an ordinary run has tens of groups.
#include <benchmark/benchmark.h>

#include "report/events.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/report_fixture.h"
#include "report/report_sample_run.h"
#include "report/sarif.h"
#include "report/text.h"

namespace {

using namespace assize;

constexpr std::size_t kGroups = 10'000;

template <class Render>
void run(benchmark::State& state, Render render) {
  const Outcome outcome = fixture::many_groups(kGroups);
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    const std::string report = render(outcome);
    benchmark::DoNotOptimize(report.data());
    bytes = report.size();
  }
  state.counters["report_bytes"] = static_cast<double>(bytes);
}

void report_text(benchmark::State& state) {
  run(state, [](const Outcome& outcome) { return render_text(outcome); });
}
void report_markdown(benchmark::State& state) {
  run(state, [](const Outcome& outcome) { return render_markdown(outcome); });
}
void report_json(benchmark::State& state) {
  run(state, [](const Outcome& outcome) { return render_json(outcome); });
}
void report_sarif(benchmark::State& state) {
  run(state, [](const Outcome& outcome) { return render_sarif(outcome); });
}
void report_events(benchmark::State& state) {
  run(state, [](const Outcome& outcome) {
    std::string lines;
    EventWriter events([&](std::string_view line) { lines += line; }, [] { return "2026-01-02T03:04:05Z"; });
    fixture::play(outcome, events);
    return lines;
  });
}

BENCHMARK(report_text)->Unit(benchmark::kMillisecond);
BENCHMARK(report_markdown)->Unit(benchmark::kMillisecond);
BENCHMARK(report_json)->Unit(benchmark::kMillisecond);
BENCHMARK(report_sarif)->Unit(benchmark::kMillisecond);
BENCHMARK(report_events)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
