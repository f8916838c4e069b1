#include "shapes.h"

#include <algorithm>
#include <map>

#include "output.h"

namespace fake_agent {
namespace {

const std::string kSession = "5f0c0ffe-0000-4000-8000-00000000a551";

bool has(const std::vector<std::string>& arguments, std::string_view wanted) {
  return std::find(arguments.begin(), arguments.end(), wanted) != arguments.end();
}

std::string quoted_field(std::string_view name, std::string_view value) {
  return json_quote(name) + ":" + json_quote(value);
}

// What the provider says to each status; the same for all vendors here.
std::string provider_message(std::string_view status) {
  static const std::map<std::string_view, std::string> kMessages = {
      {"400", "prompt is too long: 250000 tokens > 200000 maximum"},
      {"401", "invalid x-api-key"},
      {"403", "forbidden"},
      {"404", "model not found"},
      {"429", "Number of requests has exceeded your rate limit"},
      {"500", "Internal server error"},
      {"529", "Overloaded"},
  };
  const auto found = kMessages.find(status);
  return found == kMessages.end() ? std::string() : found->second;
}

// --- claude
// -----------------------------------------------------------------------------------------------------------

std::string claude_result(const std::string& result, std::string_view status, bool is_error,
                          std::string_view terminal_reason, const std::string& structured) {
  const bool paid = !is_error;
  return "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":" + std::string(is_error ? "true" : "false") +
         ",\"api_error_status\":" + std::string(status) +
         ",\"duration_ms\":412,\"num_turns\":1,\"result\":" + json_quote(result) +
         (structured.empty() ? "" : ",\"structured_output\":" + structured) + ",\"stop_reason\":\"end_turn\"," +
         quoted_field("session_id", kSession) + ",\"total_cost_usd\":" + (paid ? "0.0125" : "0") +
         ",\"usage\":{\"input_tokens\":" + (paid ? "1000" : "0") +
         ",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":" + (paid ? "200" : "0") +
         ",\"output_tokens\":" + (paid ? "60" : "0") + "},\"modelUsage\":" +
         (paid ? "{\"claude-sonnet-5\":{\"inputTokens\":1000,\"outputTokens\":60,\"cacheReadInputTokens\":200,"
                 "\"costUSD\":0.0125,\"contextWindow\":200000}}"
               : "{}") +
         ",\"permission_denials\":[]," + quoted_field("terminal_reason", terminal_reason) + "}\n";
}

const std::string& claude_init() {
  static const std::string line = "{\"type\":\"system\",\"subtype\":\"init\"," + quoted_field("session_id", kSession) +
                                  ",\"tools\":[\"Read\",\"Grep\",\"Glob\"],\"model\":\"claude-sonnet-5\"}\n";
  return line;
}

std::string claude_message(std::string_view role, const std::string& content) {
  return "{\"type\":" + json_quote(role) + ",\"message\":{\"role\":" + json_quote(role) +
         (role == "assistant" ? ",\"model\":\"claude-sonnet-5\"" : "") + ",\"content\":[" + content +
         "]},\"parent_tool_use_id\":null," + quoted_field("session_id", kSession) + "}";
}

Printed claude_reply(const Reply& reply, bool stream) {
  Printed printed;
  if (stream) {
    printed.out = claude_init();
    for (const std::string& output : reply.tool_outputs) {
      printed.out +=
          claude_message("assistant", "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Read\",\"input\":{}}") +
          "\n" +
          claude_message(
              "user", "{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":" + json_quote(output) + "}") +
          "\n";
    }
    printed.out += claude_message("assistant", "{\"type\":\"text\",\"text\":" + json_quote(reply.text) + "}") + "\n";
  }
  printed.out += claude_result(reply.text, "null", false, "completed", reply.structured ? reply.text : "");
  return printed;
}

std::optional<Printed> claude_failure(std::string_view kind, bool stream) {
  const std::string start = stream ? claude_init() : "";
  const auto failed = [&](const std::string& text, std::string_view status, std::string_view reason = "completed") {
    return Printed{start + claude_result(text, status, true, reason, ""), "", 1};
  };
  if (kind == "400")
    return failed("Prompt is too long · the request is ~250000 tokens (limit 200000)", "400", "prompt_too_long");
  if (kind == "401") return failed("Invalid API key · Fix external API key", "401");
  if (kind == "403") return failed("Failed to authenticate. API Error: 403 forbidden", "403");
  if (kind == "404")
    return failed(
        "There's an issue with the selected model (no-such-model). It may not exist or you may not have access to it.",
        "404");
  if (kind == "429") return failed("API Error: Request rejected (429) · " + provider_message(kind), "429");
  if (kind == "500")
    return failed("API Error: 500 Internal server error. This is a server-side issue, usually temporary.", "500");
  if (kind == "529") return failed("API Error: 529 Overloaded. This is a server-side issue, usually temporary.", "529");
  if (kind == "trunc")
    return failed("API Error: Connection to the API was lost (ECONNRESET). This is usually temporary.", "null");
  if (kind == "badjson") return failed("API Error: API returned an empty or malformed response (HTTP 200)", "null");
  if (kind == "nokey") return failed("Not logged in · Please run /login", "null");
  if (kind == "empty") return Printed{start + claude_result("", "null", false, "completed", ""), "", 0};
  return std::nullopt;
}

// --- codex
// ------------------------------------------------------------------------------------------------------------

std::string codex_start() {
  return "{\"type\":\"thread.started\"," + quoted_field("thread_id", kSession) + "}\n{\"type\":\"turn.started\"}\n";
}

Printed codex_reply(const Reply& reply) {
  Printed printed{codex_start(), "", 0};
  int item = 0;
  for (const std::string& output : reply.tool_outputs) {
    const std::string id = "item_" + std::to_string(item++);
    const std::string command = "\"type\":\"command_execution\",\"command\":\"/bin/bash -lc 'cat notes.txt'\"";
    printed.out += "{\"type\":\"item.started\",\"item\":{" + quoted_field("id", id) + "," + command +
                   ",\"aggregated_output\":\"\",\"exit_code\":null,\"status\":\"in_progress\"}}\n";
    printed.out += "{\"type\":\"item.completed\",\"item\":{" + quoted_field("id", id) + "," + command +
                   ",\"aggregated_output\":" + json_quote(output) + ",\"exit_code\":0,\"status\":\"completed\"}}\n";
  }
  printed.out += "{\"type\":\"item.completed\",\"item\":{" + quoted_field("id", "item_" + std::to_string(item)) +
                 ",\"type\":\"agent_message\"," + quoted_field("text", reply.text) + "}}\n";
  printed.out +=
      "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1200,\"cached_input_tokens\":200,"
      "\"cache_write_input_tokens\":0,\"output_tokens\":60,\"reasoning_output_tokens\":10}}\n";
  return printed;
}

std::optional<Printed> codex_failure(std::string_view kind) {
  static const std::string kUrl = ", url: http://127.0.0.1/v1/responses";
  const std::map<std::string_view, std::string> messages = {
      {"400", "{\"error\": {\"message\": \"" + provider_message("400") + "\", \"type\": \"invalid_request_error\"}}"},
      {"401", "unexpected status 401 Unauthorized: " + provider_message("401") + kUrl},
      {"403", "unexpected status 403 Forbidden: " + provider_message("403") + kUrl},
      {"404", "unexpected status 404 Not Found: " + provider_message("404") + kUrl},
      {"429", "exceeded retry limit, last status: 429 Too Many Requests"},
      {"500", "We’re currently experiencing high demand, which may cause temporary errors."},
      {"529", "unexpected status 529 <unknown status code>: " + provider_message("529") + kUrl},
      {"trunc", "stream disconnected before completion: stream closed before response.completed"},
      {"badjson", "stream disconnected before completion: stream closed before response.completed"},
  };
  if (kind == "empty") return codex_reply(Reply{});
  if (kind == "nokey") return Printed{"", "Missing environment variable: `OPENAI_API_KEY`.\n", 1};
  const auto found = messages.find(kind);
  if (found == messages.end()) return std::nullopt;
  Printed printed{codex_start(), "", 1};
  for (int attempt = 1; attempt <= 2 && kind != "400"; ++attempt) {
    printed.out += "{\"type\":\"error\",\"message\":" +
                   json_quote("Reconnecting... " + std::to_string(attempt) + "/5 (" + found->second + ")") + "}\n";
  }
  printed.out += "{\"type\":\"error\"," + quoted_field("message", found->second) +
                 "}\n{\"type\":\"turn.failed\",\"error\":{" + quoted_field("message", found->second) + "}}\n";
  return printed;
}

// --- gemini
// -----------------------------------------------------------------------------------------------------------

const std::string kGeminiNoise = "Ripgrep is not available. Falling back to GrepTool.\n";

std::string gemini_json(const std::string& text, const std::string& error) {
  return "{\n  " + quoted_field("session_id", kSession) + ",\n  " + quoted_field("response", text) +
         ",\n  \"stats\": {\"models\": {\"gemini-2.5-pro\": {\"api\": {\"totalRequests\": 1, \"totalErrors\": 0}, "
         "\"tokens\": {\"input\": 1000, \"prompt\": 1200, \"candidates\": 60, \"total\": 1270, \"cached\": 200, "
         "\"thoughts\": 10, \"tool\": 0}}}, \"tools\": {\"totalCalls\": 0}}" +
         (error.empty() ? ""
                        : ",\n  \"error\": {\"type\": \"INVALID_STREAM\", \"message\": " + json_quote(error) + "}") +
         "\n}\n";
}

Printed gemini_reply(const Reply& reply, bool stream) {
  if (!stream) return Printed{gemini_json(reply.text, ""), kGeminiNoise, 0};
  Printed printed{"{\"type\":\"init\"," + quoted_field("session_id", kSession) + ",\"model\":\"gemini-2.5-pro\"}\n",
                  kGeminiNoise, 0};
  printed.out += "{\"type\":\"message\",\"role\":\"user\"," + quoted_field("content", reply.prompt) + "}\n";
  for (const std::string& output : reply.tool_outputs) {
    printed.out += "{\"type\":\"tool_use\",\"tool_name\":\"read_file\",\"tool_id\":\"t1\",\"parameters\":{}}\n";
    printed.out +=
        "{\"type\":\"tool_result\",\"tool_id\":\"t1\",\"status\":\"success\"," + quoted_field("output", output) + "}\n";
  }
  constexpr std::size_t kDelta = 40;
  std::size_t at = 0;
  while (at < reply.text.size()) {
    std::size_t end = std::min(at + kDelta, reply.text.size());
    while (end < reply.text.size() && (static_cast<unsigned char>(reply.text[end]) & 0xC0) == 0x80) ++end;
    printed.out += "{\"type\":\"message\",\"role\":\"assistant\"," +
                   quoted_field("content", std::string_view(reply.text).substr(at, end - at)) + ",\"delta\":true}\n";
    at = end;
  }
  printed.out +=
      "{\"type\":\"result\",\"status\":\"success\",\"stats\":{\"total_tokens\":1270,\"input_tokens\":1200,"
      "\"output_tokens\":60,\"cached\":200,\"input\":1000,\"tool_calls\":0}}\n";
  return printed;
}

std::optional<Printed> gemini_failure(std::string_view kind, bool stream) {
  const auto failed = [&](const std::string& message, int code, int exit) {
    return Printed{
        stream ? "{\"type\":\"init\"," + quoted_field("session_id", kSession) + ",\"model\":\"gemini-2.5-pro\"}\n" : "",
        kGeminiNoise + "Error when talking to Gemini API\n    at async main (bundle/gemini.js:1:1)\n{\n  " +
            quoted_field("session_id", kSession) + ",\n  \"error\": {\n    \"type\": \"Error\",\n    \"message\": " +
            json_quote(message) + ",\n    \"code\": " + std::to_string(code) + "\n  }\n}\n",
        exit};
  };
  const auto provider = [&](int code, std::string_view status) {
    return failed("{\"error\":{\"code\":" + std::to_string(code) + "," +
                      quoted_field("message", provider_message(std::to_string(code))) + "," +
                      quoted_field("status", status) + "}}",
                  code, code % 256);
  };
  if (kind == "400") return provider(400, "INVALID_ARGUMENT");
  if (kind == "401") return provider(401, "UNAUTHENTICATED");
  if (kind == "403") return provider(403, "PERMISSION_DENIED");
  if (kind == "404") return failed(provider_message(kind), 1, 1);
  if (kind == "429") return failed(provider_message(kind) + "\nSuggested retry after 2s.", 429, 429 % 256);
  if (kind == "500") return provider(500, "INTERNAL");
  if (kind == "529") return provider(529, "INTERNAL");
  if (kind == "badjson") return failed("Incomplete JSON segment at the end", 1, 1);
  if (kind == "nokey") {
    return Printed{"",
                   "Please set an Auth method in your settings.json or specify one of the following environment "
                   "variables before running: GEMINI_API_KEY, GOOGLE_GENAI_USE_VERTEXAI, GOOGLE_GENAI_USE_GCA\n",
                   41};
  }
  const bool truncated = kind == "trunc";
  if (!truncated && kind != "empty") return std::nullopt;
  const std::string text = truncated ? "{\"findings\":[{\"ti{\"findings\":[{\"ti" : "";
  const std::string message = truncated ? "Model stream ended without a finish reason."
                                        : "The model returned an empty response with no text or thoughts.";
  if (!stream) return Printed{gemini_json(text, message), kGeminiNoise, 0};
  Printed printed = gemini_reply(Reply{.text = text, .prompt = {}, .tool_outputs = {}, .structured = false}, true);
  printed.out = printed.out.substr(0, printed.out.rfind("{\"type\":\"result\""));
  printed.out += "{\"type\":\"error\",\"severity\":\"error\"," + quoted_field("message", message) + "}\n";
  printed.out += "{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"INVALID_STREAM\"," +
                 quoted_field("message", message) +
                 "},\"stats\":{\"total_tokens\":0,\"input_tokens\":0,\"output_tokens\":0,\"cached\":0}}\n";
  return printed;
}

// --- qwen
// -------------------------------------------------------------------------------------------------------------

// The items of `-o json`, which prints them as one array; `-o stream-json` prints the same ones as lines, without
// stats.
std::string qwen_print(const std::vector<std::string>& items, bool stream) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() || stream ? "" : ",") + item + (stream ? "\n" : "");
  return stream ? out : "[" + out + "]\n";
}

