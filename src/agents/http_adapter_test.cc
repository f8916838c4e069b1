#include "agents/http_adapter.h"

#include <gmock/gmock.h>

#include "agents/http_test_support.h"

namespace assize {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Adapter& adapter(std::string_view kind) {
  return **adapter_for(kind);
}

Probe probe(const AgentSpec& spec, const FakeWorld& world = {}) {
  return adapter(spec.kind).probe(spec, world);
}

std::string reason(const Probe& probe) {
  return probe.unusable ? std::string(to_string(*probe.unusable)) : "usable";
}

TEST(HttpAdapter, the_vendors_variable_is_read_for_its_own_endpoint_alone) {
  FakeWorld world;
  world.variables = {{"OPENAI_API_KEY", "o-key"}, {"ANTHROPIC_API_KEY", "a-key"}, {"GEMINI_API_KEY", "g-key"}};
  struct Row {
    const char *kind, *endpoint, *key;
  };
  for (const Row& row : {Row{"openai", "", "o-key"},
                         {"anthropic", "", "a-key"},
                         {"google", "", "g-key"},
                         {"openai", "https://api.openai.com/v1", "o-key"},
                         {"openai", "https://openrouter.ai/api/v1", ""},
                         {"anthropic", "http://127.0.0.1:1", ""},
                         {"google", "https://api.openai.com", ""}}) {
    const Probe found = probe({.kind = row.kind, .model = "m", .endpoint = row.endpoint}, world);
    EXPECT_EQ(reason(found), "usable") << row.kind << row.endpoint;
    EXPECT_EQ(found.credentials.empty() ? "" : found.credentials[0].second, row.key) << row.kind << row.endpoint;
  }
}

TEST(HttpAdapter, a_key_comes_from_the_variable_or_the_file_that_is_named) {
  FakeWorld world;
  world.variables = {{"MY_KEY", " k-env \n"}, {"EMPTY", ""}, {"TWO_LINES", "a\nb"}};
  world.files = {{"/k", "k-file \r\nmore\n"}, {"/home/u/key", "k-home"}, {"/empty", "\n"}};
  struct Row {
    const char *name, *variable, *file, *reason, *key;
  };
  for (const Row& row : {Row{"variable", "MY_KEY", "", "usable", "k-env"},
                         {"file", "", "/k", "usable", "k-file"},
                         {"below home", "", "~/key", "usable", "k-home"},
                         {"no such variable", "NO", "", "not_logged_in", ""},
                         {"empty variable", "EMPTY", "", "not_logged_in", ""},
                         {"no such file", "", "/no", "not_logged_in", ""},
                         {"empty file", "", "/empty", "not_logged_in", ""},
                         {"no header can carry it", "TWO_LINES", "", "not_logged_in", ""},
                         {"both", "MY_KEY", "/k", "invalid_request", ""}}) {
    AgentSpec spec{.kind = "openai", .model = "m", .api_key_env = row.variable, .api_key_file = row.file};
    for (const char* endpoint : {"", "https://example.org/v1", "http://127.0.0.1:9/v1"}) {
      spec.endpoint = endpoint;
      const Probe found = probe(spec, world);
      EXPECT_EQ(reason(found), row.reason) << row.name;
      EXPECT_EQ(found.credentials.empty() ? "" : found.credentials[0].second, row.key) << row.name;
      EXPECT_EQ(found.how_known.find("k-"), std::string::npos);
      EXPECT_EQ(found.unusable.has_value(), !found.hint.empty());
    }
  }
  EXPECT_EQ(reason(probe({.kind = "anthropic", .model = "m"})), "not_logged_in");
  EXPECT_THAT(probe({.kind = "anthropic", .model = "m"}).hint, HasSubstr("ANTHROPIC_API_KEY"));
}

TEST(HttpAdapter, refuses_what_it_cannot_do_before_anything_is_asked) {
  struct Row {
    AgentSpec spec;
    const char* hint;
  };
  for (const Row& row : {Row{{.kind = "openai"}, "set model"},
                         {{.kind = "openai", .endpoint = "http://127.0.0.1:1"}, "assize doctor"},
                         {{.kind = "openai", .model = "m", .endpoint = "http://example.org/v1"}, "https"},
                         {{.kind = "openai", .model = "m", .endpoint = "http://127.0.0.1.evil.example/"}, "https"},
                         {{.kind = "openai", .model = "m", .endpoint = "https://u:p@example.org/v1"}, "api_key_env"},
                         {{.kind = "openai", .model = "m", .endpoint = "example.org"}, "https://"},
                         {{.kind = "openai", .model = "m", .command = {"x"}}, "command"},
                         {{.kind = "google", .model = "m", .extra_args = {"-x"}}, "extra_args"},
                         {{.kind = "google", .model = "m", .env = {{"A", "b"}}}, "env"}}) {
    const Probe found = probe(row.spec);
    EXPECT_EQ(reason(found), "invalid_request") << row.hint;
    EXPECT_THAT(found.hint, HasSubstr(row.hint));
  }
  const AgentSpec plain{
      .kind = "openai", .model = "m", .endpoint = "http://example.org/v1", .allow_insecure_endpoint = true};
  EXPECT_EQ(reason(probe(plain)), "usable");

  const auto refused = [](Call call) { return to_string(adapter("openai").request(call, {}).error().kind); };
  EXPECT_EQ(refused(call_to({.kind = "openai", .model = "m"}, " \n")), "invalid_request");
  EXPECT_EQ(refused(call_to({.kind = "openai", .model = "a b"})), "invalid_request");
  EXPECT_EQ(refused(call_to({.kind = "openai"})), "invalid_request");
  EXPECT_EQ(refused(call_to({.kind = "openai", .model = "m", .endpoint = "?"})), "invalid_request");
  EXPECT_EQ(refused(call_to({.kind = "openai", .model = "m"}, std::string(33'000'000, 'x'))), "prompt_too_long");
  Call writing = call_to({.kind = "openai", .model = "m"});
  writing.mode = ExecutionMode::write;
  EXPECT_EQ(refused(writing), "invalid_request");
}

TEST(HttpAdapter, is_no_program) {
  for (const char* kind : {"openai", "anthropic", "google"}) {
    const Adapter& one = adapter(kind);
    EXPECT_EQ(one.transport(), Transport::http);
    EXPECT_TRUE(one.version_args().empty());
    EXPECT_FALSE(one.invocation(call_to({.kind = kind}), {}, test_room(), FileTools::none));
    EXPECT_FALSE(one.audit({}));
  }
  EXPECT_EQ(adapter("claude").transport(), Transport::process);
  EXPECT_FALSE(adapter("claude").request(call_to({}), {}));
  EXPECT_EQ(adapter("claude").http_decoder(call_to({})), nullptr);
}

TEST(HttpAdapter, the_vendor_is_the_maker_of_the_model_and_else_the_endpoints) {
  struct Row {
    const char *kind, *model, *endpoint, *vendor;
  };
  for (const Row& row : {Row{"openai", "gpt-5", "", "openai"},
                         {"openai", "x", "", "openai"},
                         {"anthropic", "x", "", "anthropic"},
                         {"google", "x", "", "google"},
                         {"openai", "x", "https://api.anthropic.com/v1", "anthropic"},
                         {"openai", "x", "http://127.0.0.1:1/v1", "local"},
                         {"openai", "qwen2.5-coder", "http://127.0.0.1:1/v1", "alibaba"},
                         {"openai", "anthropic/claude-x", "https://openrouter.ai/api/v1", "anthropic"},
                         {"openai", "x", "https://Models.Example.org/v1", "models.example.org"},
                         {"openai", "x", "nonsense", "openai"}}) {
    EXPECT_EQ(adapter(row.kind).vendor({.kind = row.kind, .model = row.model, .endpoint = row.endpoint}), row.vendor)
        << row.kind << " " << row.model << " " << row.endpoint;
  }
}

TEST(HttpAdapter, asks_which_models_there_are) {
  Probe found;
  found.credentials = {{"K", "secret"}};
  const auto openai = adapter("openai").models_request({.kind = "openai", .endpoint = "http://127.0.0.1:1"}, found);
  EXPECT_EQ(openai->url, "http://127.0.0.1:1/v1/models");
  EXPECT_EQ(openai->method, HttpRequest::Method::get);
  EXPECT_EQ(header_of(*openai, "Authorization"), "Bearer secret");
  EXPECT_EQ(adapter("google").models_request({.kind = "google"}, {})->url,
            "https://generativelanguage.googleapis.com/v1beta/models");
  EXPECT_EQ(adapter("anthropic").models_request({.kind = "anthropic"}, {})->url, "https://api.anthropic.com/v1/models");
  EXPECT_FALSE(adapter("openai").models_request({.kind = "openai", .endpoint = "?"}, {}));
}

TEST(ModelNames, are_read_in_every_vendors_form) {
  EXPECT_THAT(*model_names(R"({"object":"list","data":[{"id":"a"},{"id":"b\u001b[1m"},7,{}]})"), ElementsAre("a", "b"));
  EXPECT_THAT(*model_names(R"({"models":[{"name":"models/gemini-x"}]})"), ElementsAre("gemini-x"));
  EXPECT_THAT(*model_names(R"({"data":[]})"), ElementsAre());
  for (const char* body : {"", "{}", "[]", "<html>", R"({"data":{}})"}) {
    EXPECT_EQ(model_names(body).error().code, ErrorCode::corrupt) << body;
  }
}

}  // namespace
}  // namespace assize
