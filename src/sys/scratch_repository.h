// A git repository in a temporary directory, with a HOME of its own; gone when it goes. For tests only.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sys/git_process.h"

namespace assize {

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assize-test-XXXXXX").string();
    path_ = std::filesystem::canonical(::mkdtemp(pattern.data())).string();
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class ScratchRepository {
 public:
  ScratchRepository() {
    std::filesystem::create_directories(root());
    std::filesystem::create_directories(home());
    git({"init", "-q", "-b", "main"});
  }

  std::string root() const { return top_ / "repo"; }
  std::string home() const { return top_ / "home"; }
  std::string outside(const std::string& name) const { return top_ / name; }

  // Runs git as its user would, without our safeguards. Fails the test when git does.
  std::string git(std::vector<std::string> args) const {
    const auto answer =
        run_git_process({"/usr/bin/git",
                         args,
                         {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home(), "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1",
                          "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A",
                          "GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2024-01-01T00:00:00Z",
                          "GIT_COMMITTER_DATE=2024-01-01T00:00:00Z"},
                         root()},
                        {});
    EXPECT_TRUE(answer && answer->exit == 0) << args[0] << ": " << (answer ? answer->err : answer.error().message);
    return answer ? answer->out : std::string();
  }

  void write(const std::string& path, const std::string& bytes) const {
    const std::filesystem::path file = std::filesystem::path(root()) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

  void commit(const std::string& message) const {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
  }

 private:
  ScratchDirectory top_;
};

}  // namespace assize
