// Sources without git or a disk: what is made of git's answers. With the real git: tests/source.
#include "change/source.h"

#include <gtest/gtest.h>

#include "change/attributes.h"
#include "change/plan.h"
#include "change/post_images.h"
#include "change/whole_file.h"

namespace assize {
namespace {

// Answers by the first argument, and remembers how it was called.
class FakeGit final : public Git {
 public:
  using Git::run;
  Result<GitAnswer> run(const std::vector<std::string>& args, std::string_view input) override {
    calls.push_back(args);
    inputs.emplace_back(input);
    if (error) return *error;
    const auto answer = answers.find(args[0]);
    return answer == answers.end() ? GitAnswer{} : answer->second;
  }
  std::map<std::string, GitAnswer> answers;
  std::optional<Error> error;
  std::vector<std::vector<std::string>> calls;
  std::vector<std::string> inputs;
};

class FakeTree final : public FileTree {
 public:
  std::string root() const override { return "/work"; }
  Result<TreeFile> read(std::string_view path, ByteCount cap) override {
    const auto file = files.find(std::string(path));
    if (path == denied) return Error{ErrorCode::unavailable, "Permission denied", {}};
    if (file == files.end()) return Error{ErrorCode::not_found, "no such file", {}};
    return TreeFile{TreeFile::Type::regular, false, file->second.size(), file->second.substr(0, cap.value)};
  }
  Result<std::vector<std::string>> list(std::string_view) override {
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : files) paths.push_back(path);
    return paths;
  }
  Result<std::string> resolve(std::string_view path) const override { return std::string(path); }
  Result<std::string> read_named(std::string_view, ByteCount) override { return input; }
  std::map<std::string, std::string> files;
  std::string denied;
  std::string input;
};

const std::string kHead(40, 'a');
const std::string kMain(40, 'b');
const std::string kBase(40, 'c');

class ReadChange : public testing::Test {
 protected:
  ReadChange() {
    git.answers["cat-file"].out = kHead + " commit\nx missing\nx missing\nx missing\n" + kMain + " commit\nx missing\n";
    git.answers["symbolic-ref"].out = "refs/heads/topic\n";
    git.answers["merge-base"].out = kBase + "\n";
  }
  Result<Change> read(const Source& source, const ReadLimits& limits = {}) {
    return read_change(source, {&git, &tree}, limits);
  }
  FakeGit git;
  FakeTree tree;
};

TEST_F(ReadChange, an_empty_change_has_no_files_and_is_no_error) {
  const auto change = read({});
  ASSERT_TRUE(change);
  EXPECT_TRUE(change->files.empty());
  EXPECT_EQ(change->source, "working tree since the merge base with main (cccccccccc)");
  EXPECT_EQ(change->base, kBase);
}

TEST_F(ReadChange, a_file_that_may_not_be_read_is_there_and_set_aside) {
  tree.denied = "secret.py";
  git.answers["ls-files"].out = std::string("secret.py\0", 10);
  git.answers["ls-files"].err = "hint: advice\nwarning: could not open directory 'd/': Permission denied\n";
  const auto change = read({});
  ASSERT_TRUE(change);
  ASSERT_EQ(change->files.size(), 1U);
  const Plan plan = *make_plan(*change, {});
  EXPECT_EQ(plan.files[0].set_aside, SetAside::no_text);
  EXPECT_EQ(plan.files[0].detail, "cannot be read: Permission denied");
  EXPECT_TRUE(plan.files[0].risky);
  ASSERT_EQ(change->warnings.size(), 1U);
  EXPECT_EQ(change->warnings[0].message, "git: warning: could not open directory 'd/': Permission denied");
}

TEST_F(ReadChange, git_is_told_everything_that_a_configuration_could_change) {
  ASSERT_TRUE(read({}));
  const auto diff =
      std::find_if(git.calls.begin(), git.calls.end(), [](const auto& args) { return args[0] == "diff"; });
  ASSERT_NE(diff, git.calls.end());
  for (const char* option :
       {"--text", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/",
        "--submodule=short", "--no-relative", "--find-renames", "--unified=3"}) {
    EXPECT_NE(std::find(diff->begin(), diff->end(), option), diff->end()) << option;
  }
  EXPECT_EQ(diff->back(), "--");  // a revision is never taken for a path, nor a path for an option
}

TEST_F(ReadChange, what_git_cannot_do_is_passed_on) {
  git.error = Error{ErrorCode::timed_out, "git diff took longer than 120 s", {}};
  EXPECT_EQ(read({}).error().code, ErrorCode::timed_out);
  git.error.reset();
  git.answers["diff"] = {.exit = 128, .out = "", .cut = false, .err = "fatal: bad object\nmore\n"};
  const auto failed = read({Source::Kind::staged, "", {}});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "--staged: git diff failed: fatal: bad object");
}

