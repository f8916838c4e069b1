#include "report/view.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/text.h"

namespace assize::report {

namespace {

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& part) {
  if (part) sum = sum.value_or(T{}) + *part;
}

// Of how many parts, and what went wrong with the others.
std::string partial_text(const AgentReport& agent) {
  if (agent.chunks.empty())
    return agent.parse_reason.empty() ? "not of all that it was asked about" : agent.parse_reason;
  const auto valid = std::count_if(agent.chunks.begin(), agent.chunks.end(),
                                   [](const ChunkReview& chunk) { return is_valid_review(chunk.status); });
  std::string text = fmt::format("{} of {} parts", valid, agent.chunks.size());
  constexpr std::size_t kNamed = 3;
  std::size_t named = 0;
  for (const ChunkReview& chunk : agent.chunks) {
    if (is_valid_review(chunk.status)) continue;
    if (++named > kNamed) {
      text += "; …";
      break;
    }
    text +=
        fmt::format("; part {}: {}", chunk.chunk + 1, chunk.reason.empty() ? to_string(chunk.status) : chunk.reason);
  }
  return text;
}

// Nobody verified it: stances alone made it so.
bool is_disputed_in_debate(const Group& group, const OutcomeIndex& index) {
  return group.status == GroupStatus::disputed && index.verdicts(group).empty() && !group.against.empty();
}

std::string votes_text(const Group& group) {
  const auto side = [](const std::vector<std::string>& agents, std::string_view word) {
    std::string text = fmt::format("{} {}", agents.size(), word);
    if (!agents.empty()) text += fmt::format(" ({})", join({agents.begin(), agents.end()}, ", "));
    return text;
  };
  return side(group.support, "for") + ", " + side(group.against, "against");
}

}  // namespace

OutcomeIndex::OutcomeIndex(const Outcome& outcome) {
  findings_.reserve(outcome.findings.size());
  for (const Finding& finding : outcome.findings) findings_.emplace(finding.id, &finding);
  for (const AgentReport& agent : outcome.panel) agents_.emplace(agent.id, &agent);
  for (const Stance& stance : outcome.stances) stances_[stance.group].push_back(&stance);
  for (const GroupVerdict& verdict : outcome.verdicts) verdicts_[verdict.group].push_back(&verdict);
}

std::span<const Stance* const> OutcomeIndex::stances(const Group& group) const {
  const auto it = stances_.find(group.id);
  return it == stances_.end() ? std::span<const Stance* const>() : it->second;
}

std::span<const GroupVerdict* const> OutcomeIndex::verdicts(const Group& group) const {
  const auto it = verdicts_.find(group.id);
  return it == verdicts_.end() ? std::span<const GroupVerdict* const>() : it->second;
}

const Finding* OutcomeIndex::finding(std::string_view id) const {
  const auto it = findings_.find(id);
  return it == findings_.end() ? nullptr : it->second;
}

const AgentReport* OutcomeIndex::agent(std::string_view id) const {
  const auto it = agents_.find(id);
  return it == agents_.end() ? nullptr : it->second;
}

Totals totals_of(const Outcome& outcome) {
  Totals totals;
  for (const Group& group : outcome.groups) {
    ++totals.statuses.at(static_cast<std::size_t>(group.status));
    if (group.status == GroupStatus::unsupported) {
      ++totals.unsupported;
      continue;
    }
    ++totals.groups.at(static_cast<std::size_t>(group.severity));
    if (!group.anchored) ++totals.unanchored;
  }
  totals.findings = outcome.findings.size();
  for (const AgentReport& agent : outcome.panel) {
    totals.dropped += agent.dropped.size();
    const bool valid = is_valid_review(agent.status);
    if (agent.role == AgentRole::analyser) {
      ++totals.analysers;
      if (valid) ++totals.analysers_valid;
      continue;
    }
    if (agent.chair_only) {
      ++totals.chair_only;
      continue;
    }
    ++totals.reviewers;
    if (agent.repaired) ++totals.repaired;
    if (valid) {
      ++totals.valid;
    } else if (agent.status == ReviewStatus::partial) {
      ++totals.partial;
    } else if (!agent.available || agent.status == ReviewStatus::unavailable) {
      ++totals.unavailable;
    } else {
      ++totals.invalid;
    }
  }
  return totals;
}

CoverageTotals coverage_of(const Outcome& outcome) {
  CoverageTotals totals;
  for (const FileCoverage& file : outcome.coverage) {
    ++totals.files;
    if (file.set_aside) {
      ++totals.set_aside;
      continue;
    }
    bool covered = !file.hunks.empty();
    for (const HunkCoverage& hunk : file.hunks) {
      ++totals.hunks;
      if (!hunk.agents.empty()) ++totals.reviewed;
      covered = covered && !hunk.agents.empty();
    }
    if (covered || !file.analysers.empty()) ++totals.files_reviewed;
  }
  return totals;
}

