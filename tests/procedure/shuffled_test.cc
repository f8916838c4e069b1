// Same change, settings, seed and answers: the same outcome, byte for byte, in whatever order the answers arrive.
// Through the real layers below the Caller, over a dispatcher that answers in an order drawn by lot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "calls/breaker.h"
#include "calls/budget.h"
#include "calls/charge.h"
#include "calls/loop_caller.h"
#include "calls/retry.h"
#include "calls/throttle.h"
#include "change/diff_parser.h"
#include "report/json.h"
#include "trial/trial.h"

namespace assize {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::SizeIs;

constexpr int kRuns = 1'000;
const std::vector<std::string> kAgents = {"ann", "bob", "cid", "dan", "eve"};

// One file with two hunks, and a third in another file; they are cut into parts.
std::string patch() {
  std::string text = "diff --git a/src/a.c b/src/a.c\n--- a/src/a.c\n+++ b/src/a.c\n";
  for (const int first : {10, 200}) {
    text += fmt::format("@@ -{},1 +{},13 @@\n int before_{};\n", first, first == 10 ? 10 : 212, first);
    for (int i = 1; i <= 12; ++i) text += fmt::format("+int value_{}_{} = table_{}[index_{}];\n", first, i, first, i);
  }
  return text +
         "diff --git a/src/b.c b/src/b.c\n--- a/src/b.c\n+++ b/src/b.c\n@@ -1,1 +1,2 @@\n int g(void);\n"
         "+int h(void) { return 1 / 0; }\n";
}

std::string finding(std::string_view severity, std::string_view title, std::string_view detail, std::string_view file,
                    int line) {
  return fmt::format(
      R"({{"severity":"{}","category":"bug","title":"{}","file":"{}","line":{},"end_line":null,"quote":null,)"
      R"("detail":"{}","fix":"mend it","confidence":0.8}})",
      severity, title, file, line, detail);
}

// What each of them alone sees.
struct Doubt {
  std::string_view title, detail;
  int line;
};
const std::map<std::string, Doubt> kDoubts = {
    {"ann", {"The lock is never released", "A second caller waits for ever once this path was taken.", 1}},
    {"bob", {"Passwords are logged in clear text", "Whoever reads the log file learns the user's password.", 3}},
    {"cid", {"Loop condition is off by one", "The last element of the array is skipped by the iteration.", 5}},
    {"dan", {"Timestamp truncated to 32 bits", "Dates after 2038 become negative numbers.", 7}},
    {"eve", {"Floats are compared with ==", "Rounding makes equal sums differ in the last digit.", 9}},
    {"fay", {"Locale decides the decimal separator", "A German environment prints commas into the CSV export.", 11}}};

std::string review(const Call& call) {
  const std::string& who = call.agent->id;
  const bool shows_b = call.prompt.find("b/src/b.c") != std::string::npos;
  const bool shows_far = call.prompt.find("before_200") != std::string::npos;
  std::vector<std::string> findings;
  if (shows_b && who != "eve") {
    findings.push_back(finding(who == "bob" ? "critical" : "high", "Division by zero in h()",
                               "h() divides 1 by 0, which stops the program, says " + who, "src/b.c", 2));
  }
  if (shows_far && (who == "ann" || who == "cid")) {
    findings.push_back(finding("high", "table_200 is read out of bounds at index_3",
                               "Nothing bounds index_3 before table_200 is read.", "src/a.c", 215));
  }
  if (!shows_b) {
    const Doubt& doubt = kDoubts.at(who);
    findings.push_back(finding("medium", doubt.title, doubt.detail, "src/a.c", (shows_far ? 200 : 10) + doubt.line));
  }
  return fmt::format(R"({{"verdict":"comment","summary":"by {}","checked":["src/a.c","src/b.c"],"findings":[{}]}})",
                     who, fmt::join(findings, ","));
}

// What somebody says about a group in a round, drawn from names alone.
std::string_view drawn(std::initializer_list<std::string_view> words, const std::string& from) {
  std::size_t sum = 7;
  for (const char c : from) sum = sum * 31 + static_cast<unsigned char>(c);
  return words.begin()[sum % words.size()];
}

std::string debate(const Call& call) {
  std::vector<std::string> stances;
  for (int group = 1; group <= 14; ++group) {  // more than there are, so that some are dropped
    const std::string key = fmt::format("{} G{} {}", call.agent->id, group, call.round);
    stances.push_back(fmt::format(R"({{"group":"G{}","stance":"{}","reason":"line by line, {}","severity":{}}})", group,
                                  drawn({"agree", "disagree", "unsure"}, key), key,
                                  drawn({"null", "\"low\"", "null"}, key + "s")));
  }
  const std::string missed =
      call.round == 2 && call.agent->id == "eve"
          ? finding("high", "g() is declared and never defined", "Linking fails, g() has no body.", "src/b.c", 1)
          : "";
  return fmt::format(R"({{"stances":[{}],"missed":[{}]}})", fmt::join(stances, ","), missed);
}

std::string verify(const Call& call) {
  std::vector<std::string> verdicts;
  for (int group = 1; group <= 14; ++group) {
    const std::string key = fmt::format("{} G{} verdict", call.agent->id, group);
    verdicts.push_back(
        fmt::format(R"({{"group":"G{0}","status":"{1}","members":["G{0}.1"],"reason":"{2}","evidence":"src/b.c:2"}})",
                    group, drawn({"verified", "unsupported", "needs_human"}, key), key));
  }
  return fmt::format(R"({{"verdicts":[{}]}})", fmt::join(verdicts, ","));
}

std::string words_for(const Call& call) {
  switch (call.phase) {
    case Phase::review:
      return review(call);
    case Phase::debate:
      return debate(call);
    case Phase::verify:
      return verify(call);
    case Phase::synthesis:
      return R"({"summary":"what was found","recommendation":"comment"})";
    default:
      return "NONE";
  }
}

// Answers one of the calls that it has at every turn of the loop: the first, or one drawn by lot. dan is overloaded the
// first time that he is asked anything, and cid never answers in a debate.
class ShuffledPort final : public CallPort {
 public:
  ShuffledPort(Timers& timers, std::optional<unsigned> lot) : timers_(timers), lot_(lot), random_(lot.value_or(0)) {}

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    open_.push_back({next_, &call, std::move(done)});
    arm();
    return next_++;
  }
  void cancel(CallId) override { FAIL() << "nothing here is cancelled"; }

