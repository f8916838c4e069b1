#include "agents/qwen.h"

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
constexpr std::string_view kReadToolList = "read_file,grep_search,glob,list_directory";
constexpr const char* kEditHere = "Edit(./**)";  // edit and write_file, below the working directory
// --core-tools does not take these away.
constexpr std::string_view kOtherTools =
    "tool_search,agent,task_stop,send_message,skill,ask_user_question,exit_plan_mode";
constexpr std::string_view kErrorFrame = "[API Error: ";
// On a 429 a line of advice follows the bracket, by the kind of login.
constexpr std::array<std::string_view, 2> kAdvice = {"]\nPossible quota limitations in place",
                                                     "]\nPlease wait and try again later."};

constexpr std::array kRules = {
    MessageRule{"Warning: stdin input truncated", "", CallErrorKind::prompt_truncated},
    MessageRule{"No auth type is selected", "", CallErrorKind::not_logged_in},
    MessageRule{"Missing API key", "", CallErrorKind::not_logged_in},
    MessageRule{"Model produced plain text instead of calling the structured_output tool", "",
                CallErrorKind::malformed_answer},
    MessageRule{"Model stream ended with empty response text", "", CallErrorKind::empty_answer},
    MessageRule{"Model stream ended without a finish reason", "", CallErrorKind::network},
    MessageRule{"Connection error", "", CallErrorKind::network},
    MessageRule{"Request timed out", "", CallErrorKind::network},
    MessageRule{"Request timeout", "", CallErrorKind::network},
    MessageRule{"Streaming request timeout", "", CallErrorKind::network},
    MessageRule{"terminated", "", CallErrorKind::network},
    MessageRule{"Unexpected token", "is not valid JSON", CallErrorKind::network},
    MessageRule{"Unexpected end of JSON input", "", CallErrorKind::network},
    MessageRule{"Reached max session turns", "", CallErrorKind::failed},
};

struct ApiError {
  std::string_view before;  // what the model had said
  std::string_view message;
};

// The error that a result is, or that follows a partial answer: "…[API Error: …]" with nothing but advice after it.
std::optional<ApiError> find_api_error(std::string_view text) {
  const std::string_view whole = text;
  text = trim(text);
  for (const std::string_view advice : kAdvice) {
    const auto at = text.rfind(advice);
    if (at != std::string_view::npos && text.find('\n', at + 2) == std::string_view::npos)
      text = text.substr(0, at + 1);
  }
  if (!text.ends_with(']')) return std::nullopt;
  const auto at = text.rfind(kErrorFrame);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view message = text.substr(at + kErrorFrame.size());
  const auto before = static_cast<std::size_t>(text.data() - whole.data()) + at;
  return ApiError{whole.substr(0, before), trim(message.substr(0, message.size() - 1))};
}

CallError error_of(std::string_view message) {
  if (const auto status = status_after(message, "")) return call_error(kind_of_status(*status, message), message);
  if (const auto found = match_rules(message, kRules)) return call_error(found->kind, message);
  if (says_prompt_too_long(message)) return call_error(CallErrorKind::prompt_too_long, message);
  if (says_quota_exhausted(message)) return call_error(CallErrorKind::quota_exhausted, message);
  if (says_network(message)) return call_error(CallErrorKind::network, message);
  return call_error(CallErrorKind::failed, message);
}

class QwenDecoder : public EventDecoder {
 public:
  QwenDecoder() : EventDecoder(kRules) {}

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

  // Ends such as the turn limit print nothing but a JSON object on stderr.
  void on_end(const Ending& ending) override {
    if (failed() || ending.exit_code.value_or(0) == 0) return;
    StreamSplitter splitter;
    splitter.feed(ending.stderr_tail, [&](std::string_view object) {
      const auto document = JsonText::parse(object);
      if (!document || document->object() == nullptr) return;
      const std::string_view message = json_text(*document->object(), {"error", "message"});
      if (!message.empty()) fail(error_of(message));
    });
  }