std::string qwen_items(const Reply& reply, int errors, bool paid, bool stream) {
  std::vector<std::string> items = {"{\"type\":\"system\",\"subtype\":\"init\"," +
                                    quoted_field("session_id", kSession) + ",\"model\":\"qwen3-coder\"}"};
  for (const std::string& output : reply.tool_outputs) {
    items.push_back(
        claude_message("assistant", "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"read_file\",\"input\":{}}"));
    items.push_back(
        claude_message("user", "{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\",\"is_error\":false,\"content\":" +
                                   json_quote(output) + "}"));
  }
  const std::string usage =
      paid ? "{\"input_tokens\":1200,\"output_tokens\":60,\"cache_read_input_tokens\":200,\"total_tokens\":1260}"
           : "{\"input_tokens\":0,\"output_tokens\":0,\"cache_read_input_tokens\":0}";
  items.push_back(
      std::string("{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"model\":\"qwen3-coder\",\"content\":[{"
                  "\"type\":\"text\",") +
      quoted_field("text", reply.text) + "}],\"usage\":" + usage + "}}");
  const std::string stats = ",\"stats\":{\"models\":{\"qwen3-coder\":{\"api\":{\"totalRequests\":1,\"totalErrors\":" +
                            std::to_string(errors) + "}}}}";
  items.push_back("{\"type\":\"result\",\"subtype\":\"success\"," + quoted_field("session_id", kSession) +
                  ",\"is_error\":false,\"duration_ms\":300,\"num_turns\":1," + quoted_field("result", reply.text) +
                  (reply.structured ? ",\"structured_result\":" + reply.text : "") + ",\"usage\":" + usage +
                  ",\"permission_denials\":[]" + (stream ? "" : stats) + "}");
  return qwen_print(items, stream);
}

