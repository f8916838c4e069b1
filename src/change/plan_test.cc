#include "change/plan.h"

#include <gtest/gtest.h>

#include "change/diff_parser.h"

namespace assize {
namespace {

// A file that gets one line.
FileChange with_line(std::string path, std::string_view text, std::string mode = "100644") {
  FileChange file;
  file.old_path = file.new_path = std::move(path);
  file.new_mode = file.old_mode = std::move(mode);
  Hunk hunk;
  hunk.new_start = hunk.new_count = 1;
  hunk.lines.push_back({LineKind::added, 0, 1, text, false});
  file.hunks.push_back(std::move(hunk));
  file.bytes = text.size() + 40;
  return file;
}

PlannedFile plan_one(FileChange file, const PlanOptions& options = {}) {
  Change change;
  change.files.push_back(std::move(file));
  const auto plan = make_plan(change, options);
  EXPECT_TRUE(plan) << plan.error().message;
  return plan ? plan->files[0] : PlannedFile{};
}

constexpr std::string_view kNul("a\0b", 3);

TEST(Plan, says_why_a_file_is_set_aside_and_whether_that_is_risky) {
  struct Case {
    FileChange file;
    std::optional<SetAside> reason;
    bool risky;
  };
  const auto flagged = [](std::string path, bool FileChange::*flag) {
    FileChange file = with_line(std::move(path), "x");
    file.hunks.clear();
    file.*flag = true;
    return file;
  };
  const Case cases[] = {
      {with_line("src/x.c", "int x;"), std::nullopt, false},
      {with_line("build/x.c", "int x;"), std::nullopt, false},  // a directory's name says nothing
      {with_line("dist/node_modules/a.js", "x"), std::nullopt, false},
      {with_line("README", "hello"), std::nullopt, false},
      {with_line("x.c", kNul), std::nullopt, false},  // source by name: shown, escaped
      {with_line("tool", "#!/bin/sh \xFF\xFE\xFD\xFC\xFB\xFA"), std::nullopt, false},
      {with_line("logo.png", kNul), SetAside::binary, false},
      {with_line("logo", "\xFF\xD8\xFF\xE0\x10\x11\x12\x13"), SetAside::binary, false},
      {with_line("libx.so.1.2", kNul), SetAside::binary, true},
      {with_line("tool", kNul, "100755"), SetAside::binary, true},
      {with_line("tool", std::string_view("\x7F"
                                          "ELF\0",
                                          5)),
       SetAside::binary, true},
      {flagged("x.py", &FileChange::binary), SetAside::binary, true},
      {flagged("a.png", &FileChange::binary), SetAside::binary, false},
      {with_line("package-lock.json", "{"), SetAside::generated, false},
      {with_line("sub/Cargo.lock", "{"), SetAside::generated, false},
      {with_line("go.sum", "#!/bin/sh"), SetAside::generated, true},
      {with_line("app.min.js", "x"), SetAside::generated, true},
      {with_line("app.js.map", "{"), SetAside::generated, false},
      {with_line("x.test.js.snap", "exports"), SetAside::generated, true},
      {with_line("api.pb.go", "package api"), SetAside::generated, true},
      {flagged("vendor/lib", &FileChange::submodule), SetAside::submodule, true},
      {flagged("huge.c", &FileChange::unread), SetAside::too_large_file, true},
      {flagged("x.c", &FileChange::damaged), SetAside::no_text, true},
  };
  for (const Case& test : cases) {
    const PlannedFile planned = plan_one(test.file);
    EXPECT_EQ(planned.set_aside, test.reason) << test.file.path() << ": " << planned.detail;
    EXPECT_EQ(planned.risky, test.risky) << test.file.path();
    EXPECT_EQ(planned.detail.empty(), !test.reason.has_value()) << test.file.path();
  }
}

TEST(Plan, globs_choose_by_the_whole_path) {
  const PlanOptions options{.include = {"src/**", "*.md"}, .exclude = {"src/gen/", "!src/gen/keep.c"}};
  EXPECT_FALSE(plan_one(with_line("src/a/x.c", "x"), options).set_aside);
  EXPECT_FALSE(plan_one(with_line("docs/x.md", "x"), options).set_aside);
  EXPECT_FALSE(plan_one(with_line("src/gen/keep.c", "x"), options).set_aside);
  EXPECT_EQ(plan_one(with_line("lib/x.c", "x"), options).set_aside, SetAside::not_included);
  const PlannedFile excluded = plan_one(with_line("src/gen/x.c", "x"), options);
  EXPECT_EQ(excluded.set_aside, SetAside::excluded);
  EXPECT_EQ(excluded.detail, "src/gen/");
  EXPECT_FALSE(make_plan({}, {.include = {"[a"}}));
}

TEST(Plan, the_base_may_call_a_file_generated) {
  const PlanOptions options{.is_generated_by_attribute = [](std::string_view path) { return path == "gen/api.c"; }};
  EXPECT_EQ(plan_one(with_line("gen/api.c", "x"), options).set_aside, SetAside::generated);
  EXPECT_FALSE(plan_one(with_line("gen/api.h", "x"), options).set_aside);
}

TEST(Plan, a_large_file_is_set_aside_and_a_large_change_that_may_not_be_cut_is_an_error_with_sizes) {
  EXPECT_EQ(plan_one(with_line("x.c", "0123456789"), {.max_file_bytes = {20}}).set_aside, SetAside::too_large_file);
  Change change;
  change.files.push_back(with_line("x.c", "0123456789"));
  change.files.push_back(with_line("logo.png", kNul));
  const auto plan = make_plan(change, {.max_bytes = {49}, .chunking = Chunking::refuse});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::invalid);
  EXPECT_EQ(plan.error().message,
            "too_large: the change has 50 bytes of diff in 1 files to review, more than the 49 of --max-bytes; the "
            "largest is x.c with 50");
  for (const std::string_view option : {"--max-bytes", "--chunk", "--exclude"}) {
    EXPECT_NE(plan.error().hint.find(option), std::string::npos) << option;
  }
  EXPECT_TRUE(make_plan(change, {.max_bytes = {50}, .chunking = Chunking::refuse}));
  const auto cut = make_plan(change, {.max_bytes = {49}});
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->kept.value, 50U);
  EXPECT_FALSE(cut->files[0].risky);  // being cut hides nothing
}

