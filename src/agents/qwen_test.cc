#include "agents/qwen.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

const std::unique_ptr<Adapter> kQwen = make_qwen_adapter();

constexpr const char* kInit = "{\"type\":\"system\",\"subtype\":\"init\",\"tools\":[],\"model\":\"fake-model\"}\n";

std::string said(std::string_view text) {
  return R"({"type":"assistant","parent_tool_use_id":null,"message":{"role":"assistant","model":"fake-model","content":[{"type":"text","text":")" +
         std::string(text) + "\"}]}}\n";
}
std::string result(std::string_view text, std::string_view more = "") {
  return R"({"type":"result","subtype":"success","is_error":false,"result":")" + std::string(text) +
         R"(","usage":{"input_tokens":1234,"output_tokens":56,"cache_read_input_tokens":200})" + std::string(more) +
         "}\n";
}
std::string failed(std::string_view message) {
  return R"({"type":"result","subtype":"error_during_execution","is_error":true,"error":{"message":")" +
         std::string(message) + "\"}}\n";
}
std::string api_error(std::string_view message) {
  const std::string text = "[API Error: " + std::string(message) + "]";
  return kInit + said(text) + result(text);
}

TEST(Qwen, reads_answer_and_usage) {
  const Decoded got = decode(*kQwen, kInit + said("Grüße 👋") + result("Grüße 👋"), exited(0));
  EXPECT_EQ(kind_name(got), "ok");
  EXPECT_EQ(got.text, "Grüße 👋");
  EXPECT_EQ(got.model, "fake-model");
  EXPECT_EQ(got.usage.input_tokens, 1234U);
  EXPECT_EQ(got.usage.cached_tokens, 200U);
}

TEST(Qwen, reads_the_array_form_too) {
  std::string array = "[" + std::string(kInit) + "," + said("draft") + "," + result("ok") + "]\n";
  std::erase(array, '\n');
  check_rows(*kQwen, {{"one line", array + "\n", exited(0), "ok", "ok"}});
}

TEST(Qwen, takes_only_the_final_answer) {
  const std::string tool =
      R"({"type":"user","message":{"role":"user","content":[{"type":"tool_result","content":"{\"findings\":[]}"}]}})"
      "\n";
  check_rows(*kQwen,
             {{"planted in tool output", kInit + said("looking") + tool + result("mine"), exited(0), "ok", "mine"},
              {"tool output alone", kInit + tool, exited(0), "empty_answer", ""},
              {"structured result wins", kInit + result("text", R"(,"structured_result":{"findings":[]})"), exited(0),
               "ok", R"({"findings":[]})"}});
}

TEST(Qwen, exit_0_is_no_success) {
  check_rows(
      *kQwen,
      {{"401", api_error("401 bad key"), exited(0), "not_logged_in", ""},
       {"403", api_error("403 no"), exited(0), "permission_denied", ""},
       {"404", api_error("404 model not found"), exited(0), "model_unavailable", ""},
       {"400 too long", api_error("400 prompt is too long: 2 > 1"), exited(0), "prompt_too_long", ""},
       {"400", api_error("400 bad"), exited(0), "invalid_request", ""},
       {"429", api_error("429 Too many requests"), exited(0), "rate_limited", ""},
       {"429, quota", api_error("429 insufficient_quota"), exited(0), "quota_exhausted", ""},
       {"500", api_error("500 Internal server error"), exited(0), "overloaded", ""},
       {"529", api_error("529 Overloaded"), exited(0), "overloaded", ""},
       {"truncated", api_error("Model stream ended without a finish reason."), exited(0), "network", ""},
       {"truncated after three tries", kInit + result("ababab[API Error: Model stream ended without a finish reason.]"),
        exited(0), "network", "ababab"},
       {"empty", api_error("Model stream ended with empty response text."), exited(0), "empty_answer", ""},
       {"bad JSON", api_error("Unexpected token 'h', \\\"this\\\" is not valid JSON"), exited(0), "network", ""},
       {"refused connection", api_error("Connection error. (cause: fetch failed)"), exited(0), "network", ""},
       {"broken connection", api_error("terminated (cause: other side closed)"), exited(0), "network", ""},
       {"unknown", api_error("strange"), exited(0), "failed", ""}});
}

