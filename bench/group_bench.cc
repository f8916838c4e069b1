// How fast findings become groups: located in many files, all in one place, and without any place.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "finding/group.h"

namespace assize {
namespace {

constexpr std::array kSubjects = {"length", "index",  "pointer", "lock",  "token",
                                  "query",  "header", "path",    "cache", "timer"};
constexpr std::array kFaults = {"is not checked",       "is used after it was freed", "is never released",
                                "overflows on 32 bits", "is read without the mutex",  "comes from the peer"};

enum class Where { many_files, one_file, one_line, nowhere };

std::vector<Finding> findings(std::size_t count, Where where) {
  std::vector<Finding> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    Finding& finding = all[i];
    finding.agent = fmt::format("agent{}", i % 5);
    finding.id = fmt::format("{}-{}", finding.agent, i);
    const std::size_t problem = i / 5;  // five agents report each problem
    finding.title = fmt::format("The {} of field_{} {}", kSubjects[problem % kSubjects.size()], problem % 997,
                                kFaults[problem % kFaults.size()]);
    finding.detail = "An attacker who controls the request can make the server read or write behind the buffer.";
    if (where == Where::nowhere) continue;
    finding.cited.path = where == Where::many_files ? fmt::format("src/file{}.c", problem % 200) : "src/file.c";
    const auto line = where == Where::one_line ? 10 : static_cast<std::uint32_t>(problem * 8 + i % 3 + 1);
    finding.cited.lines = LineRange{line, line};
  }
  return all;
}

void group(benchmark::State& state, Where where) {
  const std::vector<Finding> all = findings(static_cast<std::size_t>(state.range(0)), where);
  std::size_t groups = 0;
  for (auto _ : state) groups = group_findings({.findings = all, .panel = {}}).size();
  state.counters["groups"] = static_cast<double>(groups);
}
BENCHMARK_CAPTURE(group, many_files, Where::many_files)->Arg(50)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(group, one_file, Where::one_file)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(group, one_line, Where::one_line)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(group, nowhere, Where::nowhere)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace assize

BENCHMARK_MAIN();
