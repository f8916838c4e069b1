#include "change/diff_parser.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

ParsedPatch parse(std::string_view patch) {
  auto parsed = parse_patch(patch);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? std::move(*parsed) : ParsedPatch{};
}

// "kind old -> new", then each line as "old/new marker text".
std::string show(const FileChange& file) {
  std::string out = std::string(to_string(file.kind)) + " " + file.old_path + " -> " + file.new_path + "\n";
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      out += std::to_string(line.old_no) + "/" + std::to_string(line.new_no) + " ";
      out += line.kind == LineKind::context ? ' ' : line.kind == LineKind::added ? '+' : '-';
      out += std::string(line.text) + (line.no_newline ? "$" : "") + "\n";
    }
  }
  return out;
}

std::string show_all(std::string_view patch) {
  std::string out;
  for (const FileChange& file : parse(patch).files) out += show(file);
  return out;
}

TEST(DiffParser, numbers_the_lines_of_a_git_diff) {
  const ParsedPatch patch = parse(
      "diff --git a/src/x.c b/src/x.c\n"
      "index 1a2b3c4..5d6e7f8 100644\n"
      "--- a/src/x.c\n"
      "+++ b/src/x.c\n"
      "@@ -10,3 +10,4 @@ int main()\n"
      " one\n"
      "-two\n"
      "+TWO\n"
      "+three\n"
      " four\n"
      "@@ -30 +31,0 @@\n"
      "-gone\n");
  ASSERT_EQ(patch.files.size(), 1U);
  EXPECT_EQ(show(patch.files[0]),
            "modified src/x.c -> src/x.c\n10/10  one\n11/0 -two\n0/11 +TWO\n0/12 +three\n12/13  four\n30/0 -gone\n");
  EXPECT_EQ(patch.files[0].hunks[0].section, "int main()");
  EXPECT_EQ(patch.files[0].old_blob, "1a2b3c4");
  EXPECT_EQ(patch.files[0].new_blob, "5d6e7f8");
  EXPECT_EQ(patch.files[0].new_mode, "100644");
  EXPECT_TRUE(patch.warnings.empty());
}

TEST(DiffParser, a_line_of_a_hunk_is_a_line_whatever_it_says) {
  EXPECT_EQ(show_all("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,4 +1,5 @@\n"
                     " Binary files a and b differ\n"
                     "+diff --git a/x b/x\n"
                     "--- a/y\n"
                     "+++ b/y\n"
                     "+@@ -1 +1 @@\n"
                     "-- \n"
                     " GIT binary patch\n"),
            "modified x -> x\n1/1  Binary files a and b differ\n0/2 +diff --git a/x b/x\n2/0 --- a/y\n0/3 +++ b/y\n"
            "0/4 +@@ -1 +1 @@\n3/0 -- \n4/5  GIT binary patch\n");
}

TEST(DiffParser, the_last_two_lines_of_a_hunk_may_look_like_a_header) {
  EXPECT_EQ(show_all("--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- a/y\n+++ b/y\n@@ -9 +9 @@\n-a\n+b\n"),
            "modified x -> x\n1/0 --- a/y\n0/1 +++ b/y\n9/0 -a\n0/9 +b\n");
}

