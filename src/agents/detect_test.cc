#include "agents/detect.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "agents/decoder_test_support.h"
#include "agents/surroundings.h"

namespace assize {
namespace {

class TemporaryDirectory : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "assize-agents-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, std::string_view content, mode_t mode = 0600) const {
    const std::string full = path_ + "/" + name;
    std::ofstream(full) << content;
    ::chmod(full.c_str(), mode);
    return full;
  }
  std::string path_;
};

TEST(Version, is_the_first_number_with_a_dot) {
  EXPECT_EQ(version_in("2.1.197 (Claude Code)\n"), "2.1.197");
  EXPECT_EQ(version_in("codex-cli 0.169.0\n"), "0.169.0");
  EXPECT_EQ(version_in("0.61.0-nightly.3\n"), "0.61.0-nightly.3");
  EXPECT_EQ(version_in("ShellCheck - shell script analysis tool\nversion: 0.9.0\n"), "0.9.0");
  EXPECT_EQ(version_in("Debian clang-tidy version 14.0.6."), "14.0.6");
  EXPECT_EQ(version_in("v1.2\n"), "1.2");
  EXPECT_EQ(version_in("built 2026 by 7"), "");
  EXPECT_EQ(version_in(""), "");
}

TEST(Detect, lists_every_cli_with_what_is_known) {
  FakeWorld world;
  world.programs["claude"] = "/bin/claude";
  world.variables["ANTHROPIC_API_KEY"] = "k";
  std::string summary;
  for (const DetectedCli& cli : detect_clis(world)) {
    summary +=
        cli.spec.kind + "=" + (cli.probe.unusable ? std::string(to_string(*cli.probe.unusable)) : "usable") + " ";
  }
  EXPECT_EQ(summary,
            "claude=usable codex=not_installed gemini=not_installed qwen=not_installed opencode=not_installed ");
}

using Cache = TemporaryDirectory;

TEST_F(Cache, remembers_a_version_until_the_file_changes) {
  const std::string program = file("prog", "one", 0755);
  const std::string store = path_ + "/state/cache";
  const auto stamp = stamp_of(program);
  ASSERT_TRUE(stamp);
  {
    VersionCache cache(store);
    EXPECT_EQ(cache.find(*stamp), std::nullopt);
    cache.remember(*stamp, "1.2.3");
    ASSERT_TRUE(cache.save());
  }
  EXPECT_EQ(VersionCache(store).find(*stamp), "1.2.3");
  file("prog", "other", 0755);
  EXPECT_EQ(VersionCache(store).find(*stamp_of(program)), std::nullopt);
  EXPECT_EQ(stamp_of(path_ + "/nothing"), std::nullopt);
}

TEST_F(Cache, a_damaged_file_counts_as_empty) {
  for (const char* content : {"", "{", "[]", R"({"/x":{"size":"big"}})", R"({"/x":7})"}) {
    file("versions.json", content);
    EXPECT_EQ(VersionCache(path_).find({"/x", 1, 1}), std::nullopt) << content;
  }
}

TEST_F(Cache, says_when_it_cannot_be_written) {
  const std::string plain = file("plain", "");
  VersionCache cache(plain + "/below");
  cache.remember({"/x", 1, 1}, "1.0");
  const auto saved = cache.save();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::io);
}

using World = TemporaryDirectory;

TEST_F(World, finds_programs_on_absolute_entries_of_path_only) {
  const std::string program = file("prog", "", 0755);
  file("data", "", 0644);
  EXPECT_EQ(find_on_path("prog", "/nowhere:" + path_), program);
  EXPECT_EQ(find_on_path("prog", ".:relative::" + path_ + "/x"), std::nullopt);
  EXPECT_EQ(find_on_path("data", path_), std::nullopt);
  EXPECT_EQ(find_on_path(program, ""), program);
  EXPECT_EQ(find_on_path(path_, ""), std::nullopt);  // a directory
  EXPECT_EQ(find_on_path("", path_), std::nullopt);
}

TEST_F(World, reads_small_regular_files_only) {
  EXPECT_EQ(read_small_file(file("small", "abc")), "abc");
  EXPECT_EQ(read_small_file(file("large", std::string(kMaxSmallFile + 1, 'x'))), std::nullopt);
  EXPECT_EQ(read_small_file(path_), std::nullopt);
  const std::string fifo = path_ + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(read_small_file(fifo), std::nullopt);
  EXPECT_EQ(read_small_file(path_ + "/nothing"), std::nullopt);
}

}  // namespace
}  // namespace assize
