#include "agents/http_error.h"

#include <gtest/gtest.h>

#include "agents/json_access.h"

namespace assize {
namespace {

struct Row {
  const char* name;
  int status;  // 200: in the middle of a stream
  const char* body;
  const char* kind;
};

// The vendors' documented errors, and those of servers that imitate them.
TEST(HttpError, the_kind_of_an_error_is_what_its_words_and_its_status_say) {
  for (
      const Row& row : {
          Row{"OpenAI", 401,
              R"({"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}})",
              "not_logged_in"},
          {"OpenAI", 404, R"({"error":{"message":"The model `x` does not exist","code":"model_not_found"}})",
           "model_unavailable"},
          {"OpenAI", 400,
           R"({"error":{"message":"This model's maximum context length is 128000 tokens.","code":"context_length_exceeded"}})",
           "prompt_too_long"},
          {"OpenAI", 400,
           R"({"error":{"message":"Unsupported parameter: 'max_tokens'","type":"invalid_request_error"}})",
           "invalid_request"},
          {"OpenAI", 429,
           R"({"error":{"message":"Rate limit reached for gpt-5 on tokens per min (TPM). Please try again in 1.2s.","code":"rate_limit_exceeded"}})",
           "rate_limited"},
          {"OpenAI", 429,
           R"({"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}})",
           "quota_exhausted"},
          {"OpenAI", 403, R"({"error":{"message":"Country, region, or territory not supported"}})",
           "permission_denied"},
          {"OpenAI", 500, R"({"error":{"message":"The server had an error","type":"server_error"}})", "overloaded"},
          {"OpenAI in a stream", 200, R"({"error":{"message":"The server had an error","type":"server_error"}})",
           "overloaded"},
          {"OpenRouter in a stream", 200, R"({"error":{"code":502,"message":"Provider disconnected"}})", "overloaded"},
          {"OpenRouter in a stream", 200, R"({"error":{"code":429,"message":"Rate limited upstream"}})",
           "rate_limited"},
          {"Azure", 400, R"({"error":{"message":"The response was filtered","code":"content_filter"}})", "refused"},
          {"Anthropic", 400,
           R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 250000 tokens > 200000 maximum"}})",
           "prompt_too_long"},
          {"Anthropic", 400,
           R"({"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit"}})",
           "prompt_too_long"},
          {"Anthropic", 400,
           R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}})",
           "quota_exhausted"},
          {"Anthropic", 402, R"({"type":"error","error":{"type":"billing_error","message":"Payment required"}})",
           "quota_exhausted"},
          {"Anthropic", 413,
           R"({"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}})",
           "prompt_too_long"},
          {"Anthropic", 529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
           "overloaded"},
          {"Anthropic in a stream", 200,
           R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", "overloaded"},
          {"Anthropic in a stream", 200,
           R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down"}})", "rate_limited"},
          {"Google", 400,
           R"({"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}})",
           "not_logged_in"},
          {"Google", 400,
           R"({"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}})",
           "prompt_too_long"},
          {"Google", 403, R"({"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED"}})",
           "permission_denied"},
          {"Google", 429,
           R"({"error":{"code":429,"message":"You exceeded your current quota. Please retry in 34.07s.","status":"RESOURCE_EXHAUSTED"}})",
           "rate_limited"},
          {"Google", 429,
           R"({"error":{"code":429,"message":"You exceeded your current quota. Please retry in 34.07s.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}})",
           "quota_exhausted"},
          {"Google in a stream", 200,
           R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})", "overloaded"},
          {"Ollama", 404, R"({"error":{"message":"model \"x\" not found, try pulling it first","type":"api_error"}})",
           "model_unavailable"},
          {"Ollama, older", 404, R"({"error":"model 'x' not found"})", "model_unavailable"},
          {"llama.cpp", 400,
           R"({"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}})",
           "prompt_too_long"},
          {"vLLM", 400,
           R"({"object":"error","message":"This model's maximum context length is 4096 tokens","type":"BadRequestError","code":400})",
           "prompt_too_long"},
          {"a framework's own", 422, R"({"detail":[{"msg":"field required"}]})", "invalid_request"},
          {"something unknown in a stream", 200, R"({"error":{"message":"?"}})", "failed"},
      }) {
    SCOPED_TRACE(std::string(row.name) + " " + std::to_string(row.status) + " " + row.body);
    const auto body = JsonText::parse(row.body);
    ASSERT_TRUE(body);
    const auto error = read_server_error(*body->object());
    ASSERT_TRUE(error);
    EXPECT_FALSE(error->message.empty());
    EXPECT_EQ(to_string(kind_of_server_error(row.status, *error)), row.kind);
  }
}

TEST(HttpError, a_status_alone_has_a_kind) {
  struct Status {
    int status;
    const char* kind;
  };
  for (const Status& row : {Status{400, "invalid_request"},
                            {401, "not_logged_in"},
                            {402, "quota_exhausted"},
                            {403, "permission_denied"},
                            {404, "model_unavailable"},
                            {405, "failed"},
                            {408, "timed_out"},
                            {409, "failed"},
                            {413, "prompt_too_long"},
                            {418, "failed"},
                            {422, "invalid_request"},
                            {429, "rate_limited"},
                            {500, "overloaded"},
                            {501, "failed"},
                            {502, "overloaded"},
                            {503, "overloaded"},
                            {504, "overloaded"},
                            {520, "overloaded"},
                            {529, "overloaded"}}) {
    EXPECT_EQ(to_string(kind_of_http_status(row.status, "")), row.kind) << row.status;
  }
}

TEST(HttpError, an_answer_is_no_error) {
  for (const char* body : {R"({"choices":[],"error":null})", R"({"type":"message_start"})", R"({})",
                           R"({"object":"chat.completion.chunk"})", R"({"detail":null})"}) {
    EXPECT_FALSE(read_server_error(*JsonText::parse(body)->object())) << body;
  }
}

TEST(HttpError, the_wait_that_google_names_in_its_details_is_read) {
  const auto body = JsonText::parse(
      R"({"error":{"code":429,"message":"m","details":[7,{"violations":[7]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}})");
  const auto error = read_server_error(*body->object());
  EXPECT_EQ(error->retry_after, Millis(34'500));
  EXPECT_EQ(error->status, 429);
}

}  // namespace
}  // namespace assize