TEST(Plan, a_line_that_is_cut_makes_the_file_risky) {
  const std::string line(kMaxShownLine + 1, 'x');
  const PlannedFile planned = plan_one(with_line("x.c", line), {.max_bytes = {10'000'000}});
  EXPECT_FALSE(planned.set_aside);
  EXPECT_EQ(planned.cut_lines, 1U);
  EXPECT_EQ(planned.detail, "a line over 1048576 bytes, cut");
  EXPECT_TRUE(planned.risky);
}

TEST(Plan, coverage_lists_every_file_and_hunk) {
  auto parsed = parse_patch(std::string_view(
      "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n a\n+b\n+c\n-d\n@@ -9,2 +10,0 @@\n-e\n-f\n"
      "diff --git a/old.c b/old.c\ndeleted file mode 100644\n--- a/old.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"
      "diff --git a/p b/q\nrename from p\nrename to q\n"
      "diff --git a/a.png b/a.png\nBinary files a/a.png and b/a.png differ\n"));
  Change change;
  change.files = std::move(parsed->files);
  const auto coverage = coverage_of(change, *make_plan(change, {}));
  ASSERT_EQ(coverage.size(), 4U);
  ASSERT_EQ(coverage[0].hunks.size(), 2U);
  EXPECT_EQ(coverage[0].hunks[0].lines, (LineRange{1, 3}));
  EXPECT_EQ(coverage[0].hunks[1].lines, (LineRange{10, 10}));
  EXPECT_EQ(coverage[0].added, 2U);
  EXPECT_EQ(coverage[0].removed, 3U);
  EXPECT_EQ(coverage[1].path, "old.c");
  EXPECT_EQ(coverage[1].hunks[0].lines, (LineRange{1, 2}));
  EXPECT_EQ(coverage[2].path, "q");
  EXPECT_EQ(coverage[2].old_path, "p");
  EXPECT_EQ(coverage[2].kind, "renamed");
  ASSERT_EQ(coverage[2].hunks.size(), 1U);
  EXPECT_EQ(coverage[2].hunks[0].lines, LineRange{});
  EXPECT_EQ(coverage[3].set_aside, SetAside::binary);
  EXPECT_TRUE(coverage[3].hunks.empty());
}

}  // namespace
}  // namespace assize
