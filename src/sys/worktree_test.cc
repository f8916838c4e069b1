#include "sys/worktree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "sys/scratch_repository.h"
#include "sys/tree_files.h"

namespace assize {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string content(const fs::path& path) {
  if (fs::is_symlink(path)) return "-> " + fs::read_symlink(path).string();
  std::ifstream stream(path, std::ios::binary);
  std::stringstream all;
  all << stream.rdbuf();
  return (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none ? "x " + all.str() : all.str();
}

// Every file below a directory, with what is in it. `.git` counts when asked for.
std::map<std::string, std::string> files_of(const fs::path& root, bool with_git = false) {
  std::map<std::string, std::string> files;
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
    if (at->path().filename() == ".git" && !with_git) {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_symlink() || at->is_regular_file())
      files[at->path().lexically_relative(root).string()] = content(at->path());
  }
  return files;
}

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string summary(const TreeDiff& diff) {
  std::string out;
  for (const ChangedFile& file : diff.files) {
    out +=
        fmt::format("{}{} {} +{} -{}", out.empty() ? "" : "\n", to_string(file.kind), file.path,
                    file.added ? std::to_string(*file.added) : "?", file.removed ? std::to_string(*file.removed) : "?");
  }
  return out;
}

class WorkTreesTest : public testing::Test {
 protected:
  void open(WorkTreeOptions options = {}) {
    auto made = WorkTrees::make(repository_.root(), private_.path(), std::move(options));
    ASSERT_TRUE(made) << made.error().message;
    trees_ = std::move(*made);
  }
  std::string add() {
    const auto path = trees_->add();
    EXPECT_TRUE(path) << path.error().message;
    return path.value_or(std::string());
  }
  TreeDiff diff(const std::string& tree) {
    auto made = trees_->diff(tree);
    EXPECT_TRUE(made) << made.error().message;
    return made.value_or(TreeDiff{});
  }
  std::vector<std::pair<std::string, std::string>> left_out() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const LeftOut& file : trees_->left_out()) out.emplace_back(file.path, file.reason);
    return out;
  }

  ScratchRepository repository_;
  ScratchDirectory private_;
  std::unique_ptr<WorkTrees> trees_;
};

TEST_F(WorkTreesTest, a_tree_is_what_the_user_sees_and_the_repository_is_only_read) {
  repository_.write("a.txt", "one\n");
  repository_.write("gone.txt", "x\n");
  repository_.write("src/run.sh", "#!/bin/sh\n");
  fs::permissions(repository_.root() + "/src/run.sh", fs::perms::owner_all);
  repository_.write(".gitignore", "*.o\n");
  repository_.write("kept.o", "tracked though ignored\n");
  repository_.git({"add", "-f", "kept.o"});
  fs::create_symlink("a.txt", repository_.root() + "/link");
  repository_.commit("one");
  repository_.write("a.txt", "edited\n");
  repository_.write("staged.txt", "s\n");
  repository_.git({"add", "staged.txt"});
  repository_.write("new/untracked.txt", "n\n");
  repository_.write("built.o", "ignored\n");
  fs::remove(repository_.root() + "/gone.txt");
  const auto before = files_of(repository_.root(), true);

  open();
  const std::string tree = add();
  auto expected = files_of(repository_.root());
  expected.erase("built.o");
  EXPECT_EQ(files_of(tree), expected);
  EXPECT_THAT(left_out(), IsEmpty());
  EXPECT_EQ(trees_->head() + "\n", repository_.git({"rev-parse", "HEAD"}));
  EXPECT_EQ(repository_.git({"-C", tree, "log", "--format=%s"}), "one\n");
  EXPECT_EQ(repository_.git({"-C", tree, "status", "--porcelain"}), " M a.txt\n D gone.txt\n?? new/\n?? staged.txt\n");
  EXPECT_EQ(summary(diff(tree)), "");
  EXPECT_EQ(files_of(repository_.root(), true), before);
  trees_.reset();
  EXPECT_TRUE(fs::is_empty(private_.path()));
}

