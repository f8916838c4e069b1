#include "cli/chunking.h"

#include <algorithm>

#include <fmt/core.h>

#include "change/surroundings.h"
#include "cli/values.h"

namespace assize {
namespace {

// Each is smaller by what the largest part has too much: three are plenty for what can be cut at all.
constexpr int kMostCuts = 8;

bool reviews(const RosterEntry& entry) {
  return entry.available && role_of(entry.spec->kind) == AgentRole::reviewer && !entry.spec->chair_only;
}

ByteCount size_of(const Config& config, std::string_view key, ByteCount otherwise) {
  const auto text = config.text(key);
  return text ? size_from(*text).value_or(otherwise) : otherwise;
}

ByteCount shown_bytes(const Chunk& chunk, const TrialInput& input) {
  std::uint64_t bytes = render_numbered(chunk.change, chunk.plan).size();
  if (input.settings.context == TrialSettings::Context::expanded) {
    bytes += chunk.change.title.size() + chunk.change.body.size();
    bytes += render_surroundings(chunk.change, chunk.plan, input.images).size();
  }
  return {bytes};
}

ByteCount largest(const std::vector<Chunk>& chunks, const TrialInput& input) {
  ByteCount most;
  for (const Chunk& chunk : chunks) most = std::max(most, shown_bytes(chunk, input));
  return most;
}

// `bytes` scaled by what may be shown over what is, and a tenth less, since parts do not shrink evenly.
ByteCount scaled(ByteCount bytes, ByteCount may, ByteCount is) {
  const double share = 0.9 * static_cast<double>(may.value) / static_cast<double>(is.value);
  return std::max(kLeastPart, {static_cast<std::uint64_t>(static_cast<double>(bytes.value) * share)});
}

}  // namespace

std::size_t available_reviewers(const std::vector<RosterEntry>& roster) {
  return static_cast<std::size_t>(std::count_if(roster.begin(), roster.end(), reviews));
}

Result<std::optional<ContextBound>> context_bound(const std::vector<RosterEntry>& roster, std::size_t added) {
  constexpr std::uint64_t kNoBound = std::uint64_t{1} << 40U;  // tokens; beyond any change, and the product stays small
  std::optional<ContextBound> least;
  for (const RosterEntry& entry : roster) {
    if (!reviews(entry) || !entry.spec->context_tokens) continue;
    const std::uint64_t context = *entry.spec->context_tokens;
    const std::uint64_t answer = std::min(entry.spec->max_output_tokens.value_or(kAnswerTokens), kNoBound);
    const std::uint64_t taken = kPromptTokens + answer + (added + entry.spec->perspective.size()) / kShownBytesPerToken;
    const std::uint64_t room = context > taken ? std::min(context - taken, kNoBound) : 0;
    const ContextBound bound{{room * kShownBytesPerToken}, entry.spec->id, context};
    if (bound.shown < kLeastPart) {
      return invalid(
          fmt::format("agents.{}.context_tokens: {} leave no room for a change; prompt and answer alone take "
                      "about {}",
                      entry.spec->id, context, taken),
          "choose a model with a larger context, or leave the agent out");
    }
    if (!least || bound.shown < least->shown) least = bound;
  }
  return least;
}

Result<CutChange> cut_to_fit(const Config& config, const TrialInput& input, const std::optional<ContextBound>& bound) {
  ChunkOptions options;
  options.max_bytes = size_of(config, "review.max_bytes", options.max_bytes);
  options.chunk_bytes = size_of(config, "review.chunk_bytes", options.chunk_bytes);
  options.chunk_bytes = std::max(kLeastPart, std::min(options.chunk_bytes, options.max_bytes));
  if (input.settings.division == Division::files) {
    options.at_least = std::max<std::size_t>(1, available_reviewers(input.roster));
  }
  CutChange cut{cut_into_chunks(input.change, input.plan, options), {}};
  if (!bound) return cut;

  ByteCount shown = largest(cut.chunks, input);
  if (shown > bound->shown && !config.flag("review.chunk").value_or(true)) {
    return invalid(
        fmt::format("too_large: the change is {} bytes as it is shown, and about {} fit the context of {} ({} "
                    "tokens)",
                    shown.value, bound->shown.value, bound->agent, bound->context_tokens),
        "leave out --no-chunk, or leave that agent out");
  }
  for (int i = 0; shown > bound->shown && options.chunk_bytes > kLeastPart && i < kMostCuts; ++i) {
    // A change in one piece was not cut to chunk_bytes before: what it has is the measure then.
    const ByteCount had = cut.chunks.size() == 1 ? std::min(input.plan.kept, options.max_bytes) : options.chunk_bytes;
    options.chunk_bytes = scaled(had, bound->shown, shown);
    options.max_bytes = std::min(options.max_bytes, options.chunk_bytes);
    cut.chunks = cut_into_chunks(input.change, input.plan, options);
    shown = largest(cut.chunks, input);
  }
  if (shown > bound->shown) {
    cut.warnings.push_back(fmt::format(
        "a part of the change is {} bytes as it is shown and cannot be cut further; about {} fit the context "
        "of {} ({} tokens)",
        shown.value, bound->shown.value, bound->agent, bound->context_tokens));
  }
  return cut;
}

}  // namespace assize
