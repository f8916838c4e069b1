#include "agents/opencode.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

const std::unique_ptr<Adapter> kOpencode = make_opencode_adapter();

std::string start(std::string_view message) {
  return R"({"type":"step_start","part":{"messageID":")" + std::string(message) + "\"}}\n";
}
std::string said(std::string_view message, std::string_view text) {
  return R"({"type":"text","part":{"messageID":")" + std::string(message) + R"(","type":"text","text":")" +
         std::string(text) + "\"}}\n";
}
std::string finish(std::string_view message, std::string_view reason) {
  return R"({"type":"step_finish","part":{"messageID":")" + std::string(message) + R"(","reason":")" +
         std::string(reason) +
         R"(","tokens":{"total":1290,"input":1034,"output":56,"reasoning":4,"cache":{"write":0,"read":200}},"cost":0.5}})" +
         "\n";
}
std::string error(std::string_view name, std::string_view data) {
  return R"({"type":"error","error":{"name":")" + std::string(name) + R"(","data":{)" + std::string(data) + "}}}\n";
}
constexpr const char* kTool =
    R"({"type":"tool_use","part":{"messageID":"m1","tool":"read","state":{"status":"completed","output":"{\"findings\":[]}"}}})"
    "\n";

TEST(Opencode, reads_answer_and_sums_the_steps) {
  const Decoded got = decode(*kOpencode,
                             start("m1") + said("m1", "looking") + kTool + finish("m1", "tool-calls") + start("m2") +
                                 said("m2", "Grüße 👋") + finish("m2", "stop"),
                             exited(0));
  EXPECT_EQ(kind_name(got), "ok");
  EXPECT_EQ(got.text, "Grüße 👋");
  EXPECT_EQ(got.usage.input_tokens, 2468U);  // it counts cached tokens apart
  EXPECT_EQ(got.usage.cached_tokens, 400U);
  EXPECT_EQ(got.usage.output_tokens, 120U);
  EXPECT_EQ(got.usage.cost_usd, 1.0);
}

TEST(Opencode, takes_only_the_final_answer) {
  check_rows(*kOpencode,
             {{"two parts of one message", start("m") + said("m", "a") + said("m", "b") + finish("m", "stop"),
               exited(0), "ok", "ab"},
              {"text before a tool call",
               start("m1") + said("m1", "{}") + kTool + finish("m1", "tool-calls") + start("m2") + finish("m2", "stop"),
               exited(0), "empty_answer", ""},
              {"planted in tool output", start("m1") + kTool + finish("m1", "stop"), exited(0), "empty_answer", ""}});
}

TEST(Opencode, tells_each_failure_apart) {
  check_rows(*kOpencode,
             {{"401", error("APIError", R"("message":"bad key","statusCode":401)"), exited(1), "not_logged_in", ""},
              {"403", error("APIError", R"("message":"no","statusCode":403)"), exited(1), "permission_denied", ""},
              {"404", error("APIError", R"("message":"model not found","statusCode":404)"), exited(1),
               "model_unavailable", ""},
              {"too long", error("ContextOverflowError", R"("message":"prompt is too long")"), exited(1),
               "prompt_too_long", ""},
              {"400", error("APIError", R"("message":"bad","statusCode":400)"), exited(1), "invalid_request", ""},
              {"429", error("APIError", R"("message":"slow","statusCode":429)"), exited(1), "rate_limited", ""},
              {"429, quota", error("APIError", R"("message":"x","statusCode":429,"responseBody":"insufficient_quota")"),
               exited(1), "quota_exhausted", ""},
              {"500", error("APIError", R"("message":"Internal","statusCode":500)"), exited(1), "overloaded", ""},
              {"529", error("APIError", R"("message":"Overloaded","statusCode":529)"), exited(1), "overloaded", ""},
              {"bad JSON", start("m") + error("UnknownError", R"("message":"JSON parsing failed: Text: this")"),
               exited(1), "network", ""},
              {"unknown model",
               error("UnknownError", R"("message":"Unexpected server error. Check server logs for details.")"),
               exited(1), "model_unavailable", ""},
              {"no key", error("ProviderAuthError", R"("message":"no")"), exited(1), "not_logged_in", ""},
              {"cut at the output limit", start("m") + said("m", "half") + finish("m", "length"), exited(0),
               "output_limit", "half"},
              {"filtered", start("m") + finish("m", "content-filter"), exited(0), "refused", ""},
              {"empty", start("m") + finish("m", "stop"), exited(0), "empty_answer", ""},
              {"nothing", "", exited(0), "empty_answer", ""},
              {"the endless loop, stopped", start("m") + said("m", "half") + finish("m", "unknown"),
               stopped(CallErrorKind::timed_out), "timed_out", "half"},
              {"no end", start("m") + said("m", "half"), exited(0), "failed", "half"},
              {"killed", "", killed(9), "crashed", ""}});
}

