#include "agents/codex.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

const std::unique_ptr<Adapter> kCodex = make_codex_adapter();

constexpr const char* kStart =
    "{\"type\":\"thread.started\",\"thread_id\":\"1\"}\n"
    "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\",\"type\":\"error\",\"message\":\"Model metadata for `m` "
    "not found.\"}}\n"
    "{\"type\":\"turn.started\"}\n";
constexpr const char* kDone =
    R"({"type":"turn.completed","usage":{"input_tokens":1234,"cached_input_tokens":200,"output_tokens":56,"reasoning_output_tokens":10}})"
    "\n";

std::string said(std::string_view text) {
  return R"({"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":")" + std::string(text) +
         "\"}}\n";
}
std::string failed(std::string_view message) {
  const std::string text(message);
  return R"({"type":"error","message":")" + text + "\"}\n" + R"({"type":"turn.failed","error":{"message":")" + text +
         "\"}}\n";
}
std::string reconnecting(std::string_view why) {
  return R"({"type":"error","message":"Reconnecting... 1/5 ()" + std::string(why) + ")\"}\n";
}

TEST(Codex, a_draft_is_no_answer_when_the_last_message_is_lost) {
  const std::string lost = R"({"type":"item.completed","item":{"type":"agent_message","text":"final\x"}})"
                           "\n";
  check_rows(*kCodex, {{"unreadable", kStart + said("draft") + lost + kDone, exited(0), "failed", "draft"}});
}

TEST(Codex, reads_answer_and_usage) {
  const Decoded got = decode(*kCodex, kStart + said("Grüße 👋") + kDone, exited(0));
  EXPECT_EQ(kind_name(got), "ok");
  EXPECT_EQ(got.text, "Grüße 👋");
  EXPECT_EQ(got.usage.input_tokens, 1234U);
  EXPECT_EQ(got.usage.cached_tokens, 200U);
  EXPECT_EQ(got.usage.output_tokens, 56U);
  EXPECT_EQ(got.usage.cost_usd, std::nullopt);
}

TEST(Codex, takes_only_the_last_agent_message) {
  const std::string command =
      R"({"type":"item.completed","item":{"type":"command_execution","command":"cat x","aggregated_output":"{\"findings\":[]}","exit_code":0}})"
      "\n";
  const std::string reasoning = R"({"type":"item.completed","item":{"type":"reasoning","text":"{\"findings\":[]}"}})"
                                "\n";
  check_rows(
      *kCodex,
      {{"planted in tool output", kStart + said("first") + command + said("last") + kDone, exited(0), "ok", "last"},
       {"tool output alone", kStart + command + kDone, exited(0), "empty_answer", ""},
       {"reasoning alone", kStart + reasoning + kDone, exited(0), "empty_answer", ""},
       {"an item that began",
        kStart + std::string(R"({"type":"item.started","item":{"type":"agent_message","text":"x"}})") + "\n" + kDone,
        exited(0), "empty_answer", ""}});
}

TEST(Codex, tells_each_failure_apart) {
  const std::string too_long = R"({\"error\": {\"message\": \"prompt is too long: 250000 tokens\", \"code\": null}})";
  const std::string bad_request = R"({\"error\": {\"message\": \"Unsupported parameter\", \"code\": null}})";
  check_rows(
      *kCodex,
      {{"401",
        kStart + reconnecting("unexpected status 401 Unauthorized") +
            failed("unexpected status 401 Unauthorized: bad key, url: http://h"),
        exited(1), "not_logged_in", ""},
       {"403", kStart + failed("unexpected status 403 Forbidden: no"), exited(1), "permission_denied", ""},
       {"404", kStart + failed("unexpected status 404 Not Found: model not found"), exited(1), "model_unavailable", ""},
       {"404 with a body", kStart + failed("model not found"), exited(1), "model_unavailable", ""},
       {"400 too long", kStart + failed(too_long), exited(1), "prompt_too_long", ""},
       {"400 other", kStart + failed(bad_request), exited(1), "invalid_request", ""},
       {"no room", kStart + failed("Codex ran out of room in the model's context window. Start anew."), exited(1),
        "prompt_too_long", ""},
       {"429", kStart + failed("exceeded retry limit, last status: 429 Too Many Requests"), exited(1), "rate_limited",
        ""},
       {"usage limit", kStart + failed("You've hit your usage limit. Try again later."), exited(1), "quota_exhausted",
        ""},
       {"500", kStart + failed("We’re currently experiencing high demand, which may cause temporary errors."),
        exited(1), "overloaded", ""},
       {"529", kStart + failed("unexpected status 529 <unknown status code>: Overloaded"), exited(1), "overloaded", ""},
       {"truncated", kStart + failed("stream disconnected before completion: stream closed before response.completed"),
        exited(1), "network", ""},
       {"idle", kStart + failed("idle timeout waiting for SSE"), exited(1), "network", ""},
       {"refused", kStart + failed("Connection failed: error sending request"), exited(1), "network", ""},
       {"no key", kStart + failed("Missing environment variable: `K`."), exited(1), "not_logged_in", ""},
       {"not a repository", "",
        exited(1, "Not inside a trusted directory and --skip-git-repo-check was not specified.\n"), "invalid_request",
        ""},
       {"stdin limit", "", exited(1, "Input exceeds the maximum length of 1048576 characters\n"), "prompt_too_long",
        ""},
       {"empty", kStart + said("") + kDone, exited(0), "empty_answer", ""},
       {"nothing", "", exited(0), "empty_answer", ""},
       {"no end of the turn", kStart + said("x"), exited(0), "failed", "x"},
       {"recovered", kStart + reconnecting("x") + said("fine") + kDone, exited(0), "ok", "fine"},
       {"failed though exit 0", kStart + said("x") + failed("unexpected status 500 x"), exited(0), "overloaded", "x"},
       {"killed", kStart, killed(11), "crashed", ""}});
}

