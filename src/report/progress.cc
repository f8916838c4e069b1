#include "report/progress.h"

#include <algorithm>

#include <fmt/core.h>

#include "report/inert.h"
#include "report/view.h"

namespace assize {

using namespace report;

namespace {

// A part of the change was asked about, not all of it.
bool is_about_a_part(const Call& call) {
  if (call.agent && role_of(call.agent->kind) == AgentRole::analyser) return false;
  return call.phase != Phase::synthesis && call.phase != Phase::task;
}

std::string name_of(const Call& call) {
  return call.agent ? inert_line(call.agent->id, kTitleBytes) : "?";
}

// "2 verified, 1 refuted"
std::string verdicts_text(const Outcome& outcome) {
  std::string text;
  const auto add = [&](GroupStatus status, std::string_view word) {
    const auto count = std::count_if(outcome.groups.begin(), outcome.groups.end(),
                                     [status](const Group& group) { return group.status == status; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
  };
  add(GroupStatus::verified, "verified");
  add(GroupStatus::unsupported, "refuted");
  add(GroupStatus::disputed, "disputed");
  add(GroupStatus::needs_human, "for a person to judge");
  add(GroupStatus::unverified, "unverified");
  return text;
}

std::string error_text(const CallError& error) {
  std::string text(to_string(error.kind));
  if (!error.message.empty()) text += ": " + inert_line(error.message, kMessageBytes);
  return text;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  return fmt::format("{} KiB", bytes / 1024);
}

}  // namespace

ProgressLines::ProgressLines(std::function<void(std::string_view)> sink, std::function<Millis()> elapsed)
    : sink_(std::move(sink)), elapsed_(std::move(elapsed)) {}

void ProgressLines::say(std::string line) {
  last_line_ = elapsed_();
  line += '\n';
  sink_(line);
}

std::string ProgressLines::label_of(const Call& call) const {
  std::string label = name_of(call);
  if (parts_ > 1 && is_about_a_part(call)) label += fmt::format(", part {}", call.chunk + 1);
  if (call.phase != Phase::review) label += fmt::format(" ({})", to_string(call.phase));
  return label;
}

void ProgressLines::run_started(const Outcome& outcome) {
  parts_ = outcome.chunks.size();
  for (const AgentReport& agent : outcome.panel) parts_ = std::max(parts_, agent.chunks.size());
}

void ProgressLines::phase_started(Phase phase, int round) {
  begun_.clear();
  say(round > 1 ? fmt::format("{}, round {}", to_string(phase), round) : std::string(to_string(phase)));
}

void ProgressLines::phase_finished(Phase phase, int /*round*/, const Outcome& outcome) {
  switch (phase) {
    case Phase::review:
      for (const AgentReport& agent : outcome.panel) {
        if (agent.chunks.size() < 2) continue;  // told when it was read
        const std::string what = !is_valid_review(agent.status)
                                     ? fmt::format("{}: {}", shortfall_of(agent), problem_of(agent))
                                 : agent.findings == 0 ? "clean"
                                                       : plural(agent.findings, "finding");
        say(fmt::format("  {}: {}", inert_line(agent.id, kTitleBytes), inert_line(what, kMessageBytes)));
      }
      if (!outcome.groups.empty()) {
        say(fmt::format("  {} in {}", plural(outcome.findings.size(), "finding"),
                        plural(outcome.groups.size(), "group")));
      }
      break;
    case Phase::debate:
      say(fmt::format("  {}, {}", plural(outcome.stances.size() - std::min(stances_, outcome.stances.size()), "stance"),
                      plural(outcome.findings.size() - std::min(findings_, outcome.findings.size()), "new finding")));
      break;
    case Phase::verify:
      if (const std::string text = verdicts_text(outcome); !text.empty()) say("  " + text);
      break;
    default:
      break;
  }
  stances_ = outcome.stances.size();
  findings_ = outcome.findings.size();
}

void ProgressLines::review_read(const AgentReport& report) {
  if (report.chunks.size() > 1) return;  // told once, when all parts are read
  const std::string id = inert_line(report.id, kTitleBytes);
  if (is_valid_review(report.status)) {
    say(fmt::format("  {}: {}", id, report.findings == 0 ? "clean" : plural(report.findings, "finding")));
  } else if (!report.error) {  // a failed call was told when it failed
    say(fmt::format("  {}: no valid review: {}", id, inert_line(problem_of(report), kMessageBytes)));
  }
}

void ProgressLines::call_started(const Call& call) {
  const std::string label = label_of(call);
  const bool again = running_.contains(call_key(call));
  running_[call_key(call)] = Running{elapsed_(), 0, label};
  // Of many parts, each would be a line of no news.
  if (parts_ > 1 && is_about_a_part(call) && !again && !begun_.insert(name_of(call)).second) return;
  say(fmt::format("  {} started", label));
}

void ProgressLines::call_progress(const Call& call, std::uint64_t output_bytes) {
  const auto it = running_.find(call_key(call));
  if (it != running_.end()) it->second.bytes = output_bytes;
}

void ProgressLines::call_retry(const Call& call, const CallError& error, Millis wait) {
  say(fmt::format("  {} tries again in {}: {}", label_of(call), duration_text(wait), error_text(error)));
}

void ProgressLines::call_finished(const Call& call, const Answer& answer) {
  running_.erase(call_key(call));
  if (answer.error && answer.error->kind == CallErrorKind::not_applicable) {
    say(fmt::format("  {} has nothing to read here", label_of(call)));
  } else if (answer.error) {
    say(fmt::format("  {} failed after {}: {}", label_of(call), duration_text(answer.duration),
                    error_text(*answer.error)));
  } else {
    say(fmt::format("  {} answered after {}", label_of(call), duration_text(answer.duration)));
  }
}

void ProgressLines::tick() {
  // Half a second early, so that a loop that ticks each second stays within the bound.
  constexpr Millis kMargin{1'000};
  const Millis now = elapsed_();
  if (running_.empty() || now - last_line_ < kHeartbeat - kMargin) return;
  constexpr std::size_t kNamed = 8;
  std::string line = fmt::format("  {}, waiting for {}:", duration_text(now), plural(running_.size(), "answer"));
  std::size_t named = 0;
  for (const auto& [key, call] : running_) {
    if (named++ == kNamed) {
      line += " …";
      break;
    }
    line += fmt::format(" {} ({}, {})", call.label, duration_text(now - call.since), bytes_text(call.bytes));
  }
  say(std::move(line));
}

}  // namespace assize
