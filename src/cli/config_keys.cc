#include "cli/config_keys.h"

#include <array>

#include <fmt/format.h>

#include "cli/values.h"

namespace assize {
namespace {

constexpr std::int64_t kMostRetries = 20;      // with back-off capped at 60 s this is already 20 minutes of waiting
constexpr std::int64_t kMostParallel = 1'000;  // spec: a panel of a thousand is the largest that is measured

const std::vector<std::string_view> kSeverities = {"critical", "high", "medium", "low", "info"};
const std::vector<std::string_view> kFormats = {"text", "markdown", "json", "sarif", "jsonl"};

constexpr std::int64_t kMostRounds = 20;     // each costs a call of every debater; no debate here took more than five
constexpr std::int64_t kLeastChunk = 1'000;  // bytes; less shows no code around what it asks about
constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();

ConfigKey whole(std::string_view section, std::string_view name, std::string_view help, std::int64_t min,
                std::int64_t max = kUnbounded, std::string_view default_value = {}) {
  return {section, name, KeyType::integer, help, default_value, KeyState::works, {}, min, max};
}

ConfigKey size(std::string_view name, std::string_view help, std::int64_t min, std::string_view default_value) {
  return {"review", name, KeyType::size, help, default_value, KeyState::works, {}, min};
}

ConfigKey choice(std::string_view section, std::string_view name, std::string_view help,
                 std::vector<std::string_view> choices, std::string_view default_value = {}) {
  return {section, name, KeyType::choice, help, default_value, KeyState::works, std::move(choices)};
}

// A key of what is not built yet; `consequence` is what follows from that, where it matters.
ConfigKey later(std::string_view section, std::string_view name, KeyType type, std::string_view help,
                std::string_view consequence = {}, std::vector<std::string_view> choices = {}) {
  return {section, name, type, help, {}, KeyState::not_yet, std::move(choices), 0, kUnbounded, consequence};
}

std::vector<ConfigKey> make_keys() {
  using T = KeyType;
  return {
      {"panel", "agents", T::text_list, "Who reviews: names of [agents.NAME] sections, kinds, or tools."},
      whole("panel", "seed", "Seed of everything that is drawn by lot; without it a random one is used.", 0),
      {"panel", "chair", T::text, "Who sums up: \"auto\", \"rotate\" (by lot) or an agent's name.", "\"auto\""},
      {"panel", "adaptive", T::boolean, "Debate until nobody moves; false: a fixed number of rounds.", "true"},
      whole("panel", "max_rounds", "Most rounds of an adaptive debate, the review included.", 1, kMostRounds, "3"),
      whole("panel", "rounds", "Length of a fixed debate, the review included; setting it makes the debate fixed.", 1,
            kMostRounds),
      {"panel", "verify", T::boolean, "Have groups checked by somebody who did not raise them.", "true"},
      {"panel", "auto", T::boolean, "Choose the depth by the change's risk.", "false"},
      {"panel", "anonymize", T::boolean, "Hide the reviewers' names from each other.", "true"},
      whole("panel", "quorum", "Valid reviews after which the others get the grace; without it all are waited for.", 1,
            kMostParallel),
      {"panel", "grace", T::duration, "Time that stragglers get once the quorum is there.", "\"30s\""},
      {"panel", "lenses", T::text_list, "What to look at, dealt to the reviewers in order.", "[]"},
      choice("panel", "divide", "Give each reviewer a slice: of the files, or of the lenses.", {"files", "lenses"}),

      choice("review", "context", "What reviewers see: the diff alone, or its surroundings too.", {"diff", "expanded"},
             "\"diff\""),
      {"review", "include", T::text_list, "Globs: only these files are reviewed.", "[]"},
      {"review", "exclude", T::text_list, "Globs: these files are set aside, and listed as such.", "[]"},
      size("max_bytes", "Most bytes of diff that are reviewed in one piece.", 1, "\"200k\""),
      {"review", "chunk", T::boolean, "Review a larger change in chunks; false: refuse it.", "true"},
      size("chunk_bytes", "Most bytes of diff in a chunk; less for a model with a small context.", kLeastChunk,
           "\"100k\""),
      {"review", "policy", T::text, "File with the house's rules for a review (docs/policy.md)."},

      whole("budget", "max_parallel", "Calls at once; 0: all.", 0, kMostParallel, "0"),
      {"budget", "total_timeout", T::duration, "Longest time of a whole run; 0: none.", "0"},
      {"budget", "phase_timeout", T::duration, "Longest time of one phase; 0: none.", "0"},
      whole("budget", "max_tokens", "Most tokens of a run, in and out.", 1),
      {"budget", "max_cost_usd", T::number, "Most money of a run, in US dollars."},

      later("guard", "redact", T::boolean, "Replace secrets before anybody sees them.",
            "secrets in the change are shown to the agents"),
      later("guard", "sandbox", T::choice, "What holds an agent's process.", "agents run without a sandbox",
            {"auto", "bwrap", "none"}),
      later("guard", "snapshot", T::text, "The copy that agents may read.", "agents start in an empty directory"),
      later("guard", "allow_paths", T::text_list, "Paths outside which nothing may be reviewed."),
      later("guard", "enforcement", T::choice, "What a permission that cannot be enforced means.", "",
            {"strict", "best_effort"}),

      {"gate", "fail_on", T::choice_list, "Severities that block.", "[\"critical\", \"high\"]", KeyState::works,
       kSeverities},
      whole("gate", "min_reviews", "Valid reviews that a decision needs; without it half of the panel.", 0,
            kMostParallel),
      whole("gate", "min_vendors", "Distinct makers of models that it needs; without it two where there are two.", 0,
            kMostParallel),
      choice("gate", "unverified", "What a blocking group that nobody verified means.", {"escalate", "fail", "ignore"},
             "\"escalate\""),
      choice("gate", "unreviewed", "What set-aside files mean.", {"risky", "report", "fail"}, "\"risky\""),
      {"gate", "escalate_on", T::choice_list, "Severities of which escalate_threshold groups make a person look.", "[]",
       KeyState::works, kSeverities},
      whole("gate", "escalate_threshold", "How many such groups.", 1, 1'000'000, "1"),
      whole("gate", "escalate_exit", "Exit code of ESCALATE.", 0, 125, "4"),
      choice("gate", "decision", "Who decides: the gate, or the reviewers' votes too, which can only tighten it.",
             {"gate", "vote"}, "\"gate\""),
      later("gate", "injection", T::choice, "What text that tries to steer the reviewers means.",
            "nothing looks for text that tries to steer the reviewers", {"escalate", "fail", "report"}),

      {"report", "format", T::choice, "What is written to standard output.", "\"text\"", KeyState::works, kFormats},
      {"report", "outputs", T::output_list, "More reports, each as FORMAT:FILE.", "[]", KeyState::works, kFormats},
      later("report", "artifacts", T::text, "Directory for everything that a run leaves."),

      {"agents", "kind", T::text, "How to talk to it; the section's name when it is left out."},
      {"agents", "model", T::text, "Model to ask for; without it the agent's own default."},
      {"agents", "timeout", T::duration, "Longest time of one call with its retries; 0: none.", "\"15m\""},
      {"agents", "stall_timeout", T::duration, "Longest silence; 0: none.", "\"5m\""},
      whole("agents", "retries", "Further attempts after an error that may pass.", 0, kMostRetries, "2"),
      {"agents", "optional", T::boolean, "Leaves the quorum's denominator when it is not usable.", "false"},
      {"agents", "perspective", T::text, "Added to its prompt: what to look at first."},
      {"agents", "chair_only", T::boolean, "Takes no part in the reviews: it sums up, and verifies.", "false"},
      whole("agents", "context_tokens", "Tokens that its model can read; chunks are cut to fit.", 1),
      whole("agents", "max_output_tokens", "Most tokens of an answer, for the kinds that talk to an endpoint.", 1),
      {"agents", "command", T::text_list, "Program and arguments; for a vendor's agent it replaces the program."},
      {"agents", "tool", T::text, "Which static analyser a kind = \"tool\" runs."},
      choice("agents", "output", "What a command or a tool prints.", {"text", "json", "jsonl", "sarif", "gcc"},
             "\"text\""),
      {"agents", "output_pointer", T::text, "JSON pointer to the answer in a command's output."},
      {"agents", "file", T::text, "Answers of a scripted agent."},
      {"agents", "endpoint", T::text, "Base URL of the model server, where the agent can be pointed elsewhere."},
      {"agents", "api_key_env", T::text, "Name of the variable that holds the key."},
      {"agents", "api_key_file", T::text, "File that holds the key, for the kinds that talk to an endpoint."},
      {"agents", "allow_insecure_endpoint", T::boolean, "Let the endpoint be plain http on another machine.", "false"},
      {"agents", "extra_args", T::text_list, "Added to its command line."},
      {"agents", "env", T::text_map, "Variables set for this agent alone."},
      later("agents", "permissions", T::anything, "What it may do.", "reviewers are read-only in any case"),
  };
}

const std::vector<ConfigKey>& keys() {
  static const std::vector<ConfigKey> table = make_keys();
  return table;
}

std::string joined(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::span<const ConfigKey> config_keys() {
  return keys();
}

const ConfigKey* find_key(std::string_view section, std::string_view name) {
  for (const ConfigKey& key : keys()) {
    if (key.section == section && key.name == name) return &key;
  }
  return nullptr;
}

std::span<const std::string_view> config_sections() {
  static constexpr std::array<std::string_view, 6> kSections = {"panel", "review", "budget", "guard", "gate", "report"};
  return kSections;
}

std::string allowed_values(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::boolean:
      return "true or false";
    case KeyType::integer:
      if (key.max == std::numeric_limits<std::int64_t>::max()) return fmt::format("a whole number from {}", key.min);
      return fmt::format("a whole number from {} to {}", key.min, key.max);
    case KeyType::number:
      return fmt::format("a number above {}", key.min);
    case KeyType::duration:
      return std::string(kAllowedDuration);
    case KeyType::size:
      return std::string(kAllowedSize) + (key.min > 0 ? fmt::format(", at least {}", key.min) : std::string());
    case KeyType::text:
      return "text in quotes";
    case KeyType::text_list:
      return "a list of texts in quotes";
    case KeyType::choice:
      return joined(key.choices);
    case KeyType::choice_list:
      return "a list of " + joined(key.choices);
    case KeyType::output_list:
      return "a list of FORMAT:FILE with a format of " + joined(key.choices);
    case KeyType::text_map:
      return "a table of texts in quotes";
    case KeyType::anything:
      return "anything";
  }
  return {};
}

}  // namespace assize