UsageTotals usage_of(const Outcome& outcome) {
  UsageTotals totals;
  for (const AgentReport& agent : outcome.panel) {
    if (agent.role == AgentRole::analyser) continue;
    if (agent.attempts > 0) ++totals.agents_asked;
    add(totals.sum.input_tokens, agent.usage.input_tokens);
    add(totals.sum.output_tokens, agent.usage.output_tokens);
    add(totals.sum.cached_tokens, agent.usage.cached_tokens);
    add(totals.sum.cost_usd, agent.usage.cost_usd);
    if (agent.usage.cost_usd) ++totals.agents_with_cost;
  }
  return totals;
}

std::string_view verdict_word(Verdict verdict, std::string_view mode) {
  if (mode != "issue") return to_string(verdict);
  switch (verdict) {
    case Verdict::approve:
      return "READY";
    case Verdict::request_changes:
      return "NEEDS_INFO";
    case Verdict::comment:
      break;
  }
  return "UNCLEAR";
}

std::string status_text(const Group& group, const OutcomeIndex& index) {
  std::string_view word = to_string(group.status);
  std::optional<VerdictStatus> borne_out_by;
  if (group.status == GroupStatus::verified) borne_out_by = VerdictStatus::verified;
  if (group.status == GroupStatus::unsupported) {
    word = "refuted";
    borne_out_by = VerdictStatus::unsupported;
  }
  if (group.status == GroupStatus::needs_human) word = "needs a person";
  if (is_disputed_in_debate(group, index)) return fmt::format("{}: {}", word, votes_text(group));

  const auto verdicts = index.verdicts(group);
  const auto bears_out = [&](const GroupVerdict* verdict) { return verdict->status == borne_out_by; };
  if (borne_out_by && !verdicts.empty() && std::all_of(verdicts.begin(), verdicts.end(), bears_out)) {
    std::vector<std::string_view> agents;
    for (const GroupVerdict* verdict : verdicts) {
      if (std::find(agents.begin(), agents.end(), verdict->agent) == agents.end()) agents.push_back(verdict->agent);
    }
    return fmt::format("{} by {}", word, join(agents, " and "));
  }
  std::string_view reason = trim(group.status_reason);
  if (reason.ends_with('.')) reason.remove_suffix(1);
  return reason.empty() ? std::string(word) : fmt::format("{}: {}", word, reason);
}

std::string tally_text(const Group& group, const OutcomeIndex& index) {
  if (index.stances(group).empty() || is_disputed_in_debate(group, index)) return {};
  return votes_text(group);
}

std::vector<Opinion> opinions_on(const Group& group, const OutcomeIndex& index) {
  std::vector<Opinion> opinions;
  for (const GroupVerdict* verdict : index.verdicts(group)) {
    const std::string_view word = verdict->status == VerdictStatus::unsupported   ? "refuted"
                                  : verdict->status == VerdictStatus::needs_human ? "undecided"
                                                                                  : to_string(verdict->status);
    std::string text = verdict->reason;
    if (!verdict->evidence.empty()) {
      text += fmt::format("{}({}{})", text.empty() ? "" : " ", verdict->evidence,
                          verdict->evidence_anchored ? "" : ", which does not exist");
    }
    opinions.push_back({fmt::format("{}, {}", verdict->agent, word), std::move(text)});
  }
  for (const std::string& agent : group.against) {
    const Stance* latest = nullptr;
    for (const Stance* stance : index.stances(group)) {
      if (stance->agent == agent && stance->value == StanceValue::disagree) latest = stance;
    }
    if (latest != nullptr) opinions.push_back({agent + " disagrees", latest->reason});
  }
  return opinions;
}

Shelf shelf_of(const Group& group) {
  if (group.status == GroupStatus::unsupported) return Shelf::unsupported;
  return group.anchored ? Shelf::by_severity : Shelf::unanchored;
}

Place place_of(const Finding& finding) {
  if (is_anchored(finding.anchor.state) && !finding.anchor.path.empty()) {
    return {finding.anchor.path, finding.anchor.lines, finding.anchor.side};
  }
  return {finding.cited.path, finding.cited.lines, finding.cited.side};
}

std::string lines_text(const Place& place) {
  if (!place.lines) return {};
  std::string text = place.lines->last > place.lines->first
                         ? fmt::format(":{}-{}", place.lines->first, place.lines->last)
                         : fmt::format(":{}", place.lines->first);
  if (place.side == Side::pre_image) text += " (removed)";
  return text;
}

