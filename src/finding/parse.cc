#include "finding/parse.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/text.h"
#include "finding/answer_text.h"
#include "finding/candidates.h"
#include "finding/echo.h"
#include "finding/finding_list.h"
#include "finding/refusal.h"

namespace assize {

namespace {

constexpr std::size_t kMaxDropped = 200;      // told one by one
constexpr std::size_t kEchoWork = 64U << 20;  // bytes compared while looking for echoes

class AnswerParser {
 public:
  AnswerParser(std::string_view text, const ParseOptions& options)
      : text_(text), reader_(text), echo_(options.shown, review_form()), findings_(options.agent) {}

  ParsedReview run() {
    const Candidates candidates = find_candidates(text_, reader_, review_form());
    gave_up_ = candidates.gave_up;
    for (const Candidate& candidate : candidates.found) {
      for (const Shape& shape : candidate.shapes) has_review_ = has_review_ || shape.kind != ShapeKind::single;
    }
    for (const Candidate& candidate : candidates.found) {
      for (const Shape& shape : candidate.shapes) take(shape, candidate.parse);
    }
    decide(candidates);
    warn();
    review_.findings = findings_.take();
    review_.repairs = repairs_.names();
    return std::move(review_);
  }

 private:
  void take(const Shape& shape, const JsonParse& parse) {
    if (echo_.work() > kEchoWork) {
      gave_up_ = true;  // what cannot be compared cannot be trusted
      return;
    }
    if (is_echo(shape.value, parse)) return;
    repairs_.add(parse.repairs);
    ref_ = taken_ == 0 ? "" : fmt::format("#{}", taken_ + 1);
    ++taken_;
    findings_.next_source();
    switch (shape.kind) {
      case ShapeKind::review:
        take_review(shape.value, parse);
        break;
      case ShapeKind::list:
        take_list(shape.value, "", parse);
        break;
      case ShapeKind::single:
        take_loose(shape.value);
        break;
    }
  }

  bool is_echo(JsonRef value, const JsonParse& parse) {
    const std::size_t end = value.is_open() ? parse.stop : value.end();
    if (!echo_.occurs(text_.substr(value.begin(), end - value.begin())) && !echo_.repeats(value)) return false;
    ++echoes_;
    return true;
  }

  void take_review(JsonRef review, const JsonParse& parse) {
    if (review_.summary.empty()) review_.summary = summary_of(review);
    for (std::string& path : checked_of(review)) {
      if (checked_.insert(path).second) review_.checked.push_back(std::move(path));
    }
    take_judgement(review, parse);
  }

  // The verdict and the findings of a review, also of one that stands inside another: that one covers nothing.
  void take_judgement(JsonRef review, const JsonParse& parse) {
    const StatedVerdict stated = verdict_of(review);
    if (stated.value) {
      review_.verdict = std::max(review_.verdict.value_or(*stated.value), *stated.value);  // the strictest of several
    }
    unknown_verdict_ = unknown_verdict_ || stated.unknown;
    // A key that comes twice is read twice: nothing that an agent reports is lost to the form.
    for (JsonRef member = review.first(); member; member = member.next()) {
      if (!same_key(member.key(), "findings")) continue;
      if (member.is(JsonKind::array)) {
        take_list(member, "/findings", parse);
      } else if (member.is(JsonKind::object) && member.first()) {
        take_item(member, ref_ + "/findings");
      } else {
        unreadable_ = "\"findings\" is not a list";
      }
    }
    for (const Shape& other : find_other_shapes(review)) {
      if (echo_.work() > kEchoWork) {
        gave_up_ = true;
        break;
      }
      if (is_echo(other.value, parse)) continue;
      if (other.kind == ShapeKind::review) take_judgement(other.value, parse);
      if (other.kind == ShapeKind::list) take_list(other.value, "/other", parse);
      if (other.kind == ShapeKind::single) take_loose(other.value);
    }
    if (review.is_open()) end_early(parse, only_its_bracket_is_missing(review, parse) ? Early::at_end : Early::inside);
    review_list_open_ = false;
  }

  // Whether the text ends right after a whole member: the findings, when they came, and all that was said are there.
  bool only_its_bracket_is_missing(JsonRef review, const JsonParse& parse) const {
    JsonRef last;
    for (JsonRef member = review.first(); member; member = member.next()) last = member;
    if (review_list_open_ || !last || last.is_open() || last.end() > parse.stop) return false;
    return trim(text_.substr(last.end(), parse.stop - last.end())).empty();
  }

  // An object that looks like a finding, in no list. Beside a review it is most often a sample of code: only one that
  // states a severity, or a line, is a finding then.
  void take_loose(JsonRef item) {
    std::string ref = ref_.empty() ? "/" : ref_;
    if (!has_review_) {
      loose_ = true;
    } else if (!item.find("severity") && !item.find("line")) {
      return drop(std::move(ref), "outside of the review, without a severity and a line");
    }
    take_item(item, std::move(ref));
  }

  void take_list(JsonRef list, std::string_view path, const JsonParse& parse) {
    std::size_t index = 0;
    for (JsonRef item = list.first(); item; item = item.next(), ++index) {
      take_item(item, fmt::format("{}{}/{}", ref_, path, index));
    }
    if (!list.is_open()) return;
    review_list_open_ = true;
    if (path.empty()) end_early(parse, Early::inside);
  }

  enum class Early { inside, at_end };
  void end_early(const JsonParse& parse, Early early) {
    if (parse.end == JsonEnd::broken) {
      unreadable_ = fmt::format("the JSON cannot be read from byte {} on", parse.stop);
    } else if (early == Early::inside) {
      repairs_.add(JsonRepair::truncated);
      review_.truncated = true;
    } else {
      repairs_.add(JsonRepair::missing_bracket);
    }
  }

