#include "report/procedure.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>

#include "core/text.h"
#include "report/view.h"

namespace assize::report {

namespace {

constexpr std::size_t kNamedParts = 6;
constexpr std::size_t kNamedFiles = 2;

std::string with_stop(std::string_view text) {
  const std::string_view bare = trim(text);
  if (bare.empty() || bare.ends_with('.')) return std::string(bare);
  return std::string(bare) + ".";
}

// A run of one round ends so when nothing is wrong; anything else is worth a sentence.
bool is_plain_end(const Outcome& outcome) {
  static constexpr std::array<std::string_view, 7> kPlain = {
      "", "completed", "nothing_contested", "single_round", "low_risk", "too_few_reviews", "no_reviewers"};
  return outcome.rounds <= 1 && std::find(kPlain.begin(), kPlain.end(), outcome.stop_reason) != kPlain.end();
}

std::string rounds_text(const Outcome& outcome) {
  const std::string& why = outcome.stop_reason_text.empty() ? outcome.stop_reason : outcome.stop_reason_text;
  if (is_plain_end(outcome)) return {};
  if (outcome.rounds <= 1) return with_stop("No debate was held: " + why);
  std::string text = fmt::format("{} rounds, {} of debate", outcome.rounds, outcome.rounds - 1);
  if (!why.empty()) text += ": " + why;
  return with_stop(text);
}

// "part 3 (src/a.c, src/b.c and 2 more)"
std::string part_text(const ChunkReport& chunk, std::size_t number) {
  std::string files;
  for (std::size_t i = 0; i < std::min(chunk.files.size(), kNamedFiles); ++i) {
    files += (i == 0 ? "" : ", ") + chunk.files[i];
  }
  if (chunk.files.size() > kNamedFiles) files += fmt::format(" and {} more", chunk.files.size() - kNamedFiles);
  return files.empty() ? fmt::format("part {}", number) : fmt::format("part {} ({})", number, files);
}

// Named up to a number, then counted.
struct Named {
  std::string text;
  std::size_t count = 0;
  void add(const std::string& name) {
    if (++count <= kNamedParts) text += (count == 1 ? "" : ", ") + name;
  }
  std::string done() const {
    return count > kNamedParts ? text + fmt::format(" and {} more", count - kNamedParts) : text;
  }
};

void add_parts(const Outcome& outcome, std::vector<std::string>& sentences) {
  if (outcome.chunks.size() < 2) return;
  Named unread;
  Named thin;
  for (std::size_t i = 0; i < outcome.chunks.size(); ++i) {
    const ChunkReport& chunk = outcome.chunks[i];
    if (chunk.valid.empty()) {
      unread.add(part_text(chunk, i + 1));
    } else if (chunk.valid.size() < chunk.asked.size()) {
      thin.add(fmt::format("part {} ({} of {})", i + 1, chunk.valid.size(), chunk.asked.size()));
    }
  }
  std::string text = fmt::format("Reviewed in {} parts", outcome.chunks.size());
  if (unread.count == 0 && thin.count == 0) text += ", each by all that were asked";
  sentences.push_back(text + ".");
  if (unread.count > 0) sentences.push_back("No valid review of " + unread.done() + ".");
  if (thin.count > 0) sentences.push_back("Fewer valid reviews than were asked for: " + thin.done() + ".");
}

// "Lenses: security (claude), performance (nobody with a valid review)."
std::string lenses_text(const Outcome& outcome) {
  if (outcome.lenses.empty()) return {};
  std::string text;
  for (const std::string& lens : outcome.lenses) {
    std::vector<std::string_view> holders;
    for (const AgentReport& agent : outcome.panel) {
      const bool reviewed = is_valid_review(agent.status) || agent.status == ReviewStatus::partial;
      // An agent can be dealt several, comma-joined.
      for (const std::string_view dealt : split(agent.lens, ',')) {
        if (reviewed && trim(dealt) == lens) holders.push_back(agent.id);
      }
    }
    text += fmt::format("{} {} ({})", text.empty() ? "" : ",", lens,
                        holders.empty() ? "nobody with a valid review" : join(holders, ", "));
  }
  return "Lenses:" + text + ".";
}

std::string limits_text(const BudgetReport& budget) {
  std::vector<std::string> limits;
  if (budget.total_timeout) limits.push_back(duration_text(*budget.total_timeout) + " in all");
  if (budget.phase_timeout) limits.push_back(duration_text(*budget.phase_timeout) + " a phase");
  if (budget.max_tokens) limits.push_back(tokens_text(*budget.max_tokens) + " tokens");
  if (budget.max_cost_usd) limits.push_back(fmt::format("${:.2f}", *budget.max_cost_usd));
  return join({limits.begin(), limits.end()}, ", ");
}

std::string budget_text(const BudgetReport& budget) {
  if (!budget.exhausted && budget.skipped.empty()) return {};
  std::string text = "The budget ran out";
  if (const std::string limits = limits_text(budget); !limits.empty()) text += " (" + limits + ")";
  if (!budget.skipped.empty()) {
    text += "; left out: " + join({budget.skipped.begin(), budget.skipped.end()}, ", ");
  }
  return text + ".";
}

}  // namespace

std::vector<std::string> procedure_of(const Outcome& outcome) {
  std::vector<std::string> sentences;
  const auto add = [&sentences](std::string sentence) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  };
  if (outcome.risk) {
    std::string text = fmt::format("Depth by the risk of the change, {}", to_string(*outcome.risk));
    if (!outcome.risk_reason.empty()) text += ": " + outcome.risk_reason;
    add(with_stop(text));
  }
  add_parts(outcome, sentences);
  if (outcome.divide == "files") add("Divided by files: each part went to one reviewer.");
  if (outcome.divide == "lenses") add("Divided by lenses: each reviewer looked at all of it under its own.");
  add(lenses_text(outcome));
  add(rounds_text(outcome));
  const bool could_verify = !outcome.offline && outcome.mode != "group";
  if (!outcome.verification && !outcome.groups.empty() && could_verify) {
    add("Verification was off: nobody checked the groups.");
  }
  add(budget_text(outcome.budget));
  return sentences;
}

std::string spent_text(const Outcome& outcome) {
  const Charge& spent = outcome.budget.spent;
  if (spent.tokens == 0 && spent.cost_usd == 0) return usage_text(usage_of(outcome));
  std::string text = tokens_text(spent.tokens);
  if (outcome.budget.max_tokens) text += " of " + tokens_text(*outcome.budget.max_tokens);
  text += " tokens";
  if (spent.cost_usd > 0 || outcome.budget.max_cost_usd) text += fmt::format(", ${:.2f}", spent.cost_usd);
  if (outcome.budget.max_cost_usd) text += fmt::format(" of ${:.2f}", *outcome.budget.max_cost_usd);
  if (spent.estimated) text += " (in part estimated)";
  return text;
}

bool was_voted(const Outcome& outcome) {
  return outcome.vote &&
         std::any_of(outcome.decision.trace.begin(), outcome.decision.trace.end(), [](const auto& step) {
           return step.rule == "panel_vote" || step.rule == "no_ballots";  // trial/gate_vote.cc
         });
}

}  // namespace assize::report
