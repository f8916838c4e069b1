#include "agents/codex.h"

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

// "Input exceeds the maximum length of 1048576 characters"
constexpr std::size_t kMaxPromptCharacters = 1'048'576;
constexpr std::string_view kProvider = "model_providers.assize";

constexpr std::array kRules = {
    MessageRule{"Input exceeds the maximum length", "", CallErrorKind::prompt_too_long},
    MessageRule{"Missing environment variable:", "", CallErrorKind::not_logged_in},
    MessageRule{"Not inside a trusted directory", "", CallErrorKind::invalid_request},
    MessageRule{"You've hit your usage limit", "", CallErrorKind::quota_exhausted},
    MessageRule{"You’ve hit your usage limit", "", CallErrorKind::quota_exhausted},
    MessageRule{"Quota exceeded", "", CallErrorKind::quota_exhausted},
    MessageRule{"To use Codex with your ChatGPT plan", "", CallErrorKind::permission_denied},
    MessageRule{"We’re currently experiencing high demand", "", CallErrorKind::overloaded},
    MessageRule{"We're currently experiencing high demand", "", CallErrorKind::overloaded},
    MessageRule{"Selected model is at capacity", "", CallErrorKind::overloaded},
    MessageRule{"Codex ran out of room in the model's context window", "", CallErrorKind::prompt_too_long},
    MessageRule{"model not found", "", CallErrorKind::model_unavailable},
    MessageRule{"The model ", "does not exist", CallErrorKind::model_unavailable},
    MessageRule{"The requested model", "", CallErrorKind::model_unavailable},
    MessageRule{"The '", "model is not supported", CallErrorKind::model_unavailable},
    MessageRule{"Connection failed:", "", CallErrorKind::network},
    MessageRule{"stream disconnected before completion:", "", CallErrorKind::network},
    MessageRule{"idle timeout waiting for SSE", "", CallErrorKind::network},
    MessageRule{"timeout waiting for", "", CallErrorKind::network},
    MessageRule{"Error loading config", "", CallErrorKind::invalid_request},
    MessageRule{"Unknown feature flag", "", CallErrorKind::invalid_request},
    MessageRule{"Error: Unknown feature flag", "", CallErrorKind::invalid_request},
    MessageRule{"error: unexpected argument", "", CallErrorKind::invalid_request},
    MessageRule{"error: invalid value", "", CallErrorKind::invalid_request},
};

CallError error_of(std::string_view message) {
  for (const std::string_view prefix : {"unexpected status ", "exceeded retry limit, last status: ", "http "}) {
    if (const auto status = status_after(message, prefix)) return call_error(kind_of_status(*status, message), message);
  }
  if (const auto found = match_rules(message, kRules)) {
    const bool cut_short = found->kind == CallErrorKind::network && retry_after_in(message).has_value();
    return call_error(cut_short ? CallErrorKind::rate_limited : found->kind, message);
  }
  if (message.starts_with('{')) {  // a bad request: the server's own body
    std::string text(message);
    if (const auto body = JsonText::parse(message); body && body->object() != nullptr) {
      if (const auto inner = json_string(*body->object(), {"error", "message"})) text = *inner;
      if (const auto code = json_string(*body->object(), {"error", "code"})) text += fmt::format(" ({})", *code);
    }
    if (says_quota_exhausted(text)) return call_error(CallErrorKind::quota_exhausted, text);
    return call_error(kind_of_status(400, text), text);
  }
  if (says_prompt_too_long(message)) return call_error(CallErrorKind::prompt_too_long, message);
  if (says_quota_exhausted(message)) return call_error(CallErrorKind::quota_exhausted, message);
  return call_error(CallErrorKind::failed, message);
}

class CodexDecoder : public EventDecoder {
 public:
  CodexDecoder() : EventDecoder(kRules) {}

 protected:
  void on_event(const json::object& event) override {
    const std::string_view type = json_text(event, {"type"});
    if (type == "item.completed" && json_text(event, {"item", "type"}) == "agent_message") {
      set_answer(json_text(event, {"item", "text"}));
    } else if (type == "turn.completed") {
      forgive();
      complete_ = true;
      usage_.input_tokens = json_count(event, {"usage", "input_tokens"});  // the cached ones are in it
      usage_.cached_tokens = json_count(event, {"usage", "cached_input_tokens"});
      usage_.output_tokens = json_count(event, {"usage", "output_tokens"});
    } else if (type == "turn.failed") {
      complete_ = false;
      fail(error_of(json_text(event, {"error", "message"})));
    } else if (type == "error") {
      const std::string_view message = json_text(event, {"message"});
      notice_ = message;
      // "Reconnecting... 3/5 (…)" is news, not an end; turn.failed follows what is one.
      if (!message.starts_with("Reconnecting...")) fail(error_of(message));
    }
  }
};