  void take_item(JsonRef item, std::string ref) {
    if (item.is(JsonKind::array) && item.first().is(JsonKind::object)) {  // a list in the list
      for (JsonRef inner = item.first(); inner; inner = inner.next()) take_item(inner, ref);
      return;
    }
    ++items_;
    if (item.is_open() && item.is(JsonKind::object)) return drop(std::move(ref), "cut off");
    if (findings_.is_full()) {
      unreadable_ = fmt::format("more than {} findings in one answer", FindingList::kMax);
    }
    if (!item.is(JsonKind::object) && !item.is(JsonKind::string) && !item.is(JsonKind::array)) {
      return drop(std::move(ref), "not an object");
    }
    if (echo_.work() < kEchoWork && item.is(JsonKind::object) &&
        echo_.occurs(text_.substr(item.begin(), item.end() - item.begin()))) {
      return drop(std::move(ref), "occurs verbatim in what the agent was shown");
    }
    const std::string_view fault = findings_.add(item, ref);
    if (!fault.empty()) drop(std::move(ref), std::string(fault));
  }

  void drop(std::string ref, std::string reason) {
    ++dropped_;
    if (review_.dropped.size() < kMaxDropped) review_.dropped.push_back({std::move(ref), std::move(reason)});
  }

  void settle(ReviewStatus status, std::string reason) {
    review_.status = status;
    review_.reason = std::move(reason);
  }

  void decide(const Candidates& candidates) {
    const std::size_t kept = findings_.size();
    if (taken_ == 0) return decide_without_review(candidates);
    if (!unreadable_.empty()) {
      return settle(ReviewStatus::malformed, fmt::format("{}; {} complete findings kept", unreadable_, kept));
    }
    if (review_.truncated) {
      return settle(ReviewStatus::malformed, fmt::format("the JSON ends early; {} complete findings kept", kept));
    }
    if (gave_up_) {
      return settle(ReviewStatus::malformed,
                    fmt::format("too many broken pieces of JSON to read all of them; {} findings kept", kept));
    }
    if (loose_) {
      return settle(ReviewStatus::malformed, fmt::format("findings outside of a review object; {} kept", kept));
    }
    if (candidates.broken_contract) {
      return settle(ReviewStatus::malformed, "part of the answer is a review that cannot be read");
    }
    if (kept > 0) return settle(ReviewStatus::findings, "");
    if (items_ > 0) {
      return settle(ReviewStatus::malformed, fmt::format("none of {} items is a readable finding", items_));
    }
    if (review_.checked.empty()) {
      return settle(ReviewStatus::insubstantial, "reports nothing and names no file that it checked");
    }
    settle(ReviewStatus::clean, "");
  }

  void decide_without_review(const Candidates& candidates) {
    if (candidates.broken_contract) {
      settle(ReviewStatus::malformed, "the answer's JSON cannot be read");
    } else if (gave_up_) {
      settle(ReviewStatus::malformed, "too many broken pieces of JSON to read all of them");
    } else if (echoes_ > 0) {
      settle(ReviewStatus::no_contract, "the only review in the answer is a copy of what the agent was shown");
    } else if (candidates.empty_list_alone) {
      settle(ReviewStatus::insubstantial, "an empty list, without naming a file that was checked");
    } else if (is_refusal(text_)) {
      settle(ReviewStatus::refused, "the agent declined");
    } else {
      settle(ReviewStatus::no_contract, "the answer has no review object");
    }
  }

  void warn() {
    const auto warning = [this](std::string text) { review_.warnings.push_back(std::move(text)); };
    if (taken_ > 1) warning(fmt::format("{} reviews in one answer were united", taken_));
    if (echoes_ > 0 && taken_ > 0) {
      warning(fmt::format("{} copies of what the agent was shown were ignored", echoes_));
    }
    if (findings_.notes().guessed_severities > 0) {
      warning(fmt::format("{} findings without a known severity are counted as high",
                          findings_.notes().guessed_severities));
    }
    if (findings_.notes().clamped_confidences > 0) {
      warning(fmt::format("{} confidences were out of range and clamped", findings_.notes().clamped_confidences));
    }
    if (unknown_verdict_) warning("its verdict is not one of the contract's, and is taken for request_changes");
    if (dropped_ > 0) warning(fmt::format("{} items were dropped", dropped_));
    if (gave_up_) warning("not all of the answer was read: too many broken pieces of JSON");
  }

  std::string_view text_;
  JsonReader reader_;
  EchoDetector echo_;
  JsonRepairs repairs_;
  FindingList findings_;
  ParsedReview review_;
  std::set<std::string> checked_;
  std::string ref_;         // "#2" for the second review of an answer
  std::string unreadable_;  // why it is malformed
  std::size_t taken_ = 0, echoes_ = 0, items_ = 0, dropped_ = 0;
  bool has_review_ = false;  // there is more than loose findings
  bool unknown_verdict_ = false;
  bool review_list_open_ = false;
  bool loose_ = false;
  bool gave_up_ = false;
};

}  // namespace

ParsedReview parse_review(std::string_view answer, const ParseOptions& options) {
  const AnswerText text(answer);
  if (text.view().empty()) {
    ParsedReview review;
    review.reason = "the answer is empty";
    return review;
  }
  ParsedReview review = AnswerParser(text.view(), options).run();
  if (answer.find("\xEF\xBB\xBF") < 8) {
    review.repairs.insert(review.repairs.begin(), std::string(to_string(JsonRepair::byte_order_mark)));
  }
  return review;
}

}  // namespace assize
