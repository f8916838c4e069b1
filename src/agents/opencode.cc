#include "agents/opencode.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "agents/classify.h"
#include "agents/cli_support.h"
#include "agents/event_decoder.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

// No limit of its own was found up to 2 MB; past this no model takes it.
constexpr std::size_t kMaxPrompt = 16U << 20;
constexpr std::string_view kProvider = "assize";
constexpr std::string_view kKeyVariable = "ASSIZE_OPENCODE_KEY";

constexpr std::array kRules = {
    MessageRule{"error: unknown option", "", CallErrorKind::invalid_request},
    MessageRule{"Error: Model not found", "", CallErrorKind::model_unavailable},
};

std::optional<CallErrorKind> kind_of_name(std::string_view name, std::string_view message) {
  if (name == "ContextOverflowError") return CallErrorKind::prompt_too_long;
  if (name == "ProviderAuthError") return CallErrorKind::not_logged_in;
  if (name == "MessageOutputLengthError") return CallErrorKind::output_limit;
  if (name == "ProviderModelNotFoundError") return CallErrorKind::model_unavailable;
  // The server's words for an unknown model or provider, of which the reason is in its own log only.
  if (message.starts_with("Unexpected server error. Check server logs")) return CallErrorKind::model_unavailable;
  if (message.starts_with("Model not found")) return CallErrorKind::model_unavailable;
  if (message.starts_with("JSON parsing failed:")) return CallErrorKind::network;
  return std::nullopt;
}

CallError error_of(const json::object& event) {
  const std::string_view name = json_text(event, {"error", "name"});
  std::string message(json_text(event, {"error", "data", "message"}));
  if (message.empty()) message = json_text(event, {"error", "message"});
  if (message.empty()) message = name;
  if (const auto kind = kind_of_name(name, message)) return call_error(*kind, message);
  if (const auto status = json_count(event, {"error", "data", "statusCode"});
      status && *status >= 100 && *status <= 599) {
    const std::string_view body = json_text(event, {"error", "data", "responseBody"});
    CallError error =
        call_error(kind_of_status(static_cast<int>(*status), message + "\n" + std::string(body)), message);
    error.retry_after = retry_after_header(json_text(event, {"error", "data", "responseHeaders", "retry-after"}));
    return error;
  }
  if (says_prompt_too_long(message)) return call_error(CallErrorKind::prompt_too_long, message);
  if (says_network(message)) return call_error(CallErrorKind::network, message);
  return call_error(CallErrorKind::failed, message);
}

class OpencodeDecoder : public EventDecoder {
 public:
  OpencodeDecoder() : EventDecoder(kRules) {}

 protected:
  void on_event(const json::object& event) override {
    const std::string_view type = json_text(event, {"type"});
    if (type == "text") {
      // The parts of one message belong together; a new message replaces the one before.
      const std::string_view message = json_text(event, {"part", "messageID"});
      if (message.empty() || message != message_) {
        set_answer("");
      }
      message_ = message;
      add_answer(json_text(event, {"part", "text"}));
    } else if (type == "step_start") {
      complete_ = false;
      const std::string_view message = json_text(event, {"part", "messageID"});
      if (message != message_) {  // what was said before a tool call is no answer
        set_answer("");
        message_ = message;
      }
    } else if (type == "step_finish") {
      on_step(event);
    } else if (type == "error") {
      complete_ = false;
      fail(error_of(event));
    }
  }

 private:
  void on_step(const json::object& event) {
    if (const json::object* tokens = json_object(event, {"part", "tokens"})) {
      const auto cached = json_count(*tokens, {"cache", "read"}).value_or(0);
      const auto input =
          json_count(*tokens, {"input"}).value_or(0) + cached + json_count(*tokens, {"cache", "write"}).value_or(0);
      usage_.input_tokens = usage_.input_tokens.value_or(0) + input;
      usage_.cached_tokens = usage_.cached_tokens.value_or(0) + cached;
      usage_.output_tokens = usage_.output_tokens.value_or(0) + json_count(*tokens, {"output"}).value_or(0) +
                             json_count(*tokens, {"reasoning"}).value_or(0);
    }
    // 0 is what it says of a model whose price it does not know.
    if (const auto cost = json_number(event, {"part", "cost"}); cost && *cost > 0) {
      usage_.cost_usd = usage_.cost_usd.value_or(0) + *cost;
    }
    const std::string_view reason = json_text(event, {"part", "reason"});
    if (reason == "length") {
      fail(call_error(CallErrorKind::output_limit, "the model's answer was cut at its output limit"));
    } else if (reason == "content-filter") {
      fail(call_error(CallErrorKind::refused, "the provider's content filter stopped the answer"));
    } else if (reason == "stop") {  // "unknown" comes with a stream that broke, and is asked again for ever
      forgive();
      complete_ = true;
    }
  }

