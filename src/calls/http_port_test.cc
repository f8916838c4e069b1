#include "calls/http_port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agents/adapter.h"
#include "calls/http_testing.h"
#include "calls/list_models.h"
#include "calls/room.h"
#include "calls/testing.h"
#include "sys/tree_files.h"

namespace assize {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr Millis kPatience{20'000};
constexpr const char* kKey = "sk-test-0123456789abcdef";

std::string chunk(std::string_view text, std::string_view reason = "") {
  return R"(data: {"model":"m-1","choices":[{"index":0,"delta":{"content":")" + std::string(text) +
         R"("},"finish_reason":)" + (reason.empty() ? "null" : "\"" + std::string(reason) + "\"") + "}]}\n\n";
}
const std::string kGood = chunk("the ") + chunk("answer", "stop") + "data: [DONE]\n\n";

struct Log final : Observer {
  void call_started(const Call& call) override { lines.push_back("started " + call.agent->id); }
  void call_progress(const Call&, std::uint64_t bytes) override {
    lines.push_back("progress " + std::to_string(bytes));
    if (on_progress) on_progress();
  }
  std::vector<std::string> lines;
  std::function<void()> on_progress;
};

class HttpPortTest : public testing::Test {
 protected:
  HttpPortTest() {
    auto folder = make_run_directory(testing::TempDir());
    CHECK(folder);
    folder_ = *folder;
    world_.variables["MY_KEY"] = kKey;
    make_port();
  }
  ~HttpPortTest() override {
    port_.reset();
    remove_whole_tree(folder_);
  }

  void make_port(Millis connect_deadline = Millis(10'000), Millis progress_period = Millis(1'000)) {
    HttpPortSettings settings;
    settings.world = &world_;
    settings.resolve = [this](std::string_view kind) -> Result<const Adapter*> {
      if (kind == "test") return &odd_;
      return adapter_for(kind);
    };
    settings.observer = &log_;
    settings.run_directory = folder_;
    settings.keep_output = [this](const Call&, const SpoolFiles& files) {
      std::ostringstream out;
      out << std::ifstream(files.out).rdbuf();
      kept_ = out.str();
    };
    settings.connect_deadline = connect_deadline;
    settings.progress_period = progress_period;
    port_ = make_http_port(loop_, std::move(settings));
  }

  Call call(CallLimits limits = {}, std::string kind = "openai", std::string path = "/v1") const {
    auto spec = std::make_shared<AgentSpec>();
    spec->id = "one";
    spec->kind = std::move(kind);
    spec->model = "m";
    spec->endpoint = server_.url(path);
    spec->api_key_env = "MY_KEY";
    Call call;
    call.agent = std::move(spec);
    call.prompt = "the prompt";
    call.limits = limits;
    return call;
  }

  void wait_for(const std::function<bool()>& done) {
    bool too_late = false;
    const Subscribed limit = loop_.after(kPatience, [&] { too_late = true; });
    loop_.run_until([&] { return done() || too_late; });
    ASSERT_FALSE(too_late) << "waited in vain";
  }

  Answer ask(const Call& call) {
    std::optional<Answer> got;
    port_->submit(call, [&](Answer answer) { got = std::move(answer); });
    EXPECT_FALSE(got);  // never from inside submit()
    wait_for([&] { return got.has_value(); });
    return got.value_or(Answer{});
  }

  Answer ask_for(TestReply reply, CallLimits limits = {}) {
    server_.answer = [reply = std::move(reply)](const std::string&) { return reply; };
    return ask(call(limits));
  }

  EventLoop loop_;
  TestServer server_{loop_};
  TestWorld world_;
  TestAdapter odd_;
  Log log_;
  std::string folder_;
  std::string kept_;
  std::unique_ptr<CallPort> port_;
};

std::string kind_of(const Answer& answer) {
  return answer.error ? std::string(to_string(answer.error->kind)) : "ok";
}

std::string all_of(const Answer& answer) {
  std::string all = answer.text + "\n" + answer.model + "\n" + answer.stderr_tail;
  for (const std::string& warning : answer.warnings) all += "\n" + warning;
  return all + (answer.error ? "\n" + answer.error->message : "");
}

