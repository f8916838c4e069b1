// How large the parts may be in which a change is shown: what the settings say, and what fits the smallest context of
// the reviewers that are there. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "change/chunks.h"
#include "cli/config.h"
#include "core/result.h"
#include "trial/trial.h"

namespace assize {

// Numbered code has a token every three to four bytes; the lower one, since a prompt that is cut is a review lost.
inline constexpr std::uint64_t kShownBytesPerToken = 3;
// Of a context, what is left beside the change: our own part of the prompt (2 to 4 KB), and what a debate or a
// verification shows of the groups.
inline constexpr std::uint64_t kPromptTokens = 4'000;
// For the answer, which counts towards a model's context, where the agent sets no max_output_tokens of its own.
inline constexpr std::uint64_t kAnswerTokens = 4'000;
// A part below this would be mostly headers.
inline constexpr ByteCount kLeastPart{1'000};

// What may be shown of a change at once, and who cannot take more.
struct ContextBound {
  ByteCount shown;
  std::string agent;
  std::uint64_t context_tokens = 0;
};
// Nothing: no available reviewer has `context_tokens`. `added` is the bytes that the user adds to each prompt
// (--prompt, the policy); each agent's perspective counts for itself. Error invalid: a context that has no room for a
// change.
Result<std::optional<ContextBound>> context_bound(const std::vector<RosterEntry>& roster, std::size_t added);

// Model agents that are there to review.
std::size_t available_reviewers(const std::vector<RosterEntry>& roster);

struct CutChange {
  std::vector<Chunk> chunks;
  std::vector<std::string> warnings;  // a part that cannot be cut small enough
};
// The change in parts of at most review.chunk_bytes of diff, or review.max_bytes if that is less, each small enough for
// the bound once it is rendered; one part for each reviewer at least when files are divided. The input's own chunks are
// not looked at. Error invalid
// ("too_large: …"): it is more than the bound, and review.chunk is false.
Result<CutChange> cut_to_fit(const Config& config, const TrialInput& input, const std::optional<ContextBound>& bound);

}  // namespace assize
