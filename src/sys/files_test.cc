#include "sys/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sys/scratch_repository.h"

namespace assize {
namespace {

namespace fs = std::filesystem;

class FileTreeTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(top_ / "tree/src/deep");
    write("tree/a.txt", "0123456789");
    write("tree/src/deep/-b \n\"c", "x");
    write("secret", "secret");
    auto tree = open_file_tree(top_ / "tree", top_ / "tree/src");
    ASSERT_TRUE(tree) << tree.error().message;
    tree_ = std::move(*tree);
  }
  void write(const std::string& name, const std::string& bytes) const { std::ofstream(top_ / name) << bytes; }

  ScratchDirectory top_;
  std::unique_ptr<FileTree> tree_;
};

TEST_F(FileTreeTest, reads_up_to_the_cap_and_knows_the_size) {
  const auto file = tree_->read("a.txt", ByteCount{4});
  ASSERT_TRUE(file);
  EXPECT_EQ(file->bytes, "0123");
  EXPECT_EQ(file->size, 10U);
  EXPECT_FALSE(file->executable);
  EXPECT_EQ(tree_->read("src/deep/-b \n\"c", ByteCount{9})->bytes, "x");
  EXPECT_EQ(tree_->read("none", ByteCount{9}).error().code, ErrorCode::not_found);
}

TEST_F(FileTreeTest, never_leaves_the_tree) {
  fs::create_symlink(top_ / "secret", top_ / "tree/link");
  fs::create_directory_symlink(top_.path(), top_ / "tree/out");
  const auto link = tree_->read("link", ByteCount{4096});
  ASSERT_TRUE(link);
  EXPECT_EQ(link->type, TreeFile::Type::link);
  EXPECT_EQ(link->bytes, top_ / "secret");
  for (const std::string path :
       {"out/secret", "../secret", "src/../../secret", "/etc/passwd", "", "src//x", "./a.txt"}) {
    EXPECT_FALSE(tree_->read(path, ByteCount{9})) << path;
  }
}

TEST_F(FileTreeTest, does_not_wait_for_a_pipe) {
  ASSERT_EQ(::mkfifo((top_ / "tree/pipe").c_str(), 0600), 0);
  EXPECT_EQ(tree_->read("pipe", ByteCount{9}).error().code, ErrorCode::io);
}

TEST_F(FileTreeTest, lists_files_in_order_without_git_and_without_entering_links) {
  fs::create_directories(top_ / "tree/.git");
  write("tree/.git/config", "x");
  fs::create_directory_symlink(top_.path(), top_ / "tree/out");
  EXPECT_EQ(*tree_->list(""), (std::vector<std::string>{"a.txt", "out", "src/deep/-b \n\"c"}));
  EXPECT_EQ(*tree_->list("src"), (std::vector<std::string>{"src/deep/-b \n\"c"}));
  EXPECT_EQ(*tree_->list("a.txt"), (std::vector<std::string>{"a.txt"}));
  EXPECT_EQ(tree_->list("none").error().code, ErrorCode::not_found);
}

TEST_F(FileTreeTest, resolves_what_the_user_typed) {
  fs::create_directory_symlink(top_ / "tree", top_ / "alias");
  EXPECT_EQ(*tree_->resolve("deep"), "src/deep");
  EXPECT_EQ(*tree_->resolve("deep/"), "src/deep");
  EXPECT_EQ(*tree_->resolve("../a.txt"), "a.txt");
  EXPECT_EQ(*tree_->resolve(".."), "");
  EXPECT_EQ(*tree_->resolve(top_ / "tree/a.txt"), "a.txt");
  EXPECT_EQ(*tree_->resolve(top_ / "alias/a.txt"), "a.txt");
  for (const std::string path : {"../../secret", "/etc/passwd", ""}) EXPECT_FALSE(tree_->resolve(path)) << path;
}

TEST_F(FileTreeTest, reads_a_named_file_wherever_it_is) {
  EXPECT_EQ(*tree_->read_named("../../secret", ByteCount{6}), "secret");
  EXPECT_EQ(tree_->read_named("../../secret", ByteCount{5}).error().code, ErrorCode::invalid);
  EXPECT_EQ(tree_->read_named("none", ByteCount{5}).error().code, ErrorCode::not_found);
  EXPECT_EQ(tree_->read_named(".", ByteCount{5}).error().code, ErrorCode::io);
}

TEST(Files, a_root_that_is_none_is_an_error) {
  EXPECT_EQ(open_file_tree("/nonexistent", "/").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace assize