 private:
  void on_assistant(const json::object& event) {
    const json::value* parent = json_at(event, {"parent_tool_use_id"});
    if (parent != nullptr && !parent->is_null()) return;  // of a subagent
    if (const auto model = json_text(event, {"message", "model"}); !model.empty()) model_ = model;
    const json::array* content = json_array(event, {"message", "content"});
    if (content == nullptr) return;
    std::string text;
    for (const json::value& part : *content) {
      const json::object* block = part.if_object();
      if (block != nullptr && json_text(*block, {"type"}) == "text") text += json_text(*block, {"text"});
    }
    if (!text.empty()) take_text(text);
  }

  // The text of a message, and of an error that stands at its end.
  void take_text(std::string_view text) {
    const auto error = find_api_error(text);
    set_answer(error ? error->before : text);
    api_error_ = error ? error->message : std::string_view();
  }

  void on_result(const json::object& event) {
    usage_.input_tokens = json_count(event, {"usage", "input_tokens"});  // the cached ones are in it
    usage_.output_tokens = json_count(event, {"usage", "output_tokens"});
    usage_.cached_tokens = json_count(event, {"usage", "cache_read_input_tokens"});
    forgive();
    if (json_bool(event, {"is_error"}).value_or(true)) {
      // With a schema every failure is reported as an answer in plain text; the message before it has the cause. What
      // the model said stays: it may be a whole answer that only came by the wrong way.
      std::string_view message = api_error_;
      if (message.empty()) message = json_text(event, {"error", "message"});
      if (message.empty()) message = json_text(event, {"result"});
      fail(error_of(message));
      return;
    }
    if (const json::value* structured = json_at(event, {"structured_result"});
        structured != nullptr && !structured->is_null()) {
      set_answer(json_to_text(*structured));
      complete_ = true;
      return;
    }
    take_text(json_text(event, {"result"}));
    complete_ = api_error_.empty();
    if (!complete_) fail(error_of(api_error_));
  }

  std::string api_error_;  // of the last message; empty: none
};

// --approval-mode, then --core-tools where they are limited.
const std::vector<ModeRule>& mode_table() {
  static const std::vector<ModeRule> kTable = {
      {ExecutionMode::read_only,
       // "none" is the name of no tool.
       {"--approval-mode", "default", "--core-tools", "none"},
       "",
       "answers; opens no file"},
      {ExecutionMode::write,
       // Not auto-edit, which writes wherever the process may: what no rule allows is denied without a person.
       {"--approval-mode", "default", "--core-tools", "read_file,grep_search,glob,list_directory,edit,write_file"},
       "settings.json: permissions.allow is Edit(./**)",
       "reads and edits files in its working directory; no shell"},
      {ExecutionMode::yolo,
       {"--approval-mode", "yolo"},
       "",
       "every tool, the shell and the network included, unasked"}};
  return kTable;
}

