#include "agents/anthropic.h"

#include <gmock/gmock.h>

#include "agents/http_test_support.h"

namespace assize {
namespace {

const Adapter& adapter() {
  static const auto made = make_anthropic_adapter();
  return *made;
}

std::string event(std::string_view name, std::string_view rest) {
  return "event: " + std::string(name) + "\ndata: {\"type\":\"" + std::string(name) + "\"" + std::string(rest) +
         "}\n\n";
}
const std::string kStart =
    event("message_start", R"(,"message":{"model":"claude-x","usage":{"input_tokens":1000,)"
                           R"("cache_creation_input_tokens":30,"cache_read_input_tokens":200,"output_tokens":1}})");
std::string piece(std::string_view text) {
  return event("content_block_delta",
               R"(,"index":0,"delta":{"type":"text_delta","text":")" + std::string(text) + "\"}");
}
std::string end(std::string_view reason) {
  return event("message_delta",
               R"(,"delta":{"stop_reason":")" + std::string(reason) + R"("},"usage":{"output_tokens":56})");
}
const std::string kStop = event("message_stop", "");

TEST(Anthropic, reads_streams_however_they_end) {
  const std::string good = kStart + event("ping", "") +
                           event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})") +
                           piece("one ") + piece("two") + event("content_block_stop", "") + end("end_turn") + kStop;
  const std::string overloaded = event("error", R"(,"error":{"type":"overloaded_error","message":"Overloaded"})");
  check_http_rows(
      adapter(),
      {{"good", good, answered(200), "ok", "one two"},
       {"thinking is no answer",
        kStart + event("content_block_delta", R"(,"delta":{"type":"thinking_delta","thinking":"hm"})") + piece("a") +
            end("end_turn") + kStop,
        answered(200), "ok", "a"},
       {"cut by its limit", kStart + piece("one ") + end("max_tokens") + kStop, answered(200), "output_limit", "one "},
       {"no room left", kStart + piece("one ") + end("model_context_window_exceeded") + kStop, answered(200),
        "output_limit", "one "},
       {"refused", kStart + piece("one ") + end("refusal") + kStop, answered(200), "refused", "one "},
       {"a tool nobody offered", kStart + piece("one ") + end("tool_use") + kStop, answered(200), "failed", "one "},
       {"a turn that was paused", kStart + piece("one ") + end("pause_turn") + kStop, answered(200), "failed", "one "},
       {"a stop without a reason", kStart + piece("one ") + kStop, answered(200), "failed", "one "},
       {"overloaded in the middle", kStart + piece("one ") + overloaded, answered(200), "overloaded", "one "},
       {"ended early", kStart + piece("one ") + end("end_turn"), answered(200), "network", "one "},
       {"broken off", kStart + piece("one "), broken(), "network", "one "},
       {"stalled", kStart + piece("one "), stopped_as(CallErrorKind::stalled), "stalled", "one "},
       {"nothing said", kStart + end("end_turn") + kStop, answered(200), "empty_answer", ""},
       {"not streamed",
        R"({"type":"message","model":"m","content":[{"type":"thinking","thinking":"x"},{"type":"text","text":"a"}],"stop_reason":"end_turn"})",
        answered(200, "application/json"), "ok", "a"},
       {"not streamed, no reason", R"({"type":"message","content":[{"type":"text","text":"a"}],"stop_reason":null})",
        answered(200, "application/json"), "network", "a"},
       {"529", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", answered(529),
        "overloaded", ""},
       {"an error as an event, with its status", overloaded, answered(529), "overloaded", ""},
       {"a page", "<html>", answered(200, "text/html"), "network", ""}});
}

TEST(Anthropic, counts_cached_tokens_as_input) {
  const Decoded got = http_decode(adapter(), kStart + piece("a") + end("end_turn") + kStop, answered(200));
  EXPECT_EQ(got.model, "claude-x");
  EXPECT_EQ(got.usage.input_tokens, 1230U);
  EXPECT_EQ(got.usage.cached_tokens, 200U);
  EXPECT_EQ(got.usage.output_tokens, 56U);
}

TEST(Anthropic, asks_with_a_version_a_key_and_a_limit) {
  Call call = call_to({.kind = "anthropic", .model = "claude-x"}, "p");
  call.schema = R"({"type":"object"})";
  Probe found;
  found.credentials = {{"ANTHROPIC_API_KEY", "sk-secret"}};
  const auto request = adapter().request(call, found);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://api.anthropic.com/v1/messages");
  EXPECT_EQ(header_of(*request, "x-api-key"), "sk-secret");
  EXPECT_EQ(header_of(*request, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(request->body,
            R"({"model":"claude-x","max_tokens":16000,"messages":[{"role":"user","content":"p"}],"stream":true})");
  call =
      call_to({.kind = "anthropic", .model = "m", .endpoint = "http://127.0.0.1:9/x/v1", .max_output_tokens = 5}, "p");
  const auto other = adapter().request(call, {});
  EXPECT_EQ(other->url, "http://127.0.0.1:9/x/v1/messages");  // the version is not repeated
  EXPECT_EQ(header_of(*other, "x-api-key"), "");
  EXPECT_THAT(other->body, testing::HasSubstr("\"max_tokens\":5,"));
}

}  // namespace
}  // namespace assize
