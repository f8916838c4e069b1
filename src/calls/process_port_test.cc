#include "calls/process_port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "calls/room.h"
#include "calls/testing.h"
#include "sys/process_tree.h"
#include "sys/tree_files.h"

namespace assize {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr Millis kPatience{20'000};

class ProcessPortTest : public testing::Test {
 protected:
  ProcessPortTest() {
    auto folder = make_run_directory(testing::TempDir());
    CHECK(folder);
    folder_ = *folder;
    std::filesystem::create_directory(folder_ + "/rooms");
    adapter_.program = ASSIZE_FAKE_AGENT;
    auto host = ProcessHost::make(loop_);
    CHECK(host);
    host_ = std::move(*host);
    ProcessPortSettings settings;
    settings.run_directory = folder_ + "/rooms";
    settings.world = &world_;
    settings.resolve = [this](std::string_view kind) -> Result<const Adapter*> {
      if (kind == "test") return &adapter_;
      return invalid("no such kind");
    };
    settings.keep_output = [this](const Call&, const SpoolFiles& files) {
      spooled_out_ = content(files.out);
      spooled_err_ = content(files.err);
    };
    port_ = make_process_port(loop_, *host_, std::move(settings));
  }
  ~ProcessPortTest() override {
    port_.reset();
    host_.reset();
    remove_whole_tree(folder_);
  }

  Call call(std::string script, CallLimits limits = {}) const {
    auto spec = std::make_shared<AgentSpec>();
    spec->id = "one";
    spec->kind = "test";
    spec->extra_args = {std::move(script)};
    Call call;
    call.agent = std::move(spec);
    call.prompt = "the prompt";
    call.limits = limits;
    return call;
  }

  void wait_for(const std::function<bool()>& done) {
    bool too_late = false;
    const Subscribed limit = loop_.after(kPatience, [&] { too_late = true; });
    Subscribed look_again;  // for what is no event of the loop, such as a file that appears
    const std::function<void()> look = [&] { look_again = loop_.after(Millis(5), look); };
    look();
    loop_.run_until([&] { return done() || too_late; });
    ASSERT_FALSE(too_late) << "waited in vain";
  }

  Answer ask(const Call& call) {
    std::optional<Answer> got;
    port_->submit(call, [&](Answer answer) { got = std::move(answer); });
    EXPECT_FALSE(got) << "nothing answers from inside submit()";
    wait_for([&] { return got.has_value(); });
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ + "/rooms")) {
      EXPECT_TRUE(entry.is_directory()) << entry.path() << " was left";
    }
    return got.value_or(Answer{});
  }

  static std::string content(const std::string& path) {
    std::ifstream stream(path);
    std::stringstream all;
    all << stream.rdbuf();
    return all.str();
  }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  bool is_gone(const std::string& pid_file) const {
    const std::string text = content(file(pid_file));
    if (text.empty()) return false;
    const auto facts = process_facts(static_cast<pid_t>(std::stol(text)));
    return !facts || facts->ended();
  }

  std::string folder_;
  std::string spooled_out_, spooled_err_;
  TestWorld world_;
  TestAdapter adapter_;
  EventLoop loop_;
  std::unique_ptr<ProcessHost> host_;
  std::unique_ptr<CallPort> port_;
};

TEST_F(ProcessPortTest, the_answer_is_what_the_decoder_made_of_the_output) {
  const Answer answer = ask(call("stderr note\\n; echo-prompt"));
  EXPECT_FALSE(answer.error);
  EXPECT_EQ(answer.text, "the prompt\n");
  EXPECT_EQ(answer.stderr_tail, "note\n");
  EXPECT_EQ(answer.attempts, 1);
  EXPECT_EQ(answer.output_bytes, 16U);
  EXPECT_EQ(spooled_out_, "the prompt\n");
  EXPECT_EQ(spooled_err_, "note\n");
}

TEST_F(ProcessPortTest, characters_that_are_cut_between_reads_come_whole) {
  const Answer answer = ask(call("split-utf8; answer häßlich→😀"));
  EXPECT_EQ(answer.text, "häßlich→😀\n");
}

