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

std::vector<ConfigKey> make_keys() {
  using T = KeyType;
  constexpr KeyState kLater = KeyState::not_yet;
  return {
      {"panel", "agents", T::text_list, "Who reviews: names of [agents.NAME] sections, kinds, or tools."},
      {"panel", "seed", T::integer, "Seed of everything that is drawn by lot; without it a random one is used."},
      {"panel", "chair", T::text, "Who writes the summary.", "", kLater},
      {"panel", "rounds", T::integer, "Fixed number of rounds.", "", kLater},
      {"panel", "max_rounds", T::integer, "Most rounds of an adaptive debate.", "", kLater},
      {"panel", "adaptive", T::boolean, "Debate until nobody moves.", "", kLater},
      {"panel", "verify", T::boolean, "Have blocking groups checked by someone who did not raise them.", "", kLater},
      {"panel", "auto", T::boolean, "Choose the depth by the change's risk.", "", kLater},
      {"panel", "anonymize", T::boolean, "Hide names in a debate.", "", kLater},
      {"panel", "quorum", T::integer, "Valid reviews after which stragglers get the grace.", "", kLater},
      {"panel", "grace", T::duration, "Time that stragglers get.", "", kLater},
      {"panel", "lenses", T::text_list, "Perspectives dealt to the reviewers in order.", "", kLater},
      {"panel", "divide", T::choice, "Give each reviewer a slice.", "", kLater, {"files", "lenses"}},

      {"review",
       "context",
       T::choice,
       "What reviewers see: the diff alone, or its surroundings too.",
       "\"diff\"",
       KeyState::works,
       {"diff", "expanded"}},
      {"review", "include", T::text_list, "Globs: only these files are reviewed.", "[]"},
      {"review", "exclude", T::text_list, "Globs: these files are set aside, and listed as such.", "[]"},
      {"review",
       "max_bytes",
       T::size,
       "Most bytes of diff that are reviewed in one piece.",
       "\"200k\"",
       KeyState::works,
       {},
       1},
      {"review", "chunk", T::boolean, "Cut a larger change into chunks.", "", kLater},
      {"review", "chunk_bytes", T::size, "Most bytes of a chunk.", "", kLater},
      {"review", "policy", T::text, "File with the house's rules for reviewers.", "", kLater},

      {"budget", "max_parallel", T::integer, "Calls at once; 0: all.", "0", KeyState::works, {}, 0, kMostParallel},
      {"budget",
       "total_timeout",
       T::duration,
       "Longest time of a whole run.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "each call's own timeout still holds"},
      {"budget",
       "phase_timeout",
       T::duration,
       "Longest time of one phase.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "each call's own timeout still holds"},
      {"budget",
       "max_tokens",
       T::integer,
       "Most tokens of a run.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "nothing limits the tokens of a run"},
      {"budget",
       "max_cost_usd",
       T::number,
       "Most money of a run.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "nothing limits the cost of a run"},

      {"guard",
       "redact",
       T::boolean,
       "Replace secrets before anybody sees them.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "secrets in the change are shown to the agents"},
      {"guard",
       "sandbox",
       T::choice,
       "What holds an agent's process.",
       "",
       kLater,
       {"auto", "bwrap", "none"},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "agents run without a sandbox"},
      {"guard",
       "snapshot",
       T::text,
       "The copy that agents may read.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "agents start in an empty directory"},
      {"guard", "allow_paths", T::text_list, "Paths outside which nothing may be reviewed.", "", kLater},
      {"guard",
       "enforcement",
       T::choice,
       "What a permission that cannot be enforced means.",
       "",
       kLater,
       {"strict", "best_effort"}},

      {"gate", "fail_on", T::choice_list, "Severities that block.", "[\"critical\", \"high\"]", KeyState::works,
       kSeverities},
      {"gate",
       "min_reviews",
       T::integer,
       "Valid reviews that a decision needs; without it half of the panel.",
       "",
       KeyState::works,
       {},
       0,
       kMostParallel},
      {"gate",
       "min_vendors",
       T::integer,
       "Distinct makers of models that it needs; without it two where there are two.",
       "",
       KeyState::works,
       {},
       0,
       kMostParallel},
      {"gate",
       "unverified",
       T::choice,
       "What a blocking group that nobody verified means.",
       "\"escalate\"",
       KeyState::works,
       {"escalate", "fail", "ignore"}},
      {"gate",
       "unreviewed",
       T::choice,
       "What set-aside files mean.",
       "\"risky\"",
       KeyState::works,
       {"risky", "report", "fail"}},
      {"gate", "escalate_on", T::choice_list, "Severities of which escalate_threshold groups make a person look.", "[]",
       KeyState::works, kSeverities},
      {"gate", "escalate_threshold", T::integer, "How many such groups.", "1", KeyState::works, {}, 1, 1'000'000},
      {"gate", "escalate_exit", T::integer, "Exit code of ESCALATE.", "4", KeyState::works, {}, 0, 125},
      {"gate",
       "injection",
       T::choice,
       "What text that tries to steer the reviewers means.",
       "",
       kLater,
       {"escalate", "fail", "report"},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "nothing looks for text that tries to steer the reviewers"},
      {"gate",
       "decision",
       T::choice,
       "Who decides: the gate, or a vote that can only tighten it.",
       "",
       kLater,
       {"gate", "vote"}},

      {"report", "format", T::choice, "What is written to standard output.", "\"text\"", KeyState::works, kFormats},
      {"report", "outputs", T::output_list, "More reports, each as FORMAT:FILE.", "[]", KeyState::works, kFormats},
      {"report", "artifacts", T::text, "Directory for everything that a run leaves.", "", kLater},

      {"agents", "kind", T::text, "How to talk to it; the section's name when it is left out."},
      {"agents", "model", T::text, "Model to ask for; without it the agent's own default."},
      {"agents", "timeout", T::duration, "Longest time of one call with its retries; 0: none.", "\"15m\""},
      {"agents", "stall_timeout", T::duration, "Longest silence; 0: none.", "\"5m\""},
      {"agents",
       "retries",
       T::integer,
       "Further attempts after an error that may pass.",
       "2",
       KeyState::works,
       {},
       0,
       kMostRetries},
      {"agents", "optional", T::boolean, "Leaves the quorum's denominator when it is not usable.", "false"},
      {"agents", "perspective", T::text, "Added to its prompt: what to look at first."},
      {"agents", "command", T::text_list, "Program and arguments; for a vendor's agent it replaces the program."},
      {"agents", "tool", T::text, "Which static analyser a kind = \"tool\" runs."},
      {"agents",
       "output",
       T::choice,
       "What a command or a tool prints.",
       "\"text\"",
       KeyState::works,
       {"text", "json", "jsonl", "sarif", "gcc"}},
      {"agents", "output_pointer", T::text, "JSON pointer to the answer in a command's output."},
      {"agents", "file", T::text, "Answers of a scripted agent."},
      {"agents", "endpoint", T::text, "Base URL of the model server, where the agent can be pointed elsewhere."},
      {"agents", "api_key_env", T::text, "Name of the variable that holds the key."},
      {"agents", "extra_args", T::text_list, "Added to its command line."},
      {"agents", "env", T::text_map, "Variables set for this agent alone."},
      {"agents",
       "permissions",
       T::anything,
       "What it may do.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "reviewers are read-only in any case"},
      {"agents", "allow_insecure_endpoint", T::boolean, "Let an endpoint be plain http.", "", kLater},
      {"agents", "context_tokens", T::integer, "Tokens that its model can read.", "", kLater},
      {"agents",
       "chair_only",
       T::boolean,
       "Takes no part but as the chair.",
       "",
       kLater,
       {},
       0,
       std::numeric_limits<std::int64_t>::max(),
       "it reviews like the others"},
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
      return "a number";
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
