// The procedure as a panel goes through it: debate, verification, synthesis, with canned answers and no process.
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trial/chair.h"
#include "trial/debate.h"
#include "trial/trial_fixture.h"

namespace assize {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Answers by phase and agent ("verify/b"), or by phase, round and agent ("verify2/b"); the same answer each time.
class Panel final : public Caller {
 public:
  explicit Panel(std::map<std::string, Answer> answers) : answers_(std::move(answers)) {}

  std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) override {
    std::vector<Answer> out;
    for (const Call& call : calls) {
      asked.push_back(call);
      out.push_back(answer_to(call));
    }
    for (std::size_t i = 0; i < out.size() && on_answer; ++i) {
      if (const auto grace = on_answer(i, out[i])) graces.push_back(*grace);
    }
    return out;
  }

  std::vector<std::string> questions() const {
    std::vector<std::string> all;
    all.reserve(asked.size());
    for (const Call& call : asked)
      all.push_back(fmt::format("{}{}/{}", to_string(call.phase), call.round, call.agent->id));
    return all;
  }
  const Call& call(const std::string& question) const {
    for (const Call& call : asked) {
      if (fmt::format("{}{}/{}", to_string(call.phase), call.round, call.agent->id) == question) return call;
    }
    throw std::runtime_error("nobody asked " + question);
  }

  const Answer& answer(const std::string& key) const { return answers_.at(key); }

  std::vector<Call> asked;
  std::vector<Millis> graces;

 private:
  Answer answer_to(const Call& call) const {
    for (const std::string& key :
         {fmt::format("{}{}/{}", to_string(call.phase), call.round, call.agent->id),
          fmt::format("{}/{}", to_string(call.phase), call.agent->id), std::string(to_string(call.phase))}) {
      if (const auto found = answers_.find(key); found != answers_.end()) return found->second;
    }
    return fails(CallErrorKind::failed);
  }
  std::map<std::string, Answer> answers_;
};

Answer stance(std::string_view word, std::string_view group = "G1", std::string_view missed = "[]") {
  return says(fmt::format(
      R"({{"stances":[{{"group":"{}","stance":"{}","reason":"because of line 2","severity":null}}],"missed":{}}})",
      group, word, missed));
}

Answer verdict(std::string_view status, std::string_view evidence = "src/a.c:2", std::string_view group = "G1") {
  return says(fmt::format(
      R"({{"verdicts":[{{"group":"{0}","status":"{1}","members":["{0}.1"],"reason":"line 2 shows it","evidence":"{2}"}}]}})",
      group, status, evidence));
}

// The same review without the demand for changes.
std::string comments(std::string_view review) {
  std::string text(review);
  constexpr std::string_view kDemand = "request_changes";
  return text.replace(text.find(kDemand), kDemand.size(), "comment");
}

const std::string kSynthesis = R"({"summary":"strcpy overflows at src/a.c:2","recommendation":"request_changes"})";

Outcome run(const TrialInput& input, Panel& panel) {
  Observer nobody;
  return run_trial(input, panel, nobody);
}

std::string status_of(const Outcome& outcome, std::size_t group = 0) {
  return std::string(to_string(outcome.groups.at(group).status));
}

// One reviewer of three raises a blocking problem; the table says what the others make of it.
struct Lone {
  const char* name;
  std::map<std::string, Answer> answers;
  const char* status;
  const char* decision;
};

class LoneFinding : public testing::TestWithParam<Lone> {};

TEST_P(LoneFinding, is_settled_by_its_verifiers) {
  const Bench bench;
  std::map<std::string, Answer> answers = {{"review/a", says(kOverflow)},
                                           {"review", says(kClean)},
                                           {"debate/a", stance("agree")},
                                           {"debate", stance("unsure")},
                                           {"synthesis", says(kSynthesis)}};
  for (const auto& [key, answer] : GetParam().answers) answers[key] = answer;
  Panel panel(std::move(answers));
  const Outcome outcome = run(bench.input({"a", "b", "c"}), panel);
  ASSERT_GE(outcome.groups.size(), 1U);
  EXPECT_EQ(status_of(outcome), GetParam().status) << outcome.groups[0].status_reason;
  EXPECT_EQ(decision(outcome), GetParam().decision) << outcome.decision.reason;
}

