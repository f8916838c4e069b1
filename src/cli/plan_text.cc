#include <algorithm>

#include <fmt/format.h>

#include "cli/plan_report.h"
#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::size_t kPartsShown = 100;   // --json has them all
constexpr std::size_t kFilesOfAChunk = 4;  // that are named; the rest is counted

std::string clean(std::string_view text) {
  return strip_controls(to_valid_utf8(text), Newlines::to_space);
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string file_line(const FileCoverage& file) {
  const std::string name = file.old_path.empty() || file.old_path == file.path
                               ? clean(file.path)
                               : clean(file.old_path) + " -> " + clean(file.path);
  std::string line = fmt::format("  {:<9} {}", file.kind, name);
  if (file.set_aside) {
    line += fmt::format("  ({}{}; {} bytes)", to_string(*file.set_aside),
                        file.detail.empty() ? "" : ": " + clean(file.detail), file.bytes);
  } else {
    line += fmt::format("  +{} -{}", file.added, file.removed);
    if (!file.detail.empty()) line += fmt::format("  ({})", clean(file.detail));
  }
  return line + "\n";
}

std::string files_text(const std::vector<FileCoverage>& files, const Plan& plan, Subject subject) {
  std::string kept, aside;
  for (const FileCoverage& file : files) (file.set_aside ? aside : kept) += file_line(file);
  std::string text = fmt::format("\nReviewed: {}, {} bytes of {}\n{}", counted(plan.kept_files(), "file", "files"),
                                 plan.kept.value, subject == Subject::document ? "text" : "diff", kept);
  if (!aside.empty()) text += fmt::format("\nSet aside: {}\n{}", files.size() - plan.kept_files(), aside);
  return text;
}

std::string files_of(const Chunk& chunk) {
  std::string text;
  const auto& files = chunk.change.files;
  for (std::size_t i = 0; i < std::min(files.size(), kFilesOfAChunk); ++i) {
    text += (text.empty() ? "" : ", ") + clean(files[i].path());
  }
  if (files.size() > kFilesOfAChunk) text += fmt::format(" and {} more", files.size() - kFilesOfAChunk);
  return text;
}

std::string chunks_text(const std::vector<Chunk>& chunks) {
  if (chunks.size() < 2) return {};
  std::string text = fmt::format("\nParts: {}, each reviewed on its own\n", chunks.size());
  for (std::size_t i = 0; i < std::min(chunks.size(), kPartsShown); ++i) {
    text += fmt::format("  {:>3}  {:>7} bytes  {}\n", i + 1, chunks[i].plan.kept.value, files_of(chunks[i]));
  }
  if (chunks.size() > kPartsShown) text += fmt::format("  and {} more\n", chunks.size() - kPartsShown);
  return text;
}

// "1, 4, 7" for people, who count from one.
std::string numbers(const std::vector<int>& chunks) {
  std::string text;
  for (const int chunk : chunks) text += fmt::format("{}{}", text.empty() ? "" : ", ", chunk + 1);
  return text;
}

std::string seat_text(const ReviewSetup& setup, std::size_t index, const SeatForecast& seat) {
  const RosterEntry& entry = setup.roster[index];
  std::string text = fmt::format("  {:<14} {:<9} {}{}\n", entry.spec->id, entry.spec->kind,
                                 entry.available ? (entry.version.empty() ? "ready" : "ready, " + clean(entry.version))
                                                 : "not available: " + clean(entry.unavailable->message),
                                 entry.spec->chair_only ? "; in the chair alone" : "");
  if (!seat.lens.empty()) text += fmt::format("    looks at: {}\n", clean(seat.lens));
  if (!entry.spec->perspective.empty()) text += fmt::format("    told: {}\n", clean(entry.spec->perspective));
  if (setup.settings.division == Division::files && setup.chunks.size() > 1 && !seat.chunks.empty()) {
    text += fmt::format("    parts: {}\n", numbers(seat.chunks));
  }
  if (!entry.command_line.empty()) {
    text += fmt::format("    {}: {}\n", word_for_asking(setup.agents[index]), clean(shell_words(entry.command_line)));
  }
  return text;
}

std::string panel_text(const ReviewSetup& setup, const Forecast& forecast) {
  std::string text = setup.offline ? "\nPanel (offline: rules and analysers alone)\n" : "\nPanel\n";
  for (std::size_t i = 0; i < setup.roster.size(); ++i) text += seat_text(setup, i, forecast.seats[i]);
  return text;
}

std::string debate_text(const TrialSettings& settings, const Forecast& forecast) {
  if (!forecast.can_debate) {
    return forecast.reviewers < 2 ? "none: there is one reviewer" : "none: each part has one reviewer";
  }
  if (forecast.last_round < 2) return forecast.risk == Risk::low ? "none: the risk is low" : "none";
  if (settings.debate == Debate::fixed) return fmt::format("{} rounds, the review included", forecast.last_round);
  return fmt::format("until nobody moves, at most {} rounds, the review included", forecast.last_round);
}

std::string verify_text(const TrialSettings& settings, const Forecast& forecast) {
  if (settings.verify == Verify::off) return "off";
  return forecast.risk == Risk::high ? "each group twice: the risk is high"
                                     : "each group by somebody who did not raise it";
}

// How they work together; nothing of it happens without a model reviewer.
std::string procedure_text(const ReviewSetup& setup, const Forecast& forecast) {
  if (forecast.reviewers == 0) return {};
  const TrialSettings& settings = setup.settings;
  std::string text = "\nProcedure\n";
  if (forecast.risk)
    text += fmt::format("  risk      {}: {}\n", to_string(*forecast.risk), clean(forecast.risk_reason));
  text += fmt::format("  debate    {}\n", debate_text(settings, forecast));
  text += fmt::format("  verify    {}\n", verify_text(settings, forecast));
  text += fmt::format("  chair     {}\n", forecast.chair);
  if (settings.division != Division::none) {
    text += fmt::format("  divided   by {}\n", settings.division == Division::files ? "files" : "lenses");
  }
  if (settings.quorum) {
    text += fmt::format("  quorum    after {} the others get {}\n",
                        counted(*settings.quorum, "valid review", "valid reviews"), to_string(settings.grace));
  }
  if (settings.gate.decide_by == DecideBy::vote) text += "  decision  the gate, tightened by the reviewers' votes\n";
  if (!settings.policy.empty()) text += fmt::format("  policy    {}\n", clean(settings.policy.name));
  return text;
}

std::string budget_text(const BudgetReport& budget) {
  std::vector<std::string> limits;
  if (budget.total_timeout) limits.push_back(to_string(*budget.total_timeout) + " in all");
  if (budget.phase_timeout) limits.push_back(to_string(*budget.phase_timeout) + " a phase");
  if (budget.max_tokens) limits.push_back(counted(*budget.max_tokens, "token", "tokens"));
  if (budget.max_cost_usd) limits.push_back(fmt::format("{} US dollars", *budget.max_cost_usd));
  return limits.empty() ? std::string() : fmt::format("Budget: {}\n", fmt::join(limits, ", "));
}

// Money where a price is known.
std::string charge_text(const Charge& charge) {
  const std::string tokens = counted(charge.tokens, "token", "tokens");
  return charge.cost_usd > 0 ? fmt::format("{}, {:.2f} US dollars at list prices", tokens, charge.cost_usd) : tokens;
}

std::string estimate_text(const Forecast& forecast) {
  std::string text = fmt::format("\nEstimated input: {} tokens for {}", forecast.input_tokens,
                                 counted(forecast.reviewers, "model reviewer", "model reviewers"));
  if (forecast.review_calls > forecast.reviewers) text += fmt::format(" in {} calls", forecast.review_calls);
  text += "\n";
  if (forecast.review_calls == 0) return text;
  text += fmt::format("With their answers: {}\n", charge_text(forecast.reviews));
  return text +
         fmt::format("Debate, verification and summary: at most about {} more\n", charge_text(forecast.later_at_most));
}

}  // namespace

std::string plan_text(const ReviewSetup& setup, const Forecast& forecast) {
  const Change& change = setup.intake.change;
  std::string text = fmt::format("{}: {}\n", setup.settings.subject == Subject::document ? "Document" : "Change",
                                 change.source.empty() ? "(none)" : clean(change.source));
  if (change.files.empty()) {
    text += "nothing to review\n";
  } else {
    text += files_text(coverage_of(change, setup.intake.plan), setup.intake.plan, setup.settings.subject);
  }
  for (const std::string& path : change.private_files) text += fmt::format("  private, not shown: {}\n", clean(path));
  text += chunks_text(setup.chunks);
  text += panel_text(setup, forecast);
  text += procedure_text(setup, forecast);
  text += estimate_text(forecast);
  text += budget_text(setup.settings.budget);
  for (const ChangeWarning& warning : change.warnings) {
    text +=
        fmt::format("warning: {}{}\n", warning.path.empty() ? "" : clean(warning.path) + ": ", clean(warning.message));
  }
  for (const std::string& warning : setup.warnings) text += fmt::format("warning: {}\n", clean(warning));
  return text + "Nothing was run.\n";
}

}  // namespace assize