  std::string arrivals;  // agents in the order in which they answered

 private:
  struct Open {
    CallId id;
    const Call* call;
    std::function<void(Answer)> done;
  };

  void arm() {
    if (turn_ == nullptr) turn_ = timers_.after(Millis(0), [this] { answer_one(); });
  }

  void answer_one() {
    const Subscribed spent = std::move(turn_);  // alive until we are done: it holds what runs here
    const std::size_t which = lot_ ? random_() % open_.size() : 0;
    Open open = std::move(open_[which]);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    if (!open_.empty()) arm();
    const Call& call = *open.call;
    Answer answer;
    answer.attempts = 1;
    answer.usage.input_tokens = call.prompt.size() / 4;
    answer.usage.output_tokens = 100;
    const std::string name = fmt::format("{}/{}/{}/{}", call.agent->id, to_string(call.phase), call.round, call.chunk);
    if (call.agent->id == "dan" && refused_.insert(name + std::to_string(call.ordinal)).second) {
      answer.error = CallError{CallErrorKind::overloaded, "try again", {}, {}, {}};
    } else if (call.agent->id == "cid" && call.phase == Phase::debate) {
      answer.error = CallError{CallErrorKind::failed, "exit code 7", 7, {}, {}};
    } else {
      answer.text = words_for(call);
    }
    arrivals += call.agent->id.substr(0, 1);
    open.done(std::move(answer));
  }

  Timers& timers_;
  std::optional<unsigned> lot_;
  std::mt19937 random_;
  std::vector<Open> open_;
  std::set<std::string> refused_;
  Subscribed turn_;
  CallId next_ = 1;
};

struct Subject {
  Change change;
  Plan plan;
  PostImages images;
  std::vector<Chunk> chunks;

  Subject() {
    change.files = parse_patch(patch()).value().files;
    plan = make_plan(change, {}).value();
    chunks = cut_into_chunks(change, plan, {.max_bytes = ByteCount{700}, .chunk_bytes = ByteCount{700}});
  }

  TrialInput input(const std::vector<std::string>& agents, std::uint64_t seed) const {
    TrialInput input{.change = change, .plan = plan, .images = images, .chunks = chunks, .roster = {}, .settings = {}};
    for (const std::string& id : agents) {
      auto spec = std::make_shared<AgentSpec>();
      spec->id = id;
      spec->kind = "command";
      input.roster.push_back({.spec = spec, .vendor = "maker of " + id, .available = true, .limits = {}});
    }
    input.settings.nonce = "00112233445566778899aabbccddeeff";
    input.settings.run = "run";
    input.settings.seed = seed;
    return input;
  }
};

struct Ran {
  Outcome outcome;
  std::string json;
  std::string arrivals;
  std::vector<Call> asked;
};

struct Listener final : Observer {
  void call_finished(const Call& call, const Answer&) override { asked.push_back(call); }
  std::vector<Call> asked;
};

// The outcome's JSON with every duration as 0.
std::string without_times(std::string json) {
  constexpr std::string_view kMark = "_ms\": ";
  for (std::size_t at = json.find(kMark); at != std::string::npos; at = json.find(kMark, at)) {
    at += kMark.size();
    const std::size_t end = json.find_first_not_of("0123456789", at);
    json.replace(at, end - at, "0");
  }
  return json;
}

