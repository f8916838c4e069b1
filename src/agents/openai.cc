#include "agents/openai.h"

#include <array>
#include <boost/json.hpp>

#include "agents/http_adapter.h"
#include "agents/http_decoder.h"
#include "agents/json_access.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

constexpr HttpVendor kOpenAi = {.kind = "openai",
                                .own_endpoint = "https://api.openai.com/v1",
                                .key_variable = "OPENAI_API_KEY",
                                .version_path = "/v1",
                                .add_version = HttpVendor::AddVersion::to_bare_known};

// Some local models think aloud at the start of the answer itself; what they say there is no answer.
std::string_view without_thinking(std::string_view text) {
  constexpr std::string_view kStart = "<think>";
  constexpr std::string_view kEnd = "</think>";
  const std::string_view begun = trim(text);
  if (!begun.starts_with(kStart)) return text;
  const auto end = begun.find(kEnd);
  return end == std::string_view::npos ? std::string_view() : trim(begun.substr(end + kEnd.size()));
}

class OpenAiDecoder final : public AnswerDecoder {
 public:
  using AnswerDecoder::AnswerDecoder;

 protected:
  void on_event(const json::object& event) override { read(event, "delta"); }
  void on_whole(const json::object& answer) override { read(answer, "message"); }
  std::string_view answer_in(std::string_view text) const override { return without_thinking(text); }

 private:
  void read(const json::object& object, std::string_view message_key) {
    if (const auto model = json_string(object, {"model"}); model && !model->empty()) model_ = *model;
    read_usage(object);
    const json::array* choices = json_array(object, {"choices"});
    if (choices == nullptr) return;
    for (const json::value& element : *choices) {
      const json::object* choice = element.if_object();
      if (choice == nullptr || json_count(*choice, {"index"}).value_or(0) != 0) continue;
      if (const json::object* message = json_object(*choice, {message_key})) read_message(*message);
      if (const auto reason = json_string(*choice, {"finish_reason"}); reason && !reason->empty()) {
        set_finish(meaning_of(*reason), *reason);
      }
    }
  }

  // Content is a string, or parts of which those of type text count ({"type": "thinking"} does not).
  void read_message(const json::object& message) {
    add_text(json_text(message, {"content"}));
    add_refusal(json_text(message, {"refusal"}));
    const json::array* parts = json_array(message, {"content"});
    if (parts == nullptr) return;
    for (const json::value& element : *parts) {
      const json::object* part = element.if_object();
      if (part != nullptr && json_text(*part, {"type"}) == "text") add_text(json_text(*part, {"text"}));
    }
  }

  void read_usage(const json::object& object) {
    const json::object* usage = json_object(object, {"usage"});
    if (usage == nullptr) return;
    usage_.input_tokens = json_count(*usage, {"prompt_tokens"});  // the cached ones are in it
    usage_.output_tokens = json_count(*usage, {"completion_tokens"});
    usage_.cached_tokens = json_count(*usage, {"prompt_tokens_details", "cached_tokens"});
    if (const auto cost = json_number(*usage, {"cost"}); cost && *cost >= 0) usage_.cost_usd = cost;  // OpenRouter
  }

  static Finish meaning_of(std::string_view reason) {
    static constexpr std::array<std::string_view, 5> kWhole = {"stop", "eos", "eos_token", "stop_sequence", "end_turn"};
    for (const std::string_view word : kWhole) {
      if (reason == word) return Finish::whole;
    }
    if (reason == "length" || reason == "max_tokens" || reason == "model_length") return Finish::cut;
    return reason == "content_filter" ? Finish::refused : Finish::odd;
  }
};

class OpenAiAdapter final : public HttpAdapter {
 public:
  OpenAiAdapter() : HttpAdapter(kOpenAi) {}
  std::unique_ptr<HttpDecoder> http_decoder(const Call& call) const override {
    return std::make_unique<OpenAiDecoder>(call);
  }

 protected:
  std::string path(const AgentSpec&) const override { return "/chat/completions"; }

  std::vector<std::pair<std::string, std::string>> headers(const Target& target) const override {
    if (target.key.empty()) return {};
    return {{"Authorization", "Bearer " + std::string(target.key)}};
  }

  std::string body(const Call& call, const Target& target) const override {
    const AgentSpec& spec = *call.agent;
    json::object body;
    body["model"] = spec.model;
    body["messages"] = json::array{{{"role", "user"}, {"content", to_valid_utf8(call.prompt)}}};
    body["stream"] = true;
    body["stream_options"] = {{"include_usage", true}};
    // The newer name is OpenAI's own; the servers that imitate it know the older one.
    if (spec.max_output_tokens) body[target.own ? "max_completion_tokens" : "max_tokens"] = *spec.max_output_tokens;
    // Many other servers refuse a schema, or hang on one: there the prompt alone states the form.
    if (const auto schema = target.own ? JsonText::parse(call.schema) : std::nullopt) {
      body["response_format"] = {{"type", "json_schema"},
                                 {"json_schema", {{"name", "answer"}, {"strict", true}, {"schema", schema->value()}}}};
    }
    return json::serialize(body);
  }
};

}  // namespace

std::unique_ptr<Adapter> make_openai_adapter() {
  return std::make_unique<OpenAiAdapter>();
}

}  // namespace assize