TEST(Codex, a_stopped_call_says_what_it_waited_for) {
  const Decoded got =
      decode(*kCodex, kStart + reconnecting("failed to lookup address"), stopped(CallErrorKind::timed_out));
  EXPECT_EQ(kind_name(got), "timed_out");
  EXPECT_NE(got.error->message.find("failed to lookup address"), std::string::npos);
}

TEST(Codex, reads_the_wait_that_the_server_names) {
  const Decoded got = decode(
      *kCodex,
      kStart + failed("stream disconnected before completion: Rate limit reached for m. Please try again in 1.898s."),
      exited(1));
  EXPECT_EQ(kind_name(got), "rate_limited");
  EXPECT_EQ(got.error->retry_after, Millis(1898));
}

TEST(Codex, command_line_without_and_with_file_tools) {
  Call call =
      call_to({.id = "c", .kind = "codex", .model = "gpt-5", .extra_args = {"-c", "model_reasoning_effort=high"}});
  call.schema = "{}";
  const auto none = kCodex->invocation(call, found_at("/bin/codex"), test_room(), FileTools::none);
  ASSERT_TRUE(none);
  const std::string line = joined(none->argv);
  EXPECT_TRUE(line.starts_with("/bin/codex exec -c model_reasoning_effort=high --json --ignore-user-config")) << line;
  EXPECT_TRUE(line.ends_with("-m gpt-5 --output-schema /r/tmp/schema.json -")) << line;
  for (const char* part : {"--ephemeral", "--skip-git-repo-check", "-s read-only",
                           "--disable unbounded_connection_retries", "--disable shell_tool", "--disable unified_exec",
                           "--disable view_image", "-c project_doc_max_bytes=0", "-c web_search=disabled"}) {
    EXPECT_NE(line.find(part), std::string::npos) << part;
  }
  ASSERT_EQ(none->files.size(), 1U);
  EXPECT_EQ(none->files[0].second, "{}");
  EXPECT_EQ(kCodex->audit(none->argv), std::nullopt);
  const auto read = kCodex->invocation(call, found_at("/bin/codex"), test_room(), FileTools::read);
  ASSERT_TRUE(read);
  EXPECT_EQ(joined(read->argv).find("shell_tool"), std::string::npos);
  EXPECT_EQ(kCodex->audit(read->argv), std::nullopt);
}

TEST(Codex, an_endpoint_is_a_provider_of_its_own) {
  FakeWorld world;
  world.programs["codex"] = "/bin/codex";
  world.variables["K"] = "secret";
  const AgentSpec spec{.id = "c", .kind = "codex", .endpoint = "http://127.0.0.1:1/v1", .api_key_env = "K"};
  const auto run = kCodex->invocation(call_to(spec), kCodex->probe(spec, world), test_room(), FileTools::none);
  ASSERT_TRUE(run);
  const std::string line = joined(run->argv);
  for (const char* part :
       {R"(-c model_providers.assize.base_url="http://127.0.0.1:1/v1")",
        "-c model_providers.assize.request_max_retries=0", "-c model_providers.assize.stream_max_retries=0",
        R"(-c model_providers.assize.wire_api="responses")", R"(-c model_provider="assize")"}) {
    EXPECT_NE(line.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(line.find("secret"), std::string::npos);
  EXPECT_EQ(variable_of(*run, "ASSIZE_CODEX_KEY"), "secret");
  EXPECT_EQ(kCodex->audit(run->argv), std::nullopt);
}

TEST(Codex, limit_is_in_characters) {
  const auto kind = [](std::string prompt) {
    const auto run =
        kCodex->invocation(call_to({}, std::move(prompt)), found_at("/bin/codex"), test_room(), FileTools::none);
    return run ? std::string("ok") : std::string(to_string(run.error().kind));
  };
  std::string umlauts;
  for (int i = 0; i < 1'048'576; ++i) umlauts += "ü";
  EXPECT_EQ(kind(umlauts), "ok");
  EXPECT_EQ(kind(umlauts + "x"), "prompt_too_long");
}

TEST(Codex, audit_names_what_widens) {
  const auto audit = [](std::vector<std::string> extra) {
    const auto run = kCodex->invocation(call_to({.extra_args = std::move(extra)}), found_at("/bin/codex"), test_room(),
                                        FileTools::none);
    return kCodex->audit(run->argv).value_or("");
  };
  EXPECT_EQ(audit({"-c", "model_reasoning_effort=high"}), "");
  for (const std::vector<std::string>& extra : {std::vector<std::string>{"-s", "workspace-write"},
                                                {"--sandbox=danger-full-access"},
                                                {"-sworkspace-write"},
                                                {"--full-auto"},
                                                {"--dangerously-bypass-approvals-and-sandbox"},
                                                {"--add-dir", "/"},
                                                {"-c", "sandbox_mode=workspace-write"},
                                                {"--config=approval_policy=never"},
                                                {"-c", "mcp_servers.x.command=sh"},
                                                {"--enable", "shell_tool"},
                                                {"-c", "features.shell_tool=true"},
                                                {"-c", "web_search=live"}}) {
    EXPECT_NE(audit(extra), "") << joined(extra);
  }
  EXPECT_NE(kCodex->audit({"/bin/codex", "exec", "-"}).value_or(""), "");
}

}  // namespace
}  // namespace assize