TEST_F(HttpPortTest, sends_the_prompt_with_its_key_and_reads_the_answer) {
  const Answer answer = ask_for(http_stream(kGood));
  EXPECT_EQ(kind_of(answer), "ok") << all_of(answer);
  EXPECT_EQ(answer.text, "the answer");
  EXPECT_EQ(answer.model, "m-1");
  EXPECT_EQ(answer.attempts, 1);
  EXPECT_EQ(answer.output_bytes, kGood.size());
  EXPECT_EQ(kept_, kGood);
  EXPECT_THAT(log_.lines, ElementsAre("started one"));
  ASSERT_EQ(server_.requests.size(), 1U);
  EXPECT_THAT(server_.requests[0], AllOf(HasSubstr("POST /v1/chat/completions HTTP/1.1\r\n"),
                                         HasSubstr("Bearer " + std::string(kKey)), HasSubstr("User-Agent: assize/"),
                                         HasSubstr("\"content\":\"the prompt\""), Not(HasSubstr("Expect"))));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(HttpPortTest, every_ending_has_its_kind_and_keeps_what_came) {
  const std::string half = chunk("the ");
  const std::string length = "Content-Length: 5000\r\n\r\n";
  struct Row {
    const char* name;
    TestReply reply;
    const char *kind, *text;
  };
  using Then = TestReply::Then;
  for (const Row& row :
       {Row{"401", http_whole(401, "application/json", R"({"error":{"message":"bad key"}})"), "not_logged_in", ""},
        {"500", http_whole(500, "application/json", "{}"), "overloaded", ""},
        {"a broken stream", {http_head(200, "text/event-stream", length) + half, Then::close}, "network", "the "},
        {"a reset", {http_head(200, "text/event-stream", length) + half, Then::reset}, "network", "the "},
        {"an early end", http_stream(half), "network", "the "},
        {"an empty reply", {"", Then::close}, "network", ""},
        {"no HTTP", {"SSH-2.0-OpenSSH\r\n", Then::close}, "network", ""},
        {"a page", http_whole(200, "text/html", "<html><title>Sign in</title>"), "network", ""},
        {"no content", http_whole(200, "text/event-stream", ""), "empty_answer", ""},
        {"not streamed",
         http_whole(200, "application/json", R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})"),
         "ok", "a"},
        {"a redirect", http_whole(302, "text/html", "", "Location: https://u:p@evil.example/x?key=1\r\n"), "failed",
         ""},
        {"a redirect to nowhere", http_whole(304, "text/html", ""), "failed", ""}}) {
    SCOPED_TRACE(row.name);
    const Answer answer = ask_for(row.reply);
    EXPECT_EQ(kind_of(answer), row.kind) << all_of(answer);
    EXPECT_EQ(answer.text, row.text);
    EXPECT_TRUE(!answer.error || !answer.error->message.empty());
  }
}

TEST_F(HttpPortTest, a_redirect_is_named_by_its_host_alone_and_not_followed) {
  const Answer answer =
      ask_for(http_whole(307, "text/plain", "", "Location: " + server_.url("/v1/chat/completions?secret=1") + "\r\n"));
  EXPECT_EQ(answer.error->message, "redirect refused: HTTP 307 to 127.0.0.1");
  EXPECT_EQ(server_.requests.size(), 1U);
}

