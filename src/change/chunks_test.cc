#include "change/chunks.h"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "change/diff_parser.h"
#include "change/surroundings.h"
#include "core/random.h"

namespace assize {
namespace {

// The diff of a file with one hunk of `lines` added lines of ten bytes each.
std::string added(const std::string& path, int lines) {
  std::string text = fmt::format("diff --git a/{0} b/{0}\nnew file mode 100644\n--- /dev/null\n+++ b/{0}\n", path);
  text += fmt::format("@@ -0,0 +1,{} @@\n", lines);
  for (int i = 1; i <= lines; ++i) text += fmt::format("+line{:04}\n", i);
  return text;
}

Change change_of(const std::string& patch) {
  auto parsed = parse_patch(patch);
  EXPECT_TRUE(parsed);
  Change change;
  change.files = std::move(parsed->files);
  change.warnings = std::move(parsed->warnings);
  return change;
}

std::vector<Chunk> cut(const Change& change, const ChunkOptions& options) {
  return cut_into_chunks(change, make_plan(change, {}).value(), options);
}

// "a/x.c b/y.c" for each chunk; "*" after a file of which a part is missing.
std::vector<std::string> names_of(const std::vector<Chunk>& chunks) {
  std::vector<std::string> names;
  for (const Chunk& chunk : chunks) {
    std::string& name = names.emplace_back();
    std::set<std::size_t> seen;
    for (const Chunk::Part& part : chunk.parts) {
      if (!seen.insert(part.file).second) continue;
      const std::string& path = chunk.change.files[seen.size() - 1].path();
      const bool is_cut = std::any_of(chunk.parts.begin(), chunk.parts.end(),
                                      [&](const Chunk::Part& p) { return p.file == part.file && p.cut; });
      name += (name.empty() ? "" : " ") + path + (is_cut ? "*" : "");
    }
  }
  return names;
}

TEST(Chunks, a_change_that_fits_is_one_and_loses_what_is_set_aside) {
  Change change = change_of(added("z.c", 3) + added("package-lock.json", 3) + added("a.c", 3));
  change.title = "title";
  change.body = "body";
  change.source = "--staged";
  change.base = "b";
  change.head = "h";
  change.repository = "/r";
  change.private_files = {".env"};
  change.warnings = {{"z.c", 1, "of z"}, {"package-lock.json", 2, "of the lock"}, {"", 3, "of all"}};
  const auto chunks = cut(change, {});
  ASSERT_EQ(names_of(chunks), (std::vector<std::string>{"z.c a.c"}));  // in the change's order
  const Change& part = chunks[0].change;
  EXPECT_EQ(part.title + part.body + part.source + part.base + part.head + part.repository, "titlebody--stagedbh/r");
  ASSERT_EQ(part.warnings.size(), 1U);
  EXPECT_EQ(part.warnings[0].message, "of z");
  EXPECT_TRUE(part.private_files.empty());
  EXPECT_EQ(part.digest, digest_of(part));
  ASSERT_EQ(chunks[0].parts.size(), 2U);
  EXPECT_EQ(chunks[0].parts[1].file, 2U);
  EXPECT_EQ(chunks[0].parts[1].hunk, 0U);
  EXPECT_FALSE(chunks[0].parts[1].cut);
  EXPECT_EQ(chunks[0].plan.kept_files(), 2U);
  EXPECT_EQ(chunks[0].plan.kept.value, change.files[0].bytes + change.files[2].bytes);
  EXPECT_TRUE(cut(change_of(added("package-lock.json", 3)), {}).empty());
  EXPECT_TRUE(cut({}, {}).empty());
}

TEST(Chunks, neighbours_stay_together) {
  struct Case {
    std::string name;
    std::vector<std::pair<std::string, int>> files;  // path, lines of ten bytes
    std::vector<std::string> chunks;                 // of at most 1,000 bytes
  };
  const Case cases[] = {
      {"in path order", {{"b.c", 40}, {"a.c", 40}, {"c.c", 10}}, {"a.c b.c", "c.c"}},
      {"the end is where directories part",
       {{"a/1.c", 50}, {"a/2.c", 12}, {"b/3.c", 10}, {"b/4.c", 20}},
       {"a/1.c a/2.c", "b/3.c b/4.c"}},
      {"a header stays with its source",
       {{"a/k.c", 50}, {"a/l.c", 12}, {"a/x.c", 10}, {"a/x.h", 20}},
       {"a/k.c a/l.c", "a/x.c a/x.h"}},
      {"what is left small joins a chunk with room", {{"a.c", 50}, {"b.c", 80}, {"c.c", 20}}, {"a.c c.c", "b.c"}},
      {"a file over the bound is cut, its last piece is joined",
       {{"a.c", 10}, {"b.c", 150}, {"c.c", 10}},
       {"a.c", "b.c*", "b.c* c.c"}},
  };
  for (const Case& test : cases) {
    std::string patch;
    for (const auto& [path, lines] : test.files) patch += added(path, lines);
    EXPECT_EQ(names_of(cut(change_of(patch), {.max_bytes = {0}, .chunk_bytes = {1'000}})), test.chunks) << test.name;
  }
}

TEST(Chunks, a_file_over_the_bound_is_split_at_hunks_and_keeps_its_header) {
  std::string patch =
      "diff --git a/o.c b/n.c\nsimilarity index 90%\nrename from o.c\nrename to n.c\n--- a/o.c\n+++ b/n.c\n";
  for (int i = 0; i < 3; ++i)
    patch += fmt::format("@@ -{0},2 +{0},2 @@ f{1}()\n a\n-{2}\n+{2}\n", i * 10 + 1, i, std::string(90, 'x'));
  const auto chunks = cut(change_of(patch), {.max_bytes = {0}, .chunk_bytes = {600}});
  ASSERT_EQ(names_of(chunks), (std::vector<std::string>{"n.c", "n.c"}));
  const FileChange& second = chunks[1].change.files[0];
  EXPECT_EQ(second.old_path, "o.c");
  EXPECT_EQ(second.kind, FileKind::renamed);
  ASSERT_EQ(second.hunks.size(), 1U);
  EXPECT_EQ(second.hunks[0].old_start, 21U);
  EXPECT_EQ(second.hunks[0].section, "f2()");
  ASSERT_EQ(chunks[1].parts.size(), 1U);
  EXPECT_EQ(chunks[1].parts[0].hunk, 2U);
  EXPECT_FALSE(chunks[1].parts[0].cut);
}

TEST(Chunks, a_hunk_over_the_bound_is_split_at_lines_with_three_shown_twice) {
  std::string patch = "--- a/x.c\n+++ b/x.c\n@@ -11,60 +21,60 @@ int f()\n";
  for (int i = 0; i < 20; ++i) patch += fmt::format(" same{0:04}\n-gone{0:04}\n+came{0:04}\n same{0:04}b\n", i);
  const Change change = change_of(patch);
  const auto chunks = cut(change, {.max_bytes = {0}, .chunk_bytes = {350}});
  ASSERT_EQ(chunks.size(), 4U);
  std::size_t next = 0;  // first line of the whole hunk that is still to come
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const FileChange& file = chunks[i].change.files.at(0);
    const Hunk& hunk = file.hunks.at(0);
    EXPECT_LE(file.bytes, 350U);
    EXPECT_TRUE(chunks[i].parts.at(0).cut);
    EXPECT_EQ(hunk.section, i == 0 ? "int f()" : "");
    const auto& whole = change.files[0].hunks[0].lines;
    const std::size_t first = i == 0 ? 0 : next - kChunkOverlap;
    for (std::size_t l = 0; l < hunk.lines.size(); ++l) EXPECT_EQ(hunk.lines[l].text, whole.at(first + l).text);
    next = first + hunk.lines.size();
  }
  EXPECT_EQ(next, change.files[0].hunks[0].lines.size());
  EXPECT_EQ(render_numbered(chunks[1].change, chunks[1].plan).substr(0, 80),
            "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -29,21 +39,21 @@\n  39   same0006\n ");
}

TEST(Chunks, pieces_without_lines_of_one_side_are_numbered_from_the_line_before) {
  std::string patch = "--- a/x.c\n+++ b/x.c\n@@ -5,41 +5,41 @@\n same\n";
  for (int i = 0; i < 40; ++i) patch += fmt::format("-gone{:04}\n", i);
  for (int i = 0; i < 40; ++i) patch += fmt::format("+came{:04}\n", i);
  const auto chunks = cut(change_of(patch), {.max_bytes = {0}, .chunk_bytes = {250}});
  ASSERT_EQ(chunks.size(), 6U);
  const auto header = [&](std::size_t i) {
    const Hunk& hunk = chunks[i].change.files[0].hunks[0];
    return fmt::format("-{},{} +{},{}", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count);
  };
  EXPECT_EQ(header(0), "-5,19 +5,1");
  EXPECT_EQ(header(1), "-21,18 +5,0");  // only removes: after new line 5
  EXPECT_EQ(header(5), "-45,0 +41,5");  // only adds: after old line 45
}

TEST(Chunks, a_line_over_the_bound_is_a_piece_of_its_own) {
  const std::string patch = "--- a/x.js\n+++ b/x.js\n@@ -1,2 +1,3 @@\n a\n+" + std::string(5'000, 'x') + "\n b\n";
  const auto chunks = cut(change_of(patch), {.max_bytes = {0}, .chunk_bytes = {1'000}});
  ASSERT_EQ(chunks.size(), 3U);
  ASSERT_EQ(chunks[1].change.files[0].hunks[0].lines.size(), 1U);
  EXPECT_EQ(chunks[1].change.files[0].hunks[0].lines[0].text.size(), 5'000U);
  EXPECT_EQ(chunks[1].change.files[0].hunks[0].old_start, 1U);
  EXPECT_EQ(chunks[1].change.files[0].hunks[0].new_start, 2U);
}

TEST(Chunks, files_without_hunks_and_combined_diffs_come_along) {
  std::string combined = "diff --cc m.c\nindex 1,2..3\n--- a/m.c\n+++ b/m.c\n@@@ -1,1 -1,1 +1,40 @@@\n";
  for (int i = 0; i < 40; ++i) combined += fmt::format("++line {:04}\n", i);
  const Change change = change_of("diff --git a/p b/q\nrename from p\nrename to q\n" + combined);
  EXPECT_EQ(names_of(cut(change, {})), (std::vector<std::string>{"q m.c"}));
  const auto chunks = cut(change, {.max_bytes = {0}, .chunk_bytes = {300}});
  ASSERT_EQ(names_of(chunks), (std::vector<std::string>{"m.c*", "m.c*", "m.c*", "m.c* q"}));
  const std::string& second = *chunks[1].change.files[0].combined;
  EXPECT_EQ(second.find("diff --cc m.c\nindex 1,2..3\n--- a/m.c\n+++ b/m.c\n++line 00"), 0U) << second;
  EXPECT_TRUE(chunks[3].change.files[0].combined->ends_with("++line 0039\n"));
  EXPECT_FALSE(chunks[1].parts[0].hunk);
  EXPECT_FALSE(chunks[3].parts[1].hunk);
  EXPECT_FALSE(chunks[3].parts[1].cut);
}

TEST(Chunks, a_damaged_file_stays_marked_in_each_part) {
  std::string patch = "--- a/x.c\n+++ b/x.c\n@@ -1,1 +1,900 @@\n";
  for (int i = 0; i < 60; ++i) patch += fmt::format("+line{:04}\n", i);
  const Change change = change_of(patch);
  ASSERT_TRUE(change.files[0].damaged);
  const auto chunks = cut(change, {.max_bytes = {0}, .chunk_bytes = {400}});
  ASSERT_GT(chunks.size(), 1U);
  std::size_t warnings = 0;
  for (const Chunk& chunk : chunks) {
    EXPECT_TRUE(chunk.change.files[0].damaged);
    EXPECT_TRUE(chunk.plan.files[0].risky);
    warnings += chunk.change.warnings.size();
  }
  EXPECT_EQ(warnings, change.warnings.size());
}

TEST(Chunks, names_that_fill_the_bound_are_not_repeated_with_each_line) {
  const auto chunks =
      cut(change_of(added(std::string(3'000, 'n') + ".c", 200)), {.max_bytes = {0}, .chunk_bytes = {4'000}});
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_EQ(chunks[0].change.files[0].hunks[0].lines.size(), 200U);
}

TEST(Chunks, a_change_is_divided_evenly_among_reviewers) {
  struct Case {
    std::string name;
    std::vector<std::pair<std::string, int>> files;
    std::size_t at_least;
    std::vector<std::string> chunks;
  };
  const Case cases[] = {
      {"by files", {{"a.c", 10}, {"b.c", 10}, {"c.c", 10}, {"d.c", 10}}, 2, {"a.c b.c", "c.c d.c"}},
      {"evenly", {{"a.c", 10}, {"b.c", 10}, {"c.c", 10}, {"d.c", 10}, {"e.c", 30}}, 2, {"a.c b.c c.c", "d.c e.c"}},
      {"files stay whole", {{"a.c", 90}, {"b.c", 10}, {"c.c", 10}}, 3, {"a.c", "b.c", "c.c"}},
      {"as many as were asked for", {{"a.c", 9}, {"b.c", 9}, {"c.c", 9}, {"d.c", 9}}, 3, {"a.c", "b.c", "c.c d.c"}},
      {"not enough to divide", {{"a.c", 10}, {"b.c", 10}}, 4, {"a.c", "b.c"}},
      {"a large hunk is cut", {{"a.c", 1'000}}, 2, {"a.c*", "a.c*"}},
  };
  for (const Case& test : cases) {
    std::string patch;
    for (const auto& [path, lines] : test.files) patch += added(path, lines);
    const auto chunks = cut(change_of(patch), {.at_least = test.at_least});
    EXPECT_EQ(names_of(chunks), test.chunks) << test.name;
  }
  const auto thirds = cut(change_of(added("a.c", 3'000)), {.at_least = 3});
  ASSERT_EQ(thirds.size(), 3U);
  for (const Chunk& chunk : thirds) EXPECT_NEAR(static_cast<double>(chunk.plan.kept.value), 10'200, 300);
}

TEST(Chunks, a_file_of_several_hunks_is_divided_at_them) {
  std::string patch = "--- a/x.c\n+++ b/x.c\n";
  for (int i = 0; i < 4; ++i) patch += fmt::format("@@ -{0},1 +{0},1 @@\n-a\n+b\n", i * 10 + 1);
  const auto chunks = cut(change_of(patch), {.at_least = 2});
  ASSERT_EQ(chunks.size(), 2U);
  for (const Chunk& chunk : chunks) EXPECT_EQ(chunk.parts.size(), 2U);
}

TEST(Chunks, the_code_around_a_cut_hunk_comes_from_the_same_file) {
  std::string patch = "--- a/x.c\n+++ b/x.c\n@@ -31,0 +31,40 @@\n";
  std::string image;
  for (int i = 1; i <= 100; ++i) image += fmt::format("line{:04}\n", i);
  for (int i = 31; i <= 70; ++i) patch += fmt::format("+line{:04}\n", i);
  PostImages images;
  images["x.c"] = std::make_shared<const std::string>(image);
  const auto chunks = cut(change_of(patch), {.max_bytes = {0}, .chunk_bytes = {400}});
  ASSERT_EQ(chunks.size(), 2U);
  const Hunk& second = chunks[1].change.files[0].hunks[0];
  const std::string around = render_surroundings(chunks[1].change, chunks[1].plan, images);
  const std::uint32_t last = second.new_start + second.new_count;  // the first line after it
  EXPECT_EQ(around.find(fmt::format("x.c:\n{0:>4}   line{0:04}\n", second.new_start - kSurroundingLines)), 0U)
      << around;
  EXPECT_NE(around.find(fmt::format("{0:>4}   line{0:04}\n     …\n{1:>4}   line{1:04}\n", second.new_start - 1, last)),
            std::string::npos)
      << around;
}

// ---- properties, over changes drawn by lot

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(random_stream(seed, "chunks", "")) {}
  std::uint32_t below(std::uint32_t bound) { return random_.below(bound); }

  std::string patch() {
    std::string text;
    const std::uint32_t files = 1 + below(12);
    for (std::uint32_t i = 0; i < files; ++i) {
      const std::string path = fmt::format("{}/{}{}.c", "abc"[below(3)], below(2) ? "sub/" : "", i);
      text += fmt::format("diff --git a/{0} b/{0}\n", path);
      if (below(8) == 0) {
        text += "old mode 100644\nnew mode 100755\n";
        continue;
      }
      text += fmt::format("--- a/{0}\n+++ b/{0}\n", path);
      std::uint32_t old_next = 1;
      std::uint32_t new_next = 1;
      const std::uint32_t hunks = 1 + below(4);
      for (std::uint32_t h = 0; h < hunks; ++h) text += hunk(old_next, new_next);
    }
    return text;
  }

 private:
  std::string hunk(std::uint32_t& old_next, std::uint32_t& new_next) {
    const std::uint32_t skipped = 1 + below(50);
    old_next += skipped;
    new_next += skipped;
    std::string lines;
    std::uint32_t old_count = 0;
    std::uint32_t new_count = 0;
    const std::uint32_t count = 1 + below(below(6) == 0 ? 200 : 20);
    const std::uint32_t only = below(6);  // some hunks have one kind of line alone
    for (std::uint32_t i = 0; i < count; ++i) {
      const char marker = " +-"[only < 3 ? only : below(3)];
      lines += marker + std::string(below(below(30) == 0 ? 500 : 40), static_cast<char>('a' + i % 26)) + "\n";
      old_count += marker != '+' ? 1 : 0;
      new_count += marker != '-' ? 1 : 0;
    }
    std::string text = fmt::format("@@ -{},{} +{},{} @@{}\n", old_count ? old_next : old_next - 1, old_count,
                                   new_count ? new_next : new_next - 1, new_count, below(2) ? " f()" : "");
    old_next += old_count;
    new_next += new_count;
    return text + lines;
  }

  Pcg32 random_;
};

// A chunk's file as a diff again.
std::string diff_of(const FileChange& file) {
  std::string text = fmt::format("diff --git a/{0} b/{0}\n", file.path());
  if (file.old_mode != file.new_mode) text += fmt::format("old mode {}\nnew mode {}\n", file.old_mode, file.new_mode);
  if (!file.hunks.empty()) text += fmt::format("--- a/{0}\n+++ b/{0}\n", file.path());
  for (const Hunk& hunk : file.hunks) {
    text += fmt::format("@@ -{},{} +{},{} @@{}{}\n", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count,
                        hunk.section.empty() ? "" : " ", hunk.section);
    for (const Line& line : hunk.lines) {
      text += line.kind == LineKind::context ? ' ' : line.kind == LineKind::added ? '+' : '-';
      text += fmt::format("{}\n", line.text);
    }
  }
  return text;
}

using LineKey = std::tuple<std::string, LineKind, std::uint32_t, std::uint32_t, std::string_view>;

void collect(const FileChange& file, std::map<LineKey, int>& lines) {
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) ++lines[{file.path(), line.kind, line.old_no, line.new_no, line.text}];
  }
}

void expect_cut_well(const Change& change, const std::vector<Chunk>& chunks, const ChunkOptions& options) {
  std::map<LineKey, int> whole;
  std::map<LineKey, int> shown;
  std::set<std::pair<std::size_t, std::size_t>> hunks;
  std::set<std::size_t> files;
  for (const FileChange& file : change.files) collect(file, whole);
  for (const Chunk& chunk : chunks) {
    std::set<std::string> paths;
    std::size_t single_lines = 0;
    std::size_t shown_hunks = 0;
    std::uint64_t bytes = 0;
    for (const FileChange& file : chunk.change.files) {
      EXPECT_TRUE(paths.insert(file.path()).second);
      collect(file, shown);
      bytes += file.bytes;
      shown_hunks += std::max<std::size_t>(file.hunks.size(), 1);
      for (const Hunk& hunk : file.hunks) single_lines += hunk.lines.size() == 1 ? 1 : 0;
      // Read again, each header's counts and numbers must be those of its lines.
      const auto parsed = parse_patch(diff_of(file));
      ASSERT_TRUE(parsed);
      EXPECT_TRUE(parsed->warnings.empty()) << parsed->warnings[0].message;
      ASSERT_EQ(parsed->files.size(), 1U);
      ASSERT_EQ(parsed->files[0].hunks.size(), file.hunks.size());
      for (std::size_t h = 0; h < file.hunks.size(); ++h) {
        ASSERT_EQ(parsed->files[0].hunks[h].lines.size(), file.hunks[h].lines.size());
        for (std::size_t l = 0; l < file.hunks[h].lines.size(); ++l) {
          EXPECT_EQ(parsed->files[0].hunks[h].lines[l].old_no, file.hunks[h].lines[l].old_no);
          EXPECT_EQ(parsed->files[0].hunks[h].lines[l].new_no, file.hunks[h].lines[l].new_no);
        }
      }
    }
    EXPECT_EQ(bytes, chunk.plan.kept.value);
    EXPECT_EQ(chunk.parts.size(), shown_hunks);
    for (const Chunk::Part& part : chunk.parts) {
      files.insert(part.file);
      if (part.hunk) hunks.insert({part.file, *part.hunk});
    }
    const bool may_be_over = chunk.parts.size() == 1 && (single_lines == 1 || !chunk.parts[0].hunk);
    EXPECT_TRUE(may_be_over || chunks.size() == 1 || bytes <= options.chunk_bytes.value) << bytes;
  }
  for (const auto& [line, count] : whole) {
    EXPECT_GE(shown[line], count);
    EXPECT_LE(shown[line], count * 4);
  }
  EXPECT_EQ(shown.size(), whole.size());
  EXPECT_EQ(files.size(), change.files.size());
  for (std::size_t f = 0; f < change.files.size(); ++f) {
    for (std::size_t h = 0; h < change.files[f].hunks.size(); ++h) EXPECT_TRUE(hunks.contains({f, h}));
  }
}

TEST(Chunks, every_line_is_shown_within_the_bound_and_twice_the_same) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Draw draw(seed);
    const Change change = change_of(draw.patch());
    const ChunkOptions options{.max_bytes = {draw.below(2) ? 0U : 4'000U},
                               .chunk_bytes = {200 + draw.below(draw.below(2) ? 400 : 4'000)},
                               .at_least = draw.below(3) ? 1U : 1 + draw.below(8)};
    const auto chunks = cut(change, options);
    SCOPED_TRACE(fmt::format("seed {}, {} chunks of {}", seed, chunks.size(), options.chunk_bytes.value));
    expect_cut_well(change, chunks, options);
    const auto again = cut(change, options);
    ASSERT_EQ(again.size(), chunks.size());
    for (std::size_t i = 0; i < chunks.size(); ++i) EXPECT_EQ(again[i].change.digest, chunks[i].change.digest);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Chunks, of_a_bound_of_nothing_still_show_every_line) {
  Draw draw(7);
  const Change change = change_of(draw.patch());
  for (const std::uint64_t bound : {0ULL, 1ULL, 60ULL}) {
    std::map<LineKey, int> whole;
    std::map<LineKey, int> shown;
    for (const FileChange& file : change.files) collect(file, whole);
    for (const Chunk& chunk : cut(change, {.max_bytes = {0}, .chunk_bytes = {bound}})) {
      for (const FileChange& file : chunk.change.files) collect(file, shown);
    }
    EXPECT_EQ(shown, whole);
  }
}

}  // namespace
}  // namespace assize