TEST_F(ProcessPortTest, bytes_that_are_no_text_are_replaced) {
  const Answer answer = ask(call("print a\\xffb; stderr \\x1b[31mred\\xfe"));
  EXPECT_EQ(answer.text,
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_THAT(answer.stderr_tail, AllOf(HasSubstr("red"), Not(HasSubstr("\x1b"))));
}

struct Ends {
  const char* script;
  CallErrorKind kind;
};

TEST_F(ProcessPortTest, each_bad_end_has_its_kind) {
  const Ends cases[] = {
      {"signal 11", CallErrorKind::crashed},
      {"print partly; signal 6", CallErrorKind::crashed},
      {"exit 0", CallErrorKind::empty_answer},
      {"print words; exit 4", CallErrorKind::failed},
      {"hang", CallErrorKind::timed_out},
      {"ignore-term; print started; close-stdout-and-live", CallErrorKind::timed_out},
      {"flood 0", CallErrorKind::output_limit},
      {"big-line 3000000; hang", CallErrorKind::output_limit},
  };
  for (const Ends& c : cases) {
    CallLimits limits;
    if (c.kind == CallErrorKind::timed_out) limits.timeout = Millis(60);
    limits.max_output = ByteCount{2'000'000};
    const Answer answer = ask(call(c.script, limits));
    ASSERT_TRUE(answer.error) << c.script;
    EXPECT_EQ(answer.error->kind, c.kind) << c.script << ": " << answer.error->message;
  }
}

TEST_F(ProcessPortTest, a_crash_names_its_signal_and_a_failure_its_exit_status) {
  EXPECT_EQ(ask(call("signal 11")).error->signal, SIGSEGV);
  EXPECT_EQ(ask(call("print x; exit 4")).error->exit_code, 4);
}

TEST_F(ProcessPortTest, what_came_before_the_output_limit_is_used_and_no_more) {
  CallLimits limits;
  limits.max_output = ByteCount{100'000};
  const Answer answer = ask(call("flood 0", limits));
  EXPECT_EQ(answer.text.size(), 100'000U);
}

TEST_F(ProcessPortTest, silence_is_stalled_and_signs_of_life_on_either_stream_are_not) {
  CallLimits limits;
  limits.stall_timeout = Millis(150);
  const Answer silent = ask(call("print begin; hang", limits));
  EXPECT_EQ(silent.error->kind, CallErrorKind::stalled);
  EXPECT_EQ(silent.text, "begin");
  EXPECT_LT(silent.last_progress, silent.duration);
  limits.stall_timeout = Millis(1'000);
  const Answer busy = ask(call("bytewise 60; stderr ...still..here...; print done", limits));
  EXPECT_FALSE(busy.error) << busy.error->message;
  EXPECT_GT(busy.duration, Millis(1'000));
}

TEST_F(ProcessPortTest, the_deadline_is_kept_to_the_millisecond) {
  CallLimits limits;
  limits.timeout = Millis(200);
  const Answer answer = ask(call("hang", limits));
  EXPECT_GE(answer.duration, Millis(200));
  EXPECT_LT(answer.duration, Millis(1'500)) << "a busy machine may take long to kill it, but not that long";
}

TEST_F(ProcessPortTest, nothing_of_an_agent_is_left_after_it_was_stopped) {
  CallLimits limits;
  limits.timeout = Millis(300);
  const Answer answer =
      ask(call("fork-grandchild setsid daemon ignore-term " + file("pid") + "; print x; hang", limits));
  EXPECT_EQ(answer.error->kind, CallErrorKind::timed_out);
  EXPECT_TRUE(is_gone("pid"));
}

TEST_F(ProcessPortTest, a_cancelled_call_answers_cancelled_with_what_came) {
  std::optional<Answer> got;
  const Call slow = call("print partly; fork-grandchild setsid " + file("pid") + "; hang");
  const CallId id = port_->submit(slow, [&](Answer answer) { got = std::move(answer); });
  wait_for([&] { return !content(file("pid")).empty(); });
  port_->cancel(id);
  EXPECT_FALSE(got);
  wait_for([&] { return got.has_value(); });
  EXPECT_EQ(got->error->kind, CallErrorKind::cancelled);
  EXPECT_EQ(got->text, "partly");
  EXPECT_TRUE(is_gone("pid"));
}

TEST_F(ProcessPortTest, a_call_that_is_cancelled_before_it_starts_starts_nothing) {
  std::optional<Answer> got;
  const Call counted = call("count " + file("count"));
  port_->cancel(port_->submit(counted, [&](Answer answer) { got = std::move(answer); }));
  wait_for([&] { return got.has_value(); });
  EXPECT_EQ(got->error->kind, CallErrorKind::cancelled);
  EXPECT_FALSE(std::filesystem::exists(file("count")));
}

TEST_F(ProcessPortTest, programs_that_cannot_start_have_their_kind) {
  std::ofstream(file("plain")) << "text";
  struct Case {
    std::string program;
    std::optional<CallErrorKind> unusable;
    CallErrorKind kind;
  };
  const Case cases[] = {
      {"/no/such/program", {}, CallErrorKind::not_installed},
      {file("plain"), {}, CallErrorKind::permission_denied},
      {file("plain") + "/below", {}, CallErrorKind::not_installed},
      {"", {}, CallErrorKind::not_installed},
      {"x", CallErrorKind::not_logged_in, CallErrorKind::not_logged_in},
  };
  for (const Case& c : cases) {
    adapter_.program = c.program;
    adapter_.unusable = c.unusable;
    const Answer answer = ask(call("print x"));  // each call has a spec of its own, which is probed anew
    EXPECT_EQ(answer.error->kind, c.kind) << c.program << ": " << answer.error->message;
  }
}

TEST_F(ProcessPortTest, an_argument_too_long_for_the_system_is_an_invalid_request) {
  EXPECT_EQ(ask(call("print " + std::string(300'000, 'x'))).error->kind, CallErrorKind::invalid_request);
}

TEST_F(ProcessPortTest, a_fault_of_the_adapter_is_that_calls_error) {
  adapter_.invocation_throws = true;
  EXPECT_EQ(ask(call("print x")).error->kind, CallErrorKind::internal);
  adapter_.invocation_throws = false;
  adapter_.decoder_throws = true;
  const Answer answer = ask(call("print x; hang"));
  EXPECT_EQ(answer.error->kind, CallErrorKind::internal);
  EXPECT_THAT(answer.error->message, HasSubstr("decoder bug"));
}

TEST_F(ProcessPortTest, an_unknown_kind_and_a_widened_command_line_start_nothing) {
  Call unknown = call("count " + file("count"));
  auto spec = std::make_shared<AgentSpec>(*unknown.agent);
  spec->kind = "nonsense";
  unknown.agent = spec;
  EXPECT_EQ(ask(unknown).error->kind, CallErrorKind::invalid_request);
  Call widened = call("count " + file("count"));
  spec = std::make_shared<AgentSpec>(*widened.agent);
  spec->extra_args.push_back("--yolo");
  widened.agent = spec;
  EXPECT_EQ(ask(widened).error->kind, CallErrorKind::permission_enforcement_failed);
  EXPECT_FALSE(std::filesystem::exists(file("count")));
}

TEST_F(ProcessPortTest, a_task_works_in_the_directory_it_is_given_and_within_its_mode) {
  const std::string tree = file("tree");
  std::filesystem::create_directory(tree);
  Call task = call("dump-cwd " + file("cwd") + "; answer done");
  task.phase = Phase::task;
  task.mode = ExecutionMode::write;
  task.directory = tree;
  EXPECT_EQ(ask(task).error->kind, CallErrorKind::permission_enforcement_failed);  // a kind that knows no modes
  adapter_.mode_rows = {{ExecutionMode::read_only, {}, "", ""}, {ExecutionMode::write, {}, "", ""}};
  EXPECT_EQ(ask(task).text, "done\n");
  EXPECT_EQ(content(file("cwd")), std::filesystem::canonical(tree));
  EXPECT_EQ(adapter_.rooms.back().cwd, tree);
  EXPECT_TRUE(std::filesystem::exists(tree)) << "it is not the port's to remove";

  auto widened = std::make_shared<AgentSpec>(*task.agent);
  widened->extra_args.emplace_back("--yolo");
  task.agent = widened;
  EXPECT_EQ(ask(task).error->kind, CallErrorKind::permission_enforcement_failed);
  task.mode = ExecutionMode::yolo;
  EXPECT_EQ(ask(task).error->kind, CallErrorKind::permission_enforcement_failed);  // not among its modes
}

TEST_F(ProcessPortTest, the_environment_is_an_allow_list) {
  world_.variables = {{"PATH", "/usr/bin:/bin"},   {"LANG", "C.UTF-8"},        {"LC_ALL", "C"},
                      {"https_proxy", "http://p"}, {"HOME", "/home/tester"},   {"AWS_SECRET", "no"},
                      {"TEST_VENDOR_KEY", "yes"},  {"OTHER_VENDOR_KEY", "no"}, {"LD_PRELOAD", "/evil.so"},
                      {"TERM", "xterm-256color"}};
  Call asked = call("dump-env " + file("env") + "; print x");
  auto spec = std::make_shared<AgentSpec>(*asked.agent);
  spec->env = {{"MINE", "set"}, {"HOME", "/home/tester"}, {"TMPDIR", "/tmp"}};
  asked.agent = spec;
  const Answer answer = ask(asked);
  std::vector<std::string> names, lines;
  std::istringstream all(content(file("env")));
  for (std::string line; std::getline(all, line);) {
    lines.push_back(line);
    names.push_back(line.substr(0, line.find('=')));
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("PATH", "LANG", "LC_ALL", "https_proxy", "HOME", "TMPDIR", "TERM",
                                                   "TEST_VENDOR_KEY", "TEST_ADAPTER", "MINE", "ASSIZE_CALL"));
  EXPECT_THAT(lines, testing::IsSupersetOf({std::string("TERM=dumb"), "HOME=" + adapter_.rooms.back().home,
                                            "TMPDIR=" + adapter_.rooms.back().scratch}));
  EXPECT_THAT(answer.warnings, testing::ElementsAre("env of one: HOME was not set", "env of one: TMPDIR was not set"));
}

TEST_F(ProcessPortTest, the_room_is_private_and_home_is_not_below_the_temporary_directory) {
  adapter_.files = {{".test/settings.json", "{}"}};
  world_.files = {{"/home/tester/.test/auth.json", "secret"}};
  adapter_.program = "/bin/sh";
  Call asked = call("");
  auto spec = std::make_shared<AgentSpec>(*asked.agent);
  spec->extra_args = {
      "-c",
      "stat -c '%a' \"$HOME\" \"$TMPDIR\" . \"$HOME/.test\" \"$HOME/.test/auth.json\" "
      "\"$HOME/.test/settings.json\"; cat \"$HOME/.test/auth.json\"; ls -A . \"$TMPDIR\"; mkdir -p d/e; "
      "touch d/e/f; chmod 000 d/e d; ln -s / link"};
  asked.agent = spec;
  const Answer answer = ask(asked);
  const Room& room = adapter_.rooms.back();
  EXPECT_EQ(answer.text, "700\n700\n700\n700\n600\n600\nsecret.:\n\n" + room.scratch + ":\n");
  EXPECT_FALSE(room.home.starts_with(room.scratch));
}

TEST_F(ProcessPortTest, the_rooms_go_with_the_port_and_serve_again_only_when_they_are_as_new) {
  ask(call("print x"));
  ask(call("print x"));
  EXPECT_EQ(adapter_.rooms[0].home, adapter_.rooms[1].home);
  adapter_.program = "/bin/sh";
  Call vandal = call("");
  auto spec = std::make_shared<AgentSpec>(*vandal.agent);
  spec->extra_args = {"-c", "rmdir \"$HOME\"; ln -s /etc \"$HOME\"; echo x"};
  vandal.agent = spec;
  ask(vandal);
  adapter_.program = ASSIZE_FAKE_AGENT;
  ask(call("print x"));
  EXPECT_NE(adapter_.rooms[2].home, adapter_.rooms[3].home);
  port_.reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/rooms"));
}

TEST_F(ProcessPortTest, an_adapter_cannot_write_outside_of_the_room) {
  adapter_.files = {{"../../../escaped", "x"}};
  EXPECT_EQ(ask(call("print x")).error->kind, CallErrorKind::internal);
  EXPECT_FALSE(std::filesystem::exists(file("escaped")));
}

TEST_F(ProcessPortTest, an_analyser_finds_the_changed_files_in_its_directory) {
  adapter_.program = "/bin/sh";
  Call asked = call("");
  auto spec = std::make_shared<AgentSpec>(*asked.agent);
  spec->extra_args = {"-c", "find . -type f | sort; cat 'src/a b.c'"};
  asked.agent = spec;
  auto scope = std::make_shared<Scope>();
  const auto image = std::make_shared<const std::string>("int x;\n");
  scope->files = {ScopeFile{"src/a b.c", {}, image}, ScopeFile{"-dash", {}, image}, ScopeFile{"gone.c", {}, nullptr},
                  ScopeFile{"../outside.c", {}, image}};
  asked.scope = scope;
  const Answer answer = ask(asked);
  EXPECT_EQ(answer.text, "./-dash\n./src/a b.c\nint x;\n");
  EXPECT_EQ(answer.warnings.size(), 1U);
}

TEST_F(ProcessPortTest, an_adapter_that_answers_itself_needs_no_process_and_no_room) {
  Answer direct;
  direct.text = "by rule";
  adapter_.direct = direct;
  adapter_.program = "";
  EXPECT_EQ(ask(call("")).text, "by rule");
  EXPECT_TRUE(adapter_.rooms.empty());
}

TEST_F(ProcessPortTest, a_full_disk_is_that_calls_error) {
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 100'000;
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Answer answer = ask(call("flood 500000; hang"));
  ::setrlimit(RLIMIT_FSIZE, &old);
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->kind, CallErrorKind::internal);
  EXPECT_THAT(answer.error->message, HasSubstr("cannot write"));
}

TEST_F(ProcessPortTest, sixty_four_at_once_answer_each_for_itself) {
  std::vector<Call> calls;
  for (int i = 0; i < 64; ++i) calls.push_back(call("answer number " + std::to_string(i)));
  std::vector<std::string> texts(calls.size());
  std::size_t open = calls.size();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    port_->submit(calls[i], [&, i](Answer answer) {
      texts[i] = answer.text;
      --open;
    });
  }
  wait_for([&] { return open == 0; });
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(texts[i], "number " + std::to_string(i) + "\n");
  EXPECT_TRUE(children_of(::getpid()).empty());
}

}  // namespace
}  // namespace assize
