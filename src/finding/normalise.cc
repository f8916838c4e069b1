#include "finding/normalise.h"

#include <array>
#include <charconv>
#include <cmath>

#include "core/text.h"

namespace assize {

namespace {

template <class Enum>
struct Alias {
  std::string_view word;  // lower case, with single spaces for '-' and '_'
  Enum value;
};

constexpr std::array<Alias<Severity>, 36> kSeverityAliases = {{
    {"critical", Severity::critical}, {"blocker", Severity::critical}, {"blocking", Severity::critical},
    {"p0", Severity::critical},       {"fatal", Severity::critical},   {"crit", Severity::critical},
    {"high", Severity::high},         {"major", Severity::high},       {"error", Severity::high},
    {"p1", Severity::high},           {"severe", Severity::high},      {"serious", Severity::high},
    {"important", Severity::high},    {"medium", Severity::medium},    {"minor", Severity::medium},
    {"moderate", Severity::medium},   {"warning", Severity::medium},   {"warn", Severity::medium},
    {"p2", Severity::medium},         {"med", Severity::medium},       {"medium high", Severity::high},
    {"low", Severity::low},           {"nit", Severity::low},          {"nitpick", Severity::low},
    {"trivial", Severity::low},       {"note", Severity::low},         {"p3", Severity::low},
    {"cosmetic", Severity::low},      {"style", Severity::low},        {"suggestion", Severity::low},
    {"low medium", Severity::medium}, {"info", Severity::info},        {"informational", Severity::info},
    {"information", Severity::info},  {"p4", Severity::info},          {"hint", Severity::info},
}};

constexpr std::array<Alias<Category>, 30> kCategoryAliases = {{
    {"bug", Category::bug},
    {"correctness", Category::bug},
    {"logic", Category::bug},
    {"regression", Category::bug},
    {"reliability", Category::bug},
    {"concurrency", Category::bug},
    {"error handling", Category::bug},
    {"security", Category::security},
    {"vulnerability", Category::security},
    {"privacy", Category::security},
    {"secret", Category::security},
    {"injection", Category::security},
    {"performance", Category::performance},
    {"perf", Category::performance},
    {"efficiency", Category::performance},
    {"resource", Category::performance},
    {"maintainability", Category::maintainability},
    {"style", Category::maintainability},
    {"readability", Category::maintainability},
    {"design", Category::maintainability},
    {"refactor", Category::maintainability},
    {"quality", Category::maintainability},
    {"code quality", Category::maintainability},
    {"test gap", Category::test_gap},
    {"test", Category::test_gap},
    {"tests", Category::test_gap},
    {"testing", Category::test_gap},
    {"docs", Category::docs},
    {"doc", Category::docs},
    {"documentation", Category::docs},
}};

constexpr std::array<Alias<Verdict>, 30> kVerdictAliases = {{
    {"approve", Verdict::approve},
    {"approved", Verdict::approve},
    {"accept", Verdict::approve},
    {"lgtm", Verdict::approve},
    {"pass", Verdict::approve},
    {"ok", Verdict::approve},
    {"patch is correct", Verdict::approve},
    {"correct", Verdict::approve},
    {"comment", Verdict::comment},
    {"comments", Verdict::comment},
    {"commented", Verdict::comment},
    {"neutral", Verdict::comment},
    {"request changes", Verdict::request_changes},
    {"requested changes", Verdict::request_changes},
    {"changes requested", Verdict::request_changes},
    {"changes required", Verdict::request_changes},
    {"needs changes", Verdict::request_changes},
    {"needs work", Verdict::request_changes},
    {"reject", Verdict::request_changes},
    {"rejected", Verdict::request_changes},
    {"block", Verdict::request_changes},
    {"fail", Verdict::request_changes},
    {"failed", Verdict::request_changes},
    {"patch is incorrect", Verdict::request_changes},
    {"incorrect", Verdict::request_changes},
    // Of an issue under review.
    {"ready", Verdict::approve},
    {"unclear", Verdict::comment},
    {"needs info", Verdict::request_changes},
    {"needs information", Verdict::request_changes},
    {"not ready", Verdict::request_changes},
}};

constexpr auto kStanceAliases = std::to_array<Alias<StanceValue>>({
    {"agree", StanceValue::agree},
    {"agreed", StanceValue::agree},
    {"agrees", StanceValue::agree},
    {"yes", StanceValue::agree},
    {"true", StanceValue::agree},
    {"valid", StanceValue::agree},
    {"confirm", StanceValue::agree},
    {"confirmed", StanceValue::agree},
    {"support", StanceValue::agree},
    {"supported", StanceValue::agree},
    {"disagree", StanceValue::disagree},
    {"disagreed", StanceValue::disagree},
    {"disagrees", StanceValue::disagree},
    {"no", StanceValue::disagree},
    {"false", StanceValue::disagree},
    {"invalid", StanceValue::disagree},
    {"dispute", StanceValue::disagree},
    {"disputed", StanceValue::disagree},
    {"reject", StanceValue::disagree},
    {"rejected", StanceValue::disagree},
    {"oppose", StanceValue::disagree},
    {"withdraw", StanceValue::disagree},
    {"withdrawn", StanceValue::disagree},
    {"refute", StanceValue::disagree},
    {"false positive", StanceValue::disagree},
    {"unsure", StanceValue::unsure},
    {"uncertain", StanceValue::unsure},
    {"not sure", StanceValue::unsure},
    {"unclear", StanceValue::unsure},
    {"abstain", StanceValue::unsure},
    {"neutral", StanceValue::unsure},
});

constexpr auto kVerdictStatusAliases = std::to_array<Alias<VerdictStatus>>({
    {"verified", VerdictStatus::verified},
    {"confirmed", VerdictStatus::verified},
    {"confirm", VerdictStatus::verified},
    {"true", VerdictStatus::verified},
    {"true positive", VerdictStatus::verified},
    {"valid", VerdictStatus::verified},
    {"supported", VerdictStatus::verified},
    {"unsupported", VerdictStatus::unsupported},
    {"not supported", VerdictStatus::unsupported},
    {"refuted", VerdictStatus::unsupported},
    {"refute", VerdictStatus::unsupported},
    {"rejected", VerdictStatus::unsupported},
    {"reject", VerdictStatus::unsupported},
    {"false", VerdictStatus::unsupported},
    {"false positive", VerdictStatus::unsupported},
    {"invalid", VerdictStatus::unsupported},
    {"needs human", VerdictStatus::needs_human},
    {"needs human decision", VerdictStatus::needs_human},
    {"needs human review", VerdictStatus::needs_human},
    {"uncertain", VerdictStatus::needs_human},
    {"unsure", VerdictStatus::needs_human},
    {"unclear", VerdictStatus::needs_human},
    {"inconclusive", VerdictStatus::needs_human},
});

// Lower case, '-' '_' '/' as single spaces, without brackets, stars and punctuation around.
std::string fold_word(std::string_view word) {
  std::string folded;
  for (const char c : to_lower_ascii(word.substr(0, kWordBytes))) {
    const bool gap = c == '-' || c == '_' || c == '/' || c == ' ' || c == '\t' || c == '\n';
    const bool keep = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (keep) folded += c;
    if (gap && !folded.empty() && folded.back() != ' ') folded += ' ';
  }
  while (folded.ends_with(' ')) folded.pop_back();
  return folded;
}

template <class Enum, std::size_t N>
std::optional<Enum> look_up(const std::array<Alias<Enum>, N>& aliases, std::string_view word) {
  const std::string folded = fold_word(word);
  for (const auto& alias : aliases) {
    if (alias.word == folded) return alias.value;
  }
  return std::nullopt;
}

constexpr double kMaxLine = 2'000'000'000;

std::optional<std::uint32_t> whole_line(double number) {
  if (!(number >= 1) || number > kMaxLine || number != std::floor(number)) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

// Reads "L42" or "42" (also "42.0") off the front of `rest`.
std::optional<std::uint32_t> take_line(std::string_view& rest) {
  if (rest.starts_with('l') || rest.starts_with('L')) rest.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  while (rest.starts_with(".0") || (rest.starts_with('0') && number != 0)) {
    rest.remove_prefix(rest.front() == '.' ? 2 : 1);
  }
  return whole_line(static_cast<double>(number));
}

std::string_view skip_words(std::string_view text, std::string_view first, std::string_view second) {
  text = trim(text);
  if (contains_ascii_nocase(text.substr(0, first.size()), first)) {
    text.remove_prefix(first.size());
  } else if (contains_ascii_nocase(text.substr(0, second.size()), second)) {
    text.remove_prefix(second.size());
  }
  return trim(text);
}

std::string clean(std::string_view text, std::size_t max_bytes, Newlines newlines) {
  // Cut the raw bytes first: what is 64 MiB long must not be walked three times for 8,000 bytes. Escape sequences and
  // broken bytes only make text shorter or three times as long, so a wide margin keeps the mark right.
  const std::string_view head = text.substr(0, max_bytes * 8 + 64);
  const std::string safe = strip_controls(to_valid_utf8(head), newlines);
  return cap_bytes(trim(safe), max_bytes);
}

}  // namespace

std::string clean_line(std::string_view text, std::size_t max_bytes) {
  return clean(text, max_bytes, Newlines::to_space);
}
std::string clean_text(std::string_view text, std::size_t max_bytes) {
  return clean(text, max_bytes, Newlines::keep);
}

std::optional<Severity> read_severity(std::string_view word) {
  return look_up(kSeverityAliases, word);
}

std::optional<Severity> severity_of_priority(double priority) {
  constexpr std::array<Severity, 5> kByPriority = {Severity::critical, Severity::high, Severity::medium, Severity::low,
                                                   Severity::info};
  if (!(priority >= 0) || priority > 4 || priority != std::floor(priority)) return std::nullopt;
  return kByPriority.at(static_cast<std::size_t>(priority));
}

std::optional<Category> read_category(std::string_view word) {
  return look_up(kCategoryAliases, word);
}
std::optional<Verdict> read_verdict(std::string_view word) {
  return look_up(kVerdictAliases, word);
}

std::optional<LineRange> read_lines(std::string_view text) {
  std::string_view rest = skip_words(text, "lines", "line");
  const auto first = take_line(rest);
  if (!first) return std::nullopt;
  rest = trim(rest);
  if (rest.empty()) return LineRange{*first, *first};
  if (rest.front() == ':') return LineRange{*first, *first};  // a column follows
  for (const std::string_view dash : {"-", "–", "—", "to", ".."}) {
    if (!rest.starts_with(dash)) continue;
    rest = trim(rest.substr(dash.size()));
    const auto last = take_line(rest);
    if (!last || !trim(rest).empty()) return std::nullopt;
    return LineRange{std::min(*first, *last), std::max(*first, *last)};
  }
  return std::nullopt;
}

std::optional<LineRange> read_lines(JsonRef value) {
  if (value.is(JsonKind::number)) {
    const auto line = whole_line(value.number());
    return line ? std::optional(LineRange{*line, *line}) : std::nullopt;
  }
  if (value.is(JsonKind::string)) return read_lines(value.text());
  const bool list = value.is(JsonKind::array);
  if (!list && !value.is(JsonKind::object)) return std::nullopt;
  const JsonRef first = list ? value.first() : value.find("start");
  const JsonRef second = list && first ? first.next() : value.find("end");
  // Only plain numbers and strings inside: no nesting, so no recursion worth the name.
  if (!first.is(JsonKind::number) && !first.is(JsonKind::string)) return std::nullopt;
  const auto from = read_lines(first);
  if (!from) return std::nullopt;
  if (!second.is(JsonKind::number) && !second.is(JsonKind::string)) return from;
  const auto to = read_lines(second);
  return LineRange{from->first, to ? std::max(from->last, to->last) : from->last};
}

std::optional<StanceValue> read_stance(std::string_view word) {
  return look_up(kStanceAliases, word);
}

std::optional<VerdictStatus> read_verdict_status(std::string_view word) {
  return look_up(kVerdictStatusAliases, word);
}

Confidence read_confidence(JsonRef value) {
  double number = 0;
  if (value.is(JsonKind::number)) {
    number = value.number();
  } else if (value.is(JsonKind::string)) {
    const std::string word = fold_word(value.text());
    if (word == "very high" || word == "certain") return {.value = 0.95};
    if (word == "high") return {.value = 0.9};
    if (word == "medium" || word == "moderate") return {.value = 0.6};
    if (word == "low") return {.value = 0.3};
    if (word == "very low") return {.value = 0.1};
    std::string_view digits = trim(value.text());
    const bool percent = digits.ends_with('%');
    if (percent) digits = trim(digits.substr(0, digits.size() - 1));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number)) return {};
    if (percent) number /= 100;
  } else {
    return {};
  }
  if (number >= 10 && number <= 100) number /= 100;  // nobody's scale but per cent
  if (number < 0) return {.value = 0.0, .clamped = true};
  if (number > 1) return {.value = 1.0, .clamped = true};
  return {.value = number};
}

PathAndLines split_path_suffix(std::string_view path) {
  path = trim(path);
  if (const std::size_t hash = path.rfind("#L"); hash != std::string_view::npos && hash > 0) {
    if (const auto lines = read_lines(path.substr(hash + 1))) return {path.substr(0, hash), lines};
  }
  // At most two numbers: line and column, or line and line.
  std::size_t colon = path.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return {path, std::nullopt};
  const std::size_t earlier = path.rfind(':', colon - 1);
  if (earlier != std::string_view::npos && earlier > 0) {
    const auto lines = read_lines(path.substr(earlier + 1));
    if (lines) return {path.substr(0, earlier), lines};
  }
  const auto lines = read_lines(path.substr(colon + 1));
  return lines ? PathAndLines{path.substr(0, colon), lines} : PathAndLines{path, std::nullopt};
}

}  // namespace assize
