// How each vendor's command line prints an answer, a tool call and a failure. Written after docs/agents.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fake_agent {

enum class Shape { text, claude_json, claude_stream, codex, gemini, gemini_stream, qwen, qwen_stream, opencode };

std::optional<Shape> shape_from(std::string_view name);  // "text", "claude-json", "claude-stream", "codex", …
// By the name that the program was called by, and the output format that its arguments ask for.
Shape shape_of(std::string_view program, const std::vector<std::string>& arguments);
// What `--version` prints.
std::string version_line(std::string_view program);

struct Printed {
  std::string out;
  std::string err;
  int exit = 0;
};

struct Reply {
  std::string text;
  std::string prompt;                     // gemini's stream repeats it
  std::vector<std::string> tool_outputs;  // shown before the answer, where the shape shows tools at all
  bool structured = false;                // a schema was asked for, and the text is a JSON value
};
Printed print_reply(Shape shape, const Reply& reply);

// `kind`: 400, 401, 403, 404, 429, 500, 529, trunc, empty, badjson, nokey. Empty: this vendor has no such failure.
std::optional<Printed> print_failure(Shape shape, std::string_view kind);

}  // namespace fake_agent
