#include "sys/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sys/process_tree.h"
#include "sys/shim_program.h"

namespace assize {
namespace {

using testing::HasSubstr;

constexpr Millis kPatience{20'000};  // for a slow machine; nothing waits for it to pass

struct Seen final : ProcessListener {
  void on_stdout(std::string_view bytes) override {
    out += bytes;
    if (on_out) on_out();
  }
  void on_stderr(std::string_view bytes) override { err += bytes; }
  void on_end(const ProcessEnd& process_end) override { end = process_end; }
  std::string out, err;
  std::function<void()> on_out;
  std::optional<ProcessEnd> end;
};

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() {
    std::string pattern = testing::TempDir() + "assize-process-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    auto host = ProcessHost::make(loop_);
    CHECK(host);
    host_ = std::move(*host);
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  ProcessSpec fake(std::string script, std::string input = {}) const {
    return ProcessSpec{{ASSIZE_FAKE_AGENT, std::move(script)}, {"PATH=/usr/bin:/bin"}, folder_, std::move(input)};
  }

  std::unique_ptr<Process> start(ProcessSpec spec, Seen& seen) {
    auto process = host_->start(std::move(spec), seen);
    EXPECT_TRUE(process) << process.error().what;
    return process ? std::move(*process) : nullptr;
  }

  void wait_for(const std::function<bool()>& done) {
    bool too_late = false;
    const Subscribed limit = loop_.after(kPatience, [&] { too_late = true; });
    loop_.run_until([&] { return done() || too_late; });
    ASSERT_FALSE(too_late) << "waited in vain";
  }

  Seen run(ProcessSpec spec) {
    Seen seen;
    const auto process = start(std::move(spec), seen);
    if (process) wait_for([&] { return seen.end.has_value(); });
    return seen;
  }

  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  std::string content(const std::string& name) const {
    std::ifstream stream(file(name));
    std::stringstream all;
    all << stream.rdbuf();
    return all.str();
  }
  // The process whose pid a grandchild wrote down is gone: no such number, or somebody else's now.
  bool is_gone(const std::string& pid_file) const {
    const std::string text = content(pid_file);
    if (text.empty()) return false;
    const auto facts = process_facts(static_cast<pid_t>(std::stol(text)));
    return !facts || facts->ended();
  }

  std::string folder_;
  EventLoop loop_;
  std::unique_ptr<ProcessHost> host_;
};

TEST_F(ProcessTest, standard_input_is_the_given_bytes_and_then_the_end) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{3} << 20}) {
    const std::string input(size, 'p');
    const Seen seen = run(fake("dump-stdin " + file("stdin"), input));
    EXPECT_EQ(seen.end->exit_code, 0);
    EXPECT_TRUE(content("stdin") == input) << size;
  }
}

TEST_F(ProcessTest, a_program_that_never_reads_its_input_is_no_trouble) {
  const Seen seen = run(fake("no-read-stdin; print fine; exit 3", std::string(std::size_t{1} << 20, 'x')));
  EXPECT_EQ(seen.out, "fine");
  EXPECT_EQ(seen.end->exit_code, 3);
}

TEST_F(ProcessTest, both_streams_come_whole) {
  const Seen seen = run(fake("big-line 300000; stderr oops; flood 200000"));
  EXPECT_EQ(seen.out.size(), 500001U);
  EXPECT_EQ(seen.err, "oops");
}

TEST_F(ProcessTest, a_signal_is_reported_as_one) {
  const Seen seen = run(fake("signal 11"));
  EXPECT_EQ(seen.end->signal, SIGSEGV);
  EXPECT_FALSE(seen.end->exit_code);
}

TEST_F(ProcessTest, what_cannot_be_executed_says_why) {
  std::ofstream(file("plain.txt")) << "no program\n";
  struct Case {
    std::string program, cwd;
    int code;
    std::string what;
  };
  const Case cases[] = {
      {file("missing"), folder_, ENOENT, "exec"},
      {file("plain.txt"), folder_, EACCES, "exec"},
      {ASSIZE_FAKE_AGENT, file("no-such-folder"), ENOENT, "chdir"},
  };
  for (const Case& c : cases) {
    const Seen seen = run(ProcessSpec{{c.program}, {}, c.cwd, {}});
    ASSERT_TRUE(seen.end->spawn_error) << c.program;
    EXPECT_EQ(seen.end->spawn_error->code, c.code) << c.program;
    EXPECT_EQ(seen.end->spawn_error->what, c.what);
  }
}