std::string settings_for(const Call& call) {
  json::object generation;
  generation["maxRetries"] = 0;
  // The CLI gives up at 120 s of silence and asks again; the silence that we allow is the call's.
  generation["timeout"] = call.limits.stall_timeout.value_or(Millis(900'000)).count();
  json::object settings;
  settings["privacy"] = {{"usageStatisticsEnabled", false}};
  settings["memory"] = {{"enableManagedAutoMemory", false}, {"enableManagedAutoDream", false}};
  settings["model"] = {{"generationConfig", std::move(generation)}};
  settings["general"] = {{"disableAutoUpdate", true}};
  if (call.mode == ExecutionMode::write) settings["permissions"] = {{"allow", json::array{kEditHere}}};
  settings["context"] = {{"fileName", "NO_SUCH_CONTEXT_FILE.md"}};
  return json::serialize(settings);
}

class QwenAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "qwen"; }
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "alibaba"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe = find_cli(spec, world, "qwen", "npm install -g @qwen-code/qwen-code");
    if (!probe.found) return probe;
    using Kind = LoginSource::Kind;
    static constexpr std::array kLogins = {LoginSource{Kind::variable, "OPENAI_API_KEY"},
                                           LoginSource{Kind::file, ".qwen/oauth_creds.json"}};
    find_access(spec, world, "OPENAI_API_KEY", kLogins,
                "set endpoint, model and api_key_env for it, or OPENAI_API_KEY and OPENAI_BASE_URL, or run `qwen auth`",
                probe);
    return probe;
  }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room& room,
                                                 FileTools tools) const override {
    if (auto error = check_call(call, kMaxPrompt, "qwen")) return tl::unexpected(*error);
    if (auto error = check_no_slash(call)) return tl::unexpected(*error);
    const AgentSpec& spec = *call.agent;
    const ModeRule& rule = rule_of(mode_table(), call.mode);
    const bool may_write = call.mode != ExecutionMode::read_only;
    const bool own_login = spec.endpoint.empty() && spec.api_key_env.empty();
    const bool oauth = own_login && found.how_known.starts_with("~/");
    Invocation run;
    run.argv = begin_argv(spec, found);
    const auto add = [&](std::initializer_list<std::string_view> args) {
      run.argv.insert(run.argv.end(), args.begin(), args.end());
    };
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    add({"--auth-type", oauth ? "qwen-oauth" : "openai", "-o", "stream-json", "--approval-mode", rule.arguments[1],
         "--chat-recording=false"});
    if (!may_write) add({"--max-session-turns", "20"});
    if (!spec.model.empty()) add({"-m", spec.model});
    // A repair asks for plain text: the structured way has just failed, or the answer would have been readable.
    if (!call.schema.empty() && call.phase != Phase::repair) {
      const std::string path = room.scratch + "/schema.json";
      run.files.emplace_back(path, call.schema);
      add({"--json-schema"});
      run.argv.push_back("@" + path);
    }
    if (rule.arguments.size() > 2) {
      add({"--core-tools", !may_write && tools == FileTools::read ? kReadToolList : rule.arguments[3]});
      add({"--exclude-tools", kOtherTools});
    }
    run.files.emplace_back(room.home + "/.qwen/settings.json", settings_for(call));
    run.input = call.prompt;
    run.env = {{"QWEN_CODE_NO_RELAUNCH", "true"}, {"NO_COLOR", "1"}};
    if (!spec.endpoint.empty()) run.env.emplace_back("OPENAI_BASE_URL", spec.endpoint);
    if (!spec.model.empty()) run.env.emplace_back("OPENAI_MODEL", spec.model);
    if (spec.endpoint.empty()) run.passed_env = {"OPENAI_BASE_URL"};
    if (own_login && oauth) run.login_files = {".qwen/oauth_creds.json"};
    if (own_login && !oauth) run.passed_env.emplace_back("OPENAI_API_KEY");
    if (own_login && spec.model.empty()) run.passed_env.emplace_back("OPENAI_MODEL");
    finish_env(spec, found, run);
    return run;
  }

  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<QwenDecoder>(); }

  std::string read_only_rule() const override {
    return "--core-tools is none or within read_file,grep_search,glob,list_directory, the rest by --exclude-tools; "
           "--approval-mode "
           "default or plan; no option that approves, adds directories, servers or extensions";
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
                                                                   "--mcp-config",
                                                                   "--include-directories",
                                                                   "--add-dir",
                                                                   "-e",
                                                                   "--extensions",
                                                                   "--continue",
                                                                   "-c",
                                                                   "--resume",
                                                                   "-r",
                                                                   "--acp",
                                                                   "--openai-api-key",
                                                                   "--prompt-interactive"};
    if (const auto name = flags.first_of(kWidening)) {
      return *name == "--openai-api-key" ? std::string("--openai-api-key shows the key to every process")
                                         : fmt::format("{} widens what the agent may do", *name);
    }
    for (const auto mode : flags.values("--approval-mode")) {
      if (mode != "plan" && mode != "default" && mode != rule_of(mode_table(), limit).arguments[1])
        return fmt::format("--approval-mode {} lets it do more than {}", mode, to_string(limit));
    }
    if (limit == ExecutionMode::yolo) return std::nullopt;
    const auto lists = flags.lists("--core-tools");
    if (lists.empty()) return "--core-tools is missing";
    static constexpr std::array<std::string_view, 7> kAllowed = {"none",           "read_file", "grep_search", "glob",
                                                                 "list_directory", "edit",      "write_file"};
    const std::span<const std::string_view> allowed(kAllowed.data(), limit == ExecutionMode::write ? 7 : 5);
    for (const auto list : lists) {
      if (only_of(list, allowed)) continue;
      return fmt::format("--core-tools {} is more than the tools that {}", list,
                         limit == ExecutionMode::write ? "read and edit" : "read");
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_qwen_adapter() {
  return std::make_unique<QwenAdapter>();
}

}  // namespace assize