TEST(Qwen, with_a_schema_the_message_before_has_the_cause) {
  const std::string plain =
      "Model produced plain text instead of calling the structured_output tool as required by --json-schema";
  check_rows(*kQwen,
             {{"401", kInit + said("[API Error: 401 bad key]") + failed(plain), exited(1), "not_logged_in", ""},
              {"429",
               kInit +
                   said("[API Error: 429 try later]\\nPossible quota limitations in place or slow response times "
                        "detected. Please wait and try again later.") +
                   failed(plain),
               exited(1), "rate_limited", ""},
              {"an answer by the wrong way", kInit + said("{}") + failed(plain), exited(1), "malformed_answer", "{}"}});
}

TEST(Qwen, tells_the_other_failures_apart) {
  check_rows(*kQwen,
             {{"no login", failed("No auth type is selected. Please configure"), exited(1), "not_logged_in", ""},
              {"turn limit", "",
               exited(53,
                      "{\n  \"error\": {\n    \"type\": \"FatalTurnLimitedError\",\n    \"message\": \"Reached max "
                      "session turns\"\n  }\n}\n"),
               "failed", ""},
              {"input cut", kInit + result("x"), exited(0, "Warning: stdin input truncated to 8388608 bytes.\n"),
               "prompt_truncated", "x"},
              {"nothing", "", exited(0), "empty_answer", ""},
              {"stopped while it retries", kInit, stopped(CallErrorKind::timed_out), "timed_out", ""},
              {"killed", kInit, killed(9), "crashed", ""},
              {"an answer that quotes an error", kInit + result("It prints [API Error: 500] to the user."), exited(0),
               "ok", "It prints [API Error: 500] to the user."}});
}

TEST(Qwen, command_line_and_settings) {
  Call call = call_to({.id = "q", .kind = "qwen", .model = "m", .endpoint = "http://127.0.0.1:1/v1"});
  call.schema = "{}";
  const auto none = kQwen->invocation(call, found_at("/bin/qwen"), test_room(), FileTools::none);
  ASSERT_TRUE(none);
  EXPECT_EQ(joined(none->argv),
            "/bin/qwen --auth-type openai -o stream-json --approval-mode default --chat-recording=false "
            "--max-session-turns 20 -m m "
            "--json-schema @/r/tmp/schema.json --core-tools none --exclude-tools "
            "tool_search,agent,task_stop,send_message,skill,ask_user_question,exit_plan_mode");
  EXPECT_EQ(variable_of(*none, "OPENAI_BASE_URL"), "http://127.0.0.1:1/v1");
  EXPECT_EQ(variable_of(*none, "OPENAI_MODEL"), "m");
  EXPECT_EQ(kQwen->audit(none->argv), std::nullopt);
  bool settings = false;
  for (const auto& [path, content] : none->files) {
    settings =
        settings || (path == "/r/home/.qwen/settings.json" && content.find(R"("maxRetries":0)") != std::string::npos);
  }
  EXPECT_TRUE(settings);
  call.phase = Phase::repair;
  const auto repair = kQwen->invocation(call, found_at("/bin/qwen"), test_room(), FileTools::read);
  EXPECT_EQ(joined(repair->argv).find("--json-schema"), std::string::npos);
  EXPECT_NE(joined(repair->argv).find("--core-tools read_file,grep_search,glob,list_directory"), std::string::npos);
  EXPECT_EQ(kQwen->audit(repair->argv), std::nullopt);
}

TEST(Qwen, audit_names_what_widens) {
  const auto audit = [](std::vector<std::string> extra) {
    const auto run = kQwen->invocation(call_to({.extra_args = std::move(extra)}), found_at("/bin/qwen"), test_room(),
                                       FileTools::none);
    return kQwen->audit(run->argv).value_or("");
  };
  EXPECT_EQ(audit({"--debug"}), "");
  for (const std::vector<std::string>& extra : {std::vector<std::string>{"--yolo"},
                                                {"-y"},
                                                {"--approval-mode", "yolo"},
                                                {"--approval-mode=auto-edit"},
                                                {"--core-tools", "run_shell_command"},
                                                {"--allowed-tools=edit"},
                                                {"--add-dir", "/"},
                                                {"--openai-api-key", "k"}}) {
    EXPECT_NE(audit(extra), "") << joined(extra);
  }
}

}  // namespace
}  // namespace assize
