// The procedure alone: five reviewers, three rounds, verification and synthesis, with answers that are there at once.
// The limit is for 200 findings over all reviewers; 1,000 shows how it grows.
#include <benchmark/benchmark.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "change/diff_parser.h"
#include "core/random.h"
#include "trial/trial.h"

namespace {

using namespace assize;

constexpr int kFiles = 25;
constexpr int kHunks = 4;
constexpr int kLines = 6;  // added, a hunk
constexpr std::array<std::string_view, 5> kAgents = {"ann", "bob", "cid", "dan", "eve"};
constexpr std::array<std::string_view, 5> kSeverities = {"critical", "high", "medium", "low", "medium"};
constexpr std::array<std::string_view, 24> kNouns = {"buffer", "index",   "lock",    "queue",   "header", "cursor",
                                                     "token",  "session", "counter", "pointer", "handle", "offset",
                                                     "path",   "cache",   "timeout", "length",  "record", "socket",
                                                     "key",    "parser",  "signal",  "thread",  "table",  "frame"};
constexpr std::array<std::string_view, 16> kFaults = {
    "overflows when it is full",       "is read after it was freed", "is never released",
    "is compared with the wrong sign", "races with the writer",      "is dereferenced while null",
    "is written past its end",         "is not checked for errors",  "is truncated to 32 bits",
    "loses its last element",          "is left locked on failure",  "is trusted without validation",
    "leaks on the error path",         "is initialised only once",   "wraps around at its maximum",
    "is shared between requests"};

int line_of(int hunk, int line) {
  return hunk * 100 + 2 + line;  // of the new file: each hunk begins with one context line
}

std::string patch() {
  std::string text;
  for (int file = 0; file < kFiles; ++file) {
    text += fmt::format("diff --git a/src/f{0}.c b/src/f{0}.c\n--- a/src/f{0}.c\n+++ b/src/f{0}.c\n", file);
    for (int hunk = 0; hunk < kHunks; ++hunk) {
      text += fmt::format("@@ -{},1 +{},{} @@\n int context_{};\n", hunk * 100 + 1 - hunk * kLines, hunk * 100 + 1,
                          kLines + 1, hunk);
      for (int line = 0; line < kLines; ++line) {
        text += fmt::format("+  {0}_{1}_{2} = update({0}, {1}, {2});\n",
                            kNouns[static_cast<std::size_t>(file + line) % 24], hunk, line);
      }
    }
  }
  return text;
}

// The answers of all agents in all phases, made once.
class CannedCaller final : public Caller {
 public:
  explicit CannedCaller(int findings) {
    const int each = findings / static_cast<int>(kAgents.size());
    for (std::size_t agent = 0; agent < kAgents.size(); ++agent) {
      make_review(agent, each);
      make_rounds(agent, findings);
    }
  }

  std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) override {
    std::vector<Answer> answers;
    answers.reserve(calls.size());
    for (const Call& call : calls) {
      Answer answer;
      answer.attempts = 1;
      answer.text = answers_.at(fmt::format("{}/{}/{}", call.agent->id, to_string(call.phase), call.round));
      answers.push_back(std::move(answer));
      ++asked;
      if (on_answer) on_answer(answers.size() - 1, answers.back());
    }
    return answers;
  }

  std::size_t asked = 0;

