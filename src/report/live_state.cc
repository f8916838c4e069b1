#include "report/live_state.h"

#include <algorithm>

#include <fmt/core.h>

#include "report/inert.h"
#include "report/view.h"

namespace assize::report {

namespace {

constexpr std::size_t kNameBytes = 64;  // of an agent's id; ids are no longer
constexpr std::size_t kWhyBytes = 200;

}  // namespace

void LiveState::run_started(const Outcome& outcome) {
  agents_.clear();
  for (const AgentReport& declared : outcome.panel) {
    Agent& agent = agents_.emplace_back();
    agent.name = inert_line(declared.id, kNameBytes);
    if (!declared.available) {
      agent.unavailable = inert_line(problem_of(declared), kWhyBytes);
      if (agent.unavailable.empty()) agent.unavailable = "unavailable";
    }
    if (declared.chunks.size() > 1) agent.parts = declared.chunks.size();
    const bool reads_parts = declared.role == AgentRole::reviewer && !declared.chair_only;
    if (agent.parts == 0 && reads_parts && outcome.chunks.size() > 1) {
      const auto asked = std::count_if(outcome.chunks.begin(), outcome.chunks.end(), [&](const ChunkReport& chunk) {
        return std::find(chunk.asked.begin(), chunk.asked.end(), declared.id) != chunk.asked.end();
      });
      agent.parts = asked > 0 ? static_cast<std::size_t>(asked) : outcome.chunks.size();
    }
  }
}

void LiveState::phase_started(Phase phase, int round) {
  phase_ = phase;
  round_ = round;
}

void LiveState::phase_finished(const Outcome& outcome) {
  groups_ = outcome.groups.size();
}

LiveState::Agent& LiveState::agent_of(const Call& call) {
  const std::string name = call.agent ? inert_line(call.agent->id, kNameBytes) : "?";
  const auto found =
      std::find_if(agents_.begin(), agents_.end(), [&](const Agent& agent) { return agent.name == name; });
  if (found != agents_.end()) return *found;
  agents_.emplace_back().name = name;
  return agents_.back();
}

LiveState::Agent& LiveState::enter(const Call& call, Millis now) {
  Agent& agent = agent_of(call);
  const Phase phase = call.phase == Phase::repair ? Phase::review : call.phase;
  if (agent.phase == phase && agent.round == call.round) return agent;
  agent.phase = phase;
  agent.round = call.round;
  agent.finished.clear();
  agent.failed = 0;
  agent.last_failure.clear();
  agent.since = agent.until = now;
  return agent;
}

void LiveState::review_read(const AgentReport& report) {
  const std::string name = inert_line(report.id, kNameBytes);
  for (Agent& agent : agents_) {
    if (agent.name != name) continue;
    agent.findings = report.findings;
    if (report.chunks.size() > 1) agent.parts = report.chunks.size();
    agent.parts_not_valid = static_cast<std::size_t>(
        std::count_if(report.chunks.begin(), report.chunks.end(),
                      [](const ChunkReview& chunk) { return !is_valid_review(chunk.status); }));
    agent.not_valid.clear();
    const std::string_view shortfall = shortfall_of(report);
    if (shortfall == "no valid review") agent.not_valid = to_string(report.status);
  }
}

void LiveState::call_started(const Call& call, Millis now) {
  OpenCall& open = enter(call, now).open[call_key(call)];
  open = OpenCall{.last_sign = now, .bytes = 0, .retry_at = std::nullopt};
}

void LiveState::call_progress(const Call& call, std::uint64_t bytes, Millis now) {
  OpenCall& open = enter(call, now).open[call_key(call)];
  open = OpenCall{.last_sign = now, .bytes = bytes, .retry_at = std::nullopt};
}

void LiveState::call_retry(const Call& call, const CallError& /*error*/, Millis wait, Millis now) {
  OpenCall& open = enter(call, now).open[call_key(call)];
  open = OpenCall{.last_sign = now, .bytes = 0, .retry_at = now + wait};
}

void LiveState::call_finished(const Call& call, const Answer& answer, Millis now) {
  Agent& agent = enter(call, now);
  const std::string key = call_key(call);
  agent.open.erase(key);
  agent.until = now;
  if (call.phase == Phase::repair) return;
  agent.finished.insert(key);
  if (!answer.error || answer.error->kind == CallErrorKind::not_applicable) return;
  ++agent.failed;
  agent.last_failure = to_string(answer.error->kind);
}

LiveRow LiveState::row_of(const Agent& agent, Millis now) {
  LiveRow row;
  row.name = agent.name;
  row.phase = agent.phase;
  row.round = agent.round;
  row.findings = agent.findings;
  row.parts_done = agent.finished.size();
  if (agent.phase == Phase::review && agent.parts > 0) {
    row.parts = agent.parts;
    row.parts_done = std::min(row.parts_done, row.parts);  // one may be asked for twice
  }
  row.parts_failed = agent.failed;
  row.elapsed = (agent.open.empty() ? agent.until : now) - agent.since;

  if (!agent.open.empty()) {
    row.state = LiveRow::State::retrying;
    std::optional<Millis> soonest;
    std::optional<Millis> sign;
    for (const auto& [key, call] : agent.open) {
      if (call.retry_at) {
        soonest = std::min(soonest.value_or(*call.retry_at), *call.retry_at);
        continue;
      }
      row.state = LiveRow::State::running;
      row.bytes += call.bytes;
      sign = std::max(sign.value_or(call.last_sign), call.last_sign);
    }
    if (sign) row.quiet_for = now - *sign;
    if (soonest) row.retry_in = std::max(Millis(0), *soonest - now);
    return row;
  }
  if (!agent.unavailable.empty()) {
    row.state = LiveRow::State::unavailable;
    row.why = agent.unavailable;
    return row;
  }
  if (!agent.phase || (row.parts > 0 && row.parts_done < row.parts)) return row;  // waiting
  row.state = LiveRow::State::done;
  if (agent.phase == Phase::review) {
    // What it answered counts, not that it did.
    row.parts_failed = std::max(row.parts_failed, agent.parts_not_valid);
    row.why = agent.not_valid;
  }
  if (!row.why.empty() || (agent.failed > 0 && agent.failed == agent.finished.size())) {
    row.state = LiveRow::State::failed;
    if (agent.failed > 0) row.why = agent.last_failure;
  }
  return row;
}

std::vector<LiveRow> LiveState::rows(Millis now) const {
  std::vector<LiveRow> rows;
  rows.reserve(agents_.size());
  for (const Agent& agent : agents_) rows.push_back(row_of(agent, now));
  return rows;
}

std::string LiveState::headline(std::string_view elapsed) const {
  std::size_t findings = 0;
  std::size_t open = 0;
  for (const Agent& agent : agents_) {
    findings += agent.findings;
    open += agent.open.size();
  }
  std::string text = phase_ ? std::string(to_string(*phase_)) : "starting";
  if (round_ > 1) text += fmt::format(", round {}", round_);
  text += fmt::format(" · {} · {}", elapsed, plural(findings, "finding"));
  if (groups_) text += " in " + plural(*groups_, "group");
  return text + fmt::format(" · {} open", plural(open, "call"));
}

}  // namespace assize::report
