// The diff parser on a generated diff of 50 MB: prose between files, hunks of ordinary lines, a few long ones.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>

#include <fmt/format.h>

#include "change/diff_parser.h"
#include "change/plan.h"

namespace assize {
namespace {

constexpr std::size_t kBytes = 50'000'000;

// Lines of 0 to 79 characters, 40 on average, as in source text.
std::string make_diff(std::size_t bytes) {
  std::mt19937 random(42);  // NOLINT: the same diff in every run
  std::string diff;
  diff.reserve(bytes + 10'000);
  for (int file = 0; diff.size() < bytes; ++file) {
    diff += fmt::format(
        "diff --git a/src/f{0}.c b/src/f{0}.c\nindex 1a2b3c4d5e..5d6e7f8a9b 100644\n--- a/src/f{0}.c\n+++ "
        "b/src/f{0}.c\n",
        file);
    std::uint32_t at = 1;
    for (int hunk = 0; hunk < 8; ++hunk, at += 100) {
      diff += fmt::format("@@ -{},12 +{},12 @@ static int function_{}(void)\n", at, at, hunk);
      for (const char marker :
           {' ', ' ', ' ', '-', '-', '+', '+', '+', '-', '-', '+', '-', '+', '+', '-', ' ', ' ', ' '}) {
        diff += marker;
        diff.append(random() % 80, 'x');
        diff += '\n';
      }
    }
  }
  return diff;
}

void parse(benchmark::State& state) {
  const auto diff = std::make_shared<const std::string>(make_diff(kBytes));
  std::size_t files = 0;
  for ([[maybe_unused]] auto _ : state) {
    auto parsed = parse_patch(diff);
    if (!parsed || !parsed->warnings.empty()) return state.SkipWithError("the diff was not read as it is");
    files = parsed->files.size();
    benchmark::DoNotOptimize(parsed);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * diff->size()));
  state.SetLabel(fmt::format("{} files", files));
}
BENCHMARK(parse)->Name("diff parser/50 MB")->Unit(benchmark::kMillisecond);

// One hunk of nothing but empty lines: the most lines a byte.
void parse_empty_lines(benchmark::State& state) {
  std::string text = fmt::format("--- a/x\n+++ b/x\n@@ -0,0 +1,{} @@\n", kBytes / 8);
  for (std::size_t i = 0; i < kBytes / 8; ++i) text += "+\n";
  const auto diff = std::make_shared<const std::string>(std::move(text));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(parse_patch(diff));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * diff->size()));
}
BENCHMARK(parse_empty_lines)->Name("diff parser, empty lines/12 MB")->Unit(benchmark::kMillisecond);

void plan_and_render(benchmark::State& state) {
  const auto diff = std::make_shared<const std::string>(make_diff(kBytes));
  Change change;
  change.files = parse_patch(diff)->files;
  for ([[maybe_unused]] auto _ : state) {
    const auto plan = make_plan(change, {.max_bytes = {kBytes * 2}});
    benchmark::DoNotOptimize(render_numbered(change, *plan));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * diff->size()));
}
BENCHMARK(plan_and_render)->Name("plan and numbered rendering/50 MB")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace assize

BENCHMARK_MAIN();
