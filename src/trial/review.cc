#include "trial/review.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "finding/contract.h"
#include "finding/repair.h"
#include "trial/prompt.h"
#include "trial/receipt.h"

namespace assize {

namespace {

constexpr std::size_t kExcerptBytes = 240;  // spec: an agent's excerpt in the outcome

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& more) {
  if (more) sum = sum.value_or(T{}) + *more;
}

void add(Usage& sum, const Usage& more) {
  add(sum.input_tokens, more.input_tokens);
  add(sum.output_tokens, more.output_tokens);
  add(sum.cached_tokens, more.cached_tokens);
  add(sum.cost_usd, more.cost_usd);
}

// What further calls of a seat cost; its answer's text and error stay those of the review.
void charge(Answer& sum, const Answer& more) {
  add(sum.usage, more.usage);
  sum.attempts += more.attempts;
  sum.duration += more.duration;
  sum.output_bytes += more.output_bytes;
}

bool is_analyser(const Seat& seat) {
  return role_of(seat.entry->spec->kind) == AgentRole::analyser;
}

// By what it is told what a review covers: analysers look at the whole change.
const ChangeView& view_of(const Seat& seat, const Part& part, const Exhibits& shown) {
  return is_analyser(seat) ? shown.view() : shown.view(part.chunk);
}

ParsedReview parse(const Seat& seat, const Part& part, const Answer& answer, const Exhibits& shown) {
  const std::string prompt = prompt_of(seat, part, shown);
  ParsedReview review = parse_review(answer.text, {.agent = seat.id(), .shown = prompt});
  anchor_findings(review.findings, shown.view(), shown.matter());
  return review;
}

// Sets the status that counts from the review and the error of its call.
void settle(const Seat& seat, Part& part, const Exhibits& shown) {
  part.covered = cover_files(part.review, view_of(seat, part, shown), shown.matter());
  if (!part.answer.error) return;
  part.covered.status = ReviewStatus::unavailable;
  part.covered.reason = part.answer.error->message;
}

bool is_countable(const Part& part) {
  return is_valid_review(part.covered.status) || part.covered.status == ReviewStatus::insubstantial;
}

Call call_for(const Seat& seat, const Part& part, Phase phase, std::string prompt) {
  Call call;
  call.agent = seat.entry->spec;
  call.phase = phase;
  call.chunk = part.chunk;
  call.prompt = std::move(prompt);
  call.schema = std::string(review_schema());
  call.limits = seat.entry->limits;
  return call;
}

Receipt receipt_of(const Seat& seat, const Part& part, const TrialSettings& settings) {
  return make_receipt(settings.nonce, seat.id(), part.chunk);
}

// A server may have dropped the start of the prompt: then what it says is about a part of the change only.
void check_receipt(const Seat& seat, const Part& part, Answer& answer, const TrialSettings& settings) {
  if (answer.error || !is_endpoint(seat.entry->spec->kind)) return;
  const Receipt receipt = receipt_of(seat, part, settings);
  if (was_cut(receipt, answer.text)) {
    answer.error = CallError{.kind = CallErrorKind::prompt_truncated,
                             .message =
                                 "the server dropped the start of the prompt; raise its context size, or set "
                                 "context_tokens"};
  }
  answer.text = without_receipt(receipt, answer.text);
}

// How the two follow-ups are told apart when the answer comes.
constexpr int kReadableForm = 0;
constexpr int kLeftOut = 1;

// Why an agent was stopped before it ended by itself.
std::string cancel_reason(const Answer& answer) {
  if (!answer.error) return {};
  if (answer.cut) return "straggler";
  switch (answer.error->kind) {
    case CallErrorKind::timed_out:
      return "timeout";
    case CallErrorKind::stalled:
      return "stalled";
    case CallErrorKind::cancelled:
      return "interrupted";
    case CallErrorKind::budget_exhausted:
      return "budget";
    case CallErrorKind::output_limit:
      return "output_limit";
    default:
      return {};
  }
}

// Lens i goes to reviewer i, and round again on the shorter side, so that none is without the other.
std::vector<std::string> deal(const std::vector<std::string>& lenses, std::size_t reviewers) {
  std::vector<std::string> dealt(reviewers);
  if (lenses.empty() || reviewers == 0) return dealt;
  for (std::size_t i = 0; i < std::max(lenses.size(), reviewers); ++i) {
    std::string& hand = dealt[i % reviewers];
    hand += (hand.empty() ? "" : ", ") + lenses[i % lenses.size()];
  }
  return dealt;
}

}  // namespace

const Part* Seat::part_of(int chunk) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.chunk == chunk; });
  return found == parts.end() ? nullptr : &*found;
}

bool Seat::valid_in(int chunk) const {
  const Part* part = part_of(chunk);
  return part != nullptr && part->valid();
}

bool Seat::valid_anywhere() const {
  return std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.valid(); });
}

bool Seat::valid_everywhere() const {
  return !parts.empty() && std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.valid(); });
}

