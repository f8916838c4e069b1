#include "trial/gate_quorum.h"

#include <gtest/gtest.h>

#include "trial/gate_fixture.h"

namespace assize {
namespace {

using namespace gate_fixture;  // NOLINT: what these tests are made of

// Two parts, both reviewed by all three; y.c is in the second.
void in_two_parts(Outcome& o) {
  o.chunks = {{{"x.c"}, 100, {"a", "b", "c"}, {"a", "b", "c"}}, {{"y.c"}, 100, {"a", "b", "c"}, {"a", "b", "c"}}};
  o.coverage = {shown("x.c", {"a", "b", "c"}), shown("y.c", {"a", "b", "c"})};
}

// Agent `index` gave no valid review of part `part`.
void fails_part(Outcome& o, std::size_t index, std::size_t part) {
  const std::string id = o.panel[index].id;
  std::erase(o.chunks[part].valid, id);
  std::erase(o.coverage[part].hunks[0].agents, id);
  const bool any = std::any_of(o.chunks.begin(), o.chunks.end(), [&](const ChunkReport& chunk) {
    return std::find(chunk.valid.begin(), chunk.valid.end(), id) != chunk.valid.end();
  });
  o.panel[index].status = any ? ReviewStatus::partial : ReviewStatus::unavailable;
}

TEST(GateQuorum, every_part_needs_enough_reviews_of_enough_vendors) {
  using enum DecisionValue;
  const std::vector<GateCase> cases = {
      with(
          "all of both", [](Outcome& o, GateSettings&) { in_two_parts(o); }, pass, 0, "all_clear"),
      with(
          "one failed in one part",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            fails_part(o, 2, 1);
          },
          partial, 0, "some_agents_failed"),
      with(
          "strict",
          [](Outcome& o, GateSettings& s) {
            in_two_parts(o);
            fails_part(o, 2, 1);
            s.strict = Strict::yes;
          },
          partial, 1, "some_agents_failed"),
      with(
          "one failed in both parts",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            fails_part(o, 2, 0);
            fails_part(o, 2, 1);
          },
          partial, 0, "some_agents_failed"),
      with(
          "each failed somewhere, and each part has two",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            fails_part(o, 0, 0);
            fails_part(o, 1, 1);
          },
          partial, 0, "some_agents_failed"),
      with(
          "two failed in one part",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            fails_part(o, 1, 1);
            fails_part(o, 2, 1);
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "two of one vendor are left in one part",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            o.panel[1].vendor = "va";
            fails_part(o, 2, 1);
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "one is needed, and there is one",
          [](Outcome& o, GateSettings& s) {
            in_two_parts(o);
            fails_part(o, 1, 1);
            fails_part(o, 2, 1);
            s.min_reviews = 1;
            s.min_vendors = 1;
          },
          partial, 0, "some_agents_failed"),
      with(
          "a hunk that a valid review of its part left out",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            o.coverage[1].hunks[0].agents = {"a"};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "an analyser's word on a part is no review",
          [](Outcome& o, GateSettings&) {
            in_two_parts(o);
            fails_part(o, 1, 1);
            fails_part(o, 2, 1);
            o.panel.push_back(analyser("lint", ReviewStatus::clean));
            o.chunks[1].valid.emplace_back("lint");
            o.coverage[1].hunks[0].agents.emplace_back("lint");
          },
          inconclusive, 3, "not_reviewed_enough"),
  };
  for (const GateCase& c : cases) expect_decided(c);
}

TEST(GateQuorum, says_what_is_missing) {
  Outcome outcome = clean();
  in_two_parts(outcome);
  fails_part(outcome, 1, 1);
  EXPECT_EQ(decide(outcome, {}).reason, "not all parts of the change were reviewed by b");
  fails_part(outcome, 2, 1);
  EXPECT_EQ(decide(outcome, {}).reason, "part 2 of 2 has 1 valid review, 2 needed");
  EXPECT_EQ(decide(outcome, {.min_reviews = 1}).reason, "the reviews of part 2 of 2 came from 1 vendor, 2 needed");
  fails_part(outcome, 2, 0);
  EXPECT_EQ(decide(outcome, {.min_reviews = 1, .min_vendors = 1}).reason,
            "no valid answer from c; not all parts of the change were reviewed by b");
}

// One part a reviewer; y.c is b's.
void divided_by_files(Outcome& o) {
  o.divide = "files";
  o.chunks = {{{"x.c"}, 100, {"a"}, {"a"}}, {{"y.c"}, 100, {"b"}, {"b"}}, {{"z.c"}, 100, {"c"}, {"c"}}};
  o.coverage = {shown("x.c", {"a"}), shown("y.c", {"b"}), shown("z.c", {"c"})};
}

