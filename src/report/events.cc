#include "report/events.h"

#include <algorithm>
#include <span>
#include <utility>

#include "report/json.h"
#include "report/json_parts.h"

namespace assize {

using namespace report;

namespace {

// A vendor's stream comes in thousands of pieces; one event for each step of this size tells a watcher enough.
constexpr std::uint64_t kProgressStep = 64ULL << 10;

void write_call(JsonWriter& json, const Call& call) {
  json.key("call");
  json.begin_object();
  json.field("agent", call.agent ? std::string_view(call.agent->id) : std::string_view());
  json.field("phase", to_string(call.phase));
  json.field("round", call.round);
  json.field("chunk", call.chunk);
  json.field("ordinal", call.ordinal);
  json.end_object();
}

void write_phase(JsonWriter& json, Phase phase, int round) {
  json.field("phase", to_string(phase));
  json.field("round", round);
}

// The part of a group that debate and verification change.
void write_standing(JsonWriter& json, const Group& group) {
  json.begin_object();
  json.field("id", group.id);
  json.field("severity", to_string(group.severity));
  write_strings(json, "members", group.members);
  json.field("status", to_string(group.status));
  json.field_or_null("status_reason", group.status_reason);
  write_strings(json, "support", group.support);
  write_strings(json, "against", group.against);
  json.end_object();
}

template <class Items, class Predicate, class Write>
void write_list_if(JsonWriter& json, std::string_view key, const Items& items, Predicate wanted, Write write) {
  json.key(key);
  json.begin_array();
  for (const auto& item : items) {
    if (wanted(item)) write(json, item);
  }
  json.end_array();
}

}  // namespace

EventWriter::EventWriter(LineSink sink, TimeStamp now) : sink_(std::move(sink)), now_(std::move(now)) {}

EventWriter::~EventWriter() {
  constexpr int kInterruptedExit = 130;
  if (started_) interrupted(kInterruptedExit);
}

void EventWriter::emit(std::string_view event, const std::function<void(JsonWriter&)>& members) {
  if (finished_) return;
  JsonWriter json(JsonStyle::compact);
  json.begin_object();
  json.field("schema", kEventsSchema);
  json.field("seq", sequence_++);
  json.field("time", now_());
  json.field_or_null("run", run_);
  json.field("event", event);
  members(json);
  json.end_object();
  sink_(json.take() + "\n");
}

void EventWriter::run_started(const Outcome& outcome) {
  started_ = true;
  run_ = outcome.run;
  emit("run_started", [&](JsonWriter& json) {
    json.field("mode", outcome.mode);
    json.field_or_null("source", outcome.source);
    json.field_or_null("base", outcome.base);
    json.field_or_null("head", outcome.head);
    json.key("panel");
    json.begin_array();
    for (const AgentReport& agent : outcome.panel) {
      json.begin_object();
      json.field("agent", agent.id);
      json.field("kind", agent.kind);
      json.field_or_null("vendor", agent.vendor);
      json.field_or_null("model", agent.model);
      json.field("available", agent.available);
      json.field_or_null("unavailable_reason", agent.unavailable_reason);
      json.end_object();
    }
    json.end_array();
  });
}

void EventWriter::phase_started(Phase phase, int round) {
  emit("phase_started", [&](JsonWriter& json) { write_phase(json, phase, round); });
}

void EventWriter::phase_finished(Phase phase, int round, const Outcome& outcome) {
  // What the phase brought, in roster order: reviews in full once, and again those that a repair call replaced.
  for (const AgentReport& agent : outcome.panel) {
    if (phase != Phase::review && !(phase == Phase::repair && agent.repaired)) continue;
    emit("review", [&](JsonWriter& json) {
      write_phase(json, phase, round);
      json.key("review");
      write_agent(json, agent, outcome.mode);
      json.key("findings");
      json.begin_array();
      for (const Finding& finding : outcome.findings) {
        if (finding.agent == agent.id) write_finding(json, finding);
      }
      json.end_array();
    });
  }
  emit("phase_finished", [&](JsonWriter& json) {
    write_phase(json, phase, round);
    write_changed_groups(json, outcome);
    if (phase == Phase::debate) {
      const auto of_round = [round](const auto& said) { return said.round == round; };
      write_list_if(json, "stances", outcome.stances, of_round, write_stance);
      write_list_if(json, "missed", outcome.findings, of_round, write_finding);
    } else if (phase == Phase::verify) {
      const std::size_t told = std::min(verdicts_told_, outcome.verdicts.size());
      write_list(json, "verdicts", std::span(outcome.verdicts).subspan(told), write_verdict);
      verdicts_told_ = outcome.verdicts.size();
    } else if (phase == Phase::synthesis) {
      write_or_null(json, "synthesis", outcome.synthesis,
                    [&](const Synthesis& synthesis) { write_synthesis(json, synthesis, outcome.mode); });
    }
  });
}

// Those that are new, or stand otherwise than when a phase last ended.
void EventWriter::write_changed_groups(JsonWriter& json, const Outcome& outcome) {
  json.key("groups");
  json.begin_array();
  for (const Group& group : outcome.groups) {
    std::string& told = standing_[group.id];
    JsonWriter entry(JsonStyle::compact);
    write_standing(entry, group);
    std::string standing = entry.take();
    if (standing == told) continue;
    told = std::move(standing);
    write_standing(json, group);
  }
  json.end_array();
}

void EventWriter::run_finished(const Outcome& outcome) {
  if (run_.empty()) run_ = outcome.run;
  const OutcomeIndex index(outcome);
  for (const Group& group : outcome.groups) {
    emit("group", [&](JsonWriter& json) {
      json.key("group");
      write_group(json, group, index);
    });
  }
  emit("decision", [&](JsonWriter& json) {
    json.key("decision");
    write_decision(json, outcome.decision, outcome.fail_on);
  });
  emit("run_finished", [&](JsonWriter& json) {
    json.field("state", "completed");
    json.field("exit", outcome.decision.exit);
    json.field("decision", to_string(outcome.decision.value));
    json.field_or_null("stop_reason", outcome.stop_reason);
    write_millis(json, "duration_ms", outcome.duration);
    json.key("totals");
    write_totals(json, outcome);
    json.key("budget");
    write_budget(json, outcome.budget);
  });
  finished_ = true;
}

void EventWriter::call_started(const Call& call) {
  emit("call_started", [&](JsonWriter& json) { write_call(json, call); });
}

void EventWriter::call_progress(const Call& call, std::uint64_t output_bytes) {
  const auto [it, first] = progress_.try_emplace(call_key(call), output_bytes);
  // A retry starts counting from nothing again.
  if (!first && output_bytes >= it->second && output_bytes - it->second < kProgressStep) return;
  it->second = output_bytes;
  emit("call_progress", [&](JsonWriter& json) {
    write_call(json, call);
    json.field("output_bytes", output_bytes);
  });
}

void EventWriter::call_retry(const Call& call, const CallError& error, Millis wait) {
  emit("call_retry", [&](JsonWriter& json) {
    write_call(json, call);
    json.key("error");
    write_call_error(json, error);
    write_millis(json, "wait_ms", wait);
  });
}

void EventWriter::call_finished(const Call& call, const Answer& answer) {
  progress_.erase(call_key(call));
  emit("call_finished", [&](JsonWriter& json) {
    write_call(json, call);
    json.field_or_null("model", answer.model);
    json.field("attempts", answer.attempts);
    write_millis(json, "duration_ms", answer.duration);
    json.field("output_bytes", answer.output_bytes);
    json.field("answer_bytes", answer.text.size());
    json.key("usage");
    write_usage(json, answer.usage);
    json.key("error");
    if (answer.error) {
      write_call_error(json, *answer.error);
    } else {
      json.null();
    }
    write_strings(json, "warnings", answer.warnings);
  });
}

void EventWriter::failed(const Error& error, int exit) {
  emit("error", [&](JsonWriter& json) {
    json.key("error");
    json.begin_object();
    json.field("code", to_string(error.code));
    json.field("message", error.message);
    json.field("hint", error.hint);
    json.end_object();
  });
  emit("run_finished", [&](JsonWriter& json) {
    json.field("state", "failed");
    json.field("exit", exit);
  });
  finished_ = true;
}

void EventWriter::interrupted(int exit) {
  emit("run_finished", [&](JsonWriter& json) {
    json.field("state", "interrupted");
    json.field("exit", exit);
  });
  finished_ = true;
}

}  // namespace assize
