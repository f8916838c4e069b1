// How fast answers are read: honest ones, and 1 MB of what is made to be slow. The bar is 50 ms for any of them.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "finding/parse.h"

namespace assize {
namespace {

constexpr std::size_t kSize = 1'000'000;

std::string repeated(std::string_view part) {
  std::string text;
  text.reserve(kSize + part.size());
  while (text.size() < kSize) text += part;
  return text;
}

// An answer in the contract's form with `count` findings.
std::string answer(std::size_t count) {
  std::string text = R"({"verdict":"request_changes","summary":"s","checked":["src/a.c"],"findings":[)";
  for (std::size_t i = 0; i < count; ++i) {
    text += fmt::format(
        R"({}{{"severity":"high","category":"bug","title":"Length of field {} is not checked","file":"src/a.c",)"
        R"("line":{},"end_line":null,"quote":"memcpy(dst, src, n{});","detail":"The length comes from the peer and may )"
        R"(be larger than the buffer, which overflows it.","fix":"Reject such lengths.","confidence":0.8}})",
        i == 0 ? "" : ",", i, i + 1, i);
  }
  return text + "]}";
}

void run(benchmark::State& state, const std::string& text, std::string_view shown = {}) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_review(text, {.agent = "a", .shown = shown}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void hostile(benchmark::State& state, std::string_view part) {
  run(state, repeated(part));
}

BENCHMARK_CAPTURE(hostile, open_objects, "{ \"")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, open_arrays, "[")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, open_braces, "{")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, nested_keys, "{\"a\":")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, nested_findings, "{\"findings\":[")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, open_strings, "[\"")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, single_quotes, "['a ")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, mixed_quotes, "{\"'\xE2\x80\x9C")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, backslashes, "[\"\\\\")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, fences, "```\n{\"")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, comments, "[/*")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, commas, "[,")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, numbers, "[1,")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, empty_reviews, "{\"findings\":[]}")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, tiny_findings, "{\"title\":\"x\",\"file\":\"y\"}")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, contract_words, "\"findings\" ")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(hostile, spaces, "{\"a\"                                              ")
    ->Unit(benchmark::kMillisecond);

void prose(benchmark::State& state) {
  run(state, repeated("The loop at a.c:12 reads a[i] (see `if (x) { y }`). "));
}
BENCHMARK(prose)->Unit(benchmark::kMillisecond);

void honest(benchmark::State& state) {
  run(state, answer(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(honest)->Arg(10)->Arg(3000)->Unit(benchmark::kMillisecond);

void honest_beside_a_large_prompt(benchmark::State& state) {
  const std::string shown = repeated("   42 + int x = compute(y); // {\"a\": 1}\n");
  run(state, answer(10), shown);
}
BENCHMARK(honest_beside_a_large_prompt)->Unit(benchmark::kMillisecond);

void echoes_beside_a_large_prompt(benchmark::State& state) {
  const std::string shown = repeated("{\"findings\":[ ");
  run(state, repeated("{\"findings\":[]}"), shown);
}
BENCHMARK(echoes_beside_a_large_prompt)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace assize

BENCHMARK_MAIN();