std::string agreement_text(const Agreement& agreement) {
  if (agreement.n == 0) return "no reviewer answered for this file";
  std::string text = fmt::format("{}/{} {}", agreement.k, agreement.n, agreement.n == 1 ? "reviewer" : "reviewers");
  if (agreement.k > 1) text += fmt::format(" ({})", to_string(agreement.level));
  return text;
}

Raisers raisers_of(const Group& group, const OutcomeIndex& index) {
  Raisers raisers;
  for (const std::string& id : group.agents) {
    const AgentReport* agent = index.agent(id);
    const bool analyser = agent != nullptr && agent->role == AgentRole::analyser;
    (analyser ? raisers.analysers : raisers.reviewers).push_back(id);
  }
  return raisers;
}

std::string_view shortfall_of(const AgentReport& agent) {
  if (is_valid_review(agent.status)) return {};
  if (agent.error && agent.error->kind == CallErrorKind::not_applicable) return "not applicable";
  if (agent.chair_only && agent.available && !agent.error) return "no reviewer";
  if (agent.available && !agent.error && agent.attempts == 0 && agent.status == ReviewStatus::unavailable) {
    return "not asked";
  }
  if (agent.status == ReviewStatus::partial) return "partial review";
  return !agent.available || agent.status == ReviewStatus::unavailable ? "unavailable" : "no valid review";
}

std::string problem_of(const AgentReport& agent) {
  if (is_valid_review(agent.status)) return {};
  if (!agent.unavailable_reason.empty()) return agent.unavailable_reason;
  const std::string_view shortfall = shortfall_of(agent);
  if (shortfall == "not asked") return "there was nothing to review";
  if (shortfall == "no reviewer") return "chairs and verifies";
  if (shortfall == "partial review") return partial_text(agent);
  std::string reason;
  if (agent.error && agent.error->kind == CallErrorKind::not_applicable && !agent.error->message.empty()) {
    reason = agent.error->message;
  } else if (agent.error) {
    reason = to_string(agent.error->kind);
    if (!agent.error->message.empty()) reason += ": " + agent.error->message;
  } else {
    reason = to_string(agent.status);
    if (!agent.parse_reason.empty()) reason += ": " + agent.parse_reason;
  }
  return reason;
}

std::vector<std::string> warnings_of(const Outcome& outcome, std::size_t of_each_analyser) {
  std::vector<std::string> all = outcome.warnings;
  for (const AgentReport& agent : outcome.panel) {
    if (agent.role != AgentRole::analyser) continue;
    for (std::size_t i = 0; i < std::min(agent.warnings.size(), of_each_analyser); ++i) {
      all.push_back(agent.id + ": " + agent.warnings[i]);
    }
    if (agent.warnings.size() > of_each_analyser) {
      all.push_back(fmt::format("{}: and {} more", agent.id, agent.warnings.size() - of_each_analyser));
    }
  }
  return all;
}

std::string call_key(const Call& call) {
  return fmt::format("{}/{}/{}/{}/{}", call.agent ? call.agent->id : "", to_string(call.phase), call.round, call.chunk,
                     call.ordinal);
}

std::string plural(std::size_t count, std::string_view singular, std::string_view plural_form) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural_form.empty() ? fmt::format("{} {}s", count, singular) : fmt::format("{} {}", count, plural_form);
}

std::string duration_text(Millis duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  return fmt::format("{} min {} s", ms / 60'000, ms / 1000 % 60);
}

std::string tokens_text(std::uint64_t tokens) {
  if (tokens < 1000) return fmt::format("{}", tokens);
  if (tokens < 1'000'000) return fmt::format("{}.{}k", tokens / 1000, tokens % 1000 / 100);
  return fmt::format("{}.{}M", tokens / 1'000'000, tokens % 1'000'000 / 100'000);
}

std::string usage_text(const UsageTotals& usage) {
  std::string text;
  const auto append = [&text](const std::string& part) { text += text.empty() ? part : ", " + part; };
  if (usage.sum.input_tokens) append(tokens_text(*usage.sum.input_tokens) + " tokens in");
  if (usage.sum.output_tokens) append(tokens_text(*usage.sum.output_tokens) + " tokens out");
  if (usage.sum.cost_usd) {
    append(fmt::format("${:.2f}", *usage.sum.cost_usd));
    if (usage.agents_with_cost < usage.agents_asked) {
      text += fmt::format(" (as {} of {} agents report)", usage.agents_with_cost, usage.agents_asked);
    }
  }
  return text;
}

std::string join(const std::vector<std::string_view>& words, std::string_view separator) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace assize::report