TEST(GateQuorum, where_the_files_are_divided_one_review_of_each_is_enough) {
  using enum DecisionValue;
  const std::vector<GateCase> cases = {
      with(
          "each reviewed its slice", [](Outcome& o, GateSettings&) { divided_by_files(o); }, pass, 0, "all_clear"),
      with(
          "one slice was not reviewed",
          [](Outcome& o, GateSettings&) {
            divided_by_files(o);
            o.panel[1].status = ReviewStatus::empty;
            o.chunks[1].valid.clear();
            o.coverage[1].hunks[0].agents.clear();
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "one was not there, its slice went to another",
          [](Outcome& o, GateSettings&) {
            divided_by_files(o);
            o.panel[1].available = false;
            o.panel[1].status = ReviewStatus::unavailable;
            o.chunks[1].asked = o.chunks[1].valid = {"a"};
            o.coverage[1].hunks[0].agents = {"a"};
          },
          partial, 0, "some_agents_failed"),
      with(
          "fewer reviewers over the run than are needed",
          [](Outcome& o, GateSettings& s) {
            divided_by_files(o);
            for (ChunkReport& chunk : o.chunks) chunk.asked = chunk.valid = {"a"};
            for (FileCoverage& file : o.coverage) file.hunks[0].agents = {"a"};
            for (const std::size_t i : {1, 2}) {
              o.panel[i].available = false;
              o.panel[i].status = ReviewStatus::unavailable;
            }
            s.min_vendors = 1;
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "fewer slices than reviewers: who got none is not missing",
          [](Outcome& o, GateSettings&) {
            divided_by_files(o);
            o.chunks.resize(1);
            o.coverage.resize(1);
            o.panel[1].status = o.panel[2].status = ReviewStatus::unavailable;
          },
          pass, 0, "all_clear"),
      with(
          "who was to be asked and could not is missing",
          [](Outcome& o, GateSettings&) {
            divided_by_files(o);
            o.chunks.resize(1);
            o.coverage.resize(1);
            o.panel[1].status = o.panel[2].status = ReviewStatus::unavailable;
            o.panel[1].error = CallError{.kind = CallErrorKind::budget_exhausted};
          },
          inconclusive, 3, "not_reviewed_enough"),
  };
  for (const GateCase& c : cases) expect_decided(c);
}

void with_lenses(Outcome& o, std::vector<std::string> lenses, std::vector<std::string> dealt) {
  o.lenses = std::move(lenses);
  for (std::size_t i = 0; i < dealt.size(); ++i) o.panel[i].lens = dealt[i];
}

TEST(GateQuorum, every_hunk_is_covered_in_every_lens) {
  using enum DecisionValue;
  const std::vector<GateCase> cases = {
      with(
          "one each",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "performance"}, {"security", "performance", "security"});
          },
          pass, 0, "all_clear"),
      with(
          "the one with a lens is silent",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "performance"}, {"security", "performance", "security"});
            o.panel[1].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "c"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "two have a lens and two are needed",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "performance"}, {"security", "performance", "security"});
            o.panel[2].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "two have a lens, each the other's stand-in when lenses are divided",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "performance"}, {"security", "performance", "security"});
            o.divide = "lenses";
            o.panel[2].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          partial, 0, "some_agents_failed"),
      with(
          "divided, a lens is left without anybody",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "performance", "tests"}, {"security", "performance", "tests"});
            o.divide = "lenses";
            o.panel[2].status = ReviewStatus::empty;
            o.coverage = {shown("x.c", {"a", "b"})};
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "one was dealt several",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "performance", "tests", "docs"}, {"security, docs", "performance", "tests"});
          },
          pass, 0, "all_clear"),
      with(
          "a lens that nobody was dealt",
          [](Outcome& o, GateSettings&) {
            with_lenses(o, {"security", "docs"}, {"security", "security", "security"});
          },
          inconclusive, 3, "not_reviewed_enough"),
      with(
          "divided, still so many over all as are needed",
          [](Outcome& o, GateSettings& s) {
            with_lenses(o, {"security"}, {"security", "security", "security"});
            o.divide = "lenses";
            o.coverage = {shown("x.c", {"a"})};
            s.min_reviews = 2;
          },
          inconclusive, 3, "not_reviewed_enough"),
  };
  for (const GateCase& c : cases) expect_decided(c);

  Outcome outcome = clean();
  with_lenses(outcome, {"security", "docs"}, {"security", "security", "security"});
  EXPECT_EQ(decide(outcome, {}).reason, "x.c:1 was covered by 0 valid reviews that looked at docs, 1 needed");
}

TEST(GateQuorum, reads_the_lenses_that_an_agent_was_dealt) {
  AgentReport agent;
  EXPECT_TRUE(lenses_of(agent).empty());
  agent.lens = "security,performance , data loss";
  EXPECT_EQ(lenses_of(agent), (std::vector<std::string_view>{"security", "performance", "data loss"}));
}

}  // namespace
}  // namespace assize