std::vector<Seat> take_seats(const TrialInput& input, const Exhibits& shown) {
  std::vector<Seat> seats(input.roster.size());
  std::vector<Seat*> reviewers;
  for (std::size_t i = 0; i < seats.size(); ++i) {
    seats[i].entry = &input.roster[i];
    if (seats[i].reviews()) reviewers.push_back(&seats[i]);
  }
  const std::vector<std::string> lenses = deal(input.settings.lenses, reviewers.size());
  for (std::size_t i = 0; i < reviewers.size(); ++i) reviewers[i]->lens = lenses[i];

  // A divided change goes to those who are there: a slice for an absent one would be read by nobody.
  std::vector<Seat*> takers;
  for (Seat* seat : reviewers) {
    if (input.settings.division != Division::files || seat->entry->available) takers.push_back(seat);
  }
  for (int chunk = 0; chunk < shown.chunks(); ++chunk) {
    for (std::size_t i = 0; i < takers.size(); ++i) {
      const bool is_its_turn = static_cast<std::size_t>(chunk) % takers.size() == i;
      if (input.settings.division == Division::files && !is_its_turn) continue;
      Part& part = takers[i]->parts.emplace_back();
      part.chunk = chunk;
      part.answer.error = takers[i]->entry->unavailable;
    }
  }
  for (Seat& seat : seats) {
    if (is_analyser(seat) && shown.chunks() > 0) seat.parts.emplace_back().answer.error = seat.entry->unavailable;
  }
  return seats;
}

std::string prompt_of(const Seat& seat, const Part& part, const Exhibits& shown) {
  if (is_analyser(seat)) return {};
  std::string prompt = review_prompt(shown, part.chunk, *seat.entry->spec, seat.lens);
  if (!is_endpoint(seat.entry->spec->kind)) return prompt;
  return with_receipt(receipt_of(seat, part, shown.input().settings), prompt);
}

Call review_call(const Seat& seat, const Part& part, const Exhibits& shown) {
  Call call = call_for(seat, part, Phase::review, prompt_of(seat, part, shown));
  if (is_analyser(seat)) call.scope = shown.scope();
  return call;
}

void take_review(const Seat& seat, Part& part, const Answer& answer, const Exhibits& shown) {
  Answer taken = answer;
  const bool ended_by_itself = taken.error && !taken.error->signal;
  if (ended_by_itself && taken.error->kind == CallErrorKind::malformed_answer && !trim(taken.text).empty()) {
    // It said all that it had to say, only not by the way that was asked for (qwen with a schema): the text is read.
    taken.warnings.push_back(taken.error->message);
    taken.error.reset();
  }
  check_receipt(seat, part, taken, shown.input().settings);
  const bool is_second = part.answered;  // the review was asked once more
  if (is_second) charge(taken, part.answer);
  part.answer = std::move(taken);
  part.answered = true;
  ParsedReview review = parse(seat, part, part.answer, shown);
  part.review = is_second ? merge_second_review(part.review, std::move(review)) : std::move(review);
  settle(seat, part, shown);
}

std::optional<Call> follow_up(const Seat& seat, const Part& part, const TrialSettings& settings,
                              const Exhibits& shown) {
  if (!part.answered || part.answer.error || settings.contract_repair < 1 || is_analyser(seat)) return std::nullopt;
  if (is_countable(part)) {
    const auto missing = uncovered_files(part.covered.covers, shown.view(part.chunk));
    if (missing.empty()) return std::nullopt;
    Call call = call_for(seat, part, Phase::repair, rest_prompt(prompt_of(seat, part, shown), missing));
    call.ordinal = kLeftOut;
    return call;
  }
  if (!asks_for_repair(part.covered.status)) return std::nullopt;
  Call call = call_for(seat, part, Phase::repair, repair_prompt(settings, part.answer.text));
  call.ordinal = kReadableForm;
  return call;
}

AfterFollowUp take_follow_up(const Seat& seat, Part& part, const Call& asked, const Answer& received,
                             const Exhibits& shown) {
  charge(part.answer, received);
  Answer answer = received;
  if (asked.ordinal == kLeftOut) check_receipt(seat, part, answer, shown.input().settings);
  if (answer.error) {
    part.review.warnings.push_back("the follow-up call failed: " + answer.error->message);
    settle(seat, part, shown);
    return AfterFollowUp::done;
  }
  ParsedReview second = parse(seat, part, answer, shown);
  if (asked.ordinal == kLeftOut) {
    part.review = merge_rest(std::move(part.review), std::move(second));
    settle(seat, part, shown);
    return AfterFollowUp::done;
  }
  RepairOutcome repaired = merge_repair(part.review, part.answer.text, std::move(second));
  part.review = std::move(repaired.review);
  part.repaired = repaired.result == RepairResult::accepted;
  settle(seat, part, shown);
  return repaired.result == RepairResult::lost_content ? AfterFollowUp::ask_again : AfterFollowUp::done;
}

std::vector<Finding> findings_of(Seat& seat, const Exhibits& shown) {
  std::vector<Finding> findings;
  seat.next_finding = 1;
  for (Part& part : seat.parts) {
    for (Finding& finding : part.review.findings) {
      finding.id = fmt::format("{}-{}", seat.id(), seat.next_finding++);
      finding.chunk = shown.chunk_showing(finding.anchor, part.chunk);
      findings.push_back(finding);
    }
  }
  return findings;
}