std::optional<Printed> qwen_failure(std::string_view kind, bool stream) {
  const auto failed = [&](const std::string& text, int errors) {
    const Reply reply{.text = text, .prompt = {}, .tool_outputs = {}, .structured = false};
    return Printed{qwen_items(reply, errors, false, stream), "", 0};
  };
  if (!provider_message(kind).empty()) {
    return failed("[API Error: " + std::string(kind) + " " + provider_message(kind) + "]", 1);
  }
  if (kind == "trunc")
    return failed("{\"findings\":[{\"ti{\"findings\":[{\"ti[API Error: Model stream ended without a finish reason.]",
                  0);
  if (kind == "empty") return failed("[API Error: Model stream ended with empty response text.]", 0);
  if (kind == "badjson") return failed("[API Error: Unexpected token 'h', \"this is {not json\" is not valid JSON]", 1);
  if (kind == "nokey") {
    const std::string item =
        "{\"type\":\"result\",\"subtype\":\"error_during_execution\",\"is_error\":true,\"usage\":{\"input_tokens\":0,"
        "\"output_tokens\":0},\"error\":{\"message\":\"No auth type is selected. Please configure an auth type "
        "(e.g. via settings or `--auth-type`) before running in non-interactive mode.\"}}";
    return Printed{qwen_print({item}, stream), "", 1};
  }
  return std::nullopt;
}

