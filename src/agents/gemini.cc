#include "agents/gemini.h"

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

// "Warning: stdin input truncated to 8388608 bytes."
constexpr std::size_t kMaxPrompt = 8'388'608;

constexpr std::array kRules = {
    MessageRule{"Warning: stdin input truncated", "", CallErrorKind::prompt_truncated},
    MessageRule{"Please set an Auth method", "", CallErrorKind::not_logged_in},
    MessageRule{"Invalid auth method selected", "", CallErrorKind::not_logged_in},
    MessageRule{"Gemini CLI is not running in a trusted directory", "", CallErrorKind::permission_denied},
    MessageRule{"ModelNotFoundError:", "", CallErrorKind::model_unavailable},
    MessageRule{"Error when talking to Gemini API", "ModelNotFoundError:", CallErrorKind::model_unavailable},
    MessageRule{"Error when talking to Gemini API", "TerminalQuotaError:", CallErrorKind::quota_exhausted},
    MessageRule{"Error when talking to Gemini API", "RetryableQuotaError:", CallErrorKind::rate_limited},
    MessageRule{"Error when talking to Gemini API", "Incomplete JSON segment", CallErrorKind::network},
    MessageRule{"Error when talking to Gemini API", "fetch failed", CallErrorKind::network},
    MessageRule{"Incomplete JSON segment", "", CallErrorKind::network},
    MessageRule{"Unexpected end of JSON input", "", CallErrorKind::network},
    MessageRule{"terminated", "", CallErrorKind::network},
    MessageRule{"Model stream ended without a finish reason", "", CallErrorKind::network},
    MessageRule{"Model stream ended with", "", CallErrorKind::empty_answer},
    MessageRule{"The model returned an empty response", "", CallErrorKind::empty_answer},
    MessageRule{"The model returned reasoning thoughts but no final response", "", CallErrorKind::empty_answer},
    MessageRule{"Model response was truncated", "", CallErrorKind::output_limit},
    MessageRule{"The model response was blocked", "", CallErrorKind::refused},
    MessageRule{"Reached max session turns", "", CallErrorKind::failed},
};

// What the exit code says: the CLI exits with the HTTP status (of which the system keeps the low 8 bits), or with one
// of its own codes.
std::optional<int> status_of_exit(int code) {
  constexpr std::array kStatuses = {400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529};
  for (const int status : kStatuses) {
    if (code == status % 256) return status;
  }
  return std::nullopt;
}

std::optional<CallErrorKind> kind_of_exit(int code, std::string_view message) {
  switch (code) {
    case 41:
      return CallErrorKind::not_logged_in;
    case 42:
      return CallErrorKind::invalid_request;  // FatalInputError
    case 52:
      return CallErrorKind::invalid_request;  // FatalConfigError
    case 53:
      return CallErrorKind::failed;  // turn limit
    case 55:
      return CallErrorKind::permission_denied;  // untrusted directory
    default:
      break;
  }
  if (const auto status = status_of_exit(code)) return kind_of_status(*status, message);
  return std::nullopt;
}

// "[API Error: …]" -> what stands in it, and of a JSON body the message.
std::string plain_message(std::string_view message) {
  constexpr std::string_view kFrame = "[API Error: ";
  std::string_view inner = message;
  if (inner.starts_with(kFrame)) {
    inner.remove_prefix(kFrame.size());
    if (const auto end = inner.rfind(']'); end != std::string_view::npos) inner = inner.substr(0, end);
  }
  if (!inner.starts_with('{')) return std::string(inner);
  const auto body = JsonText::parse(inner);
  if (!body || body->object() == nullptr) return std::string(inner);
  return std::string(json_string(*body->object(), {"error", "message"}).value_or(inner));
}

class GeminiDecoder : public EventDecoder {
 public:
  GeminiDecoder() : EventDecoder(kRules) {}

 protected:
  void on_event(const json::object& event) override {
    const std::string_view type = json_text(event, {"type"});
    if (type == "init") {
      model_ = json_text(event, {"model"});
    } else if (type == "message") {
      if (json_text(event, {"role"}) != "assistant") return;  // the prompt comes back as role user
      if (json_bool(event, {"delta"}).value_or(false) && in_message_) {
        add_answer(json_text(event, {"content"}));
      } else {
        set_answer(json_text(event, {"content"}));
      }
      in_message_ = true;
    } else if (type == "tool_use" || type == "tool_result") {
      in_message_ = false;  // what was said before a tool call is no answer
    } else if (type == "error") {
      if (json_text(event, {"severity"}) == "error") {
        stream_error_ = json_text(event, {"message"});
      } else {
        notice_ = json_text(event, {"message"});
      }
    } else if (type == "result") {
      on_result(event);
    } else if (type.empty() && (json_at(event, {"response"}) != nullptr || json_at(event, {"error"}) != nullptr)) {
      on_document(event);
    }
  }

