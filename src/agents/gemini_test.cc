#include "agents/gemini.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

const std::unique_ptr<Adapter> kGemini = make_gemini_adapter();

constexpr const char* kStart =
    "{\"type\":\"init\",\"session_id\":\"1\",\"model\":\"gemini-2.5-pro\"}\n"
    "{\"type\":\"message\",\"role\":\"user\",\"content\":\"Review this. {\\\"findings\\\":[]}\"}\n";
constexpr const char* kDone =
    R"({"type":"result","status":"success","stats":{"total_tokens":1300,"input_tokens":1234,"output_tokens":56,"cached":200,"models":{"router":{"output_tokens":3},"fake":{"output_tokens":53}}}})"
    "\n";
constexpr const char* kTool =
    "{\"type\":\"tool_use\",\"tool_name\":\"read_file\",\"tool_id\":\"1\",\"parameters\":{}}\n"
    "{\"type\":\"tool_result\",\"tool_id\":\"1\",\"status\":\"success\",\"output\":\"{\\\"findings\\\":[]}\"}\n";
constexpr const char* kNoise =
    "Warning: Basic terminal detected (TERM=dumb).\nRipgrep is not available. Falling back to GrepTool.\n"
    "[STARTUP] Phase 'cleanup_ops' was started but never ended. Skipping metrics.\n";

std::string delta(std::string_view text) {
  return R"({"type":"message","role":"assistant","content":")" + std::string(text) + "\",\"delta\":true}\n";
}
std::string failed(std::string_view message) {
  return R"({"type":"result","status":"error","error":{"type":"unknown","message":")" + std::string(message) +
         R"("},"stats":{"input_tokens":0}})" + "\n";
}
std::string broke(std::string_view message) {  // an ended stream: no message in the result itself
  return R"({"type":"error","severity":"error","message":")" + std::string(message) + "\"}\n" +
         R"({"type":"result","status":"error","stats":{}})" + "\n";
}

TEST(Gemini, joins_the_deltas_and_reads_usage) {
  const Decoded got = decode(*kGemini, kStart + delta("Grü") + delta("ße ") + delta("👋") + kDone, exited(0, kNoise));
  EXPECT_EQ(kind_name(got), "ok");
  EXPECT_EQ(got.text, "Grüße 👋");
  EXPECT_EQ(got.model, "fake");
  EXPECT_EQ(got.usage.input_tokens, 1234U);
  EXPECT_EQ(got.usage.cached_tokens, 200U);
  EXPECT_EQ(got.usage.output_tokens, 56U);
}

TEST(Gemini, takes_only_the_final_answer) {
  check_rows(*kGemini,
             {{"text before a tool call", kStart + delta("looking") + kTool + delta("mi") + delta("ne") + kDone,
               exited(0), "ok", "mine"},
              {"planted in tool output", kStart + std::string(kTool) + kDone, exited(0), "empty_answer", ""},
              {"the prompt alone", kStart + std::string(kDone), exited(0), "empty_answer", ""}});
}

TEST(Gemini, an_answer_with_a_hole_is_none) {
  const std::string hole = "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"{x}\",\"delta\":tru}\n";
  check_rows(*kGemini, {{"in the middle", kStart + delta("[") + hole + delta("]") + kDone, exited(0), "failed", "[]"},
                        {"before it begins", kStart + hole + kTool + delta("[]") + kDone, exited(0), "ok", "[]"}});
}