INSTANTIATE_TEST_SUITE_P(
    Procedure, LoneFinding,
    testing::Values(
        Lone{"verified", {{"verify", verdict("verified")}}, "verified", "FAIL"},
        Lone{"refuted_once_second_fails", {{"verify/b", verdict("unsupported")}}, "needs_human", "ESCALATE"},
        Lone{"refuted_twice_with_evidence",
             {{"review/a", says(comments(kOverflow))}, {"verify", verdict("unsupported")}},
             "unsupported",
             "PASS"},
        // Its finding is refuted, but the reviewer still asks for changes.
        Lone{"refuted_twice_changes_requested", {{"verify", verdict("unsupported")}}, "unsupported", "ESCALATE"},
        Lone{"refuted_twice_without_evidence", {{"verify", verdict("unsupported", "")}}, "disputed", "ESCALATE"},
        Lone{"refuted_and_confirmed",
             {{"verify/b", verdict("unsupported")}, {"verify/c", verdict("verified")}},
             "needs_human",
             "ESCALATE"},
        Lone{"wrong_id", {{"verify", verdict("unsupported", "src/a.c:2", "G9")}}, "unverified", "ESCALATE"},
        Lone{"verifier_fails_and_is_replaced", {{"verify/c", verdict("verified")}}, "verified", "FAIL"},
        Lone{"all_verifiers_fail", {}, "unverified", "ESCALATE"},
        Lone{"budget_ends", {{"verify", fails(CallErrorKind::budget_exhausted)}}, "unverified", "ESCALATE"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Procedure, a_verifier_did_not_raise_what_it_checks_and_is_told_no_names) {
  const Bench bench;
  Panel panel({{"review/a", says(kOverflow)},
               {"review", says(kClean)},
               {"verify", verdict("verified")},
               {"debate", stance("agree")},
               {"synthesis", says(kSynthesis)}});
  TrialInput input = bench.input({"alpha", "bravo", "charlie"});
  Panel named({{"review/alpha", says(kOverflow)},
               {"review", says(kClean)},
               {"verify", verdict("verified")},
               {"debate", stance("agree")},
               {"synthesis", says(kSynthesis)}});
  const Outcome outcome = run(input, named);
  const Call& call = named.call("verify1/bravo");
  EXPECT_THAT(call.prompt, HasSubstr("G1.1 [high, security] src/a.c:2: strcpy overflows the 8 byte buffer"));
  EXPECT_THAT(call.prompt, HasSubstr("2 +   char b[8]; strcpy(b, s);"));
  for (const char* name : {"alpha", "bravo", "charlie"}) {
    EXPECT_THAT(call.prompt, Not(HasSubstr(name)));
    EXPECT_THAT(named.call("debate2/bravo").prompt, Not(HasSubstr(name)));
    EXPECT_THAT(named.call("synthesis1/alpha").prompt, Not(HasSubstr(name)));
  }
  EXPECT_EQ(outcome.chair, "alpha");
  EXPECT_EQ(outcome.synthesis->agent, "alpha");
}

TEST(Procedure, what_all_raised_is_put_to_two_of_them_to_prove_and_to_refute) {
  const Bench bench;
  Panel panel({{"review", says(kOverflow)}, {"verify", verdict("verified")}, {"synthesis", says(kSynthesis)}});
  const Outcome outcome = run(bench.input({"a", "b"}), panel);
  EXPECT_THAT(panel.questions(), Contains("verify1/a"));
  EXPECT_THAT(panel.call("verify1/a").prompt, HasSubstr("Try to prove each claim"));
  EXPECT_THAT(panel.call("verify1/b").prompt, HasSubstr("Try to refute each claim"));
  EXPECT_EQ(status_of(outcome), "verified");
  EXPECT_EQ(decision(outcome), "FAIL");

  Panel alone({{"review", says(kOverflow)}, {"verify", verdict("unsupported")}, {"synthesis", says(kSynthesis)}});
  const Outcome by_one = run(bench.input({"a"}), alone);
  const std::vector<std::string> asked = alone.questions();
  EXPECT_EQ(std::count(asked.begin(), asked.end(), "verify1/a"), 2);
  EXPECT_EQ(by_one.verdicts.size(), 2U);
}

TEST(Procedure, with_one_who_did_not_raise_it_a_raiser_gives_the_second_verdict) {
  const Bench bench;
  Panel panel({{"review/a", says(kOverflow)},
               {"review/b", says(kClean)},
               {"verify", verdict("unsupported")},
               {"debate", stance("unsure")},
               {"synthesis", says(kSynthesis)}});
  const Outcome outcome = run(bench.input({"a", "b"}), panel);
  EXPECT_THAT(panel.questions(), Contains("verify1/b"));
  EXPECT_THAT(panel.questions(), Contains("verify2/a"));
  ASSERT_EQ(outcome.verdicts.size(), 2U);
  EXPECT_FALSE(outcome.verdicts[0].raiser);
  EXPECT_TRUE(outcome.verdicts[1].raiser);
  EXPECT_EQ(status_of(outcome), "unsupported");  // the raiser withdrew: nobody supports it any more
}

TEST(Procedure, the_second_verdict_comes_from_another_vendor_where_there_is_one) {
  const Bench bench;
  TrialInput input = bench.input({"a", "b", "c", "d"});
  input.roster[2].vendor = input.roster[1].vendor;
  Panel panel({{"review/a", says(kOverflow)},
               {"review", says(kClean)},
               {"verify", verdict("unsupported")},
               {"debate", stance("unsure")},
               {"synthesis", says(kSynthesis)}});
  const Outcome outcome = run(input, panel);
  EXPECT_THAT(panel.questions(), Contains("verify1/b"));
  EXPECT_THAT(panel.questions(), Contains("verify2/d"));
  EXPECT_THAT(panel.questions(), Not(Contains("verify2/c")));
}

TEST(Procedure, a_debate_stops_when_nobody_moves_or_the_rounds_are_over) {
  const Bench bench;
  const auto stop_of = [&](std::map<std::string, Answer> debate, Debate mode, int rounds) {
    std::map<std::string, Answer> answers = {{"review/a", says(kOverflow)},
                                             {"review", says(kClean)},
                                             {"verify", verdict("verified")},
                                             {"synthesis", says(kSynthesis)}};
    answers.merge(debate);
    Panel panel(std::move(answers));
    TrialInput input = bench.input({"a", "b", "c"});
    input.settings.debate = mode;
    input.settings.rounds = input.settings.max_rounds = rounds;
    const Outcome outcome = run(input, panel);
    return fmt::format("{} after {}", outcome.stop_reason, outcome.rounds);
  };
  EXPECT_EQ(stop_of({{"debate", stance("agree")}}, Debate::adaptive, 3), "agreed after 2");
  EXPECT_EQ(stop_of({{"debate/a", stance("agree")}, {"debate", stance("unsure")}}, Debate::adaptive, 9),
            "nobody_moved after 2");
  EXPECT_EQ(stop_of({{"debate/a", stance("agree")}, {"debate", stance("disagree")}}, Debate::adaptive, 9),
            "nobody_moved after 3");
  EXPECT_EQ(stop_of({{"debate/a", stance("agree")}, {"debate", stance("disagree")}}, Debate::adaptive, 2),
            "rounds_held after 2");
  EXPECT_EQ(stop_of({{"debate", stance("unsure")}}, Debate::fixed, 4), "rounds_held after 4");
  EXPECT_EQ(stop_of({{"debate", stance("unsure")}}, Debate::fixed, 1), "single_round after 1");
  EXPECT_EQ(stop_of({{"debate", fails(CallErrorKind::budget_exhausted)}}, Debate::adaptive, 3),
            "budget_exhausted after 2");
}

TEST(Procedure, votes_dispute_a_group_and_silence_does_not) {
  const Bench bench;
  const auto debated = [&](std::string_view word) {
    Panel panel({{"review/a", says(kOverflow)},
                 {"review", says(kClean)},
                 {"debate/a", stance("agree")},
                 {"debate", stance(word)},
                 {"synthesis", says(kSynthesis)}});
    TrialInput input = bench.input({"a", "b", "c"});
    input.settings.verify = Verify::off;
    return run(input, panel);
  };
  EXPECT_EQ(status_of(debated("disagree")), "disputed");
  EXPECT_EQ(decision(debated("disagree")), "ESCALATE");
  EXPECT_EQ(status_of(debated("unsure")), "unverified");
  EXPECT_EQ(decision(debated("unsure")), "ESCALATE");
  EXPECT_THAT(debated("disagree").groups[0].against, ElementsAre("b", "c"));
}

TEST(Procedure, later_rounds_show_the_tally_and_the_reasons) {
  const Bench bench;
  Panel panel({{"review/a", says(kOverflow)},
               {"review", says(kClean)},
               {"debate/a", stance("agree")},
               {"debate", stance("disagree")},
               {"verify", verdict("verified")},
               {"synthesis", says(kSynthesis)}});
  run(bench.input({"a", "b", "c"}), panel);
  const std::string& prompt = panel.call("debate3/a").prompt;
  EXPECT_THAT(prompt, HasSubstr("so far 1 for it, 2 against"));
  EXPECT_THAT(prompt, HasSubstr("disagree: because of line 2"));
  EXPECT_THAT(prompt, HasSubstr("round 2, you: agree"));
  EXPECT_THAT(panel.call("debate2/a").prompt, Not(HasSubstr("so far")));
}

TEST(Procedure, a_missed_problem_is_raised_debated_and_verified) {
  const Bench bench;
  const std::string missed =
      R"([{"severity":"high","category":"bug","title":"division by zero in h","file":"src/b.c","line":11,"end_line":null,)"
      R"("quote":"int h(void) { return 1 / 0; }","detail":"1 / 0 is undefined","fix":"do not divide","confidence":0.9}])";
  Panel panel(
      {{"review/a", says(kOverflow)},
       {"review", says(kClean)},
       {"debate2/b", stance("agree", "G1", missed)},
       {"debate2", stance("agree")},
       {"debate", stance("agree", "G2")},
       {"debate/c", stance("agree")},
       {"debate/a", stance("agree")},
       {"verify",
        says(R"({"verdicts":[{"group":"G1","status":"verified","members":[],"reason":"r","evidence":"src/a.c:2"},)"
             R"({"group":"G2","status":"verified","members":[],"reason":"r","evidence":"src/b.c:11"}]})")},
       {"synthesis", says(kSynthesis)}});
  const Outcome outcome = run(bench.input({"a", "b", "c"}), panel);
  ASSERT_EQ(outcome.findings.size(), 2U);
  EXPECT_EQ(outcome.findings[1].id, "b-1");
  EXPECT_EQ(outcome.findings[1].round, 2);
  ASSERT_EQ(outcome.groups.size(), 2U);
  EXPECT_EQ(status_of(outcome, 0), "verified");
  EXPECT_EQ(status_of(outcome, 1), "verified");
  EXPECT_THAT(panel.call("debate3/c").prompt, HasSubstr("division by zero in h"));
}

TEST(Procedure, a_synthesis_that_contradicts_the_decision_is_shown_with_a_note) {
  const Bench bench;
  Panel panel({{"review/a", says(kOverflow)},
               {"review", says(kClean)},
               {"debate", stance("agree")},
               {"verify", verdict("verified")},
               {"synthesis", says(R"({"summary":"All is well.","recommendation":"approve"})")}});
  const Outcome outcome = run(bench.input({"a", "b", "c"}), panel);
  EXPECT_EQ(decision(outcome), "FAIL");
  EXPECT_EQ(outcome.synthesis->text, "All is well.");
  EXPECT_THAT(outcome.synthesis->note, HasSubstr("the decision is FAIL"));
}

TEST(Procedure, without_a_chair_the_summary_is_ours) {
  const Bench bench;
  Panel panel({{"review/a", says(kOverflow)},
               {"review", says(kClean)},
               {"debate", stance("agree")},
               {"verify", verdict("verified")}});
  const Outcome outcome = run(bench.input({"a", "b", "c"}), panel);
  EXPECT_EQ(outcome.synthesis->agent, "");
  EXPECT_THAT(outcome.synthesis->text, HasSubstr("3 of 3 reviewers gave a valid review. 1 problem: 1 verified."));
  EXPECT_THAT(outcome.synthesis->note, HasSubstr("a wrote no summary"));
}

TEST(Procedure, an_agent_in_the_chair_alone_verifies_first_and_counts_for_nothing_else) {
  const Bench bench;
  TrialInput input = bench.input({"a", "b", "judge"});
  auto judge = std::make_shared<AgentSpec>(*input.roster[2].spec);
  judge->chair_only = true;
  input.roster[2].spec = judge;
  Panel panel({{"review/a", says(kOverflow)},
               {"review/b", says(kClean)},
               {"debate", stance("agree")},
               {"verify", verdict("verified")},
               {"synthesis", says(kSynthesis)}});
  const Outcome outcome = run(input, panel);
  EXPECT_EQ(outcome.chair, "judge");
  EXPECT_THAT(panel.questions(), Contains("verify1/judge"));
  EXPECT_THAT(panel.questions(), Not(Contains("review1/judge")));
  EXPECT_THAT(panel.questions(), Not(Contains("debate2/judge")));
  EXPECT_EQ(outcome.groups[0].agreement.n, 2U);
  EXPECT_EQ(outcome.groups[0].agreement.declared, 2U);
}

TEST(Procedure, stragglers_get_their_grace_once_enough_have_answered) {
  const Bench bench;
  TrialInput input = bench.input({"a", "b", "c"});
  input.settings.quorum = 2;
  input.settings.grace = Millis(5'000);
  Answer late = fails(CallErrorKind::timed_out);
  late.cut = true;
  Panel panel({{"review/a", says(kClean)}, {"review/b", says(kClean)}, {"review/c", late}});
  const Outcome outcome = run(input, panel);
  EXPECT_THAT(panel.graces, Not(IsEmpty()));
  EXPECT_EQ(outcome.panel[2].cancel_reason, "straggler");
  EXPECT_EQ(decision(outcome), "PARTIAL");

  input.settings.gate.min_reviews = 3;  // the gate asks for more than the quorum
  Panel needed({{"review", says(kClean)}, {"review/c", fails(CallErrorKind::failed)}});
  run(input, needed);
  EXPECT_THAT(needed.graces, IsEmpty());
}

TEST(Procedure, a_secret_in_its_providers_format_needs_no_verifier) {
  const Bench bench;
  Panel panel(
      {{"review", says(kClean)},
       {"review/lint", says(R"({"verdict":"comment","summary":"","checked":["src/a.c","src/b.c"],"findings":[)"
                            R"({"severity":"high","category":"security","title":"a key","file":"src/a.c","line":2,)"
                            R"("end_line":null,"quote":null,"detail":"it is a key","fix":"revoke it","confidence":1.0,)"
                            R"("rule":"secret.github-token"}]})")}});
  const Outcome outcome = run(bench.input({"a", "b", "lint"}), panel);
  ASSERT_EQ(outcome.groups.size(), 1U);
  ASSERT_EQ(outcome.findings[0].rule, "secret.github-token");
  EXPECT_EQ(status_of(outcome), "verified");
  EXPECT_EQ(decision(outcome), "FAIL");
  EXPECT_THAT(panel.questions(), Not(Contains("verify1/a")));

  Panel claimed({{"review/a", says(kClean)}, {"review/b", panel.answer("review/lint")}});
  EXPECT_NE(status_of(run(bench.input({"a", "b"}), claimed)), "verified");  // anybody can write the name of a rule
}

TEST(Chair, rotates_by_the_seed_over_sorted_names) {
  const Bench bench;
  TrialInput input = bench.input({"c", "a", "b"});
  input.settings.chair = "rotate";
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    input.settings.seed = seed;
    Panel panel({{"review", says(kClean)}});
    const std::string chair = run(input, panel).chair;
    Panel again({{"review", says(kClean)}});
    EXPECT_EQ(run(input, again).chair, chair);
    seen.insert(chair);
  }
  EXPECT_EQ(seen.size(), 3U);

  input.settings.chair = "b";
  Panel named({{"review", says(kClean)}});
  EXPECT_EQ(run(input, named).chair, "b");
  input.settings.chair = "nobody";
  Panel unknown({{"review", says(kClean)}});
  const Outcome outcome = run(input, unknown);
  EXPECT_EQ(outcome.chair, "c");
  EXPECT_THAT(outcome.warnings, Contains(HasSubstr("nobody cannot take the chair")));
}

TEST(Debate, adding_an_agent_leaves_the_order_of_the_others) {
  const Bench bench;
  const auto order = [&](std::initializer_list<std::string_view> agents, std::uint64_t seed) {
    const TrialInput input = bench.input(agents);
    const Exhibits shown(input);
    std::vector<Seat> seats = take_seats(input, shown);
    for (Seat& seat : seats) take_review(seat, seat.parts[0], says(kClean), shown);
    std::vector<std::string> names;
    for (const std::size_t peer : order_of_peers(seats, 0, 0, seed)) names.push_back(seats[peer].id());
    return names;
  };
  std::set<std::vector<std::string>> orders;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<std::string> more = order({"a", "b", "new", "c", "d"}, seed);
    more.erase(std::find(more.begin(), more.end(), "new"));
    EXPECT_EQ(more, order({"a", "b", "c", "d"}, seed));
    orders.insert(more);
  }
  EXPECT_EQ(orders.size(), 6U);  // every order of three peers comes up
}

TEST(Debate, a_repeat_is_dropped_unless_it_is_worse) {
  const auto says_severity = [](Severity severity) {
    Finding finding;
    finding.agent = "a";
    finding.title = "overflow";
    finding.severity = severity;
    return finding;
  };
  const std::vector<Finding> known = {says_severity(Severity::medium)};
  std::vector<Finding> missed = {says_severity(Severity::low), says_severity(Severity::medium),
                                 says_severity(Severity::critical)};
  drop_repeats(missed, known);
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(missed[0].severity, Severity::critical);
}

TEST(Procedure, a_cut_prompt_of_one_chunk_is_not_hidden_by_another_failure) {
  const Bench bench;
  const TrialInput input = bench.input({"a"});
  Seat seat;
  seat.entry = &input.roster[0];
  for (const CallErrorKind kind : {CallErrorKind::timed_out, CallErrorKind::prompt_truncated, CallErrorKind::failed}) {
    Part& part = seat.parts.emplace_back();
    part.answered = true;
    part.answer = fails(kind);
    part.covered.status = ReviewStatus::unavailable;
  }
  EXPECT_EQ(report_of(seat).error->kind, CallErrorKind::prompt_truncated);
}

// Two chunks that share a file: a verdict in one says nothing about the other.
TEST(Procedure, verdicts_of_one_chunk_are_about_its_groups_alone) {
  std::string patch = "diff --git a/src/a.c b/src/a.c\n--- a/src/a.c\n+++ b/src/a.c\n";
  for (int hunk = 0; hunk < 2; ++hunk) {
    patch += fmt::format("@@ -{0},0 +{0},20 @@\n", 1 + hunk * 100);
    for (int line = 0; line < 20; ++line) patch += fmt::format("+int value_{}_{} = {};\n", hunk, line, line);
  }
  const Bench bench(patch, {.max_bytes = ByteCount{100}, .chunk_bytes = ByteCount{700}});
  ASSERT_EQ(bench.chunks.size(), 2U);
  const auto finding = [](int hunk, int line) {
    return fmt::format(
        R"({{"verdict":"request_changes","summary":"s","checked":["src/a.c"],"findings":[{{"severity":"high",)"
        R"("category":"bug","title":"value {0} {1} is wrong","file":"src/a.c","line":{1},"end_line":null,)"
        R"("quote":null,"detail":"d{0}","fix":"f","confidence":0.5}}]}})",
        hunk, line);
  };
  class ByChunk final : public Caller {
   public:
    ByChunk(std::string first, std::string second) : reviews_{std::move(first), std::move(second)} {}
    std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) override {
      std::vector<Answer> out;
      for (const Call& call : calls) {
        if (call.phase == Phase::review && call.agent->id == "a") {
          out.push_back(says(reviews_.at(static_cast<std::size_t>(call.chunk))));
        } else if (call.phase == Phase::review) {
          out.push_back(says(R"({"verdict":"approve","summary":"","checked":["src/a.c"],"findings":[]})"));
        } else if (call.phase == Phase::verify && call.chunk == 1) {
          prompts.push_back(call.prompt);
          out.push_back(says(
              R"({"verdicts":[{"group":"G1","status":"unsupported","members":["G1.1"],"reason":"r","evidence":"src/a.c:2"},)"
              R"({"group":"G2","status":"verified","members":[],"reason":"r","evidence":"src/a.c:102"}]})"));
        } else {
          out.push_back(fails(CallErrorKind::failed));
        }
        if (on_answer) on_answer(out.size() - 1, out.back());
      }
      return out;
    }
    std::vector<std::string> prompts;

   private:
    std::vector<std::string> reviews_;
  } caller(finding(0, 2), finding(1, 102));
  TrialInput input = bench.input({"a", "b", "c"});
  Observer nobody;
  const Outcome outcome = run_trial(input, caller, nobody);
  ASSERT_EQ(outcome.groups.size(), 2U);
  EXPECT_EQ(outcome.groups[0].chunk, 0);
  EXPECT_EQ(outcome.groups[1].chunk, 1);
  EXPECT_EQ(status_of(outcome, 0), "unverified");  // nobody verified it: the other chunk's verdict was not asked for
  EXPECT_THAT(outcome.warnings, Contains(HasSubstr("G1")));
}

}  // namespace
}  // namespace assize