AgentReport report_of(const Seat& seat) {
  const RosterEntry& entry = *seat.entry;
  AgentReport report;
  report.id = seat.id();
  report.kind = entry.spec->kind;
  report.vendor = entry.vendor;
  report.model = entry.spec->model;
  report.version = entry.version;
  report.chair_only = entry.spec->chair_only;
  report.lens = seat.lens;
  report.role = role_of(entry.spec->kind);
  report.optional = entry.spec->optional;
  report.available = entry.available;
  report.command_line = entry.command_line;
  if (entry.unavailable) {
    report.unavailable_reason = entry.unavailable->message;
    report.parse_reason = report.unavailable_reason;
    report.error = entry.unavailable;
  }
  if (seat.parts.empty() && entry.available) report.parse_reason = "not asked";

  std::size_t valid = 0;
  bool any_answered = false;
  const Part* wrong = nullptr;  // the first without a valid review
  for (const Part& part : seat.parts) {
    const Answer& answer = part.answer;
    const ReviewStatus status = part.answered ? part.covered.status : ReviewStatus::unavailable;
    if (part.valid()) ++valid;
    if (!part.valid() && wrong == nullptr) wrong = &part;
    std::string reason = part.answered ? part.covered.reason : "not asked";
    if (is_valid_review(status)) reason.clear();
    if (seat.parts.size() > 1) report.chunks.push_back({part.chunk, status, std::move(reason)});
    if (!part.answered) continue;

    if (!any_answered)
      report.excerpt = cap_bytes(strip_controls(to_valid_utf8(answer.text), Newlines::to_space), kExcerptBytes);
    any_answered = true;
    if (!answer.model.empty()) report.model = answer.model;
    report.repaired = report.repaired || part.repaired;
    if (part.review.verdict && (!report.verdict || *part.review.verdict > *report.verdict)) {
      report.verdict = part.review.verdict;  // the strictest over the chunks
    }
    if (!part.review.summary.empty()) report.summary += (report.summary.empty() ? "" : " ") + part.review.summary;
    report.checked.insert(report.checked.end(), part.covered.checked.begin(), part.covered.checked.end());
    report.findings += part.review.findings.size();
    report.dropped.insert(report.dropped.end(), part.review.dropped.begin(), part.review.dropped.end());
    report.warnings.insert(report.warnings.end(), answer.warnings.begin(), answer.warnings.end());
    report.warnings.insert(report.warnings.end(), part.review.warnings.begin(), part.review.warnings.end());
    report.duration = std::max(report.duration, answer.duration);  // chunks go side by side
    report.last_progress = std::max(report.last_progress, answer.last_progress);
    report.attempts += answer.attempts;
    add(report.usage, answer.usage);
    // A cut prompt decides more than any other failure, so that one of another chunk must not hide it.
    const bool cut = answer.error && answer.error->kind == CallErrorKind::prompt_truncated;
    if (!answer.error || (report.error && !cut)) continue;
    report.error = answer.error;
    report.cancel_reason = cancel_reason(answer);
  }
  if (seat.parts.size() > 1) {
    std::sort(report.checked.begin(), report.checked.end());
    report.checked.erase(std::unique(report.checked.begin(), report.checked.end()), report.checked.end());
    std::sort(report.warnings.begin(), report.warnings.end());
    report.warnings.erase(std::unique(report.warnings.begin(), report.warnings.end()), report.warnings.end());
  }

  if (!any_answered) return report;
  if (wrong == nullptr) {
    const bool found = std::any_of(seat.parts.begin(), seat.parts.end(),
                                   [](const Part& part) { return part.covered.status == ReviewStatus::findings; });
    report.status = found ? ReviewStatus::findings : ReviewStatus::clean;
  } else {
    report.status = valid > 0         ? ReviewStatus::partial
                    : wrong->answered ? wrong->covered.status
                                      : ReviewStatus::unavailable;
    report.parse_reason = wrong->answered ? wrong->covered.reason : "not asked";
    if (seat.parts.size() > 1) {
      report.parse_reason = fmt::format("{} of {} parts without a valid review; part {}: {}", seat.parts.size() - valid,
                                        seat.parts.size(), wrong->chunk + 1, report.parse_reason);
    }
  }
  return report;
}

PanelMember member_of(const Seat& seat) {
  PanelMember member{
      .id = seat.id(), .role = role_of(seat.entry->spec->kind), .valid = seat.valid_anywhere(), .covers = {}};
  for (const Part& part : seat.parts) {
    if (!part.valid()) continue;
    for (const std::string& path : part.covered.covers) member.covers.push_back({path, part.chunk});
  }
  std::sort(member.covers.begin(), member.covers.end());
  return member;
}

std::vector<PanelMember> members_of(std::span<const Seat> seats) {
  std::vector<PanelMember> members;
  for (const Seat& seat : seats) {
    if (!seat.entry->spec->chair_only) members.push_back(member_of(seat));
  }
  return members;
}

}  // namespace assize