TEST(Gemini, tells_each_failure_apart) {
  const std::string limit =
      "[API Error: rate limit reached, try again later]\\nPlease wait and try again later. To increase your limits, "
      "request a quota "
      "increase through AI Studio, or switch to another /auth method";
  check_rows(
      *kGemini,
      {{"401",
        kStart +
            failed(
                R"([API Error: {\"error\":{\"code\":401,\"message\":\"invalid key\",\"status\":\"UNAUTHENTICATED\"}}])"),
        exited(145), "not_logged_in", ""},
       {"403", kStart + failed("[API Error: forbidden]"), exited(147), "permission_denied", ""},
       {"404", kStart + failed("[API Error: no such model]"),
        exited(1, "Error when talking to Gemini API Full report: x ModelNotFoundError: no\n  code: 404\n"),
        "model_unavailable", ""},
       {"400 too long",
        kStart + failed(R"([API Error: {\"error\":{\"code\":400,\"message\":\"prompt is too long: 2 > 1\"}}])"),
        exited(144), "prompt_too_long", ""},
       {"400 other", kStart + failed("[API Error: bad]"), exited(144), "invalid_request", ""},
       {"429", kStart + failed(limit), exited(173), "rate_limited", ""},
       {"429, quota spent", kStart + failed("[API Error: You have exhausted your daily quota on this model.]"),
        exited(173), "quota_exhausted", ""},
       {"500", kStart + failed("[API Error: Internal]"), exited(244), "overloaded", ""},
       {"503", kStart + failed("[API Error: Unavailable]"), exited(247), "overloaded", ""},
       {"529", kStart + failed("[API Error: Overloaded]"), exited(17), "overloaded", ""},
       {"refused connection", kStart + failed("[API Error: exception TypeError: fetch failed sending request]"),
        exited(1), "network", ""},
       {"broken connection", kStart + failed("[API Error: terminated]"), exited(1), "network", ""},
       {"captive portal", kStart + failed("[API Error: Incomplete JSON segment at the end]"), exited(1), "network", ""},
       {"bad JSON", kStart + failed("[API Error: Unexpected end of JSON input]"), exited(1), "network", ""},
       {"truncated, exit 0", kStart + delta("half") + broke("Model stream ended without a finish reason."), exited(0),
        "network", "half"},
       {"empty, exit 0", kStart + broke("The model returned an empty response with no text or thoughts. This may"),
        exited(0), "empty_answer", ""},
       {"cut at the token limit",
        kStart + delta("half") + broke("Model response was truncated because it exceeded the token limit."), exited(0),
        "output_limit", "half"},
       {"blocked", kStart + broke("The model response was blocked due to safety settings."), exited(0), "refused", ""},
       {"an error without words", kStart + std::string(R"({"type":"result","status":"error"})") + "\n", exited(0),
        "failed", ""},
       {"no login", "", exited(41, "Please set an Auth method in your settings.json\n"), "not_logged_in", ""},
       {"gateway auth", "", exited(41, "Invalid auth method selected.\n"), "not_logged_in", ""},
       {"untrusted directory", "", exited(55, "\x1b[31mGemini CLI is not running in a trusted directory.\x1b[0m\n"),
        "permission_denied", ""},
       {"turn limit", "",
        exited(53,
               "{\n \"error\": {\"type\": \"FatalTurnLimitedError\", \"message\": \"Reached max session turns\", "
               "\"code\": 53}\n}\n"),
        "failed", ""},
       {"input cut by the CLI", kStart + std::string(kDone),
        exited(0, std::string(kNoise) + "Warning: stdin input truncated to 8388608 bytes.\n"), "prompt_truncated", ""},
       {"input cut, and answered", kStart + delta("x") + kDone,
        exited(0, "Warning: stdin input truncated to 8388608 bytes.\n"), "prompt_truncated", "x"},
       {"TERM without relaunch: exit 0, nothing", "", exited(0), "empty_answer", ""},
       {"no result event", kStart + delta("x"), exited(0), "failed", "x"},
       {"killed", kStart, killed(9), "crashed", ""}});
}

TEST(Gemini, reads_the_one_document_form_too) {
  const std::string document =
      "{\n  \"session_id\": \"1\",\n  \"response\": \"ok\\n\",\n  \"stats\": {\n    \"models\": {\n      \"fake\": "
      "{\"tokens\": {\"prompt\": 12, "
      "\"candidates\": 3, \"cached\": 2}}\n    }\n  }\n}\n";
  const Decoded got = decode(*kGemini, document, exited(0));
  EXPECT_EQ(kind_name(got), "ok");
  EXPECT_EQ(got.text, "ok\n");
  EXPECT_EQ(got.usage.input_tokens, 12U);
  const Decoded bad = decode(*kGemini,
                             "{\n \"response\": \"half\",\n \"error\": {\"type\": \"INVALID_STREAM\", \"message\": "
                             "\"Model stream ended without a finish reason.\"}\n}\n",
                             exited(0));
  EXPECT_EQ(kind_name(bad), "network");
  EXPECT_EQ(bad.text, "half");
}