// --- opencode
// ---------------------------------------------------------------------------------------------------------

std::string opencode_event(std::string_view type, const std::string& part) {
  return "{\"type\":" + json_quote(type) + ",\"timestamp\":1795420703954,\"sessionID\":\"ses_1\",\"part\":" + part +
         "}\n";
}

std::string opencode_finish(std::string_view reason) {
  return opencode_event("step_finish", "{\"type\":\"step-finish\"," + quoted_field("reason", reason) +
                                           ",\"tokens\":{\"total\":1260,\"input\":1000,\"output\":60,\"reasoning\":0,"
                                           "\"cache\":{\"write\":0,\"read\":200}},\"cost\":0}");
}

Printed opencode_reply(const Reply& reply) {
  Printed printed;
  const std::string start = opencode_event("step_start", "{\"type\":\"step-start\"}");
  printed.out = start;
  for (const std::string& output : reply.tool_outputs) {
    printed.out += opencode_event("tool_use",
                                  "{\"type\":\"tool\",\"tool\":\"read\",\"callID\":\"call_1\",\"state\":{\"status\":"
                                  "\"completed\",\"input\":{},\"output\":" +
                                      json_quote(output) + "}}");
    printed.out += opencode_finish("tool-calls") + start;
  }
  if (!reply.text.empty()) {
    printed.out += opencode_event("text", "{\"type\":\"text\"," + quoted_field("text", reply.text) + "}");
  }
  printed.out += opencode_finish("stop");
  return printed;
}

