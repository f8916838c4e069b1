// Sources of a change, read by the real git from repositories made for the test.
#include "change/source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "change/attributes.h"
#include "change/post_images.h"
#include "change/render.h"
#include "sys/files.h"
#include "sys/git.h"
#include "sys/scratch_repository.h"

namespace assize {
namespace {

namespace fs = std::filesystem;
using Kind = Source::Kind;

class SourceTest : public testing::Test {
 protected:
  // A commit on main, a branch with another, and uncommitted work on top.
  void SetUp() override {
    repository_.write("a.txt", "one\n");
    repository_.write("gone.txt", "x\n");
    repository_.commit("first");
    repository_.git({"checkout", "-q", "-b", "topic"});
    repository_.write("a.txt", "one\ntwo\n");
    repository_.git({"rm", "-q", "gone.txt"});
    repository_.commit("second\n\nWhy it is so.\n");
  }

  void open(const std::string& stand = {}) {
    auto git = open_git(repository_.root(), options_);
    ASSERT_TRUE(git) << git.error().message;
    git_ = std::move(*git);
    auto tree = open_file_tree(repository_.root(), stand.empty() ? repository_.root() : stand);
    ASSERT_TRUE(tree) << tree.error().message;
    tree_ = std::move(*tree);
  }

  World world() {
    if (!tree_) open();
    return {git_.get(), tree_.get()};
  }

  Change read(const Source& source) {
    auto change = read_change(source, world());
    EXPECT_TRUE(change) << change.error().message;
    return change ? std::move(*change) : Change{};
  }

  Error fails(const Source& source) {
    const auto change = read_change(source, world());
    EXPECT_FALSE(change);
    return change ? Error{} : change.error();
  }

  // "modified a.txt +1 -0", a line a file.
  static std::string show(const Change& change) {
    std::string out;
    for (const FileChange& file : change.files) {
      std::size_t added = 0;
      std::size_t removed = 0;
      for (const Hunk& hunk : file.hunks) {
        for (const Line& line : hunk.lines) {
          if (line.kind == LineKind::added) ++added;
          if (line.kind == LineKind::removed) ++removed;
        }
      }
      out += fmt::format("{} {} +{} -{}\n", to_string(file.kind), file.path(), added, removed);
    }
    return out;
  }

