#include "trial/gate_quorum.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/text.h"

namespace assize {

namespace {

bool is_divided_by_files(const Outcome& outcome) {
  return outcome.divide == "files";
}

// Where the files are divided there can be fewer parts than reviewers.
bool was_left_out(const Outcome& outcome, const AgentReport& agent) {
  if (!is_divided_by_files(outcome) || outcome.chunks.empty() || !agent.available || agent.error) return false;
  return std::none_of(outcome.chunks.begin(), outcome.chunks.end(), [&](const ChunkReport& chunk) {
    return std::find(chunk.asked.begin(), chunk.asked.end(), agent.id) != chunk.asked.end();
  });
}

bool has_failed(const AgentReport& agent) {
  if (agent.error && agent.error->kind == CallErrorKind::not_applicable) return false;
  return !has_valid_review(agent);
}

// Who was stopped for being late, while the run went on, has failed; the run was not interrupted.
bool was_interrupted(const AgentReport& agent) {
  return agent.error && agent.error->kind == CallErrorKind::cancelled && agent.cancel_reason != "straggler";
}

std::string reviews(std::size_t count) {
  return fmt::format("{} valid review{}", count, count == 1 ? "" : "s");
}

std::string vendors(std::size_t count) {
  return fmt::format("{} vendor{}", count, count == 1 ? "" : "s");
}

// How many reviewers of a hunk are needed in one lens, and who has it.
struct LensQuorum {
  std::string_view lens;
  std::size_t needed = 1;
  std::set<std::string_view> reviewers;
};

std::vector<LensQuorum> lens_quorums(const Outcome& outcome, const Quorum& quorum, std::size_t needed) {
  std::vector<LensQuorum> lenses;
  for (const std::string& lens : outcome.lenses) {
    LensQuorum& entry = lenses.emplace_back();
    entry.lens = lens;
    for (const AgentReport* agent : quorum.reviewers) {
      const auto dealt = lenses_of(*agent);
      if (std::find(dealt.begin(), dealt.end(), lens) != dealt.end()) entry.reviewers.insert(agent->id);
    }
    // Where each lens is the slice of somebody, one is all that there is. A lens that nobody was dealt still needs one.
    const std::size_t most = outcome.divide == "lenses" ? 1 : needed;
    entry.needed = std::max<std::size_t>(1, std::min(most, entry.reviewers.size()));
  }
  return lenses;
}

std::optional<std::string> thin_part(const Outcome& outcome, const Quorum& quorum) {
  if (outcome.chunks.size() < 2 || is_divided_by_files(outcome)) return std::nullopt;
  std::map<std::string_view, std::string_view> vendor_of;
  for (const AgentReport* agent : quorum.reviewers) vendor_of[agent->id] = agent->vendor;
  for (std::size_t i = 0; i < outcome.chunks.size(); ++i) {
    std::size_t valid = 0;
    std::set<std::string_view> from;
    for (const std::string& id : outcome.chunks[i].valid) {
      const auto found = vendor_of.find(id);
      if (found == vendor_of.end()) continue;
      ++valid;
      from.insert(found->second);
    }
    const std::string part = fmt::format("part {} of {}", i + 1, outcome.chunks.size());
    if (valid < quorum.min_reviews)
      return fmt::format("{} has {}, {} needed", part, reviews(valid), quorum.min_reviews);
    if (from.size() < quorum.min_vendors) {
      return fmt::format("the reviews of {} came from {}, {} needed", part, vendors(from.size()), quorum.min_vendors);
    }
  }
  return std::nullopt;
}

std::optional<std::string> thin_hunk(const Outcome& outcome, const Quorum& quorum) {
  const std::size_t needed = is_divided_by_files(outcome) ? 1 : quorum.min_reviews;
  std::set<std::string_view> counted;
  for (const AgentReport* agent : quorum.reviewers) counted.insert(agent->id);
  const std::vector<LensQuorum> lenses = lens_quorums(outcome, quorum, needed);
  const auto covered_by = [](const HunkCoverage& hunk, const std::set<std::string_view>& who) {
    return static_cast<std::size_t>(
        std::count_if(hunk.agents.begin(), hunk.agents.end(), [&](const std::string& id) { return who.contains(id); }));
  };
  for (const FileCoverage& file : outcome.coverage) {
    if (file.set_aside) continue;
    for (const HunkCoverage& hunk : file.hunks) {
      const std::size_t covered = covered_by(hunk, counted);
      if (covered < needed) {
        return fmt::format("{}:{} was covered by {}, {} needed", file.path, hunk.lines.first, reviews(covered), needed);
      }
      for (const LensQuorum& lens : lenses) {
        const std::size_t with_lens = covered_by(hunk, lens.reviewers);
        if (with_lens >= lens.needed) continue;
        return fmt::format("{}:{} was covered by {} that looked at {}, {} needed", file.path, hunk.lines.first,
                           reviews(with_lens), lens.lens, lens.needed);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> lenses_of(const AgentReport& agent) {
  std::vector<std::string_view> lenses;
  for (const std::string_view word : split(agent.lens, ',')) {
    if (const std::string_view lens = trim(word); !lens.empty()) lenses.push_back(lens);
  }
  return lenses;
}

bool has_valid_review(const AgentReport& agent) {
  return is_valid_review(agent.status) || agent.status == ReviewStatus::partial;
}

bool anything_shown(const Outcome& outcome) {
  return std::any_of(outcome.coverage.begin(), outcome.coverage.end(),
                     [](const FileCoverage& file) { return !file.set_aside; });
}

Quorum take_quorum(const Outcome& outcome, const GateSettings& settings) {
  Quorum quorum;
  std::set<std::string_view> declared_vendors;
  for (const AgentReport& agent : outcome.panel) {
    if (was_interrupted(agent)) quorum.cancelled.push_back(agent.id);
    if (agent.chair_only || (agent.optional && !agent.available) || was_left_out(outcome, agent)) continue;
    if (has_failed(agent)) quorum.failed.push_back(agent.id);
    if (agent.status == ReviewStatus::partial) quorum.partial.push_back(agent.id);
    const bool valid = has_valid_review(agent);
    if (agent.role == AgentRole::analyser) {
      quorum.analysers_that_looked += valid ? 1 : 0;
      continue;
    }
    quorum.reviewers.push_back(&agent);
    declared_vendors.insert(agent.vendor);
    if (!valid) continue;
    ++quorum.valid;
    quorum.vendors.insert(agent.vendor);
  }
  // Never 0: silence is not approval, whatever is configured.
  quorum.min_reviews = std::max<std::size_t>(1, settings.min_reviews.value_or((quorum.reviewers.size() + 1) / 2));
  quorum.min_vendors = settings.min_vendors.value_or(std::min<std::size_t>(2, declared_vendors.size()));
  return quorum;
}

std::optional<std::string> missing_reviews(const Outcome& outcome, const Quorum& quorum) {
  if (quorum.valid < quorum.min_reviews) {
    return fmt::format("{} of {} reviewers gave a valid review, {} needed", quorum.valid, quorum.reviewers.size(),
                       quorum.min_reviews);
  }
  if (quorum.vendors.size() < quorum.min_vendors) {
    return fmt::format("valid reviews came from {}, {} needed", vendors(quorum.vendors.size()), quorum.min_vendors);
  }
  if (auto thin = thin_part(outcome, quorum)) return thin;
  return thin_hunk(outcome, quorum);
}

}  // namespace assize