std::optional<Printed> opencode_failure(std::string_view kind) {
  const auto failed = [](const std::string& name, const std::string& data) {
    return Printed{"{\"type\":\"error\",\"timestamp\":1795421116038,\"sessionID\":\"ses_1\",\"error\":{" +
                       quoted_field("name", name) + ",\"data\":{" + data + "}}}\n",
                   "", 1};
  };
  if (kind == "400") return failed("ContextOverflowError", quoted_field("message", provider_message(kind)));
  if (!provider_message(kind).empty()) {
    const bool retryable = kind == "429" || kind == "500" || kind == "529";
    return failed("APIError", quoted_field("message", provider_message(kind)) + ",\"statusCode\":" + std::string(kind) +
                                  ",\"isRetryable\":" + (retryable ? "true" : "false") + ",\"responseHeaders\":{" +
                                  (kind == "429" ? "\"retry-after\":\"2\"" : "") + "}");
  }
  if (kind == "badjson") return failed("UnknownError", "\"message\":\"JSON parsing failed: Text: this is {not json.\"");
  if (kind == "nokey")
    return failed("UnknownError", "\"message\":\"Unexpected server error. Check server logs for details.\"");
  if (kind == "empty") return opencode_reply(Reply{});
  return std::nullopt;  // a truncated stream makes it ask again for ever: play that with `hang`
}

}  // namespace

