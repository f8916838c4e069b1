#include "agents/claude.h"

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

// "piped stdin input exceeds 10MB"; the smaller reading of it.
constexpr std::size_t kMaxPrompt = 10'000'000;
// One argument of exec is at most 128 KiB (MAX_ARG_STRLEN); a schema that would not fit is left to the prompt.
constexpr std::size_t kMaxSchemaArgument = 100U << 10;
constexpr std::string_view kMaxTurns = "20";

constexpr std::array<std::string_view, 3> kReadTools = {"Read", "Grep", "Glob"};
constexpr std::array<std::string_view, 5> kWriteTools = {"Read", "Grep", "Glob", "Edit", "Write"};

// --permission-mode, then --tools.
const std::vector<ModeRule>& mode_table() {
  static const std::vector<ModeRule> kTable = {
      {ExecutionMode::read_only, {"--permission-mode", "default", "--tools", ""}, "", "answers; opens no file"},
      {ExecutionMode::write,
       {"--permission-mode", "acceptEdits", "--tools", "Read,Grep,Glob,Edit,Write"},
       "",
       "reads and edits files in its working directory; no shell"},
      {ExecutionMode::yolo,
       {"--permission-mode", "bypassPermissions", "--tools", "default"},
       "",
       "every tool, the shell and the network included, unasked; claude refuses this as root"}};
  return kTable;
}

constexpr std::array kRules = {
    MessageRule{"Not logged in", "", CallErrorKind::not_logged_in},
    MessageRule{"Invalid API key", "", CallErrorKind::not_logged_in},
    MessageRule{"OAuth token", "", CallErrorKind::not_logged_in},
    MessageRule{"Failed to authenticate", " 403", CallErrorKind::permission_denied},
    MessageRule{"Failed to authenticate", "", CallErrorKind::not_logged_in},
    MessageRule{"There's an issue with the selected model", "", CallErrorKind::model_unavailable},
    MessageRule{"Prompt is too long", "", CallErrorKind::prompt_too_long},
    MessageRule{"Error: piped stdin input exceeds", "", CallErrorKind::prompt_too_long},
    MessageRule{"Credit balance is too low", "", CallErrorKind::quota_exhausted},
    MessageRule{"Claude AI usage limit reached", "", CallErrorKind::quota_exhausted},
    MessageRule{"You've hit your", "limit", CallErrorKind::quota_exhausted},
    MessageRule{"API Error: Request rejected (429)", "", CallErrorKind::rate_limited},
    MessageRule{"API Error: Connection", "", CallErrorKind::network},
    MessageRule{"API Error: Unable to connect", "", CallErrorKind::network},
    MessageRule{"API Error: API returned an empty or malformed response", "", CallErrorKind::network},
    MessageRule{"API Error: Failed to parse JSON", "", CallErrorKind::network},
    MessageRule{"API Error: Request timed out", "", CallErrorKind::network},
    MessageRule{"Request timed out", "", CallErrorKind::network},
    MessageRule{"--dangerously-skip-permissions cannot be used with root", "", CallErrorKind::permission_denied},
    MessageRule{"error: unknown option", "", CallErrorKind::invalid_request},
};

class ClaudeDecoder : public EventDecoder {
 public:
  ClaudeDecoder() : EventDecoder(kRules) {}

 protected:
  void on_event(const json::object& event) override {
    const std::string_view type = json_text(event, {"type"});
    if (type == "system" && json_text(event, {"subtype"}) == "init") {
      model_ = json_text(event, {"model"});
    } else if (type == "assistant") {
      on_assistant(event);
    } else if (type == "result") {
      on_result(event);
    }
  }

 private:
  void on_assistant(const json::object& event) {
    const json::value* parent = json_at(event, {"parent_tool_use_id"});
    if (parent != nullptr && !parent->is_null()) return;  // of a subagent
    const std::string_view model = json_text(event, {"message", "model"});
    if (model == "<synthetic>") {  // an error that is shown as if the model had said it
      api_error_ = json_text(event, {"error"});
      return;
    }
    if (!model.empty()) model_ = model;
    const json::array* content = json_array(event, {"message", "content"});
    if (content == nullptr) return;
    std::string text;
    for (const json::value& part : *content) {
      const json::object* block = part.if_object();
      if (block != nullptr && json_text(*block, {"type"}) == "text") text += json_text(*block, {"text"});
    }
    // Kept in case that the process is stopped before its result; the result replaces it.
    if (!text.empty()) set_answer(text);
  }

