// One question to one agent, and what came back. A Call determines an invocation completely; its digest names it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/units.h"

namespace assize {

// What is configured for one agent. The kinds are in docs/agents.md.
struct AgentSpec {
  std::string id;                    // unique on the panel; [A-Za-z0-9_.-]{1,64}
  std::string kind;                  // "claude", "codex", …, "command", "scripted", "lint", "tool"
  std::string model;                 // empty: the agent's own default
  std::vector<std::string> command;  // command: argv; tool: argv of a custom tool; CLI kinds: replaces the program
  std::string tool;                  // tool: "cppcheck", "shellcheck", … or empty for a custom one
  std::string output = "text";       // command: text|json|jsonl; custom tool: sarif|gcc
  std::string output_pointer;        // command with json/jsonl: JSON pointer to the text
  std::string file;                  // scripted: the answers
  std::string endpoint;              // CLI kinds that can be pointed elsewhere, and HTTP kinds
  std::string api_key_env;           // name of the variable that holds the key
  std::string api_key_file;          // HTTP kinds: path of a file that holds it
  std::vector<std::string> extra_args;
  std::map<std::string, std::string> env;          // set for this agent only
  std::string perspective;                         // added to its prompt; from the trusted config or a flag
  bool chair_only = false;                         // takes no part in reviews: chairs, and verifies
  std::optional<std::uint64_t> context_tokens;     // the most that it can be shown; chunks are cut to fit
  std::optional<std::uint64_t> max_output_tokens;  // HTTP kinds
  bool allow_insecure_endpoint = false;            // http to a host that is not loopback
  std::optional<Millis> timeout;
  std::optional<Millis> stall_timeout;
  std::optional<int> retries;
  bool optional = false;  // leaves the denominators when it probes as unavailable
};

// lint and tool find things by rule; they never vote, and never count for quorum or agreement.
enum class AgentRole { reviewer, analyser };
AgentRole role_of(std::string_view kind);
// Kinds that are asked over HTTP. Such a server may cut a prompt that is too long for it without a word.
bool is_endpoint(std::string_view kind);

enum class CallErrorKind {
  not_installed,
  not_logged_in,
  permission_denied,
  spawn_failed,
  timed_out,
  stalled,
  rate_limited,
  overloaded,
  network,
  quota_exhausted,
  invalid_request,
  prompt_too_long,
  context_unsupported,
  refused,
  empty_answer,
  malformed_answer,
  prompt_truncated,
  output_limit,
  permission_enforcement_failed,
  model_unavailable,
  cancelled,
  budget_exhausted,
  crashed,
  failed,
  not_applicable,
  internal,
};
std::string_view to_string(CallErrorKind kind);
std::optional<CallErrorKind> call_error_kind_from(std::string_view name);
// The ones that another attempt may mend.
bool is_retryable(CallErrorKind kind);

struct CallError {
  CallErrorKind kind = CallErrorKind::internal;
  std::string message;  // one line, for a person; control characters removed
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::optional<Millis> retry_after;  // what the vendor asked for
};

// Tokens and money as the agent reports them. input_tokens includes the cached ones.
struct Usage {
  std::optional<std::uint64_t> input_tokens;
  std::optional<std::uint64_t> output_tokens;
  std::optional<std::uint64_t> cached_tokens;
  std::optional<double> cost_usd;
};

// What a call cost the run: as reported, or estimated from the lengths of prompt and answer where an agent reports
// none.
struct Charge {
  std::uint64_t tokens = 0;  // input (cached ones included) and output
  double cost_usd = 0;
  bool estimated = false;  // some part of it is
};

enum class Phase { review, repair, debate, verify, synthesis, task };
std::string_view to_string(Phase phase);

// What an agent may do. Reviews are always read_only; `write` and `yolo` exist for `assize run`, by flag alone.
enum class ExecutionMode { read_only, write, yolo };
std::string_view to_string(ExecutionMode mode);

// One file as analysers see it: the lines that the change shows, and the whole post-image where it is known.
struct ScopeLine {
  enum class Kind { context, added, removed } kind = Kind::context;
  std::uint32_t number = 0;  // post-image line; pre-image line for a removed one
  std::string text;
};
struct ScopeFile {
  std::string path;
  std::vector<ScopeLine> lines;
  std::shared_ptr<const std::string> post_image;  // null: not known (a patch without a repository)
};
struct Scope {
  std::string repository;  // absolute path of the working tree, for include paths; empty when there is none
  std::vector<ScopeFile> files;
};

struct CallLimits {
  std::optional<Millis> timeout = Millis(900'000);        // over all attempts together; empty: none
  std::optional<Millis> stall_timeout = Millis(300'000);  // no byte on either stream; empty: none
  ByteCount max_output{64ULL << 20};
  int retries = 2;
};

struct Call {
  std::shared_ptr<const AgentSpec> agent;
  Phase phase = Phase::review;
  int round = 1;
  int chunk = 0;
  int ordinal = 0;                     // distinguishes calls that are equal otherwise (repair 1, repair 2, …)
  std::string prompt;                  // UTF-8; goes to standard input
  std::string schema;                  // JSON Schema of the answer, for agents that can enforce one; may be empty
  std::shared_ptr<const Scope> scope;  // for analysers; null for reviewers
  CallLimits limits;
  ExecutionMode mode = ExecutionMode::read_only;
  std::string directory;  // where it works; empty: an empty private directory. Only for Phase::task
};

struct Answer {
  std::string text;   // the agent's answer; may be partial when there is an error
  std::string model;  // the model that was really used, as reported; may be empty
  Usage usage;
  Charge charged;  // by the Budget layer; nothing where there is none
  std::optional<CallError> error;
  bool cut = false;  // a straggler: its time ended because enough others had answered; the error is timed_out
  std::vector<std::string> warnings;
  int attempts = 0;
  Millis duration{0};       // all attempts and waits
  Millis last_progress{0};  // time from the start of the last attempt to its last sign of life
  std::string stderr_tail;  // last lines of the last attempt, cleaned, at most 4 KiB
  std::uint64_t output_bytes = 0;
};

}  // namespace assize