TEST(DiffParser, reads_every_form_of_a_header) {
  struct Case {
    std::string_view patch, files;
  };
  const Case cases[] = {
      {"diff --git a/new b/new\nnew file mode 100755\nindex 0000000..e69de29\n", "added  -> new\n"},
      {"diff --git a/old b/old\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/old\n+++ /dev/null\n"
       "@@ -1 +0,0 @@\n-x\n",
       "deleted old -> \n1/0 -x\n"},
      {"diff --git a/run b/run\nold mode 100644\nnew mode 100755\n", "mode_changed run -> run\n"},
      {"diff --git a/a b b/c d\nsimilarity index 100%\nrename from a b\nrename to c d\n", "renamed a b -> c d\n"},
      {"diff --git a/a b/b\nsimilarity index 90%\ncopy from a\ncopy to b\n--- a/a\n+++ b/b\n@@ -1 +1 @@\n-x\n+y\n",
       "copied a -> b\n1/0 -x\n0/1 +y\n"},
      {"diff --git \"a/\\303\\244 \\\"q\\\"\\n.c\" \"b/\\303\\244 \\\"q\\\"\\n.c\"\nold mode 100644\nnew mode 100755\n",
       "mode_changed \xC3\xA4 \"q\"\n.c -> \xC3\xA4 \"q\"\n.c\n"},
      {"diff --git a/with b/space b/with b/space\nold mode 100644\nnew mode 100755\n",
       "mode_changed with b/space -> with b/space\n"},
      {"diff --git a/-x b/-x\n--- a/-x\n+++ b/-x\n@@ -0,0 +1 @@\n+y\n", "modified -x -> -x\n0/1 +y\n"},
      {"diff --git a/a file b/a file\n--- a/a file\t\n+++ b/a file\t\n@@ -1 +1 @@\n-x\n+y\n",
       "modified a file -> a file\n1/0 -x\n0/1 +y\n"},
      {"diff --git src/x.c src/x.c\n--- src/x.c\n+++ src/x.c\n@@ -1 +1 @@\n-x\n+y\n",  // --no-prefix
       "modified src/x.c -> src/x.c\n1/0 -x\n0/1 +y\n"},
      {"diff --git a/x.c a/x.c\n--- a/x.c\n+++ a/x.c\n@@ -1 +1 @@\n-x\n+y\n",  // --no-prefix, a folder named a
       "modified a/x.c -> a/x.c\n1/0 -x\n0/1 +y\n"},
      {"diff --git i/x.c w/x.c\n--- i/x.c\n+++ w/x.c\n@@ -1 +1 @@\n-x\n+y\n",  // diff.mnemonicPrefix
       "modified x.c -> x.c\n1/0 -x\n0/1 +y\n"},
      {"diff --git i/x.c w/x.c\nnew file mode 100644\n--- /dev/null\n+++ w/x.c\n@@ -0,0 +1 @@\n+y\n",
       "added  -> x.c\n0/1 +y\n"},
      {"--- a/x.c\t2024-01-01 00:00:00.000000000 +0000\n+++ b/x.c\t2024-01-02 00:00:00.000000000 +0000\n"
       "@@ -1 +1 @@\n-x\n+y\n",
       "modified x.c -> x.c\n1/0 -x\n0/1 +y\n"},
      {"diff -ru v1/src/x.c v2/src/x.c\n--- v1/src/x.c\tMon\n+++ v2/src/x.c\tTue\n@@ -1 +1 @@\n-x\n+y\n",
       "modified src/x.c -> src/x.c\n1/0 -x\n0/1 +y\n"},
      {"--- x.c.orig\n+++ x.c\n@@ -1 +1 @@\n-x\n+y\n", "modified x.c.orig -> x.c\n1/0 -x\n0/1 +y\n"},
      {"--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+y\n", "added  -> x.c\n0/1 +y\n"},
      {"--- v1/n\t1970-01-01 00:00:00.000000000 +0000\n+++ v2/n\t2024-01-02 00:00:00.000000000 +0000\n"
       "@@ -0,0 +1 @@\n+y\n",
       "added  -> n\n0/1 +y\n"},
      {"Index: x.c\n===================\n--- x.c\t(revision 1)\n+++ x.c\t(working copy)\n@@ -1 +1 @@\n-x\n+y\n",
       "modified x.c -> x.c\n1/0 -x\n0/1 +y\n"},
  };
  for (const Case& test : cases) EXPECT_EQ(show_all(test.patch), test.files) << test.patch;
}

TEST(DiffParser, keeps_a_carriage_return_as_text_and_drops_it_from_headers) {
  EXPECT_EQ(show_all("diff --git a/x b/x\r\n--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@ f\r\n-a\r\n+b\r\n c\r\n"),
            "modified x -> x\n1/0 -a\r\n0/1 +b\r\n2/2  c\r\n");
}

TEST(DiffParser, marks_lines_without_a_newline_at_the_end_of_the_file) {
  EXPECT_EQ(show_all("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ Kein Zeilenumbruch\n"),
            "modified x -> x\n1/0 -a$\n0/1 +b$\n");
}

TEST(DiffParser, takes_an_empty_line_for_an_empty_context_line) {
  EXPECT_EQ(show_all("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n"),
            "modified x -> x\n1/1  a\n2/2  \n3/0 -b\n0/3 +c\n");
}