TEST_F(WorkTreesTest, a_diff_holds_every_kind_of_change_and_applies_to_the_working_tree) {
  repository_.write("edit.txt", "one\ntwo\n");
  repository_.write("delete.txt", "x\n");
  repository_.write("mode.sh", "m\n");
  repository_.write("binary", std::string("a\0b", 3));
  repository_.write("becomes/a-file", "1\n");
  repository_.write("becomes-a-folder", "2\n");
  repository_.write("crlf.txt", "a\r\nb\r\n");
  repository_.write(".gitattributes", "*.txt text eol=lf\n*.sh -diff\nbinary diff\n");
  fs::create_symlink("edit.txt", repository_.root() + "/link");
  repository_.commit("one");
  repository_.write("edit.txt", "one\ntwo\nthe user's own\n");
  open();
  const std::string tree = add(), other = add();

  write(tree + "/edit.txt", "one\n2\nthe user's own\n");
  fs::remove(tree + "/delete.txt");
  fs::permissions(tree + "/mode.sh", fs::perms::owner_all);
  write(tree + "/binary", std::string("a\0c", 3));
  fs::remove_all(tree + "/becomes");
  write(tree + "/becomes", "now a file");
  fs::remove(tree + "/becomes-a-folder");
  write(tree + "/becomes-a-folder/x", "3\n");
  write(tree + "/crlf.txt", "a\r\nB\r\n");
  fs::remove(tree + "/link");
  fs::create_symlink("mode.sh", tree + "/link");
  write(tree + "/odd \"name\"\n\\ \xff.txt", "odd\n");
  write(tree + "/empty", "");
  const auto wanted = files_of(tree);

  const TreeDiff changed = diff(tree);
  EXPECT_EQ(summary(changed),
            "added becomes +1 -0\n"
            "deleted becomes-a-folder +0 -1\n"
            "added becomes-a-folder/x +1 -0\n"
            "deleted becomes/a-file +0 -1\n"
            "modified binary +? -?\n"
            "modified crlf.txt +1 -1\n"
            "deleted delete.txt +0 -1\n"
            "modified edit.txt +1 -1\n"
            "added empty +0 -0\n"
            "modified link +1 -1\n"
            "modified mode.sh +0 -0\n"
            "added odd \"name\"\n\\ \xff.txt +1 -0");
  EXPECT_THAT(changed.left_out, IsEmpty());
  EXPECT_EQ(summary(diff(other)), "");

  write(repository_.outside("p.diff"), changed.patch);
  repository_.git({"apply", "--binary", repository_.outside("p.diff")});
  EXPECT_EQ(files_of(repository_.root()), wanted);
}

TEST_F(WorkTreesTest, nothing_that_an_agent_leaves_in_its_tree_is_run) {
  repository_.write("a.txt", "one\n");
  repository_.commit("one");
  open();
  const std::string tree = add();
  const std::string marker = repository_.outside("marker");
  const std::string touch = fmt::format("touch {}", marker);
  write(tree + "/.git/hooks/post-index-change", "#!/bin/sh\n" + touch + "\n");
  fs::permissions(tree + "/.git/hooks/post-index-change", fs::perms::owner_all);
  write(tree + "/.git/config", fmt::format("[core]\n\tfsmonitor = {0}\n\thooksPath = .git/hooks\n\tpager = {0}\n"
                                           "[filter \"f\"]\n\tclean = {0}\n\tsmudge = {0}\n\tprocess = {0}\n"
                                           "[diff \"d\"]\n\ttextconv = {0}\n\tcommand = {0}\n",
                                           touch));
  write(tree + "/.gitattributes", "* filter=f diff=d\n");
  write(tree + "/a.txt", "two\n");
  // A repository inside, whose own configuration would run when git looks whether it is dirty.
  write(tree + "/sub/file.txt", "inside\n");
  fs::copy(tree + "/.git", tree + "/sub/.git", fs::copy_options::recursive);

  const TreeDiff changed = diff(tree);
  EXPECT_EQ(summary(changed), "added .gitattributes +1 -0\nmodified a.txt +1 -1\nadded sub/file.txt +1 -0");
  EXPECT_THAT(changed.left_out, IsEmpty());
  EXPECT_THAT(changed.notes, ElementsAre(HasSubstr("sub/.git")));
  EXPECT_FALSE(fs::exists(marker));
}

TEST_F(WorkTreesTest, an_agent_may_delete_everything_but_not_put_another_tree_in_its_place) {
  repository_.write("a.txt", "one\n");
  repository_.write("b/c.txt", "two\n");
  repository_.commit("one");
  const auto before = files_of(repository_.root(), true);
  open();
  const std::string emptied = add(), removed = add(), replaced = add();
  for (const auto& entry : fs::directory_iterator(emptied)) fs::remove_all(entry.path());
  EXPECT_EQ(summary(diff(emptied)), "deleted a.txt +0 -1\ndeleted b/c.txt +0 -1");
  fs::remove_all(removed);
  EXPECT_FALSE(trees_->diff(removed));
  fs::remove_all(replaced);
  fs::create_directory_symlink(repository_.root(), replaced);
  const auto mode = fs::status(repository_.root()).permissions();
  const auto wrong = trees_->diff(replaced);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("in its place"));
  trees_.reset();
  EXPECT_EQ(files_of(repository_.root(), true), before);
  EXPECT_EQ(fs::status(repository_.root()).permissions(), mode);
  EXPECT_TRUE(fs::is_empty(private_.path()));
}