std::optional<Shape> shape_from(std::string_view name) {
  static const std::map<std::string_view, Shape> kNames = {
      {"text", Shape::text},   {"claude-json", Shape::claude_json}, {"claude-stream", Shape::claude_stream},
      {"codex", Shape::codex}, {"gemini", Shape::gemini},           {"gemini-stream", Shape::gemini_stream},
      {"qwen", Shape::qwen},   {"qwen-stream", Shape::qwen_stream}, {"opencode", Shape::opencode},
  };
  const auto found = kNames.find(name);
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

Shape shape_of(std::string_view program, const std::vector<std::string>& arguments) {
  const bool stream = has(arguments, "stream-json"), json = has(arguments, "json");
  if (program == "claude") return stream ? Shape::claude_stream : json ? Shape::claude_json : Shape::text;
  if (program == "codex") return has(arguments, "--json") ? Shape::codex : Shape::text;
  if (program == "gemini") return stream ? Shape::gemini_stream : json ? Shape::gemini : Shape::text;
  if (program == "qwen") return stream ? Shape::qwen_stream : json ? Shape::qwen : Shape::text;
  if (program == "opencode") return json ? Shape::opencode : Shape::text;
  return Shape::text;
}

std::string version_line(std::string_view program) {
  if (program == "claude") return "2.1.197 (Claude Code)\n";
  if (program == "codex") return "codex-cli 0.169.0\n";
  if (program == "gemini") return "0.61.0\n";
  if (program == "qwen") return "0.15.10\n";
  if (program == "opencode") return "1.18.33\n";
  return "fake-agent 1.0.0\n";
}

Printed print_reply(Shape shape, const Reply& reply) {
  switch (shape) {
    case Shape::claude_json:
      return claude_reply(reply, false);
    case Shape::claude_stream:
      return claude_reply(reply, true);
    case Shape::codex:
      return codex_reply(reply);
    case Shape::gemini:
      return gemini_reply(reply, false);
    case Shape::gemini_stream:
      return gemini_reply(reply, true);
    case Shape::qwen:
      return Printed{qwen_items(reply, 0, true, false), "", 0};
    case Shape::qwen_stream:
      return Printed{qwen_items(reply, 0, true, true), "", 0};
    case Shape::opencode:
      return opencode_reply(reply);
    case Shape::text:
      break;
  }
  Printed printed;
  for (const std::string& output : reply.tool_outputs) printed.out += output + "\n";
  printed.out += reply.text;
  if (!reply.text.empty() && reply.text.back() != '\n') printed.out += "\n";
  return printed;
}

std::optional<Printed> print_failure(Shape shape, std::string_view kind) {
  switch (shape) {
    case Shape::claude_json:
      return claude_failure(kind, false);
    case Shape::claude_stream:
      return claude_failure(kind, true);
    case Shape::codex:
      return codex_failure(kind);
    case Shape::gemini:
      return gemini_failure(kind, false);
    case Shape::gemini_stream:
      return gemini_failure(kind, true);
    case Shape::qwen:
      return qwen_failure(kind, false);
    case Shape::qwen_stream:
      return qwen_failure(kind, true);
    case Shape::opencode:
      return opencode_failure(kind);
    case Shape::text:
      break;
  }
  if (kind == "empty") return Printed{};
  return Printed{"", "error: " + std::string(kind) + " " + provider_message(kind) + "\n", 1};
}

}  // namespace fake_agent
