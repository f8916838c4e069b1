#include "cli/chunking.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

RosterEntry reviewer(const char* id, std::optional<std::uint64_t> context = std::nullopt) {
  AgentSpec spec;
  spec.id = id;
  spec.kind = "openai";
  spec.context_tokens = context;
  RosterEntry entry;
  entry.spec = std::make_shared<AgentSpec>(spec);
  entry.available = true;
  return entry;
}

AgentSpec& spec_of(RosterEntry& entry) {
  return const_cast<AgentSpec&>(*entry.spec);
}

Change change_from(const std::string& diff) {
  Change change;
  change.files = parse_patch(std::string_view(diff))->files;
  return change;
}

// `files` new files of `lines` short lines each.
Change change_of(int files, int lines) {
  std::string diff;
  for (int i = 0; i < files; ++i) {
    diff += fmt::format(
        "diff --git a/f{0} b/f{0}\nnew file mode 100644\n--- /dev/null\n+++ b/f{0}\n@@ -0,0 +1,{1} @@\n", i, lines);
    for (int line = 0; line < lines; ++line) diff += "+x;\n";
  }
  return change_from(diff);
}

struct World {
  Change change;
  Plan plan;
  PostImages images;
  std::vector<Chunk> none;

  World(int files, int lines) : change(change_of(files, lines)), plan(*make_plan(change, {})) {}
  TrialInput input(std::vector<RosterEntry> roster, TrialSettings settings = {}) const {
    return {change, plan, images, none, std::move(roster), std::move(settings)};
  }
};

Config config_of(std::string_view text) {
  Config config = built_in_config();
  const auto file = read_config(text, "assize.toml", Layer::user);
  EXPECT_TRUE(file.has_value() && file->problems.empty()) << text;
  apply_layer(config, *file);
  return config;
}

std::uint64_t largest_shown(const std::vector<Chunk>& chunks) {
  std::uint64_t most = 0;
  for (const Chunk& chunk : chunks) {
    most = std::max<std::uint64_t>(most, render_numbered(chunk.change, chunk.plan).size());
  }
  return most;
}

TEST(ContextBound, the_smallest_context_of_those_that_review_counts) {
  RosterEntry absent = reviewer("absent", 5'000), chair = reviewer("chair", 5'000);
  absent.available = false;
  spec_of(chair).chair_only = true;
  const auto bound = context_bound({reviewer("big", 100'000), reviewer("small", 20'000), absent, chair}, 0);
  ASSERT_TRUE(bound.has_value() && bound->has_value());
  EXPECT_EQ((*bound)->agent, "small");
  EXPECT_EQ((*bound)->shown, ByteCount{(20'000 - kPromptTokens - kAnswerTokens) * kShownBytesPerToken});
}

TEST(ContextBound, what_else_is_in_the_prompt_and_the_answer_take_room) {
  RosterEntry agent = reviewer("a", 20'000);
  spec_of(agent).max_output_tokens = 1'000;
  spec_of(agent).perspective = std::string(3'000, 'x');
  const auto bound = context_bound({agent}, 6'000);
  ASSERT_TRUE(bound.has_value() && bound->has_value());
  EXPECT_EQ((*bound)->shown, ByteCount{(20'000 - kPromptTokens - 1'000 - 3'000) * kShownBytesPerToken});
}

TEST(ContextBound, without_context_tokens_there_is_none_and_a_tiny_context_is_an_error) {
  EXPECT_FALSE(context_bound({reviewer("a")}, 0)->has_value());
  EXPECT_FALSE(context_bound({}, 0)->has_value());
  const auto tiny = context_bound({reviewer("a", 8'100)}, 0);
  ASSERT_FALSE(tiny.has_value());
  EXPECT_EQ(tiny.error().message,
            "agents.a.context_tokens: 8100 leave no room for a change; prompt and answer alone take about 8000");
  EXPECT_TRUE(context_bound({reviewer("a", ~std::uint64_t{0})}, 0)->has_value());
}

TEST(CutToFit, a_change_that_fits_is_one_part) {
  const World world(3, 10);
  const auto cut = cut_to_fit(built_in_config(), world.input({reviewer("a")}), std::nullopt);
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->chunks.size(), 1U);
  EXPECT_TRUE(cut->warnings.empty());
}

TEST(CutToFit, no_part_is_larger_than_one_piece_may_be) {
  const World world(20, 200);
  for (const char* settings : {"[review]\nmax_bytes = \"5k\"", "[review]\nmax_bytes = 5000\nchunk_bytes = \"50k\""}) {
    const auto cut = cut_to_fit(config_of(settings), world.input({reviewer("a")}), {});
    ASSERT_TRUE(cut.has_value());
    for (const Chunk& chunk : cut->chunks) EXPECT_LE(chunk.plan.kept.value, 5'000U);
  }
  const auto tiny = cut_to_fit(config_of("[review]\nmax_bytes = 1"), world.input({reviewer("a")}), {});
  ASSERT_TRUE(tiny.has_value());
  EXPECT_LT(tiny->chunks.size(), 100U) << "parts of a thousand bytes, not of one";
}

TEST(CutToFit, a_change_over_max_bytes_is_cut_to_chunk_bytes) {
  const World world(20, 200);  // some 18 kB
  const auto cut =
      cut_to_fit(config_of("[review]\nmax_bytes = \"5k\"\nchunk_bytes = \"5k\""), world.input({reviewer("a")}), {});
  ASSERT_TRUE(cut.has_value());
  EXPECT_GE(cut->chunks.size(), 4U);
  for (const Chunk& chunk : cut->chunks) EXPECT_LE(chunk.plan.kept.value, 5'000U);
}

// Short lines are three times as long once they carry their numbers: the bytes of the diff would say too little.
TEST(CutToFit, parts_fit_the_context_as_they_are_shown) {
  const World world(4, 2'000);
  const ContextBound bound{{12'000}, "small", 12'000};
  const auto cut = cut_to_fit(built_in_config(), world.input({reviewer("small", 12'000)}), bound);
  ASSERT_TRUE(cut.has_value());
  EXPECT_LE(largest_shown(cut->chunks), bound.shown.value);
  EXPECT_TRUE(cut->warnings.empty());
  EXPECT_LT(cut->chunks.size(), 40U);  // and not in crumbs
}

TEST(CutToFit, what_may_not_be_cut_is_an_error_and_what_cannot_be_cut_a_warning) {
  const World world(1, 5'000);
  const ContextBound bound{{3'000}, "small", 9'000};
  const auto refused = cut_to_fit(config_of("[review]\nchunk = false"), world.input({reviewer("small", 9'000)}), bound);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message.substr(0, 10), "too_large:");

  World long_line(1, 1);
  long_line.change = change_from("--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+" + std::string(9'000, 'x') + "\n");
  long_line.plan = *make_plan(long_line.change, {});
  const auto cut = cut_to_fit(built_in_config(), long_line.input({reviewer("small", 9'000)}), bound);
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->warnings.size(), 1U);
}

TEST(CutToFit, divided_files_make_a_part_for_each_reviewer_that_is_there) {
  const World world(6, 50);
  TrialSettings settings;
  settings.division = Division::files;
  RosterEntry absent = reviewer("absent");
  absent.available = false;
  const auto cut =
      cut_to_fit(built_in_config(), world.input({reviewer("a"), reviewer("b"), absent, reviewer("c")}, settings), {});
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->chunks.size(), 3U);
}

}  // namespace
}  // namespace assize
