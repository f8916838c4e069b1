#include "core/call.h"

#include <array>

namespace assize {

namespace {
struct KindName {
  CallErrorKind kind;
  std::string_view name;
};
// Names as in the outcome schema; retryability is in is_retryable().
constexpr std::array kKindNames = {
    KindName{CallErrorKind::not_installed, "not_installed"},
    KindName{CallErrorKind::not_logged_in, "not_logged_in"},
    KindName{CallErrorKind::permission_denied, "permission_denied"},
    KindName{CallErrorKind::spawn_failed, "spawn_failed"},
    KindName{CallErrorKind::timed_out, "timed_out"},
    KindName{CallErrorKind::stalled, "stalled"},
    KindName{CallErrorKind::rate_limited, "rate_limited"},
    KindName{CallErrorKind::overloaded, "overloaded"},
    KindName{CallErrorKind::network, "network"},
    KindName{CallErrorKind::quota_exhausted, "quota_exhausted"},
    KindName{CallErrorKind::invalid_request, "invalid_request"},
    KindName{CallErrorKind::prompt_too_long, "prompt_too_long"},
    KindName{CallErrorKind::context_unsupported, "context_unsupported"},
    KindName{CallErrorKind::refused, "refused"},
    KindName{CallErrorKind::empty_answer, "empty_answer"},
    KindName{CallErrorKind::malformed_answer, "malformed_answer"},
    KindName{CallErrorKind::prompt_truncated, "prompt_truncated"},
    KindName{CallErrorKind::output_limit, "output_limit"},
    KindName{CallErrorKind::permission_enforcement_failed, "permission_enforcement_failed"},
    KindName{CallErrorKind::model_unavailable, "model_unavailable"},
    KindName{CallErrorKind::cancelled, "cancelled"},
    KindName{CallErrorKind::budget_exhausted, "budget_exhausted"},
    KindName{CallErrorKind::crashed, "crashed"},
    KindName{CallErrorKind::failed, "failed"},
    KindName{CallErrorKind::not_applicable, "not_applicable"},
    KindName{CallErrorKind::internal, "internal"},
};
}  // namespace

AgentRole role_of(std::string_view kind) {
  return kind == "lint" || kind == "tool" ? AgentRole::analyser : AgentRole::reviewer;
}

bool is_endpoint(std::string_view kind) {
  return kind == "openai" || kind == "anthropic" || kind == "google";
}

std::string_view to_string(CallErrorKind kind) {
  for (const auto& entry : kKindNames) {
    if (entry.kind == kind) return entry.name;
  }
  return "internal";
}

std::optional<CallErrorKind> call_error_kind_from(std::string_view name) {
  for (const auto& entry : kKindNames) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

bool is_retryable(CallErrorKind kind) {
  switch (kind) {
    case CallErrorKind::spawn_failed:
    case CallErrorKind::timed_out:
    case CallErrorKind::stalled:
    case CallErrorKind::rate_limited:
    case CallErrorKind::overloaded:
    case CallErrorKind::network:
      return true;
    default:
      return false;
  }
}

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::review:
      return "review";
    case Phase::repair:
      return "repair";
    case Phase::debate:
      return "debate";
    case Phase::verify:
      return "verify";
    case Phase::synthesis:
      return "synthesis";
    case Phase::task:
      return "task";
  }
  return "review";
}

std::string_view to_string(ExecutionMode mode) {
  switch (mode) {
    case ExecutionMode::read_only:
      return "read_only";
    case ExecutionMode::write:
      return "write";
    case ExecutionMode::yolo:
      return "yolo";
  }
  return "read_only";
}

}  // namespace assize
