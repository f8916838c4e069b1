// How to talk to one kind of agent. An adapter is small and mostly pure: it says what to run and reads what was
// printed; it starts nothing itself. Facts about each vendor's program are in docs/agents.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/call.h"
#include "core/result.h"

namespace assize {

// The part of the world that a probe may look at. Nothing of it runs a program or asks a network.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual std::optional<std::string> variable(std::string_view name) const = 0;      // of our own environment
  virtual std::optional<std::string> find_program(std::string_view name) const = 0;  // absolute path, by PATH
  virtual bool file_exists(std::string_view path) const = 0;
  virtual std::optional<std::string> read_file(std::string_view path) const = 0;  // at most 1 MiB
  virtual std::string home() const = 0;                                           // the user's; may be empty
};

enum class LoggedIn { yes, no, unknown };

struct Probe {
  bool found = false;
  std::string program;  // absolute path
  LoggedIn logged_in = LoggedIn::unknown;
  std::string how_known;                  // "ANTHROPIC_API_KEY is set", "~/.codex/auth.json"
  std::string hint;                       // what to do when it is not usable: one line
  std::optional<CallErrorKind> unusable;  // set: the agent is unavailable, for this reason
  // Variables with secret values (the key that api_key_env names), for invocation() to set. Never printed or recorded.
  std::vector<std::pair<std::string, std::string>> credentials;
};

// Where one invocation runs.
struct Room {
  std::string home;  // its private HOME, empty but for what the adapter asks for; mode 0700
  std::string
      scratch;  // private, for files that are named on the command line; also TMPDIR; not below home nor /tmp's HOME
  std::string cwd;  // an empty private directory; for analysers the directory with the changed files
};

// Whether the agent may open files. `none` until there is a sandbox around it (docs/security.md). What an agent that
// may write can do is said by its ModeRule instead.
enum class FileTools { none, read };

// How a kind works in one execution mode. One row of the table that `assize doctor --modes` prints.
struct ModeRule {
  ExecutionMode mode = ExecutionMode::read_only;
  std::vector<std::string_view> arguments;  // that the command line holds for it
  std::string_view settings;                // what else states it, in words; may be empty
  std::string_view allows;                  // what the agent can then do, in words
};

struct Invocation {
  std::vector<std::string> argv;                         // argv[0] is an absolute path
  std::vector<std::pair<std::string, std::string>> env;  // set on top of the allow-list
  std::vector<std::string> passed_env;                   // this vendor's own variables, passed on when set
  std::vector<std::pair<std::string, std::string>>
      files;                             // absolute path below the room -> content, written 0600 first
  std::vector<std::string> login_files;  // relative to HOME: copied from the user's HOME when there
  std::string input;                     // standard input
};

// How the process ended; `stopped_for` is set when we stopped it (timed_out, stalled, output_limit, cancelled).
struct Ending {
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::optional<CallErrorKind> stopped_for;
  std::string stderr_tail;  // last 64 KiB, raw
};

struct Decoded {
  std::string text;  // the last assistant message, or the native structured field; never tool output or the prompt
  std::string model;
  Usage usage;
  std::optional<CallError> error;
  std::vector<std::string> warnings;
};

// Reads one invocation's standard output as it comes, in pieces cut anywhere. Memory is bounded by what an answer may
// be.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void feed(std::string_view bytes) = 0;
  // Exactly once, after the last feed(). Exit 0 with nothing is empty_answer; never trusts the exit code alone.
  virtual Decoded finish(const Ending& ending) = 0;
};

// How an agent is reached.
enum class Transport { process, http };

// One request to an endpoint.
struct HttpRequest {
  enum class Method { get, post } method = Method::post;
  std::string url;  // absolute, without userinfo; never holds a key
  // Some values are keys: never printed or recorded.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// How the exchange ended.
struct HttpEnding {
  int status = 0;                     // 0: no status line came
  std::string content_type;           // as sent
  std::optional<Millis> retry_after;  // the header's
  // The exchange broke, or was given up for a reason of the connection's own (a redirect, a certificate): the error
  // that it is when what came before does not say more.
  std::optional<CallError> broken;
  std::optional<CallErrorKind> stopped_for;  // set when we stopped it: timed_out, stalled, output_limit, cancelled
};

// Reads one answer's body as it comes, in pieces cut anywhere. Memory is bounded by what an answer may be.
class HttpDecoder {
 public:
  virtual ~HttpDecoder() = default;
  virtual void feed(std::string_view bytes) = 0;
  // The answer has said that it is whole, and nothing that follows matters: the connection need not be waited for.
  virtual bool ended() const = 0;
  // Exactly once, after the last feed(). A stream that does not say how it ends is an error, with its text kept.
  virtual Decoded finish(const HttpEnding& ending) = 0;
};

class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual std::string_view kind() const = 0;
  virtual std::string vendor(const AgentSpec& spec) const = 0;  // the maker of the model, for gate.min_vendors
  // Found? Logged in? Never asks a model, never runs a program.
  virtual Probe probe(const AgentSpec& spec, const Surroundings& world) const = 0;
  // Arguments that print the program's version; empty: it has none. The first x.y[.z] of its output is the version.
  virtual std::vector<std::string> version_args() const { return {"--version"}; }
  // Error: this call cannot be made by this agent (its code becomes invalid_request and so on), e.g. not_applicable.
  virtual tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room& room,
                                                         FileTools tools) const = 0;
  virtual std::unique_ptr<Decoder> decoder(const Call& call) const = 0;
  // For doctor: the rule by which a command line is known to be read-only, in words.
  virtual std::string read_only_rule() const = 0;
  // A violation of that rule by a final command line (a widening flag in extra_args), or nothing.
  virtual std::optional<std::string> audit(const std::vector<std::string>& argv) const = 0;
  // The execution modes that this kind can be held to, read_only first. None: it can write nothing, and a call in
  // another mode than read_only is refused (permission_enforcement_failed).
  virtual std::vector<ModeRule> modes() const { return {}; }
  // The same as audit() for any mode of modes(): allows what the mode's row states, and nothing else.
  virtual std::optional<std::string> audit_mode(const std::vector<std::string>& argv, ExecutionMode mode) const {
    if (mode == ExecutionMode::read_only) return audit(argv);
    return std::string(kind()) + " has no way to write";
  }
  // Adapters that answer by themselves (lint, scripted) return an answer here, and nothing runs.
  virtual std::optional<Answer> answer_directly(const Call&) const { return std::nullopt; }

  // Agents that are reached over HTTP override these, and have no command line: invocation() is then an error.
  virtual Transport transport() const { return Transport::process; }
  // Error: this call cannot be made by this agent.
  virtual tl::expected<HttpRequest, CallError> request(const Call&, const Probe&) const {
    return tl::unexpected(CallError{CallErrorKind::internal, "this agent is no endpoint", {}, {}, {}});
  }
  virtual std::unique_ptr<HttpDecoder> http_decoder(const Call&) const { return nullptr; }
  // Asks the endpoint which models it has (model_names() reads the answer); nothing: there is no way to ask.
  virtual std::optional<HttpRequest> models_request(const AgentSpec&, const Probe&) const { return std::nullopt; }
};

// All kinds, by name. Error invalid: no such kind (the hint names the nearest, or says that it is not built yet).
Result<const Adapter*> adapter_for(std::string_view kind);
std::vector<std::string_view> adapter_kinds();

}  // namespace assize