TEST(Opencode, reads_retry_after) {
  const Decoded got =
      decode(*kOpencode, error("APIError", R"("message":"x","statusCode":429,"responseHeaders":{"retry-after":"2"})"),
             exited(1));
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->retry_after, Millis(2000));
}

TEST(Opencode, never_runs_without_a_provider_of_the_users) {
  FakeWorld world;
  world.programs["opencode"] = "/bin/opencode";
  for (const char* model : {"", "gpt-5", "/x", "openai/"}) {
    const Probe probe = kOpencode->probe({.id = "o", .kind = "opencode", .model = model}, world);
    EXPECT_EQ(probe.unusable, CallErrorKind::model_unavailable) << model;
    EXPECT_NE(probe.hint.find("provider/model"), std::string::npos) << model;
  }
  const auto run = kOpencode->invocation(call_to({}), found_at("/bin/opencode"), test_room(), FileTools::none);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, CallErrorKind::model_unavailable);
  EXPECT_EQ(kOpencode->probe({.model = "opencode/big-pickle"}, world).unusable, CallErrorKind::not_logged_in);
  world.files["/home/u/.local/share/opencode/auth.json"] = R"({"openai":{"type":"api"}})";
  EXPECT_FALSE(kOpencode->probe({.model = "openai/gpt-5"}, world).unusable);
  EXPECT_EQ(kOpencode->probe({.model = "groq/llama"}, world).unusable, CallErrorKind::not_logged_in);
  world.variables["GROQ_API_KEY"] = "k";
  EXPECT_FALSE(kOpencode->probe({.model = "groq/llama"}, world).unusable);
}

TEST(Opencode, command_line_and_configuration) {
  FakeWorld world;
  world.programs["opencode"] = "/bin/opencode";
  world.variables["K"] = "secret";
  const AgentSpec spec{
      .id = "o", .kind = "opencode", .model = "m:7b", .endpoint = "http://127.0.0.1:1/v1", .api_key_env = "K"};
  const auto none = kOpencode->invocation(call_to(spec), kOpencode->probe(spec, world), test_room(), FileTools::none);
  ASSERT_TRUE(none);
  EXPECT_EQ(joined(none->argv), "/bin/opencode run --pure --format json --title review -m assize/m:7b");
  const std::string config = variable_of(*none, "OPENCODE_CONFIG_CONTENT");
  EXPECT_NE(config.find(R"("permission":{"*":"deny"})"), std::string::npos) << config;
  EXPECT_NE(config.find(R"("apiKey":"{env:ASSIZE_OPENCODE_KEY}")"), std::string::npos) << config;
  EXPECT_NE(config.find(R"("npm":"@ai-sdk/openai-compatible")"), std::string::npos);
  EXPECT_EQ(config.find("secret"), std::string::npos);
  EXPECT_EQ(variable_of(*none, "ASSIZE_OPENCODE_KEY"), "secret");
  EXPECT_TRUE(none->files.empty());
  EXPECT_EQ(kOpencode->audit(none->argv), std::nullopt);
  const auto read = kOpencode->invocation(call_to(spec), kOpencode->probe(spec, world), test_room(), FileTools::read);
  EXPECT_NE(variable_of(*read, "OPENCODE_CONFIG_CONTENT")
                .find(R"("permission":{"*":"deny","read":"allow","grep":"allow","glob":"allow","list":"allow"})"),
            std::string::npos);
}

TEST(Opencode, audit_names_what_widens) {
  const auto audit = [](std::vector<std::string> extra) {
    const AgentSpec spec{.model = "openai/gpt-5", .extra_args = std::move(extra)};
    return kOpencode
        ->audit(kOpencode->invocation(call_to(spec), found_at("/bin/opencode"), test_room(), FileTools::none)->argv)
        .value_or("");
  };
  EXPECT_EQ(audit({"--variant", "high"}), "");
  for (const std::vector<std::string>& extra : {std::vector<std::string>{"--auto"},
                                                {"--agent", "build"},
                                                {"--attach=http://x"},
                                                {"--dir", "/"},
                                                {"-f", "x"},
                                                {"-m", "x"}}) {
    EXPECT_NE(audit(extra), "") << joined(extra);
  }
  EXPECT_NE(kOpencode->audit({"/bin/opencode", "run", "--pure"}).value_or(""), "");
}

}  // namespace
}  // namespace assize