TEST(DiffParser, knows_binary_files_in_header_position) {
  const ParsedPatch patch = parse(
      "diff --git a/a.png b/a.png\nindex 1111111..2222222 100644\nBinary files a/a.png and b/a.png differ\n"
      "diff --git a/new one.png b/new one.png\nnew file mode 100644\nindex 0000000..3333333\n"
      "Binary files /dev/null and b/new one.png differ\n"
      "diff --git a/b.bin b/b.bin\nindex 4444444..5555555 100644\nGIT binary patch\nliteral 3\nKcmZP&`~Lzz\n\n"
      "delta 5\nMcmZ?wbhEHbWB>pF00RI3\n\n"
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n");
  ASSERT_EQ(patch.files.size(), 4U);
  EXPECT_TRUE(patch.files[0].binary);
  EXPECT_EQ(patch.files[1].new_path, "new one.png");
  EXPECT_EQ(patch.files[1].kind, FileKind::added);
  EXPECT_TRUE(patch.files[2].binary);
  EXPECT_EQ(show(patch.files[3]), "modified x -> x\n1/0 -x\n0/1 +y\n");
  EXPECT_TRUE(patch.warnings.empty());
}

TEST(DiffParser, a_binary_patch_cannot_swallow_the_next_file) {
  const ParsedPatch patch = parse(
      "diff --git a/b.bin b/b.bin\nGIT binary patch\nliteral 99999\n"
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n");
  ASSERT_EQ(patch.files.size(), 2U);
  EXPECT_EQ(patch.files[1].hunks.size(), 1U);
}

TEST(DiffParser, keeps_a_combined_diff_as_it_stands) {
  const std::string_view text =
      "diff --cc x.c\nindex 1,2..3\n--- a/x.c\n+++ b/x.c\n@@@ -1,2 -1,2 +1,2 @@@\n  a\n- b\n -c\n++d\n";
  const ParsedPatch patch = parse(std::string(text) + "diff --git a/y b/y\nold mode 100644\nnew mode 100755\n");
  ASSERT_EQ(patch.files.size(), 2U);
  EXPECT_EQ(patch.files[0].path(), "x.c");
  EXPECT_EQ(patch.files[0].combined, text);
  EXPECT_TRUE(patch.files[0].hunks.empty());
}

TEST(DiffParser, knows_submodules) {
  const ParsedPatch patch = parse(
      "diff --git a/lib b/lib\nindex 1111111..2222222 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n"
      "-Subproject commit 1111111\n+Subproject commit 2222222\n"
      "Submodule other dir 1111111..2222222:\n  > a commit\n");
  ASSERT_EQ(patch.files.size(), 2U);
  EXPECT_TRUE(patch.files[0].submodule);
  EXPECT_TRUE(patch.files[1].submodule);
  EXPECT_EQ(patch.files[1].path(), "other dir");
}

TEST(DiffParser, reads_a_series_of_mails) {
  const std::string_view mail =
      "From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: [PATCH] x\n\n"
      "--- not a header\n+++ nor this\n\n- a list\n+ more\n---\n x | 2 +-\n 1 file changed\n\n";
  const std::string first =
      std::string(mail) + "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n-- \n2.39.5\n\n";
  const std::string second =
      std::string(mail) + "diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-x\n+y\n-- \n2.39.5\n\n";
  EXPECT_EQ(show_all(first + second), "modified x -> x\n1/0 -x\n0/1 +y\nmodified y -> y\n1/0 -x\n0/1 +y\n");
  EXPECT_TRUE(parse(first + second).warnings.empty());
}

TEST(DiffParser, a_path_in_two_patches_is_one_file_with_all_hunks_and_a_warning) {
  const std::string one = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n-- \n2.39.5\n\n";
  const ParsedPatch patch = parse(one + one);
  ASSERT_EQ(patch.files.size(), 1U);
  EXPECT_EQ(patch.files[0].hunks.size(), 2U);
  ASSERT_EQ(patch.warnings.size(), 1U);
  EXPECT_EQ(patch.warnings[0].path, "x");
}

TEST(DiffParser, a_file_that_becomes_a_link_is_modified) {
  const ParsedPatch patch = parse(
      "diff --git a/x b/x\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 "
      "@@\n-x\n"
      "diff --git a/x b/x\nnew file mode 120000\nindex 0000000..2222222\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n"
      "+target\n\\ No newline at end of file\n");
  ASSERT_EQ(patch.files.size(), 1U);
  EXPECT_EQ(show(patch.files[0]), "modified x -> x\n1/0 -x\n0/1 +target$\n");
  EXPECT_EQ(patch.files[0].old_mode, "100644");
  EXPECT_EQ(patch.files[0].new_mode, "120000");
  EXPECT_TRUE(patch.warnings.empty());
}

TEST(DiffParser, counts_that_do_not_add_up_keep_the_lines_and_warn) {
  struct Case {
    std::string_view why, patch, files;
  };
  const Case cases[] = {
      {"cut off", "--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n a\n-b\n+c\n", "modified x -> x\n1/1  a\n2/0 -b\n0/2 +c\n"},
      {"too few", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n d\n",
       "modified x -> x\n1/0 -a\n0/1 +b\n0/2 +c\n2/3  d\n"},
      {"another file follows", "--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n",
       "modified x -> x\n1/0 -a\n0/1 +b\nmodified y -> y\n1/0 -c\n0/1 +d\n"},
      {"text in between", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\nwrapped\n+b\n@@ -9 +9 @@\n-c\n+d\n",
       "modified x -> x\n1/0 -a\n9/0 -c\n0/9 +d\n"},
      {"unreadable", "--- a/x\n+++ b/x\n@@ -99999999999 +1 @@\n-a\n+b\n+c\n",
       "modified x -> x\n1/0 -a\n0/1 +b\n0/2 +c\n"},
  };
  for (const Case& test : cases) {
    const ParsedPatch patch = parse(test.patch);
    ASSERT_FALSE(patch.files.empty()) << test.why;
    EXPECT_EQ(show_all(test.patch), test.files) << test.why;
    EXPECT_FALSE(patch.warnings.empty()) << test.why;
    EXPECT_TRUE(patch.files[0].damaged) << test.why;
    EXPECT_EQ(patch.warnings[0].path, "x") << test.why;
    EXPECT_EQ(patch.warnings[0].line, 3U) << test.why;
  }
}

TEST(DiffParser, a_modified_file_whose_change_is_not_shown_is_damaged) {
  const ParsedPatch patch = parse("diff --git a/x.c b/x.c\nindex 1111111..2222222 100644\n");
  ASSERT_EQ(patch.files.size(), 1U);
  EXPECT_TRUE(patch.files[0].damaged);
}

TEST(DiffParser, refuses_what_is_no_diff) {
  for (const std::string_view text : {"hello\n", "--- a\n+++ b\n", "*** a\n--- b\n***************\n"}) {
    const auto parsed = parse_patch(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
  }
  EXPECT_TRUE(parse_patch(std::string_view(" \r\n\t\n"))->files.empty());
  EXPECT_TRUE(parse_patch(std::string_view(""))->files.empty());
  EXPECT_NE(parse_patch(std::string_view("\xFF\xFE-\0", 4)).error().hint.find("UTF-16"), std::string::npos);
}

TEST(DiffParser, a_submodule_line_without_its_end_is_no_submodule) {
  for (const std::string_view line :
       {"Submodule s 1111..", "Submodule s 1111...", "Submodule s ..", "Submodule ", "Submodule  .."}) {
    const auto parsed = parse_patch(std::string(line) + "\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+y\n");
    ASSERT_TRUE(parsed) << line;
    ASSERT_EQ(parsed->files.size(), 1U) << line;
    EXPECT_EQ(parsed->files[0].path(), "x") << line;
  }
}

TEST(DiffParser, holds_its_limits) {
  EXPECT_FALSE(parse_patch(std::string_view("0123456789"), {.max_bytes = {5}}));
  std::string many = "--- a/x\n+++ b/x\n@@ -0,0 +1,9 @@\n";
  for (int i = 0; i < 9; ++i) many += "+\n";
  EXPECT_FALSE(parse_patch(many, {.max_lines = 5}));
  EXPECT_TRUE(parse_patch(many, {.max_lines = 9}));
}

TEST(DiffParser, a_copied_file_keeps_its_text_alive) {
  FileChange file;
  {
    auto parsed = parse_patch(std::string("--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+") + std::string(100, 'z') + "\n");
    file = parsed->files[0];
  }
  EXPECT_EQ(file.hunks[0].lines[0].text, std::string(100, 'z'));
}

}  // namespace
}  // namespace assize