  void on_end(const Ending& ending) override {
    if (ending.exit_code.value_or(0) == 0 && status_error_.empty()) return;
    if (status_error_.empty()) read_stderr(ending.stderr_tail);
    const int code = ending.exit_code.value_or(0);
    const std::string message = status_error_.empty() ? stderr_message(ending.stderr_tail) : status_error_;
    if (const auto found = match_rules(message, kRules)) return fail(call_error(found->kind, message));
    if (const auto kind = kind_of_exit(code, message)) return fail(call_error(*kind, message));
    if (const auto found = match_rules(ending.stderr_tail, kRules)) return fail(call_error(found->kind, message));
    if (says_network(message)) return fail(call_error(CallErrorKind::network, message));
    if (!status_error_.empty()) fail(call_error(CallErrorKind::failed, message));
  }

 private:
  void on_result(const json::object& event) {
    if (const json::object* stats = json_object(event, {"stats"})) {
      usage_.input_tokens = json_count(*stats, {"input_tokens"});  // the cached ones are in it
      usage_.output_tokens = json_count(*stats, {"output_tokens"});
      usage_.cached_tokens = json_count(*stats, {"cached"});
      if (const json::object* models = json_object(*stats, {"models"})) read_model(*models, {"output_tokens"});
    }
    complete_ = json_text(event, {"status"}) == "success";
    if (complete_) return;
    const std::string_view message = json_text(event, {"error", "message"});
    status_error_ = !message.empty() ? plain_message(message) : stream_error_;
    if (status_error_.empty()) status_error_ = "the CLI reports an error without a message";
  }

  // `-o json`: one document instead of events, asked for by extra_args.
  void on_document(const json::object& event) {
    set_answer(json_text(event, {"response"}));
    complete_ = true;
    if (const json::object* models = json_object(event, {"stats", "models"})) {
      read_model(*models, {"tokens", "candidates"});
      Usage sum{.input_tokens = 0, .output_tokens = 0, .cached_tokens = 0, .cost_usd = std::nullopt};
      for (const auto& entry : *models) {
        const json::object* use = entry.value().if_object();
        if (use == nullptr) continue;
        *sum.input_tokens += json_count(*use, {"tokens", "prompt"}).value_or(0);
        *sum.output_tokens += json_count(*use, {"tokens", "candidates"}).value_or(0);
        *sum.cached_tokens += json_count(*use, {"tokens", "cached"}).value_or(0);
      }
      if (!models->empty()) usage_ = sum;
    }
    if (json_object(event, {"error"}) != nullptr) {
      complete_ = false;
      status_error_ = plain_message(json_text(event, {"error", "message"}));
      if (status_error_.empty()) status_error_ = "the CLI reports an error without a message";
    }
  }

  // The model that answered is the one that gave most of the output; a router may have been asked as well.
  void read_model(const json::object& models, JsonPath output) {
    std::uint64_t most = 0;
    for (const auto& entry : models) {
      const json::object* use = entry.value().if_object();
      const std::uint64_t tokens = use == nullptr ? 0 : json_count(*use, output).value_or(0);
      if (tokens <= most) continue;
      most = tokens;
      model_ = std::string_view(entry.key().data(), entry.key().size());
    }
  }

  // `-o json` prints its error document on stderr, after a stack trace.
  void read_stderr(std::string_view text) {
    StreamSplitter splitter;
    splitter.feed(text, [&](std::string_view object) {
      const auto document = JsonText::parse(object);
      if (!document || document->object() == nullptr) return;
      const std::string_view message = json_text(*document->object(), {"error", "message"});
      if (!message.empty()) status_error_ = plain_message(message);
    });
  }

  static std::string stderr_message(std::string_view text) {
    if (const auto found = match_rules(text, kRules)) return std::string(found->line);
    return last_line(text);
  }

  bool in_message_ = false;
  std::string stream_error_;  // of the last error event
  std::string status_error_;  // why the result is an error; empty: it is none
};

const std::vector<ModeRule>& mode_table() {
  static const std::vector<ModeRule> kTable = {
      {ExecutionMode::read_only,
       {"--approval-mode", "plan"},
       "settings.json: tools.core is empty",
       "answers; opens no file"},
      {ExecutionMode::write,
       {"--approval-mode", "auto_edit"},
       "settings.json: tools.core is the four that read, replace and write_file",
       "reads and edits files in its working directory; no shell"},
      {ExecutionMode::yolo,
       {"--approval-mode", "yolo"},
       "",
       "every tool, the shell and the network included, unasked"}};
  return kTable;
}