  void on_result(const json::object& event) {
    read_usage(event);
    forgive();
    if (json_bool(event, {"is_error"}).value_or(true)) {
      set_answer("");
      fail(error_of(event));
      return;
    }
    if (const json::value* structured = json_at(event, {"structured_output"});
        structured != nullptr && !structured->is_null()) {
      set_answer(json_to_text(*structured));
    } else {
      set_answer(json_text(event, {"result"}));
    }
    if (json_text(event, {"stop_reason"}) == "refusal") {
      fail(call_error(CallErrorKind::refused, "the model refused to answer"));
    } else if (json_text(event, {"stop_reason"}) == "max_tokens") {
      fail(call_error(CallErrorKind::output_limit, "the model's answer was cut at its output limit"));
    }
    complete_ = true;
    if (const json::array* denied = json_array(event, {"permission_denials"}); denied != nullptr && !denied->empty()) {
      warnings_.push_back(fmt::format("{} tool calls were denied", denied->size()));
    }
  }

  void read_usage(const json::object& event) {
    if (const json::object* usage = json_object(event, {"usage"})) {
      const auto plain = json_count(*usage, {"input_tokens"});
      const auto read = json_count(*usage, {"cache_read_input_tokens"});
      const auto written = json_count(*usage, {"cache_creation_input_tokens"});
      if (plain) usage_.input_tokens = *plain + read.value_or(0) + written.value_or(0);  // Anthropic counts them apart
      usage_.cached_tokens = read;
      usage_.output_tokens = json_count(*usage, {"output_tokens"});
    }
    usage_.cost_usd = json_number(event, {"total_cost_usd"});
    const json::object* models = json_object(event, {"modelUsage"});
    if (models == nullptr || !model_.empty()) return;
    std::uint64_t most = 0;
    for (const auto& entry : *models) {
      const json::object* use = entry.value().if_object();
      const std::uint64_t output = use == nullptr ? 0 : json_count(*use, {"outputTokens"}).value_or(0);
      if (model_.empty() || output > most) model_ = std::string_view(entry.key().data(), entry.key().size());
      most = std::max(most, output);
    }
  }

  CallError error_of(const json::object& event) const {
    std::string message(json_text(event, {"result"}));
    if (const json::array* errors = json_array(event, {"errors"});
        message.empty() && errors != nullptr && !errors->empty()) {
      message = json_to_text(errors->front());
    }
    if (message.empty()) message = json_text(event, {"subtype"});
    if (json_text(event, {"terminal_reason"}) == "prompt_too_long")
      return call_error(CallErrorKind::prompt_too_long, message);
    if (const auto status = json_count(event, {"api_error_status"}); status && *status >= 400 && *status <= 599) {
      return call_error(kind_of_status(static_cast<int>(*status), message), message);
    }
    if (const auto found = match_rules(message, kRules)) return call_error(found->kind, message);
    if (const auto status = status_after(message, "API Error: "))
      return call_error(kind_of_status(*status, message), message);
    if (api_error_ == "rate_limit") return call_error(CallErrorKind::rate_limited, message);
    if (api_error_ == "authentication_failed") return call_error(CallErrorKind::not_logged_in, message);
    if (api_error_ == "billing_error") return call_error(CallErrorKind::quota_exhausted, message);
    if (api_error_ == "server_error") return call_error(CallErrorKind::overloaded, message);
    if (message.starts_with("API Error: ") && says_network(message)) return call_error(CallErrorKind::network, message);
    return call_error(CallErrorKind::failed, message);
  }

  std::string api_error_;
};

class ClaudeAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "claude"; }
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "anthropic"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe = find_cli(spec, world, "claude", "npm install -g @anthropic-ai/claude-code");
    if (!probe.found) return probe;
    using Kind = LoginSource::Kind;
    static constexpr std::array kLogins = {
        LoginSource{Kind::variable, "ANTHROPIC_API_KEY"}, LoginSource{Kind::variable, "ANTHROPIC_AUTH_TOKEN"},
        LoginSource{Kind::variable, "CLAUDE_CODE_OAUTH_TOKEN"}, LoginSource{Kind::file, ".claude/.credentials.json"}};
    find_access(spec, world, "ANTHROPIC_API_KEY", kLogins, "run `claude` and /login, or set ANTHROPIC_API_KEY", probe);
    return probe;
  }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room&,
                                                 FileTools tools) const override {
    if (auto error = check_call(call, kMaxPrompt, "claude")) return tl::unexpected(*error);
    if (auto error = check_no_slash(call)) return tl::unexpected(*error);
    const AgentSpec& spec = *call.agent;
    const ModeRule& rule = rule_of(mode_table(), call.mode);
    const bool may_write = call.mode != ExecutionMode::read_only;
    Invocation run;
    run.argv = begin_argv(spec, found);
    const auto add = [&](std::initializer_list<std::string_view> args) {
      run.argv.insert(run.argv.end(), args.begin(), args.end());
    };
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    add({"-p", "--output-format", "stream-json", "--verbose", "--no-session-persistence", "--strict-mcp-config",
         "--setting-sources", "", "--disable-slash-commands", "--permission-mode", rule.arguments[1]});
    if (!may_write) add({"--max-turns", kMaxTurns});
    if (!spec.model.empty()) add({"--model", spec.model});
    if (!call.schema.empty() && call.schema.size() <= kMaxSchemaArgument) add({"--json-schema", call.schema});
    add({"--tools", !may_write && tools == FileTools::read ? "Read,Grep,Glob" : rule.arguments[3]});
    run.input = call.prompt;
    run.env = {
        {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"},
        // Without this, every @path in the prompt is read and sent, wherever it points and whatever --tools says.
        {"CLAUDE_CODE_DISABLE_ATTACHMENTS", "1"},
        {"CLAUDE_CODE_MAX_RETRIES", may_write || tools == FileTools::read ? "2" : "0"},
        {"DISABLE_AUTOUPDATER", "1"},
    };
    if (!spec.endpoint.empty()) {
      run.env.emplace_back("ANTHROPIC_BASE_URL", spec.endpoint);
    } else {
      run.passed_env = {"ANTHROPIC_BASE_URL"};
      if (spec.api_key_env.empty()) {
        run.passed_env.insert(run.passed_env.end(),
                              {"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"});
        run.login_files = {".claude/.credentials.json"};
      }
    }
    finish_env(spec, found, run);
    return run;
  }

  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<ClaudeDecoder>(); }

  std::string read_only_rule() const override {
    return "--tools is empty or within Read,Grep,Glob; --permission-mode is default, plan or dontAsk; no option that "
           "adds tools, "
           "directories, servers, plugins or settings";
  }

  std::vector<ModeRule> modes() const override { return mode_table(); }

  std::optional<std::string> audit(const std::vector<std::string>& argv) const override {
    return audit_mode(argv, ExecutionMode::read_only);
  }

  std::optional<std::string> audit_mode(const std::vector<std::string>& argv, ExecutionMode limit) const override {
    const Flags flags(argv);
    static constexpr std::array<std::string_view, 22> kWidening = {"--dangerously-skip-permissions",
                                                                   "--allow-dangerously-skip-permissions",
                                                                   "--add-dir",
                                                                   "--mcp-config",
                                                                   "--settings",
                                                                   "--plugin-dir",
                                                                   "--plugin-url",
                                                                   "--chrome",
                                                                   "--ide",
                                                                   "--agents",
                                                                   "--agent",
                                                                   "--worktree",
                                                                   "-w",
                                                                   "--bg",
                                                                   "--background",
                                                                   "--remote-control",
                                                                   "--continue",
                                                                   "-c",
                                                                   "--resume",
                                                                   "-r",
                                                                   "--bare",
                                                                   "--tmux"};
    if (const auto name = flags.first_of(kWidening)) return fmt::format("{} widens what the agent may do", *name);
    for (const auto mode : flags.values("--permission-mode")) {
      if (mode == "default" || mode == "plan" || mode == "dontAsk") continue;
      if (mode != rule_of(mode_table(), limit).arguments[1])
        return fmt::format("--permission-mode {} lets it do more than {}", mode, to_string(limit));
    }
    for (const auto sources : flags.values("--setting-sources")) {
      if (!sources.empty()) return fmt::format("--setting-sources {} loads settings", sources);
    }
    const auto tools = flags.lists("--tools");
    if (tools.empty()) return "--tools is missing";
    if (limit == ExecutionMode::yolo) return std::nullopt;
    const bool may_write = limit == ExecutionMode::write;
    for (const std::string_view name : {"--tools", "--allowedTools", "--allowed-tools"}) {
      for (const auto list : flags.lists(name)) {
        if (may_write ? only_of(list, kWriteTools) : only_of(list, kReadTools)) continue;
        return fmt::format("{} {} is more than {}", name, list,
                           may_write ? "Read,Grep,Glob,Edit,Write" : "Read,Grep,Glob");
      }
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_claude_adapter() {
  return std::make_unique<ClaudeAdapter>();
}

}  // namespace assize