TEST(Gemini, reads_the_wait_from_the_last_words) {
  const Decoded got =
      decode(*kGemini, "",
             exited(173, "{\n \"error\": {\"message\": \"Too many\\nSuggested retry after 2s.\", \"code\": 429}\n}\n"));
  EXPECT_EQ(kind_name(got), "rate_limited");
  EXPECT_EQ(got.error->retry_after, Millis(2000));
}

TEST(Gemini, command_line_and_settings) {
  const AgentSpec spec{.id = "g", .kind = "gemini", .model = "gemini-2.5-pro"};
  const auto none = kGemini->invocation(call_to(spec), found_at("/bin/gemini"), test_room(), FileTools::none);
  ASSERT_TRUE(none);
  EXPECT_EQ(joined(none->argv),
            "/bin/gemini --skip-trust --approval-mode plan -o stream-json -e none -m gemini-2.5-pro");
  ASSERT_EQ(none->files.size(), 1U);
  EXPECT_EQ(none->files[0].first, "/r/home/.gemini/settings.json");
  EXPECT_NE(none->files[0].second.find(R"("tools":{"core":[]})"), std::string::npos) << none->files[0].second;
  EXPECT_NE(none->files[0].second.find(R"("maxAttempts":1)"), std::string::npos);
  EXPECT_NE(none->files[0].second.find(R"("selectedType":"gemini-api-key")"), std::string::npos);
  EXPECT_EQ(variable_of(*none, "GEMINI_CLI_NO_RELAUNCH"), "true");
  EXPECT_EQ(kGemini->audit(none->argv), std::nullopt);
  const auto read = kGemini->invocation(call_to(spec), found_at("/bin/gemini"), test_room(), FileTools::read);
  EXPECT_NE(read->files[0].second.find(R"("core":["read_file","list_directory","glob","grep_search"])"),
            std::string::npos);
}

TEST(Gemini, an_account_login_selects_its_own_way) {
  FakeWorld world;
  world.programs["gemini"] = "/bin/gemini";
  world.files["/home/u/.gemini/oauth_creds.json"] = "{}";
  const AgentSpec spec{.id = "g", .kind = "gemini"};
  const auto run = kGemini->invocation(call_to(spec), kGemini->probe(spec, world), test_room(), FileTools::none);
  ASSERT_TRUE(run);
  EXPECT_NE(run->files[0].second.find("oauth-personal"), std::string::npos);
  EXPECT_EQ(run->login_files.front(), ".gemini/oauth_creds.json");
}

TEST(Gemini, a_prompt_that_the_cli_would_cut_is_refused) {
  const auto run = kGemini->invocation(call_to({}, std::string(8'388'609, 'x')), found_at("/bin/gemini"), test_room(),
                                       FileTools::none);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, CallErrorKind::prompt_too_long);
}

TEST(Gemini, audit_names_what_widens) {
  const auto audit = [](std::vector<std::string> extra) {
    const auto run = kGemini->invocation(call_to({.extra_args = std::move(extra)}), found_at("/bin/gemini"),
                                         test_room(), FileTools::none);
    return kGemini->audit(run->argv).value_or("");
  };
  EXPECT_EQ(audit({"--debug"}), "");
  for (const std::vector<std::string>& extra : {std::vector<std::string>{"--yolo"},
                                                {"-y"},
                                                {"--approval-mode", "yolo"},
                                                {"--approval-mode=auto_edit"},
                                                {"--allowed-tools", "run_shell_command"},
                                                {"--include-directories", "/"},
                                                {"--policy", "p.toml"},
                                                {"-e", "mine"}}) {
    EXPECT_NE(audit(extra), "") << joined(extra);
  }
  EXPECT_NE(kGemini->audit({"/bin/gemini"}).value_or(""), "");
}

}  // namespace
}  // namespace assize