TEST_F(ProcessTest, an_argument_that_is_too_long_says_so) {
  ProcessSpec spec = fake("exit 0");
  spec.argv.push_back(std::string(std::size_t{1} << 20, 'a'));
  Seen seen;
  const auto process = host_->start(std::move(spec), seen);
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().code, E2BIG);
}

TEST_F(ProcessTest, exit_status_127_of_the_program_itself_is_no_failed_start) {
  const Seen seen = run(fake("exit 127"));
  EXPECT_EQ(seen.end->exit_code, 127);
  EXPECT_FALSE(seen.end->spawn_error);
}

TEST_F(ProcessTest, the_program_gets_three_descriptors_its_own_session_and_the_old_limits) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // not close-on-exec, as a careless library would
  rlimit raised{};
  ::getrlimit(RLIMIT_NOFILE, &raised);
  EXPECT_EQ(raised.rlim_cur, raised.rlim_max);
  const Seen seen = run(
      ProcessSpec{{"/bin/sh", "-c", "ls /proc/self/fd | wc -l; cat /proc/self/stat; grep NoNewPrivs /proc/self/status"},
                  {"PATH=/usr/bin:/bin"},
                  folder_,
                  {}});
  ::close(leaked);
  EXPECT_THAT(seen.out, testing::StartsWith("4\n"));  // the three, and the directory that ls has open
  EXPECT_THAT(seen.out, HasSubstr("NoNewPrivs:\t1"));
}

TEST_F(ProcessTest, the_shim_works_as_a_private_file_too) {
  std::string path;
  {
    const auto shim = ShimProgram::in_file(folder_);
    ASSERT_TRUE(shim) << shim.error().message;
    path = shim->path();
    const auto by_shell = [&](const std::string& script) {
      return run(ProcessSpec{{"/bin/sh", "-c", script, path}, {}, folder_, {}});
    };
    EXPECT_EQ(by_shell("\"$0\" $$:64:64 / /bin/sh sh -c 'ulimit -n; pwd'; true").out, "64\n/\n");
    // Its parent is not the one that it was told of: the one that started it has died meanwhile.
    EXPECT_EQ(by_shell("exec \"$0\" $$:64:64 / /bin/echo echo ran").end->exit_code, 127);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ProcessTest, stop_ends_a_program_that_hangs) {
  Seen seen;
  const auto process = start(fake("print ready; hang"), seen);
  wait_for([&] { return seen.out == "ready"; });
  process->stop();
  wait_for([&] { return seen.end.has_value(); });
  EXPECT_EQ(seen.end->signal, SIGTERM);
}

TEST_F(ProcessTest, stop_kills_after_the_grace_what_ignores_term) {
  Seen seen;
  const auto process = start(fake("ignore-term; print ready; hang"), seen);
  wait_for([&] { return seen.out == "ready"; });
  const Moment asked = loop_.now();
  process->stop();
  process->stop();
  wait_for([&] { return seen.end.has_value(); });
  EXPECT_EQ(seen.end->signal, SIGKILL);
  EXPECT_GE(loop_.now() - asked, kStopGrace);
}

struct Grandchild {
  const char* options;
};
class GrandchildTest : public ProcessTest, public testing::WithParamInterface<Grandchild> {};

TEST_P(GrandchildTest, is_gone_after_stop) {
  Seen seen;
  const auto process =
      start(fake(std::string("fork-grandchild ") + GetParam().options + file("pid") + "; print ready; hang"), seen);
  wait_for([&] { return seen.out == "ready"; });
  ASSERT_FALSE(is_gone("pid"));
  process->stop();
  wait_for([&] { return seen.end.has_value(); });
  EXPECT_TRUE(is_gone("pid"));
  EXPECT_EQ(seen.end->survivors, 0U);
}

TEST_P(GrandchildTest, is_gone_after_a_normal_end_and_what_was_printed_is_kept) {
  const Seen seen = run(fake(std::string("fork-grandchild ") + GetParam().options + file("pid") + "; print done"));
  EXPECT_EQ(seen.end->exit_code, 0);
  EXPECT_EQ(seen.out, "done");
  EXPECT_TRUE(is_gone("pid"));
  EXPECT_GE(seen.end->strays, 1U);
}

TEST_P(GrandchildTest, is_gone_when_the_process_object_is_dropped) {
  Seen seen;
  auto process =
      start(fake(std::string("fork-grandchild ") + GetParam().options + file("pid") + "; print ready; hang"), seen);
  wait_for([&] { return seen.out == "ready"; });
  process.reset();
  EXPECT_TRUE(is_gone("pid"));
  EXPECT_FALSE(seen.end);
}

INSTANTIATE_TEST_SUITE_P(Kinds, GrandchildTest,
                         testing::Values(Grandchild{""}, Grandchild{"ignore-term "}, Grandchild{"setsid "},
                                         Grandchild{"setsid ignore-term "}, Grandchild{"setsid daemon ignore-term "},
                                         Grandchild{"setsid daemon close-pipes "},
                                         Grandchild{"setsid daemon clean-env "}));

TEST_F(ProcessTest, stopping_one_leaves_the_other_and_its_daemons_alone) {
  Seen one, two;
  const auto first = start(fake("fork-grandchild setsid daemon " + file("one") + "; print ready; hang"), one);
  const auto second = start(fake("fork-grandchild setsid daemon " + file("two") + "; print ready; hang"), two);
  wait_for([&] { return one.out == "ready" && two.out == "ready"; });
  first->stop();
  wait_for([&] { return one.end.has_value(); });
  EXPECT_TRUE(is_gone("one"));
  EXPECT_FALSE(is_gone("two"));
  EXPECT_FALSE(two.end);
  second->stop();
  wait_for([&] { return two.end.has_value(); });
  EXPECT_TRUE(is_gone("two"));
}

TEST_F(ProcessTest, a_child_that_we_did_not_start_here_is_left_alone) {
  pid_t other = ::fork();
  if (other == 0) {
    for (;;) ::pause();
  }
  run(fake("fork-grandchild setsid " + file("pid")));
  EXPECT_TRUE(is_gone("pid"));
  EXPECT_TRUE(process_facts(other));
  ::kill(other, SIGKILL);
  EXPECT_EQ(::waitpid(other, nullptr, 0), other);
}

TEST_F(ProcessTest, closing_both_streams_is_not_the_end) {
  Seen seen;
  const auto process = start(fake("print last; close-stdout-and-live"), seen);
  wait_for([&] { return seen.out == "last"; });
  bool waited = false;
  const Subscribed pause = loop_.after(Millis(50), [&] { waited = true; });
  wait_for([&] { return waited; });
  EXPECT_FALSE(seen.end);
  process->stop();
  wait_for([&] { return seen.end.has_value(); });
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) count += entry.path().empty() ? 0 : 1;
  return count;
}

