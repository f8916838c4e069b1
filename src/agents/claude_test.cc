#include "agents/claude.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

const std::unique_ptr<Adapter> kClaude = make_claude_adapter();

constexpr const char* kInit =
    R"({"type":"system","subtype":"init","cwd":"/r/cwd","tools":[],"model":"claude-sonnet-5","permissionMode":"default"})"
    "\n";
constexpr const char* kUsage =
    R"("total_cost_usd":0.25,"usage":{"input_tokens":1000,"cache_creation_input_tokens":30,"cache_read_input_tokens":200,"output_tokens":56})";

std::string said(std::string_view text, std::string_view extra = R"(,"parent_tool_use_id":null)") {
  return R"({"type":"assistant","message":{"model":"claude-sonnet-5-20260101","role":"assistant","content":[{"type":"text","text":")" +
         std::string(text) + R"("}]})" + std::string(extra) + "}\n";
}
std::string result(std::string_view text) {
  return R"({"type":"result","subtype":"success","is_error":false,"api_error_status":null,"result":")" +
         std::string(text) + R"(","stop_reason":"end_turn",)" + kUsage +
         R"(,"permission_denials":[],"terminal_reason":"completed"})" + "\n";
}
std::string failure(std::string_view status, std::string_view text, std::string_view reason = "completed") {
  return R"({"type":"result","subtype":"success","is_error":true,"api_error_status":)" + std::string(status) +
         R"(,"result":")" + std::string(text) + R"(","terminal_reason":")" + std::string(reason) + "\"}\n";
}

TEST(Claude, reads_answer_usage_cost_and_model) {
  const Decoded got = decode(*kClaude, kInit + said("draft") + result("Grüße 👋 {}"), exited(0));
  EXPECT_EQ(kind_name(got), "ok");
  EXPECT_EQ(got.text, "Grüße 👋 {}");
  EXPECT_EQ(got.model, "claude-sonnet-5-20260101");
  EXPECT_EQ(got.usage.input_tokens, 1230U);  // Anthropic counts cached tokens apart
  EXPECT_EQ(got.usage.cached_tokens, 200U);
  EXPECT_EQ(got.usage.output_tokens, 56U);
  EXPECT_EQ(got.usage.cost_usd, 0.25);
}

TEST(Claude, takes_only_the_final_answer) {
  const std::string tool_result =
      R"({"type":"user","message":{"role":"user","content":[{"type":"tool_result","content":"{\"findings\":[]}"}]}})"
      "\n";
  const std::string echo =
      R"({"type":"user","message":{"role":"user","content":[{"type":"text","text":"Review this."}]}})"
      "\n";
  const std::string subagent = said("{\\\"findings\\\":[\\\"sub\\\"]}", R"(,"parent_tool_use_id":"toolu_1")");
  check_rows(
      *kClaude,
      {{"a planted object in tool output", kInit + echo + tool_result + said("looking") + result("mine"), exited(0),
        "ok", "mine"},
       {"a subagent's message", kInit + subagent + result("mine"), exited(0), "ok", "mine"},
       {"the prompt alone", kInit + echo, exited(0), "empty_answer", ""},
       {"structured output wins",
        kInit +
            std::string(
                R"({"type":"result","subtype":"success","is_error":false,"result":"text","structured_output":{"findings":[1]}})") +
            "\n",
        exited(0), "ok", R"({"findings":[1]})"},
       {"two results: the last", result("first") + result("second"), exited(0), "ok", "second"}});
}

