// What the adapters of the vendors' command-line agents share: finding the program, checking a call, building the
// command line, and judging one. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"

namespace assize {

// Who made a model of this name, e.g. "anthropic"; empty when the name does not tell.
std::string_view maker_of_model(std::string_view model);
// The maker for gate.min_vendors: by the model's name where there is one, else the CLI's own vendor.
std::string vendor_of(const AgentSpec& spec, std::string_view own_vendor);

// A probe with `program` found, or `unusable` set: spec.command[0] when the program is replaced, else `name` on PATH.
Probe find_cli(const AgentSpec& spec, const Surroundings& world, std::string_view name, std::string_view install_hint);

// One way in which a vendor's CLI is logged in.
struct LoginSource {
  enum class Kind { variable, file } kind;
  std::string_view name;  // of the variable, or of the file relative to HOME
};
// Sets logged_in and how_known of `probe`; none of them there: not_logged_in with `hint`.
void find_login(const Surroundings& world, std::span<const LoginSource> sources, std::string_view hint, Probe& probe);

// With spec.endpoint: the key is the value of spec.api_key_env, and nothing else of the user's is sent there. Without
// api_key_env a placeholder goes out, since most CLIs do not start without a key. Keeps the key in probe.credentials
// under `variable`.
inline constexpr std::string_view kNoKey = "none";
void find_endpoint_key(const AgentSpec& spec, const Surroundings& world, std::string_view variable, Probe& probe);
// spec.api_key_env without an endpoint: the same key for the vendor's own servers. False when the spec names none.
bool find_own_key(const AgentSpec& spec, const Surroundings& world, std::string_view variable, Probe& probe);

// The three of them for a CLI that reads one variable for both: with an endpoint its key, else spec.api_key_env, else
// how the vendor's CLI is logged in.
void find_access(const AgentSpec& spec, const Surroundings& world, std::string_view variable,
                 std::span<const LoginSource> logins, std::string_view hint, Probe& probe);

// What every CLI refuses: an empty prompt, a prompt over `max_bytes`, a model name that would be read as an option.
std::optional<CallError> check_call(const Call& call, std::size_t max_bytes, std::string_view limit_name);
// CLIs that run a prompt beginning with / as one of their own commands.
std::optional<CallError> check_no_slash(const Call& call);

// The program and the rest of spec.command. Adapters put extra_args next and their own arguments last, so that where
// the last one wins, it is ours.
std::vector<std::string> begin_argv(const AgentSpec& spec, const Probe& found);
// The adapter's variables, then credentials, then spec.env (the user's own word is last).
void finish_env(const AgentSpec& spec, const Probe& found, Invocation& invocation);

// The row of a mode in a kind's table. REQUIRES: it is there; the caller of invocation() has looked.
const ModeRule& rule_of(const std::vector<ModeRule>& table, ExecutionMode mode);

// A command line as options and their values, for the audits. Knows `--name value`, `--name=value`, `-n value`,
// `-nvalue`.
class Flags {
 public:
  explicit Flags(const std::vector<std::string>& argv) : argv_(argv) {}
  bool has(std::string_view name) const;
  // All values given to an option, in order; one without a value counts as "".
  std::vector<std::string_view> values(std::string_view name) const;
  // For options that take several arguments: also those that follow, up to the next option.
  std::vector<std::string_view> lists(std::string_view name) const;
  // The first of `names` that is there.
  std::optional<std::string_view> first_of(std::span<const std::string_view> names) const;

 private:
  const std::vector<std::string>& argv_;
};

// Every item of the comma-separated list is one of `allowed`.
bool only_of(std::string_view list, std::span<const std::string_view> allowed);

}  // namespace assize