TEST_F(WorkTreesTest, links_submodules_and_what_is_refused_stay_out_and_are_listed) {
  repository_.write("a/file.txt", "one\n");
  repository_.write("secret.env", "S=1\n");
  fs::create_symlink("/etc/passwd", repository_.root() + "/a/absolute");
  fs::create_symlink("../../outside", repository_.root() + "/a/up");
  fs::create_symlink("absolute", repository_.root() + "/a/chained");
  fs::create_symlink("../a/file.txt", repository_.root() + "/a/inside");
  fs::create_symlink("nowhere", repository_.root() + "/a/dangling");
  fs::create_symlink("nowhere/../../../x", repository_.root() + "/a/dangling-out");
  fs::create_symlink("circle", repository_.root() + "/a/circle");
  repository_.write("module/inside.txt", "m\n");
  repository_.git({"init", "-q", "module"});
  repository_.git({"-C", "module", "add", "-A"});
  repository_.git({"-C", "module", "commit", "-q", "-m", "m"});
  repository_.git({"-c", "advice.addEmbeddedRepo=false", "add", "module"});
  repository_.commit("one");
  repository_.write("own/x.txt", "x\n");
  repository_.git({"init", "-q", "own"});
  ASSERT_EQ(::mkfifo((repository_.root() + "/a/pipe").c_str(), 0600), 0);
  WorkTreeOptions options;
  options.refuse = [](std::string_view path, WorkTreeOptions::Tracked) {
    return path.ends_with(".env") ? std::string("private") : std::string();
  };
  open(std::move(options));
  const std::string out = "a link that leads out of the tree";
  EXPECT_THAT(left_out(), UnorderedElementsAre(Pair("module", "a submodule"), Pair("own/", "a repository of its own"),
                                               Pair("secret.env", "private"), Pair("a/absolute", out),
                                               Pair("a/up", out), Pair("a/chained", out), Pair("a/dangling-out", out)));
  const std::string tree = add();
  EXPECT_EQ(files_of(tree), (std::map<std::string, std::string>{{"a/file.txt", "one\n"},
                                                                {"a/inside", "-> ../a/file.txt"},
                                                                {"a/dangling", "-> nowhere"},
                                                                {"a/circle", "-> circle"}}));
  EXPECT_TRUE(fs::is_directory(tree + "/module"));
  EXPECT_EQ(summary(diff(tree)), "");
}

TEST_F(WorkTreesTest, what_the_agents_own_ignore_rules_leave_out_does_not_count) {
  repository_.write("a.txt", "one\n");
  repository_.write(".git/info/exclude", "*.log\n");
  repository_.commit("one");
  open();
  const std::string tree = add();
  write(tree + "/run.log", "l\n");
  write(tree + "/build/out.o", "o\n");
  write(tree + "/.gitignore", "build/\na.txt\n");
  write(tree + "/a.txt", "tracked, so it counts\n");
  EXPECT_EQ(summary(diff(tree)), "added .gitignore +2 -0\nmodified a.txt +1 -1");
}

TEST_F(WorkTreesTest, a_repository_without_a_commit_is_refused) {
  repository_.write("a.txt", "one\n");
  const auto made = WorkTrees::make(repository_.root(), private_.path(), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid);
  EXPECT_THAT(made.error().message, HasSubstr("no commit yet"));
}

TEST_F(WorkTreesTest, copying_stops_when_it_is_told_to) {
  repository_.write("a.txt", "one\n");
  repository_.commit("one");
  WorkTreeOptions options;
  options.stopped = [] { return true; };
  const auto made = WorkTrees::make(repository_.root(), private_.path(), std::move(options));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(fs::is_empty(private_.path()));
}