TEST_F(HttpPortTest, the_wait_that_a_server_asks_for_is_kept) {
  struct Row {
    const char* header;
    std::optional<Millis> wait;
  };
  for (const Row& row : {Row{"Retry-After: 7\r\n", Millis(7'000)},
                         {"retry-after-ms: 1500\r\nRetry-After: 2\r\n", Millis(1'500)},
                         {"Retry-After: 999999999\r\n", Millis(86'400'000)},
                         {"Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", std::nullopt},
                         {"Retry-After: soon\r\n", std::nullopt},
                         {"", std::nullopt}}) {
    const Answer answer = ask_for(http_whole(429, "application/json", "{}", row.header));
    EXPECT_EQ(kind_of(answer), "rate_limited");
    EXPECT_EQ(answer.error->retry_after, row.wait) << row.header;
  }
  const Answer later =
      ask_for(http_whole(429, "application/json", "{}", "Retry-After: Fri, 31 Dec 2199 23:59:59 GMT\r\n"));
  EXPECT_EQ(later.error->retry_after, Millis(86'400'000));  // no longer than a day
}

TEST_F(HttpPortTest, silence_is_bounded_before_the_head_and_in_the_middle) {
  const std::string half = chunk("the ");
  const TestReply silent{"", TestReply::Then::wait};
  const TestReply head{http_head(200, "text/event-stream") + "\r\n", TestReply::Then::wait};
  const TestReply middle = http_stream(half, TestReply::Then::wait);
  struct Row {
    const char* name;
    TestReply reply;
    CallLimits limits;
    const char *kind, *text;
  };
  const CallLimits hard{.timeout = Millis(60), .stall_timeout = std::nullopt};
  const CallLimits idle{.timeout = Millis(10'000), .stall_timeout = Millis(60)};
  for (const Row& row : {Row{"silent, hard", silent, hard, "timed_out", ""},
                         {"silent, idle", silent, idle, "stalled", ""},
                         {"head, hard", head, hard, "timed_out", ""},
                         {"head, idle", head, idle, "stalled", ""},
                         {"middle, hard", middle, hard, "timed_out", "the "},
                         {"middle, idle", middle, idle, "stalled", "the "}}) {
    SCOPED_TRACE(row.name);
    const Answer answer = ask_for(row.reply, row.limits);
    EXPECT_EQ(kind_of(answer), row.kind);
    EXPECT_EQ(answer.text, row.text);
    EXPECT_GE(answer.duration, Millis(60));
    EXPECT_LT(answer.duration, Millis(5'000));
  }
  // What was waited for is let go of.
  wait_for([&] { return server_.closed_by_client == 6; });
}

TEST_F(HttpPortTest, a_whole_answer_need_not_wait_for_the_end_of_the_connection) {
  const Answer answer = ask_for(http_stream(kGood, TestReply::Then::wait));
  EXPECT_EQ(kind_of(answer), "ok");
  EXPECT_LT(answer.duration, Millis(5'000));
}

TEST_F(HttpPortTest, a_body_without_end_is_cut_and_what_came_is_used) {
  std::string body = chunk("the ");
  while (body.size() < (20U << 20)) body += ": padding that a server sends for no reason at all, line after line\n";
  const Answer answer = ask_for(http_stream(body, TestReply::Then::wait));
  EXPECT_EQ(kind_of(answer), "output_limit");
  EXPECT_EQ(answer.error->message, "sent more than 16777216 bytes");
  EXPECT_EQ(answer.text, "the ");
  EXPECT_LE(kept_.size(), kMaxHttpBody.value);

  const Answer small = ask_for(http_stream(kGood), CallLimits{.max_output = ByteCount{100}});
  EXPECT_EQ(kind_of(small), "output_limit");
}

TEST_F(HttpPortTest, a_head_without_end_is_refused) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 6'000; ++i) head += "X-Padding-" + std::to_string(i) + ": " + std::string(60, 'x') + "\r\n";
  EXPECT_EQ(kind_of(ask_for({head, TestReply::Then::wait})), "network");
}

TEST_F(HttpPortTest, a_key_is_in_nothing_that_comes_out) {
  const std::string key = kKey;
  for (const TestReply& reply :
       {http_whole(401, "application/json", R"({"error":{"message":"no such key: )" + key + "\"}}"),
        http_whole(500, "text/plain", "request had Authorization: Bearer " + key),
        http_whole(200, "text/html", "<title>" + key + "</title>"), http_stream(chunk("echo " + key, "stop")),
        http_stream(R"(data: {"model":")" + key + R"(","choices":[{"delta":{"content":"a"},"finish_reason":")" + key +
                    "\"}]}\n\n"),
        http_whole(302, "text/html", "", "Location: http://" + key + ".example/\r\n")}) {
    const Answer answer = ask_for(reply);
    EXPECT_THAT(all_of(answer), Not(HasSubstr(key)));
    EXPECT_THAT(kept_, Not(HasSubstr(key)));
    EXPECT_THAT(server_.requests.back(), HasSubstr(key));  // it was sent, so it could have come back
  }
  EXPECT_EQ(ask_for(http_stream(chunk("echo " + key + ".", "stop"))).text, "echo [key].");
}

TEST_F(HttpPortTest, no_connection_is_a_network_error) {
  Call refused = call();
  auto spec = std::make_shared<AgentSpec>(*refused.agent);
  spec->endpoint = "http://127.0.0.1:1/v1";
  refused.agent = spec;
  const Answer answer = ask(refused);
  EXPECT_EQ(kind_of(answer), "network");
  EXPECT_THAT(answer.error->message, HasSubstr("127.0.0.1"));

  auto secure = std::make_shared<AgentSpec>(*spec);
  secure->endpoint = "https" + server_.url().substr(4);
  server_.answer = [](const std::string&) { return TestReply{"HTTP/1.1 400 Bad Request\r\n\r\n"}; };
  refused.agent = secure;
  refused.limits.timeout = Millis(200);
  const Answer plain = ask(refused);
  EXPECT_TRUE(kind_of(plain) == "network" || kind_of(plain) == "timed_out") << all_of(plain);
  EXPECT_TRUE(server_.requests.empty());  // nothing was said in the clear
}

// A listener whose queue is full drops what asks for a connection.
TEST_F(HttpPortTest, a_connection_that_does_not_come_about_is_given_up) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener.get(), generic, size), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  ASSERT_EQ(::getsockname(listener.get(), generic, &size), 0);
  std::vector<UniqueFd> queue;
  for (int i = 0; i < 4; ++i) {
    queue.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(queue.back().get(), generic, size);
  }
  make_port(Millis(80));
  Call waiting = call();
  auto spec = std::make_shared<AgentSpec>(*waiting.agent);
  spec->endpoint = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/v1";
  waiting.agent = spec;
  const Answer answer = ask(waiting);
  EXPECT_EQ(kind_of(answer), "network");
  EXPECT_EQ(answer.error->message, "no connection within 80 ms");
}

TEST_F(HttpPortTest, is_cancelled_at_any_moment_and_answers_once) {
  server_.answer = [](const std::string&) { return http_stream(chunk("the "), TestReply::Then::wait); };
  enum class When { at_once, connected, asked, answering };
  for (const When when : {When::at_once, When::connected, When::asked, When::answering}) {
    int answers = 0;
    Answer got;
    const int connections = server_.connections;
    const std::size_t requests = server_.requests.size();
    const Call one = call(CallLimits{.stall_timeout = Millis(5'000)});
    const CallId id = port_->submit(one, [&](Answer answer) {
      ++answers;
      got = std::move(answer);
    });
    if (when == When::connected) wait_for([&] { return server_.connections > connections; });
    if (when == When::asked) wait_for([&] { return server_.requests.size() > requests; });
    if (when == When::answering) {
      bool waited = false;
      const Subscribed while_it_arrives = loop_.after(Millis(50), [&] { waited = true; });
      wait_for([&] { return waited; });
    }
    port_->cancel(id);
    port_->cancel(id);
    EXPECT_EQ(answers, 0);  // never from inside cancel()
    wait_for([&] { return answers > 0; });
    port_->cancel(id);
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(kind_of(got), "cancelled");
    EXPECT_EQ(got.text, when == When::answering ? "the " : "");
  }
  port_->cancel(999);
}

TEST_F(HttpPortTest, progress_is_told_and_an_observer_may_cancel_from_there) {
  make_port(Millis(10'000), Millis(0));
  EXPECT_EQ(kind_of(ask_for(http_stream(kGood))), "ok");
  EXPECT_THAT(log_.lines, ElementsAre("started one", "progress " + std::to_string(kGood.size())));

  CallId id = 0;
  log_.on_progress = [&] { port_->cancel(id); };
  server_.answer = [](const std::string&) { return http_stream(chunk("the "), TestReply::Then::wait); };
  std::optional<Answer> got;
  const Call one = call();
  id = port_->submit(one, [&](Answer answer) { got = std::move(answer); });
  wait_for([&] { return got.has_value(); });
  EXPECT_EQ(kind_of(*got), "cancelled");
  EXPECT_EQ(got->text, "the ");
}

TEST_F(HttpPortTest, many_calls_run_side_by_side_and_connections_are_used_again) {
  server_.answer = [](const std::string&) { return http_whole(200, "text/event-stream", kGood); };
  std::vector<Call> calls(40, call());
  std::size_t answered = 0;
  for (const Call& one : calls) {
    port_->submit(one, [&](Answer answer) {
      EXPECT_EQ(answer.text, "the answer");
      ++answered;
    });
  }
  wait_for([&] { return answered == calls.size(); });
  const int connections = server_.connections;
  EXPECT_LE(connections, 40);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(calls[0]).text, "the answer");
  EXPECT_EQ(server_.connections, connections);
}

TEST_F(HttpPortTest, a_port_that_goes_leaves_nothing_behind) {
  server_.answer = [](const std::string&) { return TestReply{"", TestReply::Then::wait}; };
  const std::vector<Call> calls(3, call());
  int answers = 0;
  for (const Call& one : calls) port_->submit(one, [&](Answer) { ++answers; });
  wait_for([&] { return server_.requests.size() == 3; });
  port_.reset();
  wait_for([&] { return server_.closed_by_client == 3; });
  EXPECT_EQ(answers, 0);
}

TEST_F(HttpPortTest, what_cannot_be_asked_is_said_before_anything_is_sent) {
  Call no_key = call();
  auto spec = std::make_shared<AgentSpec>(*no_key.agent);
  spec->api_key_env = "NOT_SET";
  no_key.agent = spec;
  EXPECT_EQ(kind_of(ask(no_key)), "not_logged_in");
  Call no_prompt = call();
  no_prompt.prompt.clear();
  EXPECT_EQ(kind_of(ask(no_prompt)), "invalid_request");
  EXPECT_EQ(kind_of(ask(call({}, "nonsense"))), "invalid_request");
  EXPECT_EQ(kind_of(ask(call({}, "test"))), "internal");  // it is a program's adapter
  EXPECT_TRUE(server_.requests.empty());
}

TEST_F(HttpPortTest, loopback_is_never_reached_through_a_proxy) {
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) {
    world_.variables[name] = "http://127.0.0.1:1";
  }
  EXPECT_EQ(kind_of(ask_for(http_stream(kGood))), "ok");
}

TEST_F(HttpPortTest, other_hosts_are_reached_through_the_proxy_and_its_password_stays_hidden) {
  world_.variables["http_proxy"] = "http://user:proxy-password@" + server_.url().substr(7);
  server_.answer = [](const std::string&) { return http_whole(407, "text/plain", "proxy-password is wrong"); };
  Call outside = call();
  auto spec = std::make_shared<AgentSpec>(*outside.agent);
  spec->endpoint = "http://0.0.0.0:1/v1";
  spec->allow_insecure_endpoint = true;  // 0.0.0.0 is this machine too, but is not taken for loopback
  outside.agent = spec;
  const Answer answer = ask(outside);
  ASSERT_EQ(server_.requests.size(), 1U);
  EXPECT_THAT(server_.requests[0], HasSubstr("POST http://0.0.0.0:1/v1/chat/completions"));
  EXPECT_EQ(kind_of(answer), "failed");
  EXPECT_THAT(all_of(answer), Not(HasSubstr("proxy-password")));
  world_.variables["no_proxy"] = "other.example,0.0.0.0";
  EXPECT_EQ(kind_of(ask(outside)), "network");  // nobody listens there
  EXPECT_EQ(server_.requests.size(), 1U);
}

class ListModelsTest : public testing::Test {
 protected:
  Result<std::vector<std::string>> list(std::string endpoint, Millis deadline = kListDeadline) {
    return list_models({.id = "a", .kind = "openai", .endpoint = std::move(endpoint)}, world_, deadline);
  }
  TestWorld world_;
};

TEST_F(ListModelsTest, asks_nobody_outside_this_machine) {
  EXPECT_EQ(list("https://assize.invalid/v1").error().code, ErrorCode::invalid);
  EXPECT_EQ(list("").error().code, ErrorCode::invalid);
  EXPECT_EQ(list_models({.kind = "claude", .endpoint = "http://127.0.0.1:1"}, world_).error().code, ErrorCode::invalid);
}

TEST_F(ListModelsTest, says_when_nobody_answers) {
  EXPECT_EQ(list("http://127.0.0.1:1/v1").error().code, ErrorCode::unavailable);
  EventLoop loop;
  const TestServer silent(loop);  // nobody turns its loop
  EXPECT_EQ(list(silent.url("/v1"), Millis(60)).error().code, ErrorCode::timed_out);
}

}  // namespace
}  // namespace assize