TEST_F(ProcessTest, two_hundred_at_once_leave_no_descriptor_and_no_child) {
  run(fake("exit 0"));
  const std::size_t before = open_descriptors();
  std::vector<Seen> seen(200);
  std::vector<std::unique_ptr<Process>> processes;
  for (Seen& one : seen) processes.push_back(start(ProcessSpec{{"/bin/echo", "hello"}, {}, "/", {}}, one));
  for (Seen& one : seen) wait_for([&] { return one.end.has_value(); });
  for (const Seen& one : seen) EXPECT_EQ(one.out, "hello\n");
  processes.clear();
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_TRUE(children_of(::getpid()).empty());
}

TEST_F(ProcessTest, starting_and_stopping_inside_on_end_is_allowed) {
  struct Chain final : ProcessListener {
    ProcessHost* host = nullptr;
    std::unique_ptr<Process> process;
    int left = 20;
    void next() { process = std::move(*host->start(ProcessSpec{{"/bin/true"}, {}, "/", {}}, *this)); }
    void on_stdout(std::string_view) override {}
    void on_stderr(std::string_view) override {}
    void on_end(const ProcessEnd&) override {
      if (--left > 0) next();
    }
  } chain;
  chain.host = host_.get();
  chain.next();
  wait_for([&] { return chain.left == 0; });
}

TEST(RunProgram, gives_output_and_status_and_stops_at_its_limit) {
  const auto quick = run_program(ProcessSpec{{"/bin/sh", "-c", "echo 1.2.3; exit 4"}, {"PATH=/bin"}, "/", {}},
                                 kPatience, ByteCount{100});
  ASSERT_TRUE(quick);
  EXPECT_EQ(quick->out, "1.2.3\n");
  EXPECT_EQ(quick->end.exit_code, 4);
  const auto slow = run_program(ProcessSpec{{ASSIZE_FAKE_AGENT, "hang"}, {}, "/", {}}, Millis(30), ByteCount{100});
  ASSERT_TRUE(slow);
  EXPECT_TRUE(slow->timed_out);
  const auto much = run_program(ProcessSpec{{ASSIZE_FAKE_AGENT, "flood 5000"}, {}, "/", {}}, kPatience, ByteCount{100});
  EXPECT_EQ(much->out.size(), 100U);
  const auto none = run_program(ProcessSpec{{"/no/such/program"}, {}, "/", {}}, kPatience, ByteCount{100});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ENOENT);
}

}  // namespace
}  // namespace assize