  ScratchRepository repository_;
  GitOptions options_;
  std::unique_ptr<Git> git_;
  std::unique_ptr<FileTree> tree_;
};

TEST_F(SourceTest, the_default_is_the_branch_and_uncommitted_work_with_untracked_text) {
  repository_.write("a.txt", "one\ntwo\nthree\n");
  repository_.write("new file.c", "int x;\n");
  repository_.write(".env.local", "TOKEN=x\n");
  repository_.write("deploy.key", "x\n");
  const Change change = read({});
  EXPECT_EQ(show(change), "modified a.txt +2 -0\ndeleted gone.txt +0 -1\nadded new file.c +1 -0\n");
  EXPECT_EQ(change.private_files, (std::vector<std::string>{".env.local", "deploy.key"}));
  EXPECT_EQ(change.source.substr(0, 46), "working tree since the merge base with main (" + change.base.substr(0, 1));
  EXPECT_EQ(change.head, "working tree");
  EXPECT_EQ(change.repository, repository_.root());
  EXPECT_EQ(change.digest.size(), 64U);
}

TEST_F(SourceTest, the_default_prefers_the_upstream) {
  repository_.git({"branch", "side", "topic"});
  repository_.git({"branch", "-q", "--set-upstream-to=side"});
  repository_.write("a.txt", "1\n");
  const Change change = read({});
  EXPECT_EQ(show(change), "modified a.txt +1 -2\n");
  EXPECT_NE(change.source.find("merge base with side ("), std::string::npos);
}

TEST_F(SourceTest, the_default_on_the_default_branch_is_uncommitted_work) {
  repository_.git({"checkout", "-q", "main"});
  EXPECT_EQ(show(read({})), "");
  repository_.write("a.txt", "1\n");
  const Change change = read({});
  EXPECT_EQ(show(change), "modified a.txt +1 -1\n");
  EXPECT_EQ(change.source.substr(0, 19), "uncommitted work on");
}

TEST_F(SourceTest, the_default_without_anything_to_compare_with_is_an_error) {
  repository_.git({"checkout", "-q", "--detach"});
  repository_.git({"branch", "-q", "-M", "main", "develop"});
  const Error nothing = fails({});
  EXPECT_EQ(nothing.message, "there is no upstream and no main or master branch to compare HEAD with");
  EXPECT_NE(nothing.hint.find("--base REF"), std::string::npos);
  repository_.git({"checkout", "-q", "--orphan", "main"});
  repository_.commit("unrelated");
  repository_.git({"checkout", "-q", "topic"});
  EXPECT_EQ(fails({}).message, "HEAD and main have no commit in common");
}

TEST_F(SourceTest, the_default_on_the_only_branch_is_uncommitted_work) {
  repository_.git({"branch", "-q", "-D", "main"});
  EXPECT_EQ(read({}).source.substr(0, 19), "uncommitted work on");
}

TEST_F(SourceTest, the_default_before_the_first_commit_is_everything) {
  fs::remove_all(repository_.root());
  fs::create_directories(repository_.root());
  repository_.git({"init", "-q"});
  repository_.write("a", "x\n");
  repository_.write("b", "y\n");
  repository_.git({"add", "a"});
  EXPECT_EQ(show(read({})), "added a +1 -0\nadded b +1 -0\n");
  EXPECT_EQ(show(read({Kind::staged, "", {}})), "added a +1 -0\n");
  EXPECT_EQ(fails({Kind::commit, "HEAD", {}}).message, "--commit: there is no commit yet");
  EXPECT_EQ(fails({Kind::base, "HEAD", {}}).message, "--base: there is no commit yet");
}

TEST_F(SourceTest, staged_and_unstaged_are_the_two_halves) {
  repository_.write("a.txt", "one\ntwo\nstaged\n");
  repository_.git({"add", "a.txt"});
  repository_.write("a.txt", "one\ntwo\nstaged\nunstaged\n");
  repository_.write("untracked", "x\n");
  EXPECT_EQ(show(read({Kind::staged, "", {}})), "modified a.txt +1 -0\n");
  EXPECT_EQ(show(read({Kind::unstaged, "", {}})), "modified a.txt +1 -0\n");
}

TEST_F(SourceTest, a_commit_has_its_title_and_its_first_parent) {
  const Change change = read({Kind::commit, "HEAD", {}});
  EXPECT_EQ(show(change), "modified a.txt +1 -0\ndeleted gone.txt +0 -1\n");
  EXPECT_EQ(change.title, "second");
  EXPECT_EQ(change.body, "Why it is so.");
  EXPECT_EQ(change.source, "--commit HEAD (" + change.head.substr(0, 10) + ")");
  EXPECT_EQ(show(read({Kind::commit, "main", {}})), "added a.txt +1 -0\nadded gone.txt +1 -0\n");  // a root commit
  repository_.git({"checkout", "-q", "main"});
  repository_.write("main.txt", "x\n");
  repository_.commit("third");
  repository_.git({"merge", "-q", "--no-ff", "topic", "-m", "merge"});
  EXPECT_EQ(show(read({Kind::commit, "HEAD", {}})), "modified a.txt +1 -0\ndeleted gone.txt +0 -1\n");
}

TEST_F(SourceTest, base_and_range_compare_commits) {
  repository_.git({"checkout", "-q", "main"});
  repository_.write("main.txt", "x\n");
  repository_.commit("third");
  repository_.git({"checkout", "-q", "topic"});
  repository_.write("a.txt", "not committed\n");
  const std::string topic_alone = "modified a.txt +1 -0\ndeleted gone.txt +0 -1\n";
  EXPECT_EQ(show(read({Kind::base, "main", {}})), topic_alone);
  EXPECT_EQ(show(read({Kind::range, "main...topic", {}})), topic_alone);
  EXPECT_EQ(show(read({Kind::range, "main..topic", {}})), topic_alone + "deleted main.txt +0 -1\n");
}

TEST_F(SourceTest, a_revision_that_is_wrong_names_its_option) {
  struct Case {
    Source source;
    std::string message;
  };
  const Case cases[] = {
      {{Kind::commit, "", {}}, "--commit: the revision is empty"},
      {{Kind::commit, "--output=x", {}}, "--commit: \"--output=x\" begins with '-', so it cannot be a revision"},
      {{Kind::commit, "nope", {}}, "--commit: unknown revision \"nope\""},
      {{Kind::commit, "HEAD:a.txt", {}}, "--commit: unknown revision \"HEAD:a.txt\""},
      {{Kind::commit, "HEAD\nmain", {}}, "--commit: the revision has control characters"},
      {{Kind::base, "nope", {}}, "--base: unknown revision \"nope\""},
      {{Kind::range, "main", {}}, "--range: \"main\" is no range"},
      {{Kind::range, "main..", {}}, "--range: \"main..\" is no range"},
      {{Kind::range, "main..nope", {}}, "--range: unknown revision \"nope\""},
      {{Kind::range, "-x..main", {}}, "--range: \"-x..main\" begins with '-', so it cannot be a revision"},
  };
  for (const Case& test : cases) {
    const Error error = fails(test.source);
    EXPECT_EQ(error.message, test.message);
    EXPECT_EQ(error.code, ErrorCode::invalid);
  }
  EXPECT_FALSE(fs::exists(repository_.root() + "/x"));
}

TEST_F(SourceTest, a_shallow_clone_says_that_the_parent_is_missing) {
  repository_.git({"clone", "-q", "--depth=1", "file://" + repository_.root(), repository_.outside("shallow")});
  auto git = open_git(repository_.outside("shallow"), {});
  auto tree = open_file_tree(repository_.outside("shallow"), repository_.outside("shallow"));
  const auto change = read_change({Kind::commit, "HEAD", {}}, {git->get(), tree->get()});
  ASSERT_FALSE(change);
  EXPECT_NE(change.error().message.find("is not in this clone"), std::string::npos);
}

TEST_F(SourceTest, odd_names_and_lines_that_look_like_structure_survive) {
  const std::vector<std::string> names = {"-dash",
                                          "new\nline",
                                          "quo\"te",
                                          "tab\there",
                                          "back\\slash",
                                          "\xC3\xA4 umlaut",
                                          " leading",
                                          "a b/c d",
                                          "build/x.c",
                                          "\xFF"
                                          "raw",
                                          "'single'",
                                          "trailing "};
  for (const std::string& name : names) repository_.write(name, "one\n Binary files a and b differ\n");
  repository_.commit("odd names");
  for (const std::string& name : names)
    repository_.write(name, "one\n Binary files a and b differ\ndiff --git a/x b/x\n");
  repository_.write("brand\nnew", "x\n");
  for (const Source& source : {Source{Kind::unstaged, "", {}}, Source{Kind::worktree, "", {}}}) {
    const Change change = read(source);
    for (const std::string& name : names) {
      const auto file =
          std::find_if(change.files.begin(), change.files.end(), [&](const auto& f) { return f.path() == name; });
      ASSERT_NE(file, change.files.end()) << name;
      const auto& last = file->hunks.back().lines.back();
      EXPECT_EQ(last.text, "diff --git a/x b/x") << name;
      EXPECT_EQ(last.new_no, 3U);
    }
    EXPECT_TRUE(change.warnings.empty());
  }
  const Source worktree;
  const Change change = read(worktree);
  EXPECT_EQ(change.files.back().path(), "brand\nnew");
  const auto plan = make_plan(change, {});
  EXPECT_EQ(plan->kept_files(), change.files.size());
  EXPECT_EQ(load_post_images(change, *plan, worktree, world())->size(), change.files.size() - 1);  // one is deleted
}

TEST_F(SourceTest, attributes_of_the_change_hide_nothing) {
  repository_.write(".gitattributes", "*.c -diff linguist-generated\n*.txt binary\n");
  repository_.write("x.c", std::string("int x;\0\n", 8));
  repository_.write("a.txt", "one\ntwo\nthree\n");
  repository_.git({"add", "-A"});
  repository_.git({"config", "diff.noprefix", "true"});
  repository_.git({"config", "diff.context", "0"});
  repository_.git({"config", "diff.ignoreSubmodules", "all"});
  repository_.git({"config", "color.diff", "always"});
  const Change change = read({Kind::staged, "", {}});
  EXPECT_EQ(show(change), "added .gitattributes +2 -0\nmodified a.txt +1 -0\nadded x.c +1 -0\n");
  PlanOptions options;
  options.is_generated_by_attribute = *generated_by_base(change, world());
  EXPECT_EQ(make_plan(change, options)->kept_files(), 3U);
}

TEST_F(SourceTest, attributes_of_the_base_call_files_generated) {
  repository_.write(".gitattributes",
                    "gen/** linguist-generated\n*.gen.c linguist-generated=true\nx.gen.c -linguist-generated\n");
  repository_.write("sub/.gitattributes", "\"a b.c\" linguist-generated\n/top.c linguist-generated\n");
  repository_.commit("attributes");
  for (const char* name : {"gen/deep/a.c", "b.gen.c", "x.gen.c", "sub/a b.c", "sub/top.c", "sub/x/top.c"}) {
    repository_.write(name, "x\n");
  }
  repository_.write(".gitattributes", "* linguist-generated\n");
  repository_.commit("use them");
  const Change change = read({Kind::commit, "HEAD", {}});
  const auto generated = *generated_by_base(change, world());
  ASSERT_TRUE(generated);
  EXPECT_TRUE(generated("gen/deep/a.c"));
  EXPECT_TRUE(generated("b.gen.c"));
  EXPECT_FALSE(generated("x.gen.c"));
  EXPECT_TRUE(generated("sub/a b.c"));
  EXPECT_TRUE(generated("sub/top.c"));
  EXPECT_FALSE(generated("sub/x/top.c"));
}

TEST_F(SourceTest, links_modes_renames_and_submodules_are_told_apart) {
  repository_.write("move me.txt", "1\n2\n3\n4\n5\n6\n7\n8\n");
  repository_.write("run.sh", "echo\n");
  repository_.write("link", "text\n");
  fs::create_directories(repository_.root() + "/sub");
  repository_.git({"-C", "sub", "init", "-q"});
  repository_.git({"-C", "sub", "commit", "-q", "--allow-empty", "-m", "one"});
  repository_.commit("before");
  repository_.git({"mv", "move me.txt", "moved.txt"});
  fs::permissions(repository_.root() + "/run.sh", fs::perms::owner_all);
  fs::remove(repository_.root() + "/link");
  fs::create_symlink("/etc/passwd", repository_.root() + "/link");
  fs::create_symlink("/etc/hostname", repository_.root() + "/new link");
  repository_.git({"-C", "sub", "commit", "-q", "--allow-empty", "-m", "two"});
  const Source unstaged{Kind::worktree, "", {}};
  repository_.git({"branch", "-q", "-f", "main", "topic"});
  const Change change = read(unstaged);
  EXPECT_EQ(show(change),
            "modified link +1 -1\nrenamed moved.txt +0 -0\nmode_changed run.sh +0 -0\nmodified sub +1 -1\nadded new "
            "link +1 -0\n");
  EXPECT_EQ(change.files[4].hunks[0].lines[0].text, "/etc/hostname");
  EXPECT_EQ(change.files[4].new_mode, "120000");
  const auto plan = make_plan(change, {});
  EXPECT_EQ(plan->files[3].set_aside, SetAside::submodule);
  EXPECT_TRUE(plan->files[3].risky);
  const auto images = load_post_images(change, *plan, unstaged, world());
  EXPECT_EQ(*images->at("link"), "/etc/passwd");  // the target's name, never what it leads to
}

TEST_F(SourceTest, post_images_come_from_where_the_head_is) {
  repository_.write("a.txt", "one\ntwo\nstaged\n");
  repository_.git({"add", "a.txt"});
  repository_.write("a.txt", "one\ntwo\nstaged\nunstaged\n");
  const std::pair<Source, std::string> cases[] = {
      {{Kind::commit, "HEAD", {}}, "one\ntwo\n"},
      {{Kind::staged, "", {}}, "one\ntwo\nstaged\n"},
      {{Kind::unstaged, "", {}}, "one\ntwo\nstaged\nunstaged\n"},
      {{Kind::files, "", {"a.txt"}}, "one\ntwo\nstaged\nunstaged\n"},
  };
  for (const auto& [source, text] : cases) {
    const Change change = read(source);
    const auto images = load_post_images(change, *make_plan(change, {}), source, world());
    ASSERT_TRUE(images && images->count("a.txt")) << change.source;
    EXPECT_EQ(*images->at("a.txt"), text) << change.source;
    EXPECT_TRUE(is_post_image(text, change.files[0]));
  }
  const Source commit{Kind::commit, "HEAD", {}};
  const Change change = read(commit);
  EXPECT_TRUE(load_post_images(change, *make_plan(change, {}), commit, world(), {.max_file = {3}})->empty());
}

TEST_F(SourceTest, a_patch_finds_its_post_image_when_it_applies) {
  const std::string patch = repository_.git({"diff", "main", "topic"});
  std::ofstream(repository_.outside("x.patch")) << patch;
  const Source source{Kind::patch, repository_.outside("x.patch"), {}};
  for (const char* branch : {"topic", "main"}) {  // already applied, and not yet
    repository_.git({"checkout", "-q", branch});
    const Change change = read(source);
    EXPECT_EQ(show(change), "modified a.txt +1 -0\ndeleted gone.txt +0 -1\n");
    const auto images = load_post_images(change, *make_plan(change, {}), source, world());
    ASSERT_TRUE(images->count("a.txt")) << branch;
    EXPECT_EQ(*images->at("a.txt"), "one\ntwo\n") << branch;
  }
  repository_.write("a.txt", "something else\n");
  const Change change = read(source);
  EXPECT_TRUE(load_post_images(change, *make_plan(change, {}), source, world())->empty());
}

TEST_F(SourceTest, a_patch_that_cannot_be_read_names_its_option) {
  std::ofstream(repository_.outside("prose")) << "hello\n";
  EXPECT_EQ(fails({Kind::patch, repository_.outside("prose"), {}}).message,
            "--patch: " + repository_.outside("prose") + ": there is no unified or git diff in it");
  EXPECT_EQ(fails({Kind::patch, "none", {}}).code, ErrorCode::not_found);
  EXPECT_EQ(fails({Kind::patch, "", {}}).message, "--patch: the file's name is empty");
}

TEST_F(SourceTest, files_are_taken_as_they_stand) {
  repository_.write(".gitignore", "*.o\n");
  repository_.write("sub/b.c", "int b;\n");
  repository_.write("sub/b.o", "object\n");
  repository_.write("sub/.env", "SECRET=1\n");
  const Change all = read({Kind::files, "", {}});
  EXPECT_EQ(show(all), "added .gitignore +1 -0\nadded a.txt +2 -0\nadded sub/b.c +1 -0\n");
  EXPECT_EQ(all.private_files, (std::vector<std::string>{"sub/.env"}));
  open(repository_.root() + "/sub");
  EXPECT_EQ(show(read({Kind::files, "", {"b.o", "../a.txt", "."}})),
            "added a.txt +2 -0\nadded sub/b.c +1 -0\nadded sub/b.o +1 -0\n");
  EXPECT_EQ(fails({Kind::files, "", {"nope"}}).message, "--files: nope: no such file or directory");
  EXPECT_EQ(fails({Kind::files, "", {"/etc/passwd"}}).message,
            "--files: /etc/passwd: it is outside of " + repository_.root());
}

TEST_F(SourceTest, a_folder_that_gives_no_file_is_an_error) {
  repository_.write(".gitignore", "out/\n");
  repository_.write("out/made.c", "int a;\n");
  fs::create_directory(repository_.root() + "/empty");
  for (const char* folder : {"out", "empty"}) {
    EXPECT_EQ(fails({Kind::files, {}, {folder, "a.txt"}}).code, ErrorCode::not_found) << folder;
  }
  EXPECT_EQ(show(read({Kind::files, {}, {"out/made.c"}})), "added out/made.c +1 -0\n");
}

TEST_F(SourceTest, what_may_not_be_read_is_set_aside_and_not_left_out) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  repository_.write("secret.py", "eval(x)\n");
  fs::permissions(repository_.root() + "/secret.py", fs::perms::none);
  const Change change = read({});
  const auto file = std::find_if(change.files.begin(), change.files.end(),
                                 [](const FileChange& candidate) { return candidate.path() == "secret.py"; });
  ASSERT_NE(file, change.files.end());
  EXPECT_FALSE(file->unreadable.empty());
  EXPECT_EQ(fails({Kind::files, {}, {"secret.py"}}).message.substr(0, 18), "--files: secret.py");
}

TEST_F(SourceTest, files_need_no_git_and_other_sources_say_so) {
  fs::remove_all(repository_.root() + "/.git");
  auto tree = open_file_tree(repository_.root(), repository_.root());
  const World world{nullptr, tree->get()};
  const auto change = read_change({Kind::files, "", {}}, world);
  ASSERT_TRUE(change);
  EXPECT_EQ(show(*change), "added a.txt +2 -0\n");
  EXPECT_EQ(read_change({Kind::staged, "", {}}, world).error().message,
            "--staged: " + repository_.root() + " is not in a git repository");
  EXPECT_EQ(read_change({}, world).error().code, ErrorCode::not_found);
}

TEST_F(SourceTest, a_diff_that_is_too_large_leaves_out_the_largest_files) {
  repository_.write("big.txt", std::string(300'000, 'x') + "\n");
  repository_.write("small.txt", "x\n");
  repository_.commit("big");
  options_.max_output = ByteCount{200'000};
  const ReadLimits limits{.patch = {.max_bytes = {200'000}}, .max_file = {100'000}};
  const auto change = read_change({Kind::commit, "HEAD", {}}, world(), limits);
  ASSERT_TRUE(change) << change.error().message;
  EXPECT_EQ(show(*change), "added small.txt +1 -0\nmodified big.txt +0 -0\n");
  EXPECT_TRUE(change->files[1].unread);
  const auto plan = make_plan(*change, {});
  EXPECT_EQ(plan->files[1].set_aside, SetAside::too_large_file);
  EXPECT_TRUE(plan->files[1].risky);
}

TEST_F(SourceTest, conflicts_and_repositories_inside_are_said) {
  repository_.git({"checkout", "-q", "main"});
  repository_.write("a.txt", "other\n");
  repository_.commit("conflicting");
  fs::create_directories(repository_.root() + "/nested");
  repository_.git({"-C", "nested", "init", "-q"});
  repository_.write("nested/x", "x\n");
  auto merge = run_git_process({"/usr/bin/git",
                                {"merge", "topic"},
                                {"PATH=/usr/bin:/bin", "HOME=" + repository_.home(), "GIT_AUTHOR_NAME=A",
                                 "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@b"},
                                repository_.root()},
                               {});
  ASSERT_TRUE(merge && merge->exit == 1) << merge->err;
  const Change change = read({});
  ASSERT_FALSE(change.warnings.empty());
  EXPECT_EQ(change.warnings.back().path, "nested/");
  const Change unstaged = read({Kind::unstaged, "", {}});
  ASSERT_EQ(unstaged.files.size(), 1U);
  EXPECT_TRUE(unstaged.files[0].combined);
}

TEST_F(SourceTest, the_digest_depends_on_what_is_reviewed_alone) {
  const Change commit = read({Kind::range, "main..topic", {}});
  std::ofstream(repository_.outside("x.patch")) << repository_.git({"diff", "main", "topic"});
  EXPECT_EQ(read({Kind::patch, repository_.outside("x.patch"), {}}).digest, commit.digest);
  repository_.write("a.txt", "one\ntwo\n\n");
  EXPECT_NE(read({}).digest, commit.digest);
}

}  // namespace
}  // namespace assize
