#include "report/progress.h"

#include <fmt/core.h>

#include "report/inert.h"
#include "report/view.h"

namespace assize {

using namespace report;

namespace {

std::string label_of(const Call& call) {
  std::string label = call.agent ? inert_line(call.agent->id, kTitleBytes) : "?";
  if (call.phase != Phase::review) label += fmt::format(" ({})", to_string(call.phase));
  return label;
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

void ProgressLines::phase_started(Phase phase, int round) {
  say(round > 1 ? fmt::format("{}, round {}", to_string(phase), round) : std::string(to_string(phase)));
}

void ProgressLines::review_read(const AgentReport& report) {
  const std::string id = inert_line(report.id, kTitleBytes);
  if (is_valid_review(report.status)) {
    say(fmt::format("  {}: {}", id, report.findings == 0 ? "clean" : plural(report.findings, "finding")));
  } else if (!report.error) {  // a failed call was told when it failed
    say(fmt::format("  {}: no valid review: {}", id, inert_line(problem_of(report), kMessageBytes)));
  }
}

void ProgressLines::call_started(const Call& call) {
  const std::string label = label_of(call);
  running_[call_key(call)] = Running{elapsed_(), 0, label};
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
