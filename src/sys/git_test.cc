#include "sys/git.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sys/scratch_repository.h"

namespace assize {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Git> open(const ScratchRepository& repository, GitOptions options = {}) {
  auto git = open_git(repository.root(), options);
  EXPECT_TRUE(git) << git.error().message;
  return git ? std::move(*git) : nullptr;
}

TEST(Git, answers_with_exit_status_and_both_streams) {
  const ScratchRepository repository;
  repository.write("a", "x\n");
  repository.commit("one");
  const auto git = open(repository);
  EXPECT_EQ(git->run({"cat-file", "--batch-check=%(objecttype)"}, "HEAD\nHEAD:a\nnone\n")->out,
            "commit\nblob\nnone missing\n");
  const auto bad = git->run({"rev-parse", "--verify", "none"});
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->exit, 128);
  EXPECT_NE(bad->err.find("fatal"), std::string::npos);
}

TEST(Git, stops_what_takes_too_long_or_says_too_much) {
  const ScratchRepository repository;
  repository.write("a", std::string(100'000, 'x'));
  repository.commit("one");
  GitOptions small;
  small.max_output = ByteCount{1'000};
  const auto cut = open(repository, small)->run({"cat-file", "blob", "HEAD:a"});
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->cut);
  EXPECT_EQ(cut->out.size(), 1'000U);
  // The deadline: a pipe that nobody writes to keeps git waiting.
  ASSERT_EQ(::mkfifo((repository.root() + "/pipe").c_str(), 0600), 0);
  GitOptions impatient;
  impatient.deadline = Millis(50);
  const auto late = open(repository, impatient)->run({"hash-object", "--no-filters", "pipe"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::timed_out);
}

TEST(Git, uses_the_callers_index_when_it_is_the_repositorys_own) {
  const ScratchRepository repository;
  repository.write("a", "x\n");
  repository.commit("one");
  GitOptions options;
  options.index_file =
      repository.root() + "/.git/index.lock";  // as in the hook of `git commit -a`: not there yet, here
  EXPECT_EQ(open(repository, options)->run({"ls-files"})->out, "");
  options.index_file = repository.outside("index");
  EXPECT_EQ(open(repository, options)->run({"ls-files"})->out, "a\n");
}

TEST(Git, finds_the_root_from_below_and_says_when_there_is_none) {
  const ScratchRepository repository;
  repository.write("a/b/c", "x");
  EXPECT_EQ(*find_repository_root(repository.root() + "/a/b"), repository.root());
  EXPECT_EQ(find_repository_root(repository.home()).error().code, ErrorCode::not_found);
  EXPECT_EQ(find_repository_root(repository.outside("nothing")).error().code, ErrorCode::not_found);
  fs::rename(repository.root() + "/.git", repository.outside("bare"));
  EXPECT_EQ(find_repository_root(repository.outside("bare")).error().code, ErrorCode::unsupported);
}

TEST(Git, works_in_a_second_working_tree) {
  const ScratchRepository repository;
  repository.commit("one");
  repository.git({"worktree", "add", "-q", repository.outside("second"), "-b", "other"});
  EXPECT_EQ(*find_repository_root(repository.outside("second")), repository.outside("second"));
  const auto git = open_git(repository.outside("second"), {});
  ASSERT_TRUE(git);
  EXPECT_EQ((*git)->run({"symbolic-ref", "HEAD"})->out, "refs/heads/other\n");
}

TEST(Git, works_on_a_repository_of_another_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const ScratchRepository repository;
  repository.write("a", "x\n");
  repository.commit("one");
  for (const auto& entry : fs::recursive_directory_iterator(repository.root())) {
    ASSERT_EQ(::lchown(entry.path().c_str(), 65'534, 65'534), 0);
  }
  ASSERT_EQ(::chown(repository.root().c_str(), 65'534, 65'534), 0);
  EXPECT_EQ(open(repository)->run({"status", "--porcelain"})->exit, 0);
}

TEST(Git, a_configured_work_tree_elsewhere_does_not_count) {
  const ScratchRepository repository;
  fs::create_directories(repository.outside("secrets"));
  std::ofstream(repository.outside("secrets/key")) << "secret";
  repository.git({"config", "core.worktree", repository.outside("secrets")});
  EXPECT_EQ(open(repository)->run({"ls-files", "--others"})->out, "");
}

TEST(Git, honours_the_users_own_ignore_file) {
  const ScratchRepository repository;
  std::ofstream(repository.outside("ignores")) << "*.tmp\n";
  std::ofstream(repository.home() + "/.gitconfig")
      << "[core]\n\texcludesFile = " << repository.outside("ignores") << "\n";
  repository.write("a.tmp", "x");
  repository.write("b.txt", "x");
  GitOptions options;
  options.home = repository.home();
  EXPECT_EQ(open(repository, options)->run({"ls-files", "--others", "--exclude-standard"})->out, "b.txt\n");
}

// Every way that is known by which a repository names a program. Each would leave a file behind.
TEST(Git, runs_nothing_that_a_hostile_repository_names) {
  const ScratchRepository repository;
  repository.write("a.txt", "one\n");
  repository.write("b.txt", "one\n");
  repository.commit("one");
  const std::string script = repository.outside("evil");
  const std::string proof = repository.outside("proof");
  std::ofstream(script) << "#!/bin/sh\necho \"$0 $*\" >>" << proof << "\ncat\n";
  fs::permissions(script, fs::perms::owner_all);
  const auto config = [&](const std::string& key, const std::string& value) { repository.git({"config", key, value}); };
  for (const char* key : {"diff.external", "core.pager", "pager.diff", "core.editor", "core.sshCommand", "gpg.program",
                          "core.askPass", "credential.helper", "core.alternateRefsCommand", "diff.evil.textconv",
                          "diff.evil.command", "filter.evil.clean", "filter.evil.smudge", "filter.more.process",
                          "core.gitProxy", "interactive.diffFilter", "merge.evil.driver", "sequence.editor"}) {
    config(key, script);
  }
  config("filter.evil.required", "true");
  config("filter.more.required", "true");
  config("log.showSignature", "true");
  config("core.hooksPath", repository.outside("hooks"));
  config("extensions.partialClone", "origin");
  config("remote.origin.promisor", "true");
  config("remote.origin.url", "ext::" + script);
  config("protocol.ext.allow", "always");
  fs::create_directories(repository.outside("hooks"));
  for (const char* hook :
       {"post-index-change", "post-checkout", "pre-commit", "fsmonitor-watchman", "reference-transaction"}) {
    fs::copy_file(script, repository.outside(std::string("hooks/") + hook));
    fs::copy_file(script, repository.root() + "/.git/hooks/" + hook);
  }
  // In an included file, in odd case, so that a look at the configuration alone would not find it.
  std::ofstream(repository.root() + "/.git/more") << "[FILTER \"In Cluded\"]\n\tclean = " << script << "\n\trequired\n";
  config("include.path", "more");
  config("core.fsmonitor", script);
  repository.write(".gitattributes",
                   "a.txt filter=evil diff=evil\nb.txt filter=more\nc.txt filter=\"In Cluded\"\nd* diff=evil\n");
  std::ofstream(repository.root() + "/.git/info/attributes") << "c.txt filter=evil merge=evil\n";
  repository.write("a.txt", "two\n");
  repository.write("b.txt", "two\n");
  repository.write("c.txt", "new\n");

  // Without the safeguards they do run.
  const std::vector<std::string> plain = {"PATH=/usr/bin:/bin", "HOME=" + repository.home(), "GIT_OPTIONAL_LOCKS=0"};
  ASSERT_TRUE(run_git_process({"/usr/bin/git", {"diff", "HEAD"}, plain, repository.root()}, {}));
  ASSERT_TRUE(fs::remove(proof));

  const auto git = open(repository);
  ASSERT_NE(git, nullptr);
  const auto diff = git->run({"diff", "--no-ext-diff", "--no-textconv", "--text", "HEAD", "--"});
  ASSERT_TRUE(diff);
  EXPECT_EQ(diff->exit, 0) << diff->err;
  EXPECT_NE(diff->out.find("+two"), std::string::npos);
  EXPECT_EQ(git->run({"status", "--porcelain", "-uall"})->exit, 0);
  EXPECT_EQ(git->run({"ls-files", "--others", "--exclude-standard"})->exit, 0);
  EXPECT_EQ(git->run({"log", "-p", "--no-ext-diff", "--no-textconv", "-1"})->exit, 0);
  // An object that is not there would be fetched from the promisor.
  (void)git->run({"cat-file", "-p", "0123456789012345678901234567890123456789"});
  EXPECT_FALSE(fs::exists(proof)) << std::ifstream(proof).rdbuf();
}

TEST(Git, refuses_a_filter_driver_that_it_cannot_switch_off) {
  const ScratchRepository repository;
  std::ofstream(repository.root() + "/.git/config", std::ios::app) << "[filter \"a=b\"]\n\tclean = touch /dev/null\n";
  EXPECT_EQ(open_git(repository.root(), {}).error().code, ErrorCode::unsupported);
}

TEST(Git, does_not_look_inside_a_submodule_when_told_not_to) {
  const ScratchRepository repository;
  repository.write("a.txt", "one\n");
  fs::create_directories(repository.root() + "/sub");
  repository.git({"-C", "sub", "init", "-q"});
  repository.write("sub/x.txt", "one\n");
  repository.git({"-C", "sub", "add", "-A"});
  repository.git({"-C", "sub", "commit", "-q", "-m", "one"});
  repository.commit("with a submodule");
  const std::string script = repository.outside("evil");
  const std::string proof = repository.outside("proof");
  std::ofstream(script) << "#!/bin/sh\ntouch " << proof << "\ncat\n";
  fs::permissions(script, fs::perms::owner_all);
  repository.git({"-C", "sub", "config", "filter.evil.clean", script});
  repository.git({"-C", "sub", "config", "core.fsmonitor", script});
  repository.write("sub/.gitattributes", "* filter=evil\n");
  repository.write("sub/x.txt", "two\n");
  const auto git = open(repository);
  ASSERT_TRUE(git->run({"diff", "--ignore-submodules=none", "HEAD", "--"}));
  ASSERT_TRUE(fs::remove(proof));  // looking inside runs the submodule's own configuration: that is why we do not
  const auto diff = git->run({"diff", "--ignore-submodules=dirty", "HEAD", "--"});
  ASSERT_TRUE(diff);
  EXPECT_EQ(diff->exit, 0) << diff->err;
  EXPECT_FALSE(fs::exists(proof));
}

TEST(Git, writes_nothing) {
  const ScratchRepository repository;
  repository.write("a.txt", "one\n");
  repository.commit("one");
  const auto index = fs::last_write_time(repository.root() + "/.git/index");
  fs::last_write_time(repository.root() + "/a.txt", fs::file_time_type::clock::now());  // the index is out of date now
  const auto git = open(repository);
  EXPECT_EQ(git->run({"diff", "HEAD"})->out, "");
  EXPECT_EQ(git->run({"status", "--porcelain"})->out, "");
  EXPECT_EQ(fs::last_write_time(repository.root() + "/.git/index"), index);
}

}  // namespace
}  // namespace assize
