#include "trial/review.h"

#include <utility>

#include "core/text.h"
#include "finding/contract.h"
#include "finding/repair.h"
#include "trial/prompt.h"

namespace assize {

namespace {

constexpr std::size_t kExcerptBytes = 240;  // spec: an agent's excerpt in the outcome

ScopeLine::Kind scope_kind(LineKind kind) {
  switch (kind) {
    case LineKind::added:
      return ScopeLine::Kind::added;
    case LineKind::removed:
      return ScopeLine::Kind::removed;
    case LineKind::context:
      break;
  }
  return ScopeLine::Kind::context;
}

ScopeFile scope_file(const FileChange& file, const PostImages& images) {
  ScopeFile scoped{.path = file.path(), .lines = {}, .post_image = nullptr};
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      const bool removed = line.kind == LineKind::removed;
      scoped.lines.push_back({scope_kind(line.kind), removed ? line.old_no : line.new_no, std::string(line.text)});
    }
  }
  if (const auto image = images.find(file.path()); image != images.end()) scoped.post_image = image->second;
  return scoped;
}

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& more) {
  if (more) sum = sum.value_or(T{}) + *more;
}

// What further calls of a seat cost; its answer's text and error stay those of the review.
void charge(Answer& sum, const Answer& more) {
  add(sum.usage.input_tokens, more.usage.input_tokens);
  add(sum.usage.output_tokens, more.usage.output_tokens);
  add(sum.usage.cached_tokens, more.usage.cached_tokens);
  add(sum.usage.cost_usd, more.usage.cost_usd);
  sum.attempts += more.attempts;
  sum.duration += more.duration;
  sum.output_bytes += more.output_bytes;
}

ParsedReview parse(const Seat& seat, const Answer& answer, const ChangeView& shown) {
  ParsedReview review = parse_review(answer.text, {.agent = seat.entry->spec->id, .shown = seat.prompt});
  anchor_findings(review.findings, shown);
  return review;
}

// Sets the status that counts from the review and the error of its call.
void settle(Seat& seat, const ChangeView& shown) {
  seat.covered = cover_files(seat.review, shown);
  if (!seat.answer.error) return;
  seat.covered.status = ReviewStatus::unavailable;
  seat.covered.reason = seat.answer.error->message;
}

bool is_countable(const Seat& seat) {
  return is_valid_review(seat.covered.status) || seat.covered.status == ReviewStatus::insubstantial;
}

Call call_for(const Seat& seat, Phase phase, std::string prompt) {
  return {.agent = seat.entry->spec,
          .phase = phase,
          .round = 1,
          .chunk = 0,
          .ordinal = 0,
          .prompt = std::move(prompt),
          .schema = std::string(review_schema()),
          .scope = nullptr,
          .limits = seat.entry->limits};
}

// How the two follow-ups are told apart when the answer comes.
constexpr int kReadableForm = 0;
constexpr int kLeftOut = 1;

}  // namespace

std::shared_ptr<const Scope> make_scope(const TrialInput& input) {
  auto scope = std::make_shared<Scope>();
  scope->repository = input.change.repository;
  for (const PlannedFile& planned : input.plan.files) {
    if (!planned.set_aside) scope->files.push_back(scope_file(input.change.files[planned.index], input.images));
  }
  return scope;
}

Call review_call(const Seat& seat, std::shared_ptr<const Scope> scope) {
  Call call = call_for(seat, Phase::review, seat.prompt);
  if (role_of(seat.entry->spec->kind) == AgentRole::analyser) call.scope = std::move(scope);
  return call;
}

void take_review(Seat& seat, const Answer& answer, const ChangeView& shown) {
  Answer taken = answer;
  const bool ended_by_itself = taken.error && !taken.error->signal;
  if (ended_by_itself && taken.error->kind == CallErrorKind::malformed_answer && !trim(taken.text).empty()) {
    // It said all that it had to say, only not by the way that was asked for (qwen with a schema): the text is read.
    taken.warnings.push_back(taken.error->message);
    taken.error.reset();
  }
  const bool is_second = seat.answered;  // the review was asked once more
  if (is_second) charge(taken, seat.answer);
  seat.answer = std::move(taken);
  seat.answered = true;
  ParsedReview review = parse(seat, seat.answer, shown);
  seat.review = is_second ? merge_second_review(seat.review, std::move(review)) : std::move(review);
  settle(seat, shown);
}

