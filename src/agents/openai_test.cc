#include "agents/openai.h"

#include <gmock/gmock.h>

#include "agents/http_test_support.h"

namespace assize {
namespace {

using testing::HasSubstr;
using testing::Not;

const Adapter& adapter() {
  static const auto made = make_openai_adapter();
  return *made;
}

std::string chunk(std::string_view choice, std::string_view more = "") {
  return "data: {\"id\":\"c\",\"model\":\"m-1\",\"choices\":[" + std::string(choice) + "]" + std::string(more) +
         "}\n\n";
}
std::string piece(std::string_view text) {
  return chunk("{\"index\":0,\"delta\":{\"content\":\"" + std::string(text) + "\"},\"finish_reason\":null}");
}
std::string end(std::string_view reason) {
  return chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"" + std::string(reason) + "\"}");
}
const std::string kDone = "data: [DONE]\n\n";
const std::string kUsage = chunk(
    "", R"(,"usage":{"prompt_tokens":1234,"completion_tokens":56,"prompt_tokens_details":{"cached_tokens":200}})");

TEST(OpenAi, reads_streams_however_they_end) {
  const std::string good = piece("one ") + piece("two") + end("stop") + kUsage + kDone;
  check_http_rows(
      adapter(),
      {{"good", good, answered(200), "ok", "one two"},
       {"no mark after the reason", piece("a") + end("stop"), answered(200), "ok", "a"},
       {"comments between", ": OPENROUTER PROCESSING\n\n" + good, answered(200), "ok", "one two"},
       {"carriage returns", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\r\n\r\n",
        answered(200), "ok", "a"},
       {"cut by the model's limit", piece("one ") + end("length") + kDone, answered(200), "output_limit", "one "},
       {"withheld", piece("one ") + end("content_filter") + kDone, answered(200), "refused", "one "},
       {"a tool nobody offered", piece("one ") + end("tool_calls") + kDone, answered(200), "failed", "one "},
       {"a word nobody knows", piece("one ") + end("tired") + kDone, answered(200), "failed", "one "},
       {"refused in its own field", chunk(R"({"delta":{"refusal":"I can't"}})") + end("stop"), answered(200), "refused",
        ""},
       {"broken off", piece("one ") + "data: {\"choi", broken(), "network", "one "},
       {"ended early", piece("one "), answered(200), "network", "one "},
       {"ended early with the mark", piece("one ") + kDone, answered(200), "network", "one "},
       {"broken after the end", piece("a") + end("stop"), broken(), "ok", "a"},
       {"stopped after the end", piece("a") + end("stop"), stopped_as(CallErrorKind::stalled), "ok", "a"},
       {"stalled", piece("one "), stopped_as(CallErrorKind::stalled), "stalled", "one "},
       {"timed out", piece("one "), stopped_as(CallErrorKind::timed_out), "timed_out", "one "},
       {"cancelled", good, stopped_as(CallErrorKind::cancelled), "cancelled", "one two"},
       {"too much", piece("one "), stopped_as(CallErrorKind::output_limit), "output_limit", "one "},
       {"an error in the middle",
        piece("one ") + "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n" + kDone, answered(200),
        "overloaded", "one "},
       {"an error by the event's name", piece("one ") + "event: error\ndata: {\"message\":\"x\"}\n\n" + kDone,
        answered(200), "failed", "one "},
       {"an error in plain words", piece("one ") + "event: error\ndata: out of memory\n\n", answered(200), "failed",
        "one "},
       {"an event that is no JSON", piece("one ") + "data: {{{\n\n" + end("stop") + kDone, answered(200), "network",
        "one "},
       {"nothing said", end("stop") + kDone, answered(200), "empty_answer", ""},
       {"nothing at all", "", answered(200), "empty_answer", ""},
       {"white space", " \r\n \n", answered(200), "empty_answer", ""},
       {"other choices are others",
        piece("a") + chunk(R"({"index":1,"delta":{"content":"b"},"finish_reason":"stop"})") + end("stop"),
        answered(200), "ok", "a"},
       {"reasoning is no answer", chunk(R"({"delta":{"reasoning_content":"hm"}})") + piece("a") + end("stop"),
        answered(200), "ok", "a"},
       {"thinking aloud is none either", piece(" <think>so") + piece(" so</think>\\na") + end("stop"), answered(200),
        "ok", "a"},
       {"only thinking aloud", piece("<think>so") + end("stop"), answered(200), "empty_answer", ""},
       {"half a character", piece("a\xC3") + end("stop"), answered(200), "ok", "a\xEF\xBF\xBD"}});
}

TEST(OpenAi, reads_answers_that_are_no_stream) {
  const HttpEnding plain = answered(200, "application/json");
  check_http_rows(
      adapter(),
      {{"whole", R"( {"model":"m","choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})", plain, "ok", "a"},
       {"parts",
        R"({"choices":[{"message":{"content":[{"type":"thinking","text":"x"},{"type":"text","text":"a"}]},"finish_reason":"stop"}]})",
        plain, "ok", "a"},
       {"cut", R"({"choices":[{"message":{"content":"a"},"finish_reason":"length"}]})", plain, "output_limit", "a"},
       {"half of it", R"({"choices":[{"message":{"content":"a)", plain, "network", ""},
       {"of another kind", R"({"hello":1})", plain, "network", ""},
       {"an error with 200", R"({"error":{"message":"no","code":"invalid_api_key"}})", plain, "not_logged_in", ""},
       {"a page", "<!doctype html><title>Sign in</title>", answered(200, "text/html"), "network", ""},
       {"words", "hello\n", answered(200, "text/plain"), "network", ""},
       {"a list", "[1,[]]", plain, "network", ""}});
}

TEST(OpenAi, reads_refusals_of_the_server) {
  check_http_rows(adapter(),
                  {{"401", R"({"error":{"message":"bad key"}})", answered(401), "not_logged_in", ""},
                   {"429", R"({"error":{"message":"slow down"}})", answered(429), "rate_limited", ""},
                   {"500 as a page", "<html><title>502 Bad Gateway</title>", answered(502), "overloaded", ""},
                   {"500 with nothing", "", answered(500), "overloaded", ""},
                   {"a redirect", "", answered(302), "failed", ""},
                   {"no answer", "", HttpEnding{}, "network", ""}});
  const Decoded page = http_decode(adapter(), "<title>Sign in\x1b[31m</title>", answered(200, "text/html"));
  EXPECT_EQ(page.error->message, "no answer of a model, but a web page, 'Sign in'");
  const Decoded lost = http_decode(adapter(), "404 page not found\n", answered(404, "text/plain"));
  EXPECT_EQ(lost.error->message, "HTTP 404: 404 page not found (is the path of the endpoint right?)");
  const Decoded words = http_decode(adapter(), R"({"error":{"message":"slow\ndown\u001b[1m"}})", answered(429));
  EXPECT_EQ(words.error->message, "HTTP 429: slow down");
}

TEST(OpenAi, keeps_the_wait_that_the_server_names_where_waiting_may_mend) {
  HttpEnding waiting = answered(429);
  waiting.retry_after = Millis(7'000);
  EXPECT_EQ(http_decode(adapter(), "{}", waiting).error->retry_after, Millis(7'000));
  waiting.status = 401;
  EXPECT_FALSE(http_decode(adapter(), "{}", waiting).error->retry_after);
  const Decoded said = http_decode(adapter(), R"({"error":{"message":"try again in 2s"}})", answered(429));
  EXPECT_EQ(said.error->retry_after, Millis(2'000));
}

TEST(OpenAi, reads_usage_and_the_model_that_answered) {
  const Decoded got = http_decode(adapter(), piece("a") + end("stop") + kUsage + kDone, answered(200));
  EXPECT_EQ(got.model, "m-1");
  EXPECT_EQ(got.usage.input_tokens, 1234U);
  EXPECT_EQ(got.usage.output_tokens, 56U);
  EXPECT_EQ(got.usage.cached_tokens, 200U);
}

TEST(OpenAi, tells_when_the_endpoint_cut_the_prompt) {
  const auto with_tokens = [](std::uint64_t tokens, std::size_t prompt) {
    const std::string usage = chunk("", ",\"usage\":{\"prompt_tokens\":" + std::to_string(tokens) + "}");
    const Call call = call_to({}, std::string(prompt, 'x'));
    return kind_name(http_decode_in_pieces(adapter(), call, piece("a") + end("stop") + usage, 9, answered(200)));
  };
  EXPECT_EQ(with_tokens(4'096, 60'000), "prompt_truncated");
  EXPECT_EQ(with_tokens(5'000, 60'000), "ok");
  EXPECT_EQ(with_tokens(10, 8'000), "ok");  // too short to tell
  EXPECT_EQ(with_tokens(0, 60'000), "ok");  // not counted
}

TEST(OpenAi, an_answer_without_end_is_cut) {
  const auto decoder = adapter().http_decoder(call_to({}));
  const std::string big = piece(std::string(1U << 20, 'x'));
  for (int i = 0; i < 9; ++i) decoder->feed(big);
  decoder->feed(end("stop"));
  const Decoded got = decoder->finish(answered(200));
  EXPECT_EQ(kind_name(got), "output_limit");
  EXPECT_EQ(got.text.size(), 8U << 20);
}

TEST(OpenAi, says_when_nothing_more_can_follow) {
  const auto decoder = adapter().http_decoder(call_to({}));
  decoder->feed(piece("a") + end("stop"));
  EXPECT_FALSE(decoder->ended());  // the usage comes after the reason
  decoder->feed(kUsage + kDone);
  EXPECT_TRUE(decoder->ended());
}

TEST(OpenAi, asks_for_a_stream_with_usage) {
  Call call = call_to({.id = "a", .kind = "openai", .model = "gpt-5"}, "say \"hi\"");
  call.schema = R"({"type":"object"})";
  Probe found;
  found.credentials = {{"OPENAI_API_KEY", "sk-secret"}};
  const auto request = adapter().request(call, found);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://api.openai.com/v1/chat/completions");
  EXPECT_EQ(header_of(*request, "Authorization"), "Bearer sk-secret");
  EXPECT_EQ(header_of(*request, "Content-Type"), "application/json");
  EXPECT_EQ(request->body, R"({"model":"gpt-5","messages":[{"role":"user","content":"say \"hi\""}],"stream":true,)"
                           R"("stream_options":{"include_usage":true},"response_format":{"type":"json_schema",)"
                           R"("json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}}})");
}

TEST(OpenAi, asks_others_than_openai_in_the_words_that_they_know) {
  struct Row {
    const char *endpoint, *url;
  };
  for (const Row& row : {Row{"http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/chat/completions"},
                         {"http://localhost:8080", "http://localhost:8080/v1/chat/completions"},
                         {"https://openrouter.ai/api/v1/", "https://openrouter.ai/api/v1/chat/completions"},
                         {"https://api.perplexity.ai", "https://api.perplexity.ai/chat/completions"}}) {
    Call call = call_to({.kind = "openai", .model = "m", .endpoint = row.endpoint, .max_output_tokens = 99}, "p");
    call.schema = R"({"type":"object"})";
    const auto request = adapter().request(call, {});
    ASSERT_TRUE(request);
    EXPECT_EQ(request->url, row.url);
    EXPECT_EQ(header_of(*request, "Authorization"), "");
    EXPECT_THAT(request->body, HasSubstr("\"max_tokens\":99"));
    EXPECT_THAT(request->body, Not(HasSubstr("response_format")));
  }
}

}  // namespace
}  // namespace assize
