// The kinds of agents that are asked over HTTP, through all layers of a call, against the model server: every way in
// which a provider answers or fails has its kind, ends in bounded time, and lets no key out.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "calls/list_models.h"
#include "calls/stack.h"

namespace assize {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "sk-endpoints-test-51c07d2ab9";

struct World final : Surroundings {
  std::optional<std::string> variable(std::string_view name) const override {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::string> find_program(std::string_view) const override { return std::nullopt; }
  bool file_exists(std::string_view) const override { return false; }
  std::optional<std::string> read_file(std::string_view) const override { return std::nullopt; }
  std::string home() const override { return {}; }
  std::map<std::string, std::string> variables{{"KEY_OF_THE_TEST", kKey}};
};

// A running model server, which ends with the object.
class ModelServer {
 public:
  explicit ModelServer(std::vector<std::string> more = {}) {
    std::array<int, 2> to{}, from{};
    CHECK(::pipe2(to.data(), O_CLOEXEC) == 0 && ::pipe2(from.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], 0);
    posix_spawn_file_actions_adddup2(&actions, from[1], 1);
    std::vector<std::string> words = {PYTHON, MODEL_SERVER, "--with-stdin"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    CHECK(::posix_spawn(&pid_, PYTHON, &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]);
    ::close(from[1]);
    stdin_ = to[1];
    std::string line;
    char c = 0;
    while (::read(from[0], &c, 1) == 1 && c != '\n') line += c;
    ::close(from[0]);
    port = std::atoi(line.c_str());
    CHECK(port > 0);
  }
  ~ModelServer() {
    ::close(stdin_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;

  int port = 0;

 private:
  pid_t pid_ = 0;
  int stdin_ = -1;
};

class EndpointsTest : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    log_path() = testing::TempDir() + "/endpoints-log-" + std::to_string(::getpid());
    server() = std::make_unique<ModelServer>(std::vector<std::string>{"--log", log_path()});
  }
  static void TearDownTestSuite() {
    server().reset();
    ::unlink(log_path().c_str());
  }
  static std::unique_ptr<ModelServer>& server() {
    static std::unique_ptr<ModelServer> one;
    return one;
  }
  static std::string& log_path() {
    static std::string path;
    return path;
  }

  void make_stack() {
    CallStackSettings settings;
    settings.world = &world_;
    settings.signals = CatchSignals::no;
    settings.keep_output = [this](const Call&, const SpoolFiles& files) {
      std::ostringstream out;
      out << std::ifstream(files.out).rdbuf();
      kept_ += out.str();
    };
    auto stack = CallStack::make(std::move(settings));
    CHECK(stack);
    stack_ = std::move(*stack);
  }

  std::string endpoint(const std::string& mode) const {
    const std::string tag = std::string("/") + GetParam() + "-" + std::to_string(++tags_);
    return "http://127.0.0.1:" + std::to_string(server()->port) + "/" + mode + tag +
           (std::string(GetParam()) == "openai" ? "/v1" : "");
  }

  Call call(const std::string& mode) const {
    auto spec = std::make_shared<AgentSpec>();
    spec->id = "one";
    spec->kind = GetParam();
    spec->model = "gemini-like-model";
    spec->endpoint = endpoint(mode);
    spec->api_key_env = "KEY_OF_THE_TEST";
    Call call;
    call.agent = std::move(spec);
    call.prompt = "Review.\ndiff --git a/a.c b/a.c\n   2 + int b;\n";
    call.schema = R"({"type":"object"})";
    call.limits.timeout = Millis(10'000);
    call.limits.stall_timeout = std::nullopt;
    call.limits.retries = 0;
    return call;
  }

  // With layers of its own: a spent quota or a wait that the server asked for would concern the next call as well.
  Answer ask(const Call& call) {
    make_stack();
    Answer answer = stack_->caller().ask({&call, 1}, {}).at(0);
    std::string all = answer.text + answer.model + answer.stderr_tail + (answer.error ? answer.error->message : "");
    for (const std::string& warning : answer.warnings) all += warning;
    EXPECT_THAT(all, Not(HasSubstr(kKey)));
    EXPECT_THAT(kept_, Not(HasSubstr(kKey)));
    return answer;
  }

  World world_;
  std::string kept_;
  std::unique_ptr<CallStack> stack_;
  inline static int tags_ = 0;
};

std::string kind_of(const Answer& answer) {
  return answer.error ? std::string(to_string(answer.error->kind)) : "ok";
}

TEST_P(EndpointsTest, a_good_answer_is_read_with_its_usage_and_model) {
  for (const char* mode : {"ok", "plain"}) {
    const Answer answer = ask(call(mode));
    EXPECT_EQ(kind_of(answer), "ok") << (answer.error ? answer.error->message : "");
    EXPECT_THAT(answer.text, AllOf(HasSubstr("\"findings\""), HasSubstr("int b;")));
    EXPECT_EQ(answer.model, "gemini-like-model");
    EXPECT_EQ(answer.usage.input_tokens, 1234U);
    EXPECT_EQ(answer.usage.cached_tokens, 200U);
    EXPECT_EQ(answer.usage.output_tokens, 56U);
    EXPECT_TRUE(answer.warnings.empty());
    EXPECT_THAT(kept_, HasSubstr("gemini-like-model"));
  }
}

TEST_P(EndpointsTest, every_failure_has_its_kind) {
  struct Row {
    const char *mode, *kind;
    bool has_text;
  };
  for (const Row& row :
       {Row{"400", "prompt_too_long", false}, {"401", "not_logged_in", false},   {"403", "permission_denied", false},
        {"404", "model_unavailable", false},  {"413", "prompt_too_long", false}, {"429", "rate_limited", false},
        {"quota", "quota_exhausted", false},  {"500", "overloaded", false},      {"503", "overloaded", false},
        {"529", "overloaded", false},         {"trunc", "network", true},        {"cut", "network", true},
        {"errormid", "overloaded", true},     {"length", "output_limit", true},  {"filtered", "refused", true},
        {"empty", "empty_answer", false},     {"badjson", "network", false},     {"html", "network", false},
        {"redirect", "failed", false},        {"big", "output_limit", true}}) {
    SCOPED_TRACE(row.mode);
    const Answer answer = ask(call(row.mode));
    EXPECT_EQ(kind_of(answer), row.kind) << (answer.error ? answer.error->message : "");
    EXPECT_EQ(!answer.text.empty(), row.has_text) << answer.text;
    EXPECT_LT(answer.duration, Millis(9'000));
  }
}

TEST_P(EndpointsTest, silence_ends_at_its_deadline) {
  struct Row {
    const char* mode;
    std::optional<Millis> timeout, stall;
    const char* kind;
    bool has_text;
  };
  for (const Row& row : {Row{"hang", Millis(400), std::nullopt, "timed_out", false},
                         {"hang", Millis(9'000), Millis(400), "stalled", false},
                         {"stall", Millis(400), std::nullopt, "timed_out", true},
                         {"stall", Millis(9'000), Millis(400), "stalled", true}}) {
    SCOPED_TRACE(row.mode);
    Call one = call(row.mode);
    one.limits.timeout = row.timeout;
    one.limits.stall_timeout = row.stall;
    const Answer answer = ask(one);
    EXPECT_EQ(kind_of(answer), row.kind);
    EXPECT_EQ(!answer.text.empty(), row.has_text);
    EXPECT_GE(answer.duration, Millis(400));
    EXPECT_LT(answer.duration, Millis(5'000));
  }
}

TEST_P(EndpointsTest, what_passes_is_asked_again_and_the_servers_wait_is_kept) {
  Call one = call("500x1");
  one.limits.retries = 1;
  const Answer mended = ask(one);
  EXPECT_EQ(kind_of(mended), "ok");
  EXPECT_EQ(mended.attempts, 2);

  const Answer limited = ask(call("429-after-7"));
  EXPECT_EQ(limited.error->retry_after, Millis(7'000));
  Call later = call("429-after-1x1");
  later.limits.retries = 1;
  const Answer waited = ask(later);
  EXPECT_EQ(kind_of(waited), "ok");
  EXPECT_GE(waited.duration, Millis(1'000));

  Call too_late = call("429-after-60x1");
  too_late.limits.retries = 1;
  EXPECT_EQ(kind_of(ask(too_late)), "rate_limited");
}

TEST_P(EndpointsTest, a_prompt_that_was_cut_is_no_answer) {
  Call one = call("window");
  while (one.prompt.size() < 60'000) one.prompt += "   3 + int filler;\n";
  EXPECT_EQ(kind_of(ask(one)), "prompt_truncated");
  Call whole = call("ok");
  whole.prompt = one.prompt;
  EXPECT_EQ(kind_of(ask(whole)), "ok");
}

TEST_P(EndpointsTest, the_models_of_a_local_server_are_listed) {
  const AgentSpec spec{.id = "one", .kind = GetParam(), .endpoint = endpoint("ok"), .api_key_env = "KEY_OF_THE_TEST"};
  const auto models = list_models(spec, world_);
  ASSERT_TRUE(models) << models.error().message;
  EXPECT_THAT(*models, ElementsAre("fake-model", "fake-model-small"));
}

TEST_P(EndpointsTest, a_key_goes_out_in_one_header_and_nowhere_else) {
  const Call one = call("ok");
  ask(one);
  std::ostringstream log;
  log << std::ifstream(log_path()).rdbuf();
  EXPECT_THAT(log.str(), Not(HasSubstr(kKey)));
  const std::string tag = one.agent->endpoint.substr(one.agent->endpoint.find("/ok/") + 4);
  const std::size_t at = log.str().find("\"tag\": \"" + tag.substr(0, tag.find('/')) + "\"");
  ASSERT_NE(at, std::string::npos);
  const std::map<std::string, std::string> header = {
      {"openai", "authorization"}, {"anthropic", "x-api-key"}, {"google", "x-goog-api-key"}};
  EXPECT_THAT(log.str().substr(at, log.str().find('\n', at) - at), HasSubstr("\"" + header.at(GetParam()) + "\""));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EndpointsTest, testing::Values("openai", "anthropic", "google"),
                         [](const auto& info) { return std::string(info.param); });

// A certificate that nobody has vouched for is refused, and taken when the user's own list of authorities has it.
TEST(Tls, certificates_are_verified) {
  const std::string folder = testing::TempDir() + "/endpoints-tls-" + std::to_string(::getpid());
  const std::string make =
      "mkdir -p " + folder + " && openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost" +
      " -addext subjectAltName=IP:127.0.0.1 -keyout " + folder + "/key -out " + folder + "/certificate 2>/dev/null";
  if (std::system(make.c_str()) != 0) GTEST_SKIP() << "there is no openssl to make a certificate with";
  {
    const ModelServer server({"--tls", folder + "/certificate", folder + "/key"});
    World world;
    CallStackSettings settings;
    settings.world = &world;
    settings.signals = CatchSignals::no;
    const auto stack = CallStack::make(std::move(settings));
    ASSERT_TRUE(stack);
    Call one;
    one.agent = std::make_shared<AgentSpec>(
        AgentSpec{.id = "one",
                  .kind = "openai",
                  .model = "m",
                  .endpoint = "https://127.0.0.1:" + std::to_string(server.port) + "/ok/t/v1"});
    one.prompt = "Review.";
    const Answer refused = (*stack)->caller().ask({&one, 1}, {}).at(0);
    EXPECT_EQ(kind_of(refused), "failed");
    EXPECT_EQ(refused.attempts, 1);
    EXPECT_THAT(refused.error->message, HasSubstr("certificate"));
    world.variables["SSL_CERT_FILE"] = folder + "/certificate";
    EXPECT_EQ(kind_of((*stack)->caller().ask({&one, 1}, {}).at(0)), "ok");
  }
  EXPECT_EQ(std::system(("rm -r " + folder).c_str()), 0);
}

}  // namespace
}  // namespace assize