std::string settings_for(ExecutionMode mode, FileTools tools, bool oauth) {
  const bool may_write = mode != ExecutionMode::read_only;
  json::object settings;
  settings["security"] = {{"auth", {{"selectedType", oauth ? "oauth-personal" : "gemini-api-key"}}}};
  settings["privacy"] = {{"usageStatisticsEnabled", false}};
  settings["telemetry"] = {{"enabled", false}};
  settings["general"] = {{"enableAutoUpdate", false}, {"maxAttempts", may_write || tools == FileTools::read ? 3 : 1}};
  settings["context"] = {{"fileName", "NO_SUCH_CONTEXT_FILE.md"}};
  settings["mcp"] = {{"allowed", json::array()}};
  if (!may_write) settings["model"] = {{"maxSessionTurns", 20}};
  // With agents on, an @name in the prompt that is an agent's is a command.
  settings["experimental"] = {{"enableAgents", false}};
  json::array core;
  if (may_write || tools == FileTools::read) core = {"read_file", "list_directory", "glob", "grep_search"};
  if (may_write) core.insert(core.end(), {"replace", "write_file"});
  if (mode != ExecutionMode::yolo) settings["tools"] = {{"core", std::move(core)}};
  return json::serialize(settings);
}

class GeminiAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "gemini"; }
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "google"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe = find_cli(spec, world, "gemini", "npm install -g @google/gemini-cli");
    if (!probe.found) return probe;
    using Kind = LoginSource::Kind;
    static constexpr std::array kLogins = {LoginSource{Kind::variable, "GEMINI_API_KEY"},
                                           LoginSource{Kind::file, ".gemini/oauth_creds.json"}};
    find_access(spec, world, "GEMINI_API_KEY", kLogins, "run `gemini` and log in, or set GEMINI_API_KEY", probe);
    return probe;
  }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room& room,
                                                 FileTools tools) const override {
    if (auto error = check_call(call, kMaxPrompt, "gemini")) return tl::unexpected(*error);
    if (auto error = check_no_slash(call)) return tl::unexpected(*error);
    const AgentSpec& spec = *call.agent;
    const bool own_login = spec.endpoint.empty() && spec.api_key_env.empty();
    const bool oauth = own_login && found.how_known.starts_with("~/");
    Invocation run;
    run.argv = begin_argv(spec, found);
    const auto add = [&](std::initializer_list<std::string_view> args) {
      run.argv.insert(run.argv.end(), args.begin(), args.end());
    };
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    add({"--skip-trust", "--approval-mode", rule_of(mode_table(), call.mode).arguments[1], "-o", "stream-json", "-e",
         "none"});
    if (!spec.model.empty()) add({"-m", spec.model});
    run.files.emplace_back(room.home + "/.gemini/settings.json", settings_for(call.mode, tools, oauth));
    run.input = call.prompt;
    run.env = {{"GEMINI_CLI_NO_RELAUNCH", "true"}, {"NO_COLOR", "1"}};
    if (!spec.endpoint.empty()) run.env.emplace_back("GOOGLE_GEMINI_BASE_URL", spec.endpoint);
    if (own_login) {
      run.passed_env = {"GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL"};
      if (oauth) {
        run.passed_env = {"GOOGLE_CLOUD_PROJECT"};
        run.login_files = {".gemini/oauth_creds.json", ".gemini/google_accounts.json"};
      }
    }
    finish_env(spec, found, run);
    return run;
  }

  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<GeminiDecoder>(); }

  std::string read_only_rule() const override {
    return "--approval-mode plan; its own settings.json lists the tools (none, or the four that read); no option that "
           "approves, adds "
           "directories, servers, extensions or policies";
  }

  std::vector<ModeRule> modes() const override { return mode_table(); }

  std::optional<std::string> audit(const std::vector<std::string>& argv) const override {
    return audit_mode(argv, ExecutionMode::read_only);
  }

  std::optional<std::string> audit_mode(const std::vector<std::string>& argv, ExecutionMode limit) const override {
    const Flags flags(argv);
    static constexpr std::array<std::string_view, 16> kWidening = {"--yolo",
                                                                   "-y",
                                                                   "--allowed-tools",
                                                                   "--allowed-mcp-server-names",
                                                                   "--include-directories",
                                                                   "--policy",
                                                                   "--admin-policy",
                                                                   "--worktree",
                                                                   "-w",
                                                                   "--resume",
                                                                   "-r",
                                                                   "--session-file",
                                                                   "--acp",
                                                                   "--experimental-acp",
                                                                   "--prompt-interactive",
                                                                   "-i"};
    if (const auto name = flags.first_of(kWidening)) return fmt::format("{} widens what the agent may do", *name);
    const auto modes = flags.values("--approval-mode");
    const std::string_view stated = rule_of(mode_table(), limit).arguments[1];
    if (modes.empty()) return fmt::format("--approval-mode {} is missing", stated);
    for (const auto mode : modes) {
      if (mode != "plan" && mode != "default" && mode != stated)
        return fmt::format("--approval-mode {} lets it do more than {}", mode, to_string(limit));
    }
    for (const std::string_view name : {"-e", "--extensions"}) {
      for (const auto list : flags.lists(name)) {
        if (list != "none") return fmt::format("{} {} loads extensions", name, list);
      }
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_gemini_adapter() {
  return std::make_unique<GeminiAdapter>();
}

}  // namespace assize
