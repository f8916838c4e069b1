#include "finding/repair.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/text.h"

namespace assize {

namespace {

// Words that prose about a defect has and prose about its absence has only after a denial.
constexpr std::array<std::string_view, 40> kHarm = {
    "bug",           "vulnerab",   "overflow",    "injection",     "leak",         "race condition", "deadlock",
    "crash",         "segfault",   "null point",  "nullpointer",   "use-after",    "use after",      "double free",
    "off-by-one",    "off by one", "incorrect",   "wrong",         "unsafe",       "insecure",       "undefined behav",
    "not checked",   "unchecked",  "unvalidated", "missing check", "never closed", "not closed",     "infinite loop",
    "data loss",     "corrupt",    "exploit",     "traversal",     "hardcoded",    "hard-coded",     "should be fixed",
    "must be fixed", "regression", "breaks ",     "blocker",       "critical",
};
constexpr std::array<std::string_view, 12> kDenial = {
    "no ", "not ", "n't ", "none", "without", "never ", "free of", "any ", "nothing", "zero ", "unlikely", "non-",
};
constexpr std::size_t kDenialReach = 40;  // bytes before a word in which a denial of it stands

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "name.c:12", lower case.
bool cites_file_and_line(std::string_view text) {
  for (std::size_t i = 2; i + 1 < text.size(); ++i) {
    if (text[i] != ':' || !is_digit(text[i + 1])) continue;
    const std::size_t word = text.find_last_of(" \t\n(`'\"[", i - 1);
    const std::string_view name =
        text.substr(word == std::string_view::npos ? 0 : word + 1, i - (word == std::string_view::npos ? 0 : word + 1));
    const std::size_t dot = name.rfind('.');
    if (dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && !is_digit(name[dot + 1])) return true;
  }
  return false;
}

void renumber(ParsedReview& review) {
  std::size_t n = 0;
  for (Finding& finding : review.findings) finding.id = fmt::format("{}-{}", finding.agent, ++n);
}

std::string place_of(const Finding& finding) {
  return fmt::format("{}\n{}\n{}", finding.cited.path, finding.cited.lines ? finding.cited.lines->first : 0,
                     to_lower_ascii(finding.title));
}

// A finding that both have keeps the worse of its severities.
void append_missing(ParsedReview& review, const std::vector<Finding>& others) {
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < review.findings.size(); ++i) known.try_emplace(place_of(review.findings[i]), i);
  for (const Finding& finding : others) {
    const auto [place, is_new] = known.try_emplace(place_of(finding), review.findings.size());
    if (is_new) {
      review.findings.push_back(finding);
    } else if (Finding& same = review.findings[place->second]; finding.severity > same.severity) {
      same.severity = finding.severity;
      same.severity_guessed = finding.severity_guessed;
    }
  }
}

void keep_strictest_verdict(ParsedReview& review, const ParsedReview& other) {
  if (other.verdict) review.verdict = std::max(review.verdict.value_or(*other.verdict), *other.verdict);
}

// Findings, and an unwillingness to approve.
void keep_what_was_said(ParsedReview& review, const ParsedReview& before) {
  append_missing(review, before.findings);
  keep_strictest_verdict(review, before);
  if (review.status == ReviewStatus::clean && !review.findings.empty()) review.status = ReviewStatus::findings;
  renumber(review);
}

void append_checked(ParsedReview& review, const std::vector<std::string>& others) {
  std::set<std::string> known(review.checked.begin(), review.checked.end());
  for (const std::string& path : others) {
    if (known.insert(path).second) review.checked.push_back(path);
  }
}

}  // namespace

bool asks_for_repair(ReviewStatus status) {
  return status == ReviewStatus::no_contract || status == ReviewStatus::malformed ||
         status == ReviewStatus::insubstantial;
}

bool names_problems(std::string_view prose) {
  constexpr std::size_t kLooked = 64U << 10;
  const std::string text = to_lower_ascii(prose.substr(0, kLooked));
  if (cites_file_and_line(text)) return true;
  for (const std::string_view word : kHarm) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      // The same sentence, as far as a denial reaches.
      std::size_t from = at > kDenialReach ? at - kDenialReach : 0;
      const std::string_view before = std::string_view(text).substr(from, at - from);
      const std::size_t sentence = before.find_last_of(".!?;\n");
      const std::string_view same = sentence == std::string_view::npos ? before : before.substr(sentence + 1);
      const bool denied = std::any_of(kDenial.begin(), kDenial.end(), [&](std::string_view denial) {
        return same.find(denial) != std::string_view::npos;
      });
      if (!denied) return true;
    }
  }
  return false;
}

RepairOutcome merge_repair(const ParsedReview& first, std::string_view first_text, ParsedReview second) {
  if (!is_valid_review(second.status)) {
    RepairOutcome outcome{.result = RepairResult::failed, .review = first};
    append_missing(outcome.review, second.findings);
    outcome.review.reason = fmt::format("{}; the repair did not help: {}", first.reason, second.reason);
    renumber(outcome.review);
    return outcome;
  }
  // A review that could be read and reported nothing named no problems; its prose is not searched.
  const bool reported_nothing = first.status == ReviewStatus::insubstantial || first.status == ReviewStatus::clean;
  const bool had_content =
      !first.findings.empty() || !first.dropped.empty() || (!reported_nothing && names_problems(first_text));
  const bool came_back_empty = second.findings.empty();
  if (came_back_empty && had_content) {
    RepairOutcome outcome{.result = RepairResult::lost_content, .review = first};
    outcome.review.reason = "the repair came back without the problems that the answer named";
    return outcome;
  }
  keep_what_was_said(second, first);
  second.warnings.insert(second.warnings.begin(), first.warnings.begin(), first.warnings.end());
  return {.result = RepairResult::accepted, .review = std::move(second)};
}

ParsedReview merge_second_review(const ParsedReview& first, ParsedReview second) {
  keep_what_was_said(second, first);
  return second;
}

ParsedReview merge_rest(ParsedReview first, ParsedReview second) {
  append_missing(first, second.findings);
  if (is_valid_review(second.status)) {
    append_checked(first, second.checked);
    keep_strictest_verdict(first, second);
    // It had named no file that it checked, and now has.
    if (first.status == ReviewStatus::insubstantial) {
      first.status = second.status;
      first.reason.clear();
    }
    if (first.summary.empty()) first.summary = std::move(second.summary);
  } else {
    first.warnings.push_back(fmt::format("the question about the remaining files was not answered: {}", second.reason));
  }
  first.warnings.insert(first.warnings.end(), second.warnings.begin(), second.warnings.end());
  first.dropped.insert(first.dropped.end(), second.dropped.begin(), second.dropped.end());
  if (first.status == ReviewStatus::clean && !first.findings.empty()) first.status = ReviewStatus::findings;
  renumber(first);
  return first;
}

}  // namespace assize