Ran run(const TrialInput& input, std::optional<unsigned> lot, int at_once, const BudgetLimits& limits) {
  EventLoop loop;
  const VendorOf vendor_of = [](const AgentSpec& spec) { return "maker of " + spec.id; };
  ShuffledPort dispatcher(loop, lot);
  const auto meter = make_meter(dispatcher, vendor_of);
  const auto breaker = make_breaker(*meter, loop, vendor_of);
  const auto throttle = make_throttle(*breaker, loop, ThrottleLimits{.max_parallel = at_once}, vendor_of);
  const auto retry = make_retry(
      *throttle, loop, [] { return 0.0; }, nullptr);
  const auto budget = make_budget(*retry, loop, limits, vendor_of);
  Listener listener;
  LoopCaller caller(loop, *budget, &listener, nullptr);
  Ran ran;
  ran.outcome = run_trial(input, caller, listener);
  ran.json = without_times(render_json(ran.outcome));
  ran.arrivals = std::move(dispatcher.arrivals);
  ran.asked = std::move(listener.asked);
  return ran;
}

TEST(Shuffled, a_thousand_orders_of_arrival_give_one_outcome) {
  const Subject subject;
  const TrialInput input = subject.input(kAgents, 11);
  const Ran first = run(input, std::nullopt, 0, {});
  // It is a run in which there is something to get wrong.
  ASSERT_THAT(subject.chunks, SizeIs(Gt(1U)));
  ASSERT_THAT(first.outcome.groups, SizeIs(Gt(4U)));
  ASSERT_EQ(first.outcome.rounds, 3);
  ASSERT_THAT(first.outcome.stances, SizeIs(Gt(10U)));
  ASSERT_THAT(first.outcome.verdicts, SizeIs(Gt(4U)));
  ASSERT_THAT(first.outcome.warnings, SizeIs(Gt(4U)));
  ASSERT_THAT(first.json, HasSubstr("g() is declared and never defined"));

  std::set<std::string> orders;
  for (int i = 0; i < kRuns; ++i) {
    const Ran shuffled = run(input, static_cast<unsigned>(i), i % 4 * 2, {});  // all at once, 2, 4, 6
    orders.insert(shuffled.arrivals);
    ASSERT_EQ(shuffled.json, first.json) << "arrived as " << shuffled.arrivals << " instead of " << first.arrivals;
  }
  EXPECT_GT(orders.size(), 900U);
}

// Which calls are refused depends on the order of asking, not on who answered first.
TEST(Shuffled, a_budget_that_ends_in_the_middle_ends_at_the_same_place) {
  const Subject subject;
  const TrialInput input = subject.input(kAgents, 11);
  const Ran unlimited = run(input, std::nullopt, 0, {});
  const std::uint64_t all = unlimited.outcome.budget.spent.tokens;
  std::set<std::string> outcomes;
  for (const std::uint64_t tenths : {3U, 5U, 7U, 9U}) {
    const BudgetLimits limits{.max_tokens = all * tenths / 10};
    const Ran first = run(input, std::nullopt, 0, limits);
    EXPECT_TRUE(first.outcome.budget.exhausted);
    outcomes.insert(first.json);
    for (unsigned i = 0; i < 50; ++i) {
      const Ran shuffled = run(input, i, static_cast<int>(i % 3) * 2, limits);
      ASSERT_EQ(shuffled.json, first.json) << tenths << " tenths of the tokens, arrived as " << shuffled.arrivals;
    }
  }
  EXPECT_THAT(outcomes, SizeIs(Gt(2U)));
}

// In which order each debater of round 2 is shown its peers: by the words that each review alone holds.
std::map<std::string, std::string> peers_seen(const std::vector<std::string>& agents, std::uint64_t seed) {
  const Subject subject;
  std::map<std::string, std::string> seen;
  for (const Call& call : run(subject.input(agents, seed), std::nullopt, 0, {}).asked) {
    if (call.phase != Phase::debate || call.round != 2 || call.chunk != 0) continue;
    const std::size_t from = call.prompt.find("# The other reviews");
    const std::string_view peers =
        std::string_view(call.prompt).substr(from, call.prompt.find("# What to settle") - from);
    std::vector<std::pair<std::size_t, std::string>> places;
    for (const std::string& agent : agents) {
      const std::size_t place = peers.find(kDoubts.at(agent).title);
      if (place != std::string_view::npos) places.emplace_back(place, agent);
    }
    std::sort(places.begin(), places.end());
    std::string& order = seen[call.agent->id];
    for (const auto& [place, agent] : places) order += agent + " ";
  }
  return seen;
}

TEST(Shuffled, an_agent_that_joins_does_not_change_the_order_of_the_others) {
  const std::vector<std::string> fewer = {"ann", "bob", "dan", "eve"};
  const std::vector<std::string> more = {"ann", "fay", "bob", "dan", "eve"};
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto before = peers_seen(fewer, seed);
    const auto after = peers_seen(more, seed);
    ASSERT_EQ(before.size(), fewer.size());
    for (const auto& [debater, order] : before) {
      EXPECT_EQ(order.size(), 12U) << "three peers: " << order;
      std::string without = after.at(debater);
      const std::size_t joined = without.find("fay ");
      ASSERT_NE(joined, std::string::npos);
      without.erase(joined, 4);
      EXPECT_EQ(without, order) << debater << " with seed " << seed;
      if (debater == "ann") orders.insert(order);
    }
  }
  EXPECT_THAT(orders, SizeIs(Gt(3U)));  // and they are shuffled: six are possible
}

}  // namespace
}  // namespace assize