// -s first.
const std::vector<ModeRule>& mode_table() {
  static const std::vector<ModeRule> kTable = {
      {ExecutionMode::read_only,
       {"-s", "read-only"},
       "shell_tool, unified_exec and view_image disabled",
       "answers; opens no file"},
      {ExecutionMode::write,
       // Its sandbox would open all of /tmp, the other agents' trees included.
       {"-s", "workspace-write", "-c", "sandbox_workspace_write.exclude_slash_tmp=true", "-c",
        "sandbox_workspace_write.network_access=false"},
       "",
       "runs commands in codex's own sandbox, which lets them read everything, and write in the working directory; no "
       "network"},
      {ExecutionMode::yolo, {"-s", "danger-full-access"}, "", "runs commands without a sandbox, unasked"}};
  return kTable;
}

class CodexAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "codex"; }
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "openai"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe = find_cli(spec, world, "codex", "npm install -g @openai/codex");
    if (!probe.found) return probe;
    using Kind = LoginSource::Kind;
    static constexpr std::array kLogins = {LoginSource{Kind::variable, "CODEX_API_KEY"},
                                           LoginSource{Kind::file, ".codex/auth.json"}};
    if (!spec.endpoint.empty()) {
      find_endpoint_key(spec, world, "ASSIZE_CODEX_KEY", probe);
    } else if (!find_own_key(spec, world, "CODEX_API_KEY", probe)) {
      find_login(world, kLogins, "run `codex login`, or set CODEX_API_KEY (codex does not read OPENAI_API_KEY)", probe);
    }
    return probe;
  }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room& room,
                                                 FileTools tools) const override {
    constexpr std::size_t kMostBytes = 4 * kMaxPromptCharacters;
    if (auto error = check_call(call, kMostBytes, "codex")) return tl::unexpected(*error);
    if (const std::size_t characters = count_characters(call.prompt); characters > kMaxPromptCharacters) {
      return tl::unexpected(call_error(CallErrorKind::prompt_too_long,
                                       fmt::format("the prompt has {} characters; codex takes {} on standard input",
                                                   characters, kMaxPromptCharacters)));
    }
    const AgentSpec& spec = *call.agent;
    const ModeRule& rule = rule_of(mode_table(), call.mode);
    Invocation run;
    run.argv = begin_argv(spec, found);
    const auto add = [&](std::initializer_list<std::string_view> args) {
      run.argv.insert(run.argv.end(), args.begin(), args.end());
    };
    const auto set = [&](std::string_view key, std::string_view value) {
      add({"-c"});
      run.argv.push_back(fmt::format("{}={}", key, value));
    };
    add({"exec"});
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    add({"--json", "--ignore-user-config", "--ignore-rules", "--ephemeral", "--skip-git-repo-check", "--color",
         "never"});
    run.argv.insert(run.argv.end(), rule.arguments.begin(), rule.arguments.end());
    add({"--disable", "plugins", "--disable", "apps", "--disable", "unbounded_connection_retries"});
    set("analytics.enabled", "false");
    set("check_for_update_on_startup", "false");
    set("web_search", "disabled");
    set("project_doc_max_bytes", "0");  // AGENTS.md
    // By -c, which passes over a feature that a version does not know: none of these can touch a file.
    for (const std::string_view feature : {"multi_agent", "goals", "image_generation", "hooks", "skill_search"}) {
      set(fmt::format("features.{}", feature), "false");
    }
    const bool has_tools = call.mode != ExecutionMode::read_only || tools == FileTools::read;
    if (!has_tools) {
      // By --disable, which fails when a version does not know them: without these nothing opens a file.
      add({"--disable", "shell_tool", "--disable", "unified_exec", "--disable", "view_image"});
    }
    if (!spec.endpoint.empty()) add_endpoint(call, has_tools ? "2" : "0", set);
    if (!spec.model.empty()) add({"-m", spec.model});
    if (!call.schema.empty()) {
      const std::string path = room.scratch + "/schema.json";
      run.files.emplace_back(path, call.schema);
      add({"--output-schema", path});
    }
    add({"-"});
    run.input = call.prompt;
    if (spec.endpoint.empty() && spec.api_key_env.empty()) {
      run.passed_env = {"CODEX_API_KEY"};
      run.login_files = {".codex/auth.json"};
    }
    finish_env(spec, found, run);
    return run;
  }

  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<CodexDecoder>(); }

  std::string read_only_rule() const override {
    return "-s read-only (its own sandbox), --ignore-user-config; without file tools also shell_tool, unified_exec and "
           "view_image "
           "disabled; no option that approves, adds directories, enables features or changes the sandbox";
  }

  std::vector<ModeRule> modes() const override { return mode_table(); }

  std::optional<std::string> audit(const std::vector<std::string>& argv) const override {
    return audit_mode(argv, ExecutionMode::read_only);
  }

  std::optional<std::string> audit_mode(const std::vector<std::string>& argv, ExecutionMode limit) const override {
    const std::vector<std::string_view>& stated = rule_of(mode_table(), limit).arguments;
    const Flags flags(argv);
    static constexpr std::array<std::string_view, 13> kWidening = {"--dangerously-bypass-approvals-and-sandbox",
                                                                   "--dangerously-bypass-hook-trust",
                                                                   "--yolo",
                                                                   "--full-auto",
                                                                   "--approve-for-me",
                                                                   "--add-dir",
                                                                   "--trust",
                                                                   "--worktree",
                                                                   "--enable",
                                                                   "--profile",
                                                                   "-p",
                                                                   "-i",
                                                                   "--image"};
    if (const auto name = flags.first_of(kWidening)) return fmt::format("{} widens what the agent may do", *name);
    bool sandboxed = false;
    for (const std::string_view name : {"-s", "--sandbox"}) {
      for (const auto mode : flags.values(name)) {
        if (mode != "read-only" && mode != stated[1])
          return fmt::format("{} {} lets it do more than {}", name, mode, to_string(limit));
        sandboxed = true;
      }
    }
    if (!sandboxed) return fmt::format("-s {} is missing", stated[1]);
    if (!flags.has("--ignore-user-config")) return "--ignore-user-config is missing";
    for (const std::string_view name : {"-c", "--config"}) {
      for (const auto setting : flags.values(name)) {
        if (std::find(stated.begin(), stated.end(), setting) != stated.end()) continue;
        static constexpr std::array<std::string_view, 8> kKeys = {
            "sandbox",    "approval", "mcp_servers", "profile", "notify", "hooks", "shell_environment_policy",
            "permissions"};
        for (const auto key : kKeys) {
          if (setting.starts_with(key)) return fmt::format("-c {} changes what the agent may do", setting);
        }
        if (setting.starts_with("features") && !setting.ends_with("=false")) {
          return fmt::format("-c {} changes what the agent may do", setting);
        }
        if (setting.starts_with("web_search") && setting != "web_search=disabled") {
          return fmt::format("-c {} lets it search the web", setting);
        }
      }
    }
    return std::nullopt;
  }

 private:
  static std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
  }

  // A provider of our own: the built-in one can be moved but not tuned, and tries WebSockets first.
  template <class Set>
  static void add_endpoint(const Call& call, std::string_view attempts, const Set& set) {
    const auto set_provider = [&](std::string_view key, std::string_view value) {
      set(fmt::format("{}.{}", kProvider, key), value);
    };
    set_provider("name", "\"assize\"");
    set_provider("base_url", json_quote(call.agent->endpoint));  // a JSON string is a TOML string
    set_provider("env_key", "\"ASSIZE_CODEX_KEY\"");
    set_provider("wire_api", "\"responses\"");
    set_provider("request_max_retries", attempts);
    set_provider("stream_max_retries", attempts);
    if (call.limits.stall_timeout)
      set_provider("stream_idle_timeout_ms", fmt::format("{}", call.limits.stall_timeout->count()));
    set("model_provider", "\"assize\"");
  }
};

}  // namespace

std::unique_ptr<Adapter> make_codex_adapter() {
  return std::make_unique<CodexAdapter>();
}

}  // namespace assize