TEST_F(ReadChange, a_file_gone_from_the_index_but_not_from_the_disk_is_one_file) {
  git.answers["diff"].out =
      "diff --git a/x b/x\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 "
      "@@\n-old\n";
  git.answers["ls-files"].out = std::string("x\0core.12\0", 10);
  tree.files["x"] = "new\n";
  const auto change = read({});
  ASSERT_TRUE(change);
  ASSERT_EQ(change->files.size(), 1U);
  EXPECT_EQ(change->files[0].kind, FileKind::modified);
  EXPECT_EQ(change->files[0].hunks.size(), 2U);
  EXPECT_EQ(change->private_files, (std::vector<std::string>{"core.12"}));
}

TEST_F(ReadChange, untracked_files_are_bounded) {
  git.answers["ls-files"].out = std::string("a\0b\0c\0", 6);
  tree.files = {{"a", "1234\n"}, {"b", "123456789\n"}, {"c", "12\n"}};
  const auto change = read({}, {.patch = {.max_bytes = {7}}, .max_file = {6}});
  ASSERT_TRUE(change) << change.error().message;
  ASSERT_EQ(change->files.size(), 3U);
  EXPECT_FALSE(change->files[0].unread);
  EXPECT_TRUE(change->files[1].unread);  // over max_file
  EXPECT_EQ(change->files[1].bytes, 10U);
  EXPECT_TRUE(change->files[2].unread);  // over what is left of max_bytes
}

TEST_F(ReadChange, a_patch_from_standard_input_needs_no_repository) {
  tree.input = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
  const auto change = read_change({Source::Kind::patch, "-", {}}, {nullptr, &tree});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->repository, "");
  EXPECT_EQ(change->source, "--patch -");
  tree.input = "prose";
  EXPECT_EQ(read_change({Source::Kind::patch, "-", {}}, {nullptr, &tree}).error().message,
            "--patch: standard input: there is no unified or git diff in it");
}

TEST(WholeFile, every_line_is_added_and_the_text_is_its_own_post_image) {
  const FileChange file = change_of_whole_file("x", {TreeFile::Type::regular, true, 5, "a\n\nb"});
  ASSERT_EQ(file.hunks.size(), 1U);
  EXPECT_EQ(file.new_mode, "100755");
  EXPECT_EQ(file.hunks[0].new_count, 3U);
  EXPECT_EQ(file.hunks[0].lines[2].new_no, 3U);
  EXPECT_TRUE(file.hunks[0].lines[2].no_newline);
  EXPECT_TRUE(is_post_image("a\n\nb", file));
  EXPECT_TRUE(change_of_whole_file("x", {}).hunks.empty());
}

TEST(PostImages, hunks_apply_where_they_fit) {
  auto parsed = parse_patch(std::string_view("--- a/x\n+++ b/x\n@@ -2,2 +2,2 @@\n b\n-c\n+C\n@@ -4,0 +5 @@\n+e\n"));
  const FileChange& file = parsed->files[0];
  EXPECT_EQ(apply_hunks("a\nb\nc\nd\n", file), "a\nb\nC\nd\ne\n");
  EXPECT_EQ(apply_hunks("a\nb\nc\nd", file), "a\nb\nC\nd\ne\n");
  EXPECT_EQ(apply_hunks("a\nb\nX\nd\n", file), std::nullopt);
  EXPECT_EQ(apply_hunks("a\n", file), std::nullopt);
  EXPECT_TRUE(is_post_image("a\nb\nC\nd\ne\n", file));
  EXPECT_FALSE(is_post_image("a\nb\nc\nd\n", file));
}

TEST(Attributes, the_last_line_that_matches_counts) {
  const AttributesFile file(
      "# comment\n[attr]x linguist-generated\n*.c text linguist-generated\nkeep.c -linguist-generated\n"
      "\"a b\" linguist-generated=true\ndir/ linguist-generated\n[bad linguist-generated\n*.h diff\r\n*.x "
      "linguist-generated\r\n");
  EXPECT_EQ(file.is_generated("src/x.c"), true);
  EXPECT_EQ(file.is_generated("src/keep.c"), false);
  EXPECT_EQ(file.is_generated("a b"), true);
  EXPECT_EQ(file.is_generated("dir/x.y"), std::nullopt);  // attributes of a directory do not reach inside
  EXPECT_EQ(file.is_generated("x.h"), std::nullopt);
  EXPECT_EQ(file.is_generated("y.x"), true);
}

}  // namespace
}  // namespace assize
