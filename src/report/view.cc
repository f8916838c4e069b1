#include "report/view.h"

#include <fmt/core.h>

namespace assize::report {

namespace {

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& part) {
  if (part) sum = sum.value_or(T{}) + *part;
}

}  // namespace

OutcomeIndex::OutcomeIndex(const Outcome& outcome) {
  findings_.reserve(outcome.findings.size());
  for (const Finding& finding : outcome.findings) findings_.emplace(finding.id, &finding);
  for (const AgentReport& agent : outcome.panel) agents_.emplace(agent.id, &agent);
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
    ++totals.reviewers;
    if (agent.repaired) ++totals.repaired;
    if (valid) {
      ++totals.valid;
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
  if (agent.available && !agent.error && agent.attempts == 0 && agent.status == ReviewStatus::unavailable) {
    return "not asked";
  }
  return !agent.available || agent.status == ReviewStatus::unavailable ? "unavailable" : "no valid review";
}

std::string problem_of(const AgentReport& agent) {
  if (is_valid_review(agent.status)) return {};
  if (!agent.unavailable_reason.empty()) return agent.unavailable_reason;
  if (shortfall_of(agent) == "not asked") return "there was nothing to review";
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
