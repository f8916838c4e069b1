#include "agents/google.h"

#include <gmock/gmock.h>

#include "agents/http_test_support.h"

namespace assize {
namespace {

const Adapter& adapter() {
  static const auto made = make_google_adapter();
  return *made;
}

std::string object(std::string_view text, std::string_view reason = "") {
  std::string out = R"({"candidates":[{"content":{"role":"model","parts":[{"text":")" + std::string(text) + "\"}]}";
  if (!reason.empty()) out += ",\"finishReason\":\"" + std::string(reason) + "\"";
  return out +
         R"(,"index":0}],"usageMetadata":{"promptTokenCount":1234,"candidatesTokenCount":50,"thoughtsTokenCount":6,)"
         R"("cachedContentTokenCount":200},"modelVersion":"gemini-x"})";
}
std::string event(std::string_view text, std::string_view reason = "") {
  return "data: " + object(text, reason) + "\r\n\r\n";
}

TEST(Google, reads_streams_however_they_end) {
  check_http_rows(
      adapter(),
      {{"good", event("one ") + event("two", "STOP"), answered(200), "ok", "one two"},
       {"thoughts are no answer",
        R"(data: {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"a"}]},"finishReason":"STOP"}]})"
        "\n\n",
        answered(200), "ok", "a"},
       {"cut by its limit", event("one ") + event("", "MAX_TOKENS"), answered(200), "output_limit", "one "},
       {"withheld", event("one ") + event("", "SAFETY"), answered(200), "refused", "one "},
       {"recited", event("one ") + event("", "RECITATION"), answered(200), "refused", "one "},
       {"the prompt was blocked", "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}\n\n",
        answered(200), "refused", ""},
       {"something odd", event("one ") + event("", "MALFORMED_FUNCTION_CALL"), answered(200), "failed", "one "},
       {"an error in the middle",
        event("one ") + "data: {\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}\n\n",
        answered(200), "overloaded", "one "},
       {"ended early", event("one "), answered(200), "network", "one "},
       {"broken off", event("one "), broken(), "network", "one "},
       {"nothing said", event("", "STOP"), answered(200), "empty_answer", ""},
       {"not streamed", object("a", "STOP"), answered(200, "application/json"), "ok", "a"},
       {"one array of events", "[" + object("one ") + ",\n" + object("two", "STOP") + "]",
        answered(200, "application/json"), "ok", "one two"},
       {"an error in an array", R"([{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}])",
        answered(429), "rate_limited", ""},
       {"a page", "<html>", answered(200, "text/html"), "network", ""}});
}

TEST(Google, counts_thoughts_as_output) {
  const Decoded got = http_decode(adapter(), event("a", "STOP"), answered(200));
  EXPECT_EQ(got.model, "gemini-x");
  EXPECT_EQ(got.usage.input_tokens, 1234U);
  EXPECT_EQ(got.usage.cached_tokens, 200U);
  EXPECT_EQ(got.usage.output_tokens, 56U);
}

TEST(Google, asks_with_the_key_in_a_header_and_never_in_the_url) {
  Call call = call_to({.kind = "google", .model = "models/gemini-x"}, "p");
  call.schema = R"({"type":"object"})";
  Probe found;
  found.credentials = {{"GEMINI_API_KEY", "secret-key"}};
  const auto request = adapter().request(call, found);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url,
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:streamGenerateContent?alt=sse");
  EXPECT_EQ(header_of(*request, "x-goog-api-key"), "secret-key");
  EXPECT_EQ(
      request->body,
      R"({"contents":[{"role":"user","parts":[{"text":"p"}]}],"generationConfig":{"responseMimeType":"application/json"}})");
  call =
      call_to({.kind = "google", .model = "gemma/../x", .endpoint = "http://[::1]:9/a", .max_output_tokens = 5}, "p");
  call.schema = R"({"type":"object"})";
  const auto other = adapter().request(call, {});
  EXPECT_EQ(other->url, "http://[::1]:9/a/v1beta/models/gemma%2F..%2Fx:streamGenerateContent?alt=sse");
  EXPECT_EQ(other->body,
            R"({"contents":[{"role":"user","parts":[{"text":"p"}]}],"generationConfig":{"maxOutputTokens":5}})");
}

}  // namespace
}  // namespace assize