std::optional<Call> follow_up(const Seat& seat, const TrialSettings& settings, const ChangeView& shown) {
  if (!seat.answered || seat.answer.error || settings.contract_repair < 1 ||
      role_of(seat.entry->spec->kind) == AgentRole::analyser) {
    return std::nullopt;
  }
  if (is_countable(seat)) {
    const auto missing = uncovered_files(seat.covered.covers, shown);
    if (missing.empty()) return std::nullopt;
    Call call = call_for(seat, Phase::repair, rest_prompt(seat.prompt, missing));
    call.ordinal = kLeftOut;
    return call;
  }
  if (!asks_for_repair(seat.covered.status)) return std::nullopt;
  Call call = call_for(seat, Phase::repair, repair_prompt(seat.answer.text, settings.nonce));
  call.ordinal = kReadableForm;
  return call;
}

AfterFollowUp take_follow_up(Seat& seat, const Call& asked, const Answer& answer, const ChangeView& shown) {
  charge(seat.answer, answer);
  if (answer.error) {
    seat.review.warnings.push_back("the follow-up call failed: " + answer.error->message);
    settle(seat, shown);
    return AfterFollowUp::done;
  }
  ParsedReview second = parse(seat, answer, shown);
  if (asked.ordinal == kLeftOut) {
    seat.review = merge_rest(std::move(seat.review), std::move(second));
    settle(seat, shown);
    return AfterFollowUp::done;
  }
  RepairOutcome repaired = merge_repair(seat.review, seat.answer.text, std::move(second));
  seat.review = std::move(repaired.review);
  seat.repaired = repaired.result == RepairResult::accepted;
  settle(seat, shown);
  return repaired.result == RepairResult::lost_content ? AfterFollowUp::ask_again : AfterFollowUp::done;
}

AgentReport report_of(const Seat& seat) {
  const RosterEntry& entry = *seat.entry;
  AgentReport report;
  report.id = entry.spec->id;
  report.kind = entry.spec->kind;
  report.vendor = entry.vendor;
  report.model = seat.answer.model.empty() ? entry.spec->model : seat.answer.model;
  report.version = entry.version;
  report.role = role_of(entry.spec->kind);
  report.optional = entry.spec->optional;
  report.available = entry.available;
  if (entry.unavailable) report.unavailable_reason = entry.unavailable->message;
  report.status = seat.answered ? seat.covered.status : ReviewStatus::unavailable;
  if (!seat.answered) {
    report.parse_reason = entry.available ? "not asked" : report.unavailable_reason;
  } else if (!is_valid_review(report.status)) {
    report.parse_reason = seat.covered.reason;
  }
  report.repaired = seat.repaired;
  report.verdict = seat.review.verdict;
  report.summary = seat.review.summary;
  report.checked = seat.covered.checked;
  report.findings = seat.review.findings.size();
  report.dropped = seat.review.dropped;
  report.warnings = seat.answer.warnings;
  report.warnings.insert(report.warnings.end(), seat.review.warnings.begin(), seat.review.warnings.end());
  report.duration = seat.answer.duration;
  report.last_progress = seat.answer.last_progress;
  report.attempts = seat.answer.attempts;
  report.usage = seat.answer.usage;
  report.error = seat.answer.error;
  report.excerpt = cap_bytes(strip_controls(to_valid_utf8(seat.answer.text), Newlines::to_space), kExcerptBytes);
  report.command_line = entry.command_line;
  return report;
}

PanelMember member_of(const Seat& seat) {
  PanelMember member{.id = seat.entry->spec->id,
                     .role = role_of(seat.entry->spec->kind),
                     .valid = seat.answered && is_valid_review(seat.covered.status),
                     .covers = {}};
  for (const std::string& path : seat.covered.covers) member.covers.push_back({path, 0});
  return member;
}

}  // namespace assize