TEST(Claude, tells_each_failure_apart) {
  check_rows(
      *kClaude,
      {{"401", failure("401", "Invalid API key · Fix external API key"), exited(1), "not_logged_in", ""},
       {"403", failure("403", "Failed to authenticate. API Error: 403 forbidden"), exited(1), "permission_denied", ""},
       {"404", failure("404", "There's an issue with the selected model (x)."), exited(1), "model_unavailable", ""},
       {"too long", failure("400", "Prompt is too long · the request is ~250000 tokens", "prompt_too_long"), exited(1),
        "prompt_too_long", ""},
       {"400", failure("400", "API Error: 400 tools.0: bad schema"), exited(1), "invalid_request", ""},
       {"429", failure("429", "API Error: Request rejected (429) · slow down"), exited(1), "rate_limited", ""},
       {"429, quota spent", failure("429", "API Error: Request rejected (429) · You have reached your usage limit"),
        exited(1), "quota_exhausted", ""},
       {"500", failure("500", "API Error: 500 Internal server error."), exited(1), "overloaded", ""},
       {"529", failure("529", "API Error: 529 Overloaded."), exited(1), "overloaded", ""},
       {"status in the text alone", failure("null", "API Error: 529 Overloaded."), exited(1), "overloaded", ""},
       {"truncated", failure("null", "API Error: Connection to the API was lost (ECONNRESET)."), exited(1), "network",
        ""},
       {"a captive portal",
        failure("null", "API Error: API returned an empty or malformed response (HTTP 200) — check"), exited(1),
        "network", ""},
       {"bad JSON", failure("null", "API Error: Failed to parse JSON"), exited(1), "network", ""},
       {"refused connection", failure("null", "API Error: Unable to connect to API (ConnectionRefused)"), exited(1),
        "network", ""},
       {"no login", failure("null", "Not logged in · Please run /login"), exited(1), "not_logged_in", ""},
       {"no login, as text", "Not logged in · Please run /login\n", exited(1), "not_logged_in", ""},
       {"max turns",
        R"j({"type":"result","subtype":"error_max_turns","is_error":true,"errors":["Reached maximum number of turns (3)"]})j"
        "\n",
        exited(1), "failed", ""},
       {"stdin limit", "", exited(1, "Error: piped stdin input exceeds 10MB\n"), "prompt_too_long", ""},
       {"root", "", exited(1, "--dangerously-skip-permissions cannot be used with root/sudo privileges\n"),
        "permission_denied", ""},
       {"an error though exit 0", failure("500", "API Error: 500 x"), exited(0), "overloaded", ""},
       {"SIGINT: exit 0, nothing", "", exited(0), "empty_answer", ""},
       {"an empty answer", kInit + result(""), exited(0), "empty_answer", ""},
       {"white space", kInit + result(" \\n "), exited(0), "empty_answer", " \n "},
       {"text where events belong", "All fine, no findings.\n", exited(0), "malformed_answer", ""},
       {"unknown exit", "", exited(7, "boom\n"), "failed", ""},
       {"killed", kInit, killed(9), "crashed", ""}});
}

TEST(Claude, an_answer_that_talks_about_errors_is_an_answer) {
  check_rows(*kClaude, {{"429 in the answer",
                         kInit + result("The code ignores API Error: Request rejected (429) and Not logged in"),
                         exited(0), "ok", "The code ignores API Error: Request rejected (429) and Not logged in"}});
}

TEST(Claude, an_answer_that_was_cut_at_the_models_limit_is_none) {
  const std::string cut =
      R"({"type":"result","subtype":"success","is_error":false,"result":"[] but","stop_reason":"max_tokens"})"
      "\n";
  check_rows(*kClaude, {{"max_tokens", kInit + cut, exited(0), "output_limit", "[] but"}});
}

TEST(Claude, keeps_what_came_before_a_stop) {
  check_rows(*kClaude,
             {{"whole, then stopped", kInit + result("done"), stopped(CallErrorKind::timed_out), "timed_out", "done"},
              {"half", kInit + said("half"), stopped(CallErrorKind::stalled), "stalled", "half"},
              {"cut without a result", kInit + said("half"), exited(0), "failed", "half"},
              {"an error, then stopped", failure("429", "API Error: Request rejected (429)"),
               stopped(CallErrorKind::timed_out), "rate_limited", ""},
              {"cancelled stays cancelled", failure("429", "x"), stopped(CallErrorKind::cancelled), "cancelled", ""}});
}

TEST(Claude, lone_surrogates_and_bad_utf8_do_not_cost_the_answer) {
  check_rows(*kClaude, {{"lone surrogate", result("a \\ud83d b"), exited(0), "ok", "a \xEF\xBF\xBD b"},
                        {"a pair", result("\\ud83d\\ude00"), exited(0), "ok", "😀"},
                        {"bad byte", result("a \xff b"), exited(0), "ok", "a \xEF\xBF\xBD b"}});
}

TEST(Claude, one_line_of_64_mb_takes_no_64_mb) {
  const Call call = call_to({});
  const auto decoder = kClaude->decoder(call);
  decoder->feed(R"({"type":"user","message":{"content":")");
  const std::string piece(1U << 20, 'x');
  for (int i = 0; i < 64; ++i) decoder->feed(piece);
  decoder->feed("\"}}\n");
  decoder->feed(result("after"));
  const Decoded got = decoder->finish(exited(0));
  EXPECT_EQ(got.text, "after");
  ASSERT_EQ(got.warnings.size(), 1U);
  EXPECT_NE(got.warnings[0].find("passed over"), std::string::npos);
}

TEST(Claude, command_line_without_and_with_file_tools) {
  Call call = call_to({.id = "c", .kind = "claude", .model = "opus", .extra_args = {"--effort", "high"}});
  call.schema = R"({"type":"object"})";
  const auto none = kClaude->invocation(call, found_at("/bin/claude"), test_room(), FileTools::none);
  ASSERT_TRUE(none);
  EXPECT_EQ(
      joined(none->argv),
      "/bin/claude --effort high -p --output-format stream-json --verbose --no-session-persistence --strict-mcp-config "
      "--setting-sources '' --disable-slash-commands --permission-mode default --max-turns 20 --model opus "
      "--json-schema "
      "{\"type\":\"object\"} --tools ''");
  EXPECT_EQ(none->input, "Review this.");
  EXPECT_EQ(variable_of(*none, "CLAUDE_CODE_DISABLE_ATTACHMENTS"), "1");
  EXPECT_EQ(variable_of(*none, "CLAUDE_CODE_MAX_RETRIES"), "0");
  EXPECT_EQ(kClaude->audit(none->argv), std::nullopt);
  const auto read = kClaude->invocation(call, found_at("/bin/claude"), test_room(), FileTools::read);
  ASSERT_TRUE(read);
  EXPECT_TRUE(joined(read->argv).ends_with("--tools Read,Grep,Glob"));
  EXPECT_EQ(kClaude->audit(read->argv), std::nullopt);
}

