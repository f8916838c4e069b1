#include "change/document.h"

#include <gtest/gtest.h>

#include "change/plan.h"

namespace assize {
namespace {

TEST(Document, is_a_change_that_adds_one_file) {
  const auto change = document_change("issue.md", "# Crash\r\n\r\nIt \xFF crashes.");
  ASSERT_TRUE(change);
  ASSERT_EQ(change->files.size(), 1U);
  const FileChange& file = change->files[0];
  EXPECT_EQ(file.path(), "issue.md");
  EXPECT_EQ(file.kind, FileKind::added);
  ASSERT_EQ(file.hunks.size(), 1U);
  ASSERT_EQ(file.hunks[0].lines.size(), 3U);
  EXPECT_EQ(file.hunks[0].new_count, 3U);
  EXPECT_EQ(file.hunks[0].lines[0].text, "# Crash\r");
  EXPECT_EQ(file.hunks[0].lines[2].text, "It \xFF crashes.");
  EXPECT_EQ(file.hunks[0].lines[2].new_no, 3U);
  EXPECT_EQ(change->source, "--text issue.md");
  EXPECT_EQ(document_change("text", "x")->source, "--text");
  EXPECT_EQ(change->digest, digest_of(*change));
  EXPECT_NE(change->digest, document_change("issue.md", "other")->digest);
}

TEST(Document, shows_every_line_with_its_number) {
  const Change change = document_change("issue.md", "one\r\ntwo\r\n").value();
  EXPECT_EQ(render_numbered(change, make_plan(change, {.keep = Keep::everything}).value()),
            "diff --git a/issue.md b/issue.md\nnew file mode 100644\n(all lines shown end in CR LF)\n--- /dev/null\n"
            "+++ b/issue.md\n@@ -0,0 +1,2 @@\n   1 + one\n   2 + two\n");
}

TEST(Document, is_kept_whatever_its_name_or_encoding) {
  const Change change = document_change("package-lock.json", "\xE9\xE8\xE0\xE7 \xE9\xE8\n").value();
  EXPECT_EQ(make_plan(change, {})->kept_files(), 0U);
  const PlanOptions options{.include = {"*.c"}, .exclude = {"*"}, .keep = Keep::everything};
  EXPECT_EQ(make_plan(change, options)->kept_files(), 1U);
}

TEST(Document, what_is_no_text_is_an_error) {
  for (const std::string& text : {std::string(), std::string(" \n\t\n"), std::string("a\0b", 3)}) {
    const auto change = document_change("issue.md", text);
    ASSERT_FALSE(change);
    EXPECT_EQ(change.error().code, ErrorCode::invalid);
    EXPECT_NE(change.error().message.find("issue.md"), std::string::npos);
  }
}

}  // namespace
}  // namespace assize
