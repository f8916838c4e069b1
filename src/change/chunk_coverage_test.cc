#include "change/chunk_coverage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

// Of x.c, the hunk at 1 is in chunk 0, the hunk at 50 in chunks 0 and 1, the hunk at 90 in chunk 1; y.c is in chunk 1.
struct Sample {
  Change change;
  Plan plan;
  std::vector<Chunk> chunks;

  Sample() {
    change.files = parse_patch(
                       "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n@@ -50,1 +50,2 @@\n-c\n+d\n+e\n"
                       "@@ -90 +91 @@\n-f\n+g\n"
                       "diff --git a/p b/y.c\nrename from p\nrename to y.c\n"
                       "diff --git a/go.sum b/go.sum\n--- a/go.sum\n+++ b/go.sum\n@@ -1 +1 @@\n-a\n+b\n")
                       .value()
                       .files;
    plan = make_plan(change, {}).value();
    chunks.resize(2);
    chunks[0].parts = {{0, 0, false}, {0, 1, true}};
    chunks[1].parts = {{0, 1, true}, {0, 2, false}, {1, std::nullopt, false}};
  }

  // "x.c: a | a b | b" for each file.
  std::string marked(const std::vector<ChunkCover>& covers) const {
    auto coverage = coverage_of(change, plan);
    mark_covered(coverage, chunks, covers);
    std::string text;
    for (const FileCoverage& file : coverage) {
      text += (text.empty() ? "" : "; ") + file.path + ":";
      for (const HunkCoverage& hunk : file.hunks) text += fmt::format(" [{}]", fmt::join(hunk.agents, " "));
    }
    return text;
  }
};

TEST(ChunkCoverage, a_hunk_is_covered_by_those_who_cover_every_chunk_that_shows_it) {
  const Sample sample;
  struct Case {
    std::vector<ChunkCover> covers;
    std::string marked;
  };
  const Case cases[] = {
      {{}, "x.c: [] [] []; y.c: []; go.sum:"},
      {{{"a", "x.c", 0}}, "x.c: [a] [] []; y.c: []; go.sum:"},
      {{{"a", "x.c", 1}}, "x.c: [] [] [a]; y.c: []; go.sum:"},
      {{{"a", "x.c", 0}, {"a", "x.c", 1}}, "x.c: [a] [a] [a]; y.c: []; go.sum:"},
      // Two agents that saw one half each have not covered the hunk.
      {{{"a", "x.c", 0}, {"b", "x.c", 1}}, "x.c: [a] [] [b]; y.c: []; go.sum:"},
      // In the order of the input, not of names or chunks.
      {{{"b", "x.c", 1}, {"a", "x.c", 0}, {"a", "x.c", 1}, {"b", "x.c", 0}},
       "x.c: [b a] [b a] [b a]; y.c: []; go.sum:"},
      // Said twice is said once; what is in no chunk is nothing.
      {{{"a", "x.c", 0}, {"a", "x.c", 0}, {"a", "x.c", 7}, {"a", "x.c", -1}, {"a", "z.c", 0}, {"a", "y.c", 0}},
       "x.c: [a] [] []; y.c: []; go.sum:"},
      {{{"a", "y.c", 1}, {"a", "go.sum", 1}}, "x.c: [] [] []; y.c: [a]; go.sum:"},
  };
  for (const Case& test : cases) EXPECT_EQ(sample.marked(test.covers), test.marked);
}

TEST(ChunkCoverage, the_raw_text_of_a_combined_diff_is_part_of_all_hunks) {
  Sample sample;
  sample.chunks[1].parts.push_back({0, std::nullopt, false});
  EXPECT_EQ(sample.marked({{"a", "x.c", 0}, {"b", "x.c", 1}}), "x.c: [] [] [b]; y.c: []; go.sum:");
  EXPECT_EQ(sample.marked({{"a", "x.c", 0}, {"a", "x.c", 1}}), "x.c: [a] [a] [a]; y.c: []; go.sum:");
}

TEST(ChunkCoverage, a_hunk_that_no_chunk_shows_is_covered_by_nobody) {
  Sample sample;
  sample.chunks[1].parts.pop_back();
  EXPECT_EQ(sample.marked({{"a", "y.c", 1}}), "x.c: [] [] []; y.c: []; go.sum:");
}

TEST(ChunkCoverage, of_a_change_that_was_cut_is_whole_when_all_chunks_are_covered) {
  std::string patch;
  for (int f = 0; f < 20; ++f) {
    patch += fmt::format("diff --git a/{0}.c b/{0}.c\n--- /dev/null\n+++ b/{0}.c\n@@ -0,0 +1,100 @@\n", f);
    for (int i = 0; i < 100; ++i) patch += fmt::format("+line {}\n", i);
  }
  Change change;
  change.files = parse_patch(patch).value().files;
  const Plan plan = make_plan(change, {}).value();
  const auto chunks = cut_into_chunks(change, plan, {.max_bytes = {0}, .chunk_bytes = {700}});
  std::vector<ChunkCover> covers;
  for (const std::string agent : {"a", "b"}) {
    for (std::size_t c = 0; c < chunks.size(); ++c) {
      if (agent == "b" && c + 1 == chunks.size()) continue;  // all but the last
      for (const FileChange& file : chunks[c].change.files) covers.push_back({agent, file.path(), static_cast<int>(c)});
    }
  }
  auto coverage = coverage_of(change, plan);
  mark_covered(coverage, chunks, covers);
  std::size_t by_both = 0;
  for (const FileCoverage& file : coverage) {
    ASSERT_EQ(file.hunks.size(), 1U);
    ASSERT_FALSE(file.hunks[0].agents.empty());
    EXPECT_EQ(file.hunks[0].agents[0], "a");
    by_both += file.hunks[0].agents.size() == 2 ? 1 : 0;
  }
  EXPECT_EQ(by_both, 19U);
}

}  // namespace
}  // namespace assize
