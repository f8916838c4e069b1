#include "cli/forecast.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

RosterEntry entry(const char* id, const char* kind = "claude") {
  AgentSpec spec;
  spec.id = id;
  spec.kind = kind;
  RosterEntry out;
  out.spec = std::make_shared<AgentSpec>(spec);
  out.vendor = "anthropic";
  out.available = true;
  return out;
}

RosterEntry absent(const char* id) {
  RosterEntry out = entry(id);
  out.available = false;
  out.unavailable = CallError{};
  return out;
}

RosterEntry in_the_chair(const char* id) {
  RosterEntry out = entry(id);
  AgentSpec spec = *out.spec;
  spec.chair_only = true;
  out.spec = std::make_shared<AgentSpec>(spec);
  return out;
}

// A change of some new files, whole or in one part a file.
struct World {
  Change change;
  Plan plan;
  PostImages images;
  std::vector<Chunk> chunks;

  explicit World(int files, int parts = 1) {
    std::string diff;
    for (int i = 0; i < files; ++i) {
      diff += fmt::format("--- /dev/null\n+++ b/src/f{}.c\n@@ -0,0 +1,40 @@\n", i);
      for (int line = 0; line < 40; ++line) diff += fmt::format("+int x{} = {};\n", line, i);
    }
    change.files = parse_patch(std::string_view(diff))->files;
    plan = *make_plan(change, {});
    ChunkOptions options;
    options.at_least = static_cast<std::size_t>(parts);
    chunks = cut_into_chunks(change, plan, options);
  }
  Forecast of(std::vector<RosterEntry> roster, TrialSettings settings = {}) const {
    return forecast({change, plan, images, chunks, std::move(roster), std::move(settings)});
  }
};

TEST(Forecast, every_reviewer_that_is_there_is_asked_about_every_part) {
  const World world(4, 2);
  ASSERT_EQ(world.chunks.size(), 2U);
  const Forecast got = world.of({entry("a"), absent("b"), entry("c"), entry("lint", "lint"), in_the_chair("zoe")});
  EXPECT_EQ(got.reviewers, 2U);
  EXPECT_EQ(got.review_calls, 4U);
  EXPECT_TRUE(got.can_debate);
  EXPECT_EQ(got.seats[0].chunks, (std::vector<int>{0, 1}));
  EXPECT_TRUE(got.seats[3].chunks.empty());
  EXPECT_TRUE(got.seats[4].chunks.empty());
  EXPECT_GT(got.reviews.tokens, got.input_tokens);
  EXPECT_EQ(got.chair, "zoe");
}

TEST(Forecast, divided_files_are_asked_of_one_each_and_lenses_are_dealt) {
  const World world(4, 2);
  TrialSettings settings;
  settings.division = Division::files;
  settings.lenses = {"security", "tests", "speed"};
  const Forecast got = world.of({entry("a"), entry("b")}, settings);
  EXPECT_EQ(got.review_calls, 2U);
  EXPECT_FALSE(got.can_debate) << "each part has one reviewer";
  EXPECT_EQ(got.seats[0].chunks, std::vector<int>{0});
  EXPECT_EQ(got.seats[1].chunks, std::vector<int>{1});
  EXPECT_EQ(got.seats[0].lens, "security, speed");
  EXPECT_EQ(got.seats[1].lens, "tests");
}

TEST(Forecast, what_may_follow_grows_with_rounds_and_verification) {
  const World world(2);
  const std::vector<RosterEntry> roster = {entry("a"), entry("b")};
  TrialSettings alone;
  alone.debate = Debate::fixed;
  alone.rounds = 1;
  alone.verify = Verify::off;
  TrialSettings debated = alone;
  debated.rounds = 3;
  TrialSettings verified = debated;
  verified.verify = Verify::on;
  const Forecast one = world.of(roster, alone), three = world.of(roster, debated), all = world.of(roster, verified);
  EXPECT_EQ(one.last_round, 1);
  EXPECT_EQ(three.last_round, 3);
  EXPECT_EQ(one.reviews.tokens, three.reviews.tokens);
  EXPECT_LT(one.later_at_most.tokens, three.later_at_most.tokens);
  EXPECT_LT(three.later_at_most.tokens, all.later_at_most.tokens);
  EXPECT_TRUE(all.later_at_most.estimated);
  EXPECT_EQ(world.of({entry("a")}, debated).later_at_most.tokens, world.of({entry("a")}, alone).later_at_most.tokens)
      << "one reviewer has nobody to debate with";
}

TEST(Forecast, by_risk_the_policy_and_the_size_say_how_deep_it_goes) {
  const World world(2);
  TrialSettings settings;
  settings.depth = Depth::by_risk;
  settings.debate = Debate::fixed;
  settings.rounds = 1;
  settings.policy.name = "policy";
  settings.policy.high_risk_paths = {"src/**"};
  const Forecast high = world.of({entry("a"), entry("b")}, settings);
  EXPECT_EQ(high.risk, Risk::high);
  EXPECT_FALSE(high.risk_reason.empty());
  EXPECT_EQ(high.last_round, 2);
  EXPECT_FALSE(world.of({entry("a")}).risk.has_value());
}

TEST(Forecast, without_reviewers_nothing_is_asked) {
  const Forecast got = World(1).of({entry("lint", "lint"), absent("a")});
  EXPECT_EQ(got.reviewers, 0U);
  EXPECT_EQ(got.review_calls, 0U);
  EXPECT_EQ(got.input_tokens, 0U);
  EXPECT_EQ(got.later_at_most.tokens, 0U);
  EXPECT_EQ(got.chair, "nobody: no model reviewer is there");
}

TEST(Forecast, the_chair_in_words) {
  const World world(1);
  TrialSettings settings;
  EXPECT_EQ(world.of({entry("a"), entry("b")}).chair, "the first of the panel with a valid review");
  settings.chair = "b";
  EXPECT_EQ(world.of({entry("a"), entry("b")}, settings).chair, "b");
  EXPECT_EQ(world.of({entry("a"), absent("b")}, settings).chair, "the first of the panel with a valid review");
  settings.chair = "rotate";
  EXPECT_EQ(world.of({entry("a")}, settings).chair, "drawn by the seed among those with a valid review");
}

}  // namespace
}  // namespace assize