  std::string message_;
};

std::string config_for(const Call& call, FileTools tools) {
  const AgentSpec& spec = *call.agent;
  json::object config;
  const std::string model = spec.endpoint.empty() ? spec.model : fmt::format("{}/{}", kProvider, spec.model);
  config["model"] = model;
  config["small_model"] = model;
  config["autoupdate"] = false;
  config["share"] = "disabled";
  config["snapshot"] = false;
  json::object permission;
  permission["*"] = call.mode == ExecutionMode::yolo ? "allow" : "deny";
  if (call.mode == ExecutionMode::write) permission["edit"] = "allow";
  if (call.mode == ExecutionMode::write || tools == FileTools::read) {
    for (const std::string_view tool : {"read", "grep", "glob", "list"})
      permission[json::string_view(tool.data(), tool.size())] = "allow";
  }
  config["permission"] = std::move(permission);
  if (!spec.endpoint.empty()) {
    // The key stands in the environment, and the program puts it in: {env:NAME} works here from 1.18 on.
    json::object provider;
    provider["npm"] = "@ai-sdk/openai-compatible";
    provider["name"] = json::string_view(kProvider.data(), kProvider.size());
    provider["options"] = {{"baseURL", spec.endpoint}, {"apiKey", fmt::format("{{env:{}}}", kKeyVariable)}};
    provider["models"] = {{spec.model, {{"name", spec.model}}}};
    config["provider"] = {{json::string_view(kProvider.data(), kProvider.size()), std::move(provider)}};
  } else {
    const std::string own = spec.model.substr(0, spec.model.find('/'));
    config["enabled_providers"] = json::array{own};
    if (!spec.api_key_env.empty()) {
      config["provider"] = {{own, {{"options", {{"apiKey", fmt::format("{{env:{}}}", kKeyVariable)}}}}}};
    }
  }
  return json::serialize(config);
}

// The variable in which opencode's own providers look for their key.
std::string_view key_variable_of(std::string_view provider) {
  struct Known {
    std::string_view provider, variable;
  };
  static constexpr std::array kKnown = {
      Known{"anthropic", "ANTHROPIC_API_KEY"},
      Known{"openai", "OPENAI_API_KEY"},
      Known{"openrouter", "OPENROUTER_API_KEY"},
      Known{"google", "GEMINI_API_KEY"},
      Known{"groq", "GROQ_API_KEY"},
      Known{"mistral", "MISTRAL_API_KEY"},
      Known{"deepseek", "DEEPSEEK_API_KEY"},
      Known{"xai", "XAI_API_KEY"},
      Known{"togetherai", "TOGETHER_API_KEY"},
      Known{"cerebras", "CEREBRAS_API_KEY"},
      Known{"opencode", "OPENCODE_API_KEY"},
      Known{"github-copilot", "GITHUB_TOKEN"},
  };
  for (const Known& known : kKnown) {
    if (known.provider == provider) return known.variable;
  }
  return {};
}

class OpencodeAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "opencode"; }
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "opencode"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe = find_cli(spec, world, "opencode", "npm install -g opencode-ai");
    if (!probe.found) return probe;
    if (!spec.endpoint.empty()) {
      if (spec.model.empty()) return without_model(probe, "set `model` to a name that the endpoint knows");
      find_endpoint_key(spec, world, kKeyVariable, probe);
      return probe;
    }
    const auto slash = spec.model.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == spec.model.size()) {
      return without_model(
          probe,
          "set `model` to provider/model, or `endpoint` and `model`: without one opencode sends the code to a "
          "hosted model of its own");
    }
    if (find_own_key(spec, world, kKeyVariable, probe)) return probe;
    find_provider_login(spec.model.substr(0, slash), world, probe);
    return probe;
  }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room&,
                                                 FileTools tools) const override {
    if (auto error = check_call(call, kMaxPrompt, "opencode")) return tl::unexpected(*error);
    const AgentSpec& spec = *call.agent;
    if (spec.model.empty() || (spec.endpoint.empty() && spec.model.find('/') == std::string::npos)) {
      return tl::unexpected(call_error(CallErrorKind::model_unavailable, "opencode needs a model as provider/model"));
    }
    Invocation run;
    run.argv = begin_argv(spec, found);
    const auto add = [&](std::initializer_list<std::string_view> args) {
      run.argv.insert(run.argv.end(), args.begin(), args.end());
    };
    add({"run"});
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    add({"--pure", "--format", "json", "--title", "review", "-m"});
    run.argv.push_back(spec.endpoint.empty() ? spec.model : fmt::format("{}/{}", kProvider, spec.model));
    run.input = call.prompt;
    run.env = {{"OPENCODE_CONFIG_CONTENT", config_for(call, tools)},
               {"OPENCODE_DISABLE_AUTOUPDATE", "1"},
               {"OPENCODE_DISABLE_DEFAULT_PLUGINS", "1"},
               {"OPENCODE_DISABLE_LSP_DOWNLOAD", "1"},
               {"OPENCODE_DISABLE_PROJECT_CONFIG", "1"}};
    if (!spec.endpoint.empty()) {
      run.env.emplace_back("OPENCODE_DISABLE_MODELS_FETCH", "1");  // its own providers need the list
    } else if (spec.api_key_env.empty()) {
      const std::string_view variable = key_variable_of(spec.model.substr(0, spec.model.find('/')));
      if (!variable.empty()) run.passed_env.emplace_back(variable);
      run.login_files = {".local/share/opencode/auth.json"};
    }
    finish_env(spec, found, run);
    return run;
  }

  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<OpencodeDecoder>(); }

  std::string read_only_rule() const override {
    return "its own configuration denies every tool (or all but read, grep, glob, list), since by default it writes "
           "and runs commands; "
           "-m names provider/model; --pure; no option that approves, attaches or continues";
  }

  // Its mode is in the configuration alone, which extra_args cannot reach: the rule for the arguments is always the
  // same.
  std::vector<ModeRule> modes() const override {
    return {
        {ExecutionMode::read_only, {}, R"(OPENCODE_CONFIG_CONTENT: permission {"*":"deny"})", "answers; opens no file"},
        {ExecutionMode::write,
         {},
         "OPENCODE_CONFIG_CONTENT: permission denies all but read, grep, glob, list and edit",
         "reads and edits files in its working directory; no shell"},
        {ExecutionMode::yolo,
         {},
         R"(OPENCODE_CONFIG_CONTENT: permission {"*":"allow"})",
         "every tool, the shell and the network included, unasked"}};
  }
  std::optional<std::string> audit_mode(const std::vector<std::string>& argv, ExecutionMode) const override {
    return audit(argv);
  }

  std::optional<std::string> audit(const std::vector<std::string>& argv) const override {
    const Flags flags(argv);
    static constexpr std::array<std::string_view, 14> kWidening = {
        "--auto",  "--attach", "--agent", "--command", "--continue",    "-c", "--session", "-s",
        "--share", "--dir",    "--file",  "-f",        "--interactive", "-i"};
    if (const auto name = flags.first_of(kWidening)) return fmt::format("{} widens what the agent may do", *name);
    if (!flags.has("--pure")) return "--pure is missing";
    bool named = false;
    for (const std::string_view name : {"-m", "--model"}) {
      for (const auto model : flags.values(name)) {
        if (model.find('/') == std::string_view::npos) return fmt::format("{} {} names no provider", name, model);
        named = true;
      }
    }
    if (!named) return "-m provider/model is missing: it would ask a hosted model";
    return std::nullopt;
  }

 private:
  static Probe without_model(Probe probe, std::string_view hint) {
    probe.unusable = CallErrorKind::model_unavailable;
    probe.hint = hint;
    return probe;
  }

  static void find_provider_login(const std::string& provider, const Surroundings& world, Probe& probe) {
    const std::string_view variable = key_variable_of(provider);
    if (!variable.empty()) {
      if (const auto value = world.variable(variable); value && !value->empty()) {
        probe.logged_in = LoggedIn::yes;
        probe.how_known = fmt::format("{} is set", variable);
        return;
      }
    }
    const auto logins =
        world.home().empty() ? std::nullopt : world.read_file(world.home() + "/.local/share/opencode/auth.json");
    const auto document = logins ? JsonText::parse(*logins) : std::nullopt;
    if (document && document->object() != nullptr && json_object(*document->object(), {provider}) != nullptr) {
      probe.logged_in = LoggedIn::yes;
      probe.how_known = fmt::format("~/.local/share/opencode/auth.json knows {}", provider);
      return;
    }
    probe.logged_in = LoggedIn::no;
    probe.how_known = fmt::format("no key for {} in the environment or in ~/.local/share/opencode/auth.json", provider);
    probe.unusable = CallErrorKind::not_logged_in;
    probe.hint = fmt::format("run `opencode auth login`, or set api_key_env for the provider {}", provider);
  }
};

}  // namespace

std::unique_ptr<Adapter> make_opencode_adapter() {
  return std::make_unique<OpencodeAdapter>();
}

}  // namespace assize