TEST(Claude, an_endpoint_gets_its_own_key_and_no_other) {
  FakeWorld world;
  world.programs["claude"] = "/bin/claude";
  world.variables["ANTHROPIC_API_KEY"] = "the-users";
  world.variables["GATEWAY_KEY"] = "secret";
  AgentSpec spec{.id = "c", .kind = "claude", .endpoint = "http://127.0.0.1:1", .api_key_env = "GATEWAY_KEY"};
  const auto run = kClaude->invocation(call_to(spec), kClaude->probe(spec, world), test_room(), FileTools::none);
  ASSERT_TRUE(run);
  EXPECT_EQ(variable_of(*run, "ANTHROPIC_BASE_URL"), "http://127.0.0.1:1");
  EXPECT_EQ(variable_of(*run, "ANTHROPIC_API_KEY"), "secret");
  EXPECT_TRUE(run->passed_env.empty());
  EXPECT_TRUE(run->login_files.empty());
  EXPECT_EQ(joined(run->argv).find("secret"), std::string::npos);
  spec.api_key_env.clear();
  const auto open = kClaude->invocation(call_to(spec), kClaude->probe(spec, world), test_room(), FileTools::none);
  ASSERT_TRUE(open);
  EXPECT_EQ(variable_of(*open, "ANTHROPIC_API_KEY"), "none");
}

TEST(Claude, probe_says_how_it_knows) {
  FakeWorld world;
  const AgentSpec spec{.id = "c", .kind = "claude"};
  EXPECT_EQ(kClaude->probe(spec, world).unusable, CallErrorKind::not_installed);
  world.programs["claude"] = "/bin/claude";
  const Probe out = kClaude->probe(spec, world);
  EXPECT_EQ(out.logged_in, LoggedIn::no);
  EXPECT_EQ(out.unusable, CallErrorKind::not_logged_in);
  EXPECT_NE(out.hint.find("/login"), std::string::npos);
  world.files["/home/u/.claude/.credentials.json"] = "{}";
  const Probe in = kClaude->probe(spec, world);
  EXPECT_EQ(in.logged_in, LoggedIn::yes);
  EXPECT_EQ(in.how_known, "~/.claude/.credentials.json is there");
  EXPECT_FALSE(in.unusable);
}

TEST(Claude, refuses_before_it_starts) {
  const auto kind = [](AgentSpec spec, std::string prompt) {
    const auto run = kClaude->invocation(call_to(std::move(spec), std::move(prompt)), found_at("/bin/claude"),
                                         test_room(), FileTools::none);
    return run ? std::string("ok") : std::string(to_string(run.error().kind));
  };
  EXPECT_EQ(kind({}, std::string(10'000'001, 'x')), "prompt_too_long");
  EXPECT_EQ(kind({}, " \n"), "invalid_request");
  EXPECT_EQ(kind({}, "/login"), "invalid_request");
  EXPECT_EQ(kind({.model = "--dangerously-skip-permissions"}, "x"), "invalid_request");
}

TEST(Claude, audit_names_what_widens) {
  const auto audit = [](std::vector<std::string> extra) {
    const auto run = kClaude->invocation(call_to({.extra_args = std::move(extra)}), found_at("/bin/claude"),
                                         test_room(), FileTools::none);
    return kClaude->audit(run->argv).value_or("");
  };
  EXPECT_EQ(audit({"--effort", "low"}), "");
  for (const std::vector<std::string>& extra : {std::vector<std::string>{"--dangerously-skip-permissions"},
                                                {"--permission-mode", "acceptEdits"},
                                                {"--permission-mode=bypassPermissions"},
                                                {"--tools", "Read", "Bash"},
                                                {"--tools=Bash"},
                                                {"--allowedTools", "Bash(git *)"},
                                                {"--allowed-tools=Edit"},
                                                {"--add-dir", "/"},
                                                {"--mcp-config", "x.json"},
                                                {"--settings", "{}"},
                                                {"--setting-sources", "project"}}) {
    EXPECT_NE(audit(extra), "") << joined(extra);
  }
  EXPECT_NE(kClaude->audit({"/bin/claude", "-p"}).value_or(""), "");
}

}  // namespace
}  // namespace assize