 private:
  // Every second problem is raised by two: by agents next to each other, in slightly other words.
  void make_review(std::size_t agent, int each) {
    std::vector<std::string> items;
    std::vector<std::string> checked;
    for (int file = 0; file < kFiles; ++file) checked.push_back(fmt::format("\"src/f{}.c\"", file));
    for (int i = 0; i < each; ++i) {
      const std::size_t owner = i % 2 == 0 ? agent : (agent / 2) * 2;
      Pcg32 lots = random_stream(1, "finding", fmt::format("{}/{}", owner, i));
      const int file = static_cast<int>(lots.below(kFiles)), hunk = static_cast<int>(lots.below(kHunks));
      const int line = static_cast<int>(lots.below(kLines));
      const std::string_view noun = kNouns[lots.below(24)], fault = kFaults[lots.below(16)];
      items.push_back(fmt::format(
          R"({{"severity":"{}","category":"bug","title":"The {} {}","file":"src/f{}.c","line":{},"end_line":null,)"
          R"("quote":null,"detail":"{}the {} of this line {}, and a caller that relies on it fails. The update in hunk {} )"
          R"(has no guard for it.","fix":"Check the {} first.","confidence":0.8}})",
          kSeverities[lots.below(5)], noun, fault, file, line_of(hunk, line),
          agent % 2 == 0 ? "Here " : "As it stands ", noun, fault, hunk, noun));
    }
    answers_[fmt::format("{}/review/1", kAgents[agent])] =
        fmt::format(R"({{"verdict":"request_changes","summary":"many","checked":[{}],"findings":[{}]}})",
                    fmt::join(checked, ","), fmt::join(items, ","));
  }

  void make_rounds(std::size_t agent, int groups) {
    const auto words = [&](std::string_view purpose, std::array<std::string_view, 3> choice, int group, int round) {
      Pcg32 lots = random_stream(1, purpose, fmt::format("{}/{}/{}", agent, group, round));
      return choice[lots.below(3)];
    };
    for (int round = 2; round <= 3; ++round) {
      std::vector<std::string> stances;
      for (int group = 1; group <= groups; ++group) {
        stances.push_back(fmt::format(
            R"({{"group":"G{}","stance":"{}","reason":"The line before it decides this.","severity":null}})", group,
            words("stance", {"agree", "disagree", "unsure"}, group, round)));
      }
      answers_[fmt::format("{}/debate/{}", kAgents[agent], round)] =
          fmt::format(R"({{"stances":[{}],"missed":[]}})", fmt::join(stances, ","));
    }
    std::vector<std::string> verdicts;
    for (int group = 1; group <= groups; ++group) {
      verdicts.push_back(fmt::format(
          R"({{"group":"G{0}","status":"{1}","members":["G{0}.1"],"reason":"As the line says.","evidence":"src/f1.c:3"}})",
          group, words("verdict", {"verified", "verified", "unsupported"}, group, 0)));
    }
    for (int wave = 1; wave <= 8; ++wave) {
      answers_[fmt::format("{}/verify/{}", kAgents[agent], wave)] =
          fmt::format(R"({{"verdicts":[{}]}})", fmt::join(verdicts, ","));
      answers_[fmt::format("{}/synthesis/{}", kAgents[agent], wave)] =
          R"({"summary":"Many problems, most of them confirmed.","recommendation":"request_changes"})";
    }
  }

  std::map<std::string, std::string> answers_;
};

void procedure(benchmark::State& state) {
  Change change;
  change.files = parse_patch(patch()).value().files;
  const Plan plan = make_plan(change, {}).value();
  const PostImages images;
  const std::vector<Chunk> chunks = cut_into_chunks(change, plan, {});
  TrialInput input{.change = change, .plan = plan, .images = images, .chunks = chunks, .roster = {}, .settings = {}};
  for (const std::string_view id : kAgents) {
    auto spec = std::make_shared<AgentSpec>();
    spec->id = id;
    spec->kind = "command";
    input.roster.push_back({.spec = spec, .vendor = std::string(id), .available = true});
  }
  input.settings.nonce = "00112233445566778899aabbccddeeff";
  input.settings.debate = Debate::fixed;
  input.settings.rounds = 3;
  CannedCaller caller(static_cast<int>(state.range(0)));
  Observer nobody;
  std::size_t asked = 0, groups = 0;
  for ([[maybe_unused]] auto _ : state) {
    caller.asked = 0;
    const Outcome outcome = run_trial(input, caller, nobody);
    asked = caller.asked;
    groups = outcome.groups.size();
    if (outcome.rounds != 3 || outcome.findings.size() != static_cast<std::size_t>(state.range(0)) ||
        outcome.verdicts.empty() || outcome.stances.empty()) {
      state.SkipWithError("this was not the run that is to be measured");
      break;
    }
  }
  state.counters["calls"] = static_cast<double>(asked);
  state.counters["groups"] = static_cast<double>(groups);
}
BENCHMARK(procedure)->Name("procedure, 5 agents x 3 rounds")->Arg(200)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
