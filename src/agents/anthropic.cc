#include "agents/anthropic.h"

#include <boost/json.hpp>

#include "agents/http_adapter.h"
#include "agents/http_decoder.h"
#include "agents/json_access.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

constexpr HttpVendor kAnthropic = {.kind = "anthropic",
                                   .own_endpoint = "https://api.anthropic.com",
                                   .key_variable = "ANTHROPIC_API_KEY",
                                   .version_path = "/v1",
                                   .add_version = HttpVendor::AddVersion::always};
constexpr std::string_view kVersion = "2023-06-01";
// The interface wants a limit. Long enough for any review; models that allow less say so.
constexpr std::uint64_t kMaxTokens = 16'000;

class AnthropicDecoder final : public AnswerDecoder {
 public:
  using AnswerDecoder::AnswerDecoder;

 protected:
  void on_event(const json::object& event) override {
    const std::string_view type = json_text(event, {"type"});
    if (type == "message_start") {
      if (const json::object* message = json_object(event, {"message"})) {
        model_ = json_text(*message, {"model"});
        read_usage(*message);
      }
    } else if (type == "content_block_start") {
      if (json_text(event, {"content_block", "type"}) == "text") add_text(json_text(event, {"content_block", "text"}));
    } else if (type == "content_block_delta") {
      if (json_text(event, {"delta", "type"}) == "text_delta") add_text(json_text(event, {"delta", "text"}));
    } else if (type == "message_delta") {
      read_usage(event);
      reason_ = json_text(event, {"delta", "stop_reason"});
    } else if (type == "message_stop") {
      set_finish(meaning_of(reason_), reason_.empty() ? "no reason" : reason_);
      set_done();
    }
  }

  void on_whole(const json::object& answer) override {
    model_ = json_text(answer, {"model"});
    read_usage(answer);
    if (const json::array* blocks = json_array(answer, {"content"})) {
      for (const json::value& element : *blocks) {
        const json::object* block = element.if_object();
        if (block != nullptr && json_text(*block, {"type"}) == "text") add_text(json_text(*block, {"text"}));
      }
    }
    const std::string_view reason = json_text(answer, {"stop_reason"});
    if (!reason.empty()) set_finish(meaning_of(reason), reason);
  }

 private:
  // Input tokens are counted without the cached ones, and those that were read and written apart from each other. The
  // last event repeats what it knows better.
  void read_usage(const json::object& object) {
    const json::object* usage = json_object(object, {"usage"});
    if (usage == nullptr) return;
    const auto take = [&](std::optional<std::uint64_t>& into, std::string_view key) {
      if (const auto count = json_count(*usage, {key})) into = count;
    };
    take(fresh_, "input_tokens");
    take(written_, "cache_creation_input_tokens");
    take(usage_.cached_tokens, "cache_read_input_tokens");
    take(usage_.output_tokens, "output_tokens");
    if (fresh_) usage_.input_tokens = *fresh_ + written_.value_or(0) + usage_.cached_tokens.value_or(0);
  }

  static Finish meaning_of(std::string_view reason) {
    if (reason == "end_turn" || reason == "stop_sequence") return Finish::whole;
    if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Finish::cut;
    return reason == "refusal" ? Finish::refused : Finish::odd;
  }

  std::string reason_;
  std::optional<std::uint64_t> fresh_;
  std::optional<std::uint64_t> written_;
};

class AnthropicAdapter final : public HttpAdapter {
 public:
  AnthropicAdapter() : HttpAdapter(kAnthropic) {}
  std::unique_ptr<HttpDecoder> http_decoder(const Call& call) const override {
    return std::make_unique<AnthropicDecoder>(call);
  }

 protected:
  std::string path(const AgentSpec&) const override { return "/messages"; }

  std::vector<std::pair<std::string, std::string>> headers(const Target& target) const override {
    std::vector<std::pair<std::string, std::string>> headers = {{"anthropic-version", std::string(kVersion)}};
    if (!target.key.empty()) headers.emplace_back("x-api-key", target.key);
    return headers;
  }

  std::string body(const Call& call, const Target&) const override {
    const AgentSpec& spec = *call.agent;
    json::object body;
    body["model"] = spec.model;
    body["max_tokens"] = spec.max_output_tokens.value_or(kMaxTokens);
    body["messages"] = json::array{{{"role", "user"}, {"content", to_valid_utf8(call.prompt)}}};
    body["stream"] = true;
    return json::serialize(body);
  }
};

}  // namespace

std::unique_ptr<Adapter> make_anthropic_adapter() {
  return std::make_unique<AnthropicAdapter>();
}

}  // namespace assize