TEST_F(WorkTreesTest, linked_working_trees_shallow_clones_and_sha256_work) {
  repository_.write("a.txt", "one\n");
  repository_.commit("one");
  repository_.write("a.txt", "two\n");
  repository_.commit("two");
  const std::string linked = repository_.outside("linked"), shallow = repository_.outside("shallow"),
                    wide = repository_.outside("sha256");
  repository_.git({"worktree", "add", "-q", "--detach", linked, "HEAD"});
  repository_.git({"clone", "-q", "--depth=1", "file://" + repository_.root(), shallow});
  repository_.git({"init", "-q", "--object-format=sha256", wide});
  write(wide + "/a.txt", "two\n");
  repository_.git({"-C", wide, "add", "-A"});
  repository_.git({"-C", wide, "commit", "-q", "-m", "two"});
  for (const std::string& root : {linked, shallow, wide}) {
    const ScratchDirectory place;
    const auto trees = WorkTrees::make(root, place.path(), {});
    ASSERT_TRUE(trees) << root << ": " << trees.error().message;
    const auto tree = (*trees)->add();
    ASSERT_TRUE(tree) << root << ": " << tree.error().message;
    EXPECT_EQ(repository_.git({"-C", *tree, "log", "--format=%s"}), root == linked ? "two\none\n" : "two\n");
    EXPECT_EQ(repository_.git({"-C", *tree, "status", "--porcelain"}), "");
    write(*tree + "/a.txt", "three\n");
    const auto changed = (*trees)->diff(*tree);
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_THAT(changed->patch, HasSubstr("-two\n+three\n"));
  }
}

TEST_F(WorkTreesTest, names_that_other_systems_could_not_hold_are_names) {
  repository_.write("a.txt", "one\n");
  repository_.commit("one");
  open();
  const std::string tree = add();
  write(tree + "/git~1", "x\n");
  write(tree + "/back\\slash", "x\n");
  write(tree + "/con:", "x\n");
  EXPECT_EQ(summary(diff(tree)), "added back\\slash +1 -0\nadded con: +1 -0\nadded git~1 +1 -0");
}

TEST_F(WorkTreesTest, files_too_large_for_a_patch_are_listed_instead) {
  repository_.write("a.txt", "one\n");
  repository_.commit("one");
  open();
  const std::string tree = add();
  write(tree + "/huge", "h");
  fs::resize_file(tree + "/huge", (33ULL << 20));
  write(tree + "/a.txt", "two\n");
  const TreeDiff changed = diff(tree);
  EXPECT_EQ(summary(changed), "modified a.txt +1 -1");
  ASSERT_EQ(changed.left_out.size(), 1U);
  EXPECT_EQ(changed.left_out[0].path, "huge");
}

TEST(RemoveWholeTree, is_stopped_by_neither_depth_nor_modes_nor_links) {
  const ScratchDirectory scratch;
  const std::string top = scratch / "top", kept = scratch / "kept";
  write(kept + "/file", "k");
  fs::create_directory(top);
  fs::create_directory_symlink(kept, top + "/link");
  write(top + "/locked/x", "x");
  fs::permissions(top + "/locked", fs::perms::none);
  const std::string name(100, 'd');
  const fs::path was = fs::current_path();
  fs::current_path(top);
  for (int i = 0; i < 300; ++i) {  // longer than any path may be
    fs::create_directory(name);
    fs::current_path(name);
  }
  fs::current_path(was);
  EXPECT_TRUE(remove_whole_tree(top));
  EXPECT_FALSE(fs::exists(top));
  EXPECT_EQ(content(kept + "/file"), "k");
  EXPECT_TRUE(remove_whole_tree(top)) << "nothing was there";
}

TEST(OpenTree, follows_no_link_and_leaves_no_tree) {
  const ScratchDirectory scratch;
  write(scratch / "outside/secret", "s");
  write(scratch / "tree/inside", "i");
  fs::create_directory_symlink(scratch / "outside", scratch / "tree/door");
  auto tree = OpenTree::open(scratch / "tree");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->read("inside", ByteCount{10}).value_or(""), "i");
  EXPECT_EQ(tree->look("door/secret").type, OpenTree::Entry::Type::missing);
  for (const char* path : {"door/secret", "../outside/secret", "/etc/passwd", "", "a/./b"}) {
    EXPECT_FALSE(tree->read(path, ByteCount{10})) << path;
  }
  EXPECT_FALSE(OpenTree::open(scratch / "tree/door"));
  EXPECT_TRUE(tree->is_still_there());
  fs::rename(scratch / "tree", scratch / "moved");
  fs::create_directory(scratch / "tree");
  EXPECT_FALSE(tree->is_still_there());
}

}  // namespace
}  // namespace assize
