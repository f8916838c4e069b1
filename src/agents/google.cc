#include "agents/google.h"

#include <array>
#include <boost/json.hpp>

#include "agents/http_adapter.h"
#include "agents/http_decoder.h"
#include "agents/json_access.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

constexpr HttpVendor kGoogle = {.kind = "google",
                                .own_endpoint = "https://generativelanguage.googleapis.com",
                                .key_variable = "GEMINI_API_KEY",
                                .version_path = "/v1beta",
                                .add_version = HttpVendor::AddVersion::always};

// "models/gemini-2.5-pro" and "gemini-2.5-pro" are the same model.
std::string_view plain_name(std::string_view model) {
  constexpr std::string_view kPrefix = "models/";
  return model.starts_with(kPrefix) ? model.substr(kPrefix.size()) : model;
}

class GoogleDecoder final : public AnswerDecoder {
 public:
  using AnswerDecoder::AnswerDecoder;

 protected:
  // An answer that is not streamed has the form of one event.
  void on_whole(const json::object& answer) override { on_event(answer); }

  void on_event(const json::object& event) override {
    if (const auto model = json_string(event, {"modelVersion"}); model && !model->empty()) model_ = *model;
    read_usage(event);
    if (const auto reason = json_string(event, {"promptFeedback", "blockReason"}); reason && !reason->empty()) {
      set_finish(Finish::refused, *reason);
    }
    const json::array* candidates = json_array(event, {"candidates"});
    if (candidates == nullptr) return;
    for (const json::value& element : *candidates) {
      const json::object* candidate = element.if_object();
      if (candidate == nullptr || json_count(*candidate, {"index"}).value_or(0) != 0) continue;
      if (const json::array* parts = json_array(*candidate, {"content", "parts"})) read_parts(*parts);
      const auto reason = json_string(*candidate, {"finishReason"});
      if (reason && !reason->empty() && *reason != "FINISH_REASON_UNSPECIFIED")
        set_finish(meaning_of(*reason), *reason);
    }
  }

 private:
  void read_parts(const json::array& parts) {
    for (const json::value& element : parts) {
      const json::object* part = element.if_object();
      if (part != nullptr && !json_bool(*part, {"thought"}).value_or(false)) add_text(json_text(*part, {"text"}));
    }
  }

  void read_usage(const json::object& event) {
    const json::object* usage = json_object(event, {"usageMetadata"});
    if (usage == nullptr) return;
    usage_.input_tokens = json_count(*usage, {"promptTokenCount"});  // the cached ones are in it
    usage_.cached_tokens = json_count(*usage, {"cachedContentTokenCount"});
    const auto said = json_count(*usage, {"candidatesTokenCount"});
    const auto thought = json_count(*usage, {"thoughtsTokenCount"});
    if (said || thought) usage_.output_tokens = said.value_or(0) + thought.value_or(0);
  }

  static Finish meaning_of(std::string_view reason) {
    if (reason == "STOP") return Finish::whole;
    if (reason == "MAX_TOKENS") return Finish::cut;
    static constexpr std::array<std::string_view, 6> kWithheld = {"SAFETY",    "RECITATION",         "LANGUAGE",
                                                                  "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"};
    for (const std::string_view word : kWithheld) {
      if (reason == word) return Finish::refused;
    }
    return Finish::odd;
  }
};

class GoogleAdapter final : public HttpAdapter {
 public:
  GoogleAdapter() : HttpAdapter(kGoogle) {}
  std::unique_ptr<HttpDecoder> http_decoder(const Call& call) const override {
    return std::make_unique<GoogleDecoder>(call);
  }

 protected:
  std::string path(const AgentSpec& spec) const override {
    return "/models/" + path_segment(plain_name(spec.model)) + ":streamGenerateContent?alt=sse";
  }

  // In a header, never in the URL, which proxies and logs keep.
  std::vector<std::pair<std::string, std::string>> headers(const Target& target) const override {
    if (target.key.empty()) return {};
    return {{"x-goog-api-key", std::string(target.key)}};
  }

  std::string body(const Call& call, const Target&) const override {
    const AgentSpec& spec = *call.agent;
    json::object body;
    body["contents"] = json::array{{{"role", "user"}, {"parts", {{{"text", to_valid_utf8(call.prompt)}}}}}};
    json::object config;
    if (spec.max_output_tokens) config["maxOutputTokens"] = *spec.max_output_tokens;
    // Gemini models can be held to JSON; the interface's schemas differ from JSON Schema, so the prompt states the
    // form.
    if (!call.schema.empty() && plain_name(spec.model).starts_with("gemini")) {
      config["responseMimeType"] = "application/json";
    }
    if (!config.empty()) body["generationConfig"] = std::move(config);
    return json::serialize(body);
  }
};

}  // namespace

std::unique_ptr<Adapter> make_google_adapter() {
  return std::make_unique<GoogleAdapter>();
}

}  // namespace assize
