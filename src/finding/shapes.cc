#include "finding/shapes.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "core/text.h"
#include "finding/normalise.h"

namespace assize {

namespace {

constexpr int kWrapperDepth = 4;             // {"result": {"review": {…}}} and the like
constexpr std::size_t kMaxChecked = 20'000;  // files of a very large change

// The first of these members that is there and not null.
JsonRef any_of(JsonRef object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const JsonRef member = object.find(name); member && !member.is(JsonKind::null)) return member;
  }
  return {};
}

std::string_view text_of(JsonRef object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const JsonRef member = object.find(name); member.is(JsonKind::string)) return member.text();
  }
  return {};
}

bool is_finding_like(JsonRef value) {
  if (!value.is(JsonKind::object)) return false;
  if (any_of(value, {"title", "claim"}).is(JsonKind::string)) {
    return static_cast<bool>(any_of(value, {"severity", "file", "path", "line", "evidence", "codelocation", "detail",
                                            "body", "priority", "quote", "category"}));
  }
  // Without a claim by name: something is said of a place, or has a severity and a place.
  const bool placed = any_of(value, {"file", "path", "filename", "filepath"}).is(JsonKind::string);
  if (!placed || !any_of(value, {"severity", "line", "startline", "linenumber", "lines"})) return false;
  return any_of(value, {"severity"}).is(JsonKind::string) ||
         any_of(value, {"issue", "problem", "message", "description", "detail", "body", "comment", "text"})
             .is(JsonKind::string);
}

void collect(JsonRef value, int depth, std::vector<Shape>& shapes) {
  if (value.is(JsonKind::object)) {
    if (value.find("findings")) {
      shapes.push_back({ShapeKind::review, value});
      return;
    }
    if (is_finding_like(value)) {
      shapes.push_back({ShapeKind::single, value});
      return;
    }
  } else if (value.is(JsonKind::array)) {
    for (JsonRef item = value.first(); item; item = item.next()) {
      if (is_finding_like(item)) {
        shapes.push_back({ShapeKind::list, value});
        return;
      }
    }
  } else {
    return;
  }
  if (depth == 0) return;
  for (JsonRef child = value.first(); child; child = child.next()) collect(child, depth - 1, shapes);
}

// "[P1] Title" as codex writes it: the mark, and the title without it.
std::optional<Severity> take_priority_mark(std::string_view& title) {
  title = trim(title);
  if (title.size() < 4 || title[0] != '[' || (title[1] != 'P' && title[1] != 'p') || title[3] != ']') {
    return std::nullopt;
  }
  const auto severity = read_severity(title.substr(1, 2));
  if (severity) title = trim(title.substr(4));
  return severity;
}

// The worst of a key that comes more than once.
std::optional<Severity> worst_of(JsonRef item, std::string_view name) {
  std::optional<Severity> worst;
  for (JsonRef member = item.first(); member; member = member.next()) {
    if (!member.is(JsonKind::string) || !same_key(member.key(), name)) continue;
    if (const auto severity = read_severity(member.text())) worst = std::max(worst.value_or(*severity), *severity);
  }
  return worst;
}

std::optional<Severity> severity_of(JsonRef item, std::optional<Severity> mark) {
  if (const auto severity = worst_of(item, "severity")) return severity;
  if (const JsonRef given = any_of(item, {"severity", "level", "impact"}); given.is(JsonKind::string)) {
    if (const auto severity = read_severity(given.text())) return severity;
  }
  const JsonRef priority = item.find("priority");
  if (priority.is(JsonKind::number)) {
    if (const auto severity = severity_of_priority(priority.number())) return severity;
  }
  if (priority.is(JsonKind::string)) {
    if (const auto severity = read_severity(priority.text())) return severity;
  }
  return mark;
}

Side side_of(std::string_view word) {
  const std::string low = to_lower_ascii(trim(word));
  for (const std::string_view old : {"old", "left", "pre", "pre_image", "before", "base", "removed", "deleted"}) {
    if (low == old) return Side::pre_image;
  }
  return Side::post_image;
}

Citation read_citation(JsonRef item) {
  Citation cited;
  const JsonRef evidence = item.find("evidence");
  const JsonRef location = any_of(item, {"codelocation", "location"});
  // The item itself first, then MCO's evidence object, then codex' location object.
  JsonRef lines;
  std::string_view path;
  for (const JsonRef holder : {item, evidence, location}) {
    if (!holder.is(JsonKind::object)) continue;
    if (path.empty()) path = text_of(holder, {"file", "path", "filename", "filepath", "absolutefilepath"});
    if (!lines) lines = any_of(holder, {"line", "startline", "linenumber", "lines", "linerange", "range"});
    if (cited.quote.empty()) {
      cited.quote = clean_text(text_of(holder, {"quote", "snippet", "code", "codesnippet"}), kQuoteBytes);
    }
    if (cited.symbol.empty()) cited.symbol = clean_line(text_of(holder, {"symbol", "function"}), kWordBytes);
  }
  if (path.empty() && location.is(JsonKind::string)) path = location.text();

  const PathAndLines split = split_path_suffix(path);
  cited.path = clean_line(split.path, kPathBytes);
  while (cited.path.size() > 1 && cited.path.front() == '`' && cited.path.back() == '`') {
    cited.path = cited.path.substr(1, cited.path.size() - 2);
  }
  cited.lines = lines ? read_lines(lines) : std::nullopt;
  if (!cited.lines) cited.lines = split.lines;
  if (cited.lines) {
    for (const JsonRef holder : {item, evidence, location}) {
      const auto last = read_lines(any_of(holder, {"endline", "lineend", "lastline"}));
      if (last && last->last > cited.lines->last) cited.lines->last = last->last;
    }
  }
  cited.side = side_of(text_of(item, {"side"}));
  return cited;
}

// The first sentence or line of a text, for items that have no title of their own.
std::string_view first_sentence(std::string_view text) {
  text = trim(text);
  std::size_t end = text.find('\n');
  if (const std::size_t dot = text.find(". "); dot < end) end = dot + 1;
  return text.substr(0, end);
}

// What an item says that has none of the keys in which a claim is looked for: the first text under a key that is not
// about something else; else what it quotes or advises; else, when it names a place and a severity, that it says no
// more. Such an item is a finding all the same: what it means cannot be told, and that is no reason to lose it.
std::string_view claim_without_a_key(JsonRef item) {
  for (JsonRef member = item.first(); member; member = member.next()) {
    if (!member.is(JsonKind::string) || trim(member.text()).empty()) continue;
    constexpr std::array<std::string_view, 36> kOthers = {
        "severity",       "level",       "impact",   "priority", "category", "type",       "kind",         "file",
        "path",           "filename",    "filepath", "line",     "lines",    "endline",    "startline",    "lineend",
        "quote",          "snippet",     "code",     "symbol",   "function", "confidence", "side",         "id",
        "findingid",      "fingerprint", "rule",     "ruleid",   "checkid",  "fix",        "suggestedfix", "suggestion",
        "recommendation", "remediation", "reviewer", "agent"};
    const bool other = std::any_of(kOthers.begin(), kOthers.end(),
                                   [&](std::string_view name) { return same_key(member.key(), name); });
    if (!other) return member.text();
  }
  const std::string_view advice =
      text_of(item, {"fix", "suggestedfix", "recommendation", "suggestion", "remediation", "quote", "snippet", "code"});
  if (!trim(advice).empty()) return advice;
  const bool placed = !trim(text_of(item, {"file", "path", "filename", "filepath"})).empty();
  return placed && any_of(item, {"severity"}).is(JsonKind::string) ? "a problem that the reviewer did not name" : "";
}

// A finding written as a row of values, which only their places tell apart: its texts are its claim, and the worst
// severity among them is its severity.
Finding read_row(JsonRef row, ItemNotes& notes) {
  Finding finding;
  std::string claim;
  std::optional<Severity> worst;
  for (JsonRef cell = row.first(); cell; cell = cell.next()) {
    if (!cell.is(JsonKind::string) || claim.size() > kDetailBytes) continue;
    if (const auto severity = read_severity(cell.text())) worst = std::max(worst.value_or(*severity), *severity);
    if (!claim.empty()) claim += " · ";
    claim += cell.text();
  }
  finding.title = clean_line(claim, kTitleBytes);
  finding.severity = worst.value_or(Severity::high);
  finding.severity_guessed = !worst;
  if (!worst && !finding.title.empty()) ++notes.guessed_severities;
  return finding;
}

}  // namespace

std::vector<Shape> find_shapes(JsonRef root) {
  std::vector<Shape> shapes;
  collect(root, kWrapperDepth, shapes);
  return shapes;
}

std::vector<Shape> find_other_shapes(JsonRef review) {
  std::vector<Shape> shapes;
  for (JsonRef member = review.first(); member; member = member.next()) {
    if (!same_key(member.key(), "findings")) collect(member, kWrapperDepth, shapes);
  }
  return shapes;
}

Finding read_item(JsonRef item, ItemNotes& notes) {
  Finding finding;
  finding.severity_guessed = true;
  if (item.is(JsonKind::string)) {
    finding.title = clean_line(item.text(), kTitleBytes);
    if (!finding.title.empty()) ++notes.guessed_severities;
    return finding;
  }
  if (item.is(JsonKind::array)) return read_row(item, notes);
  if (!item.is(JsonKind::object)) return finding;

  const std::string_view detail =
      text_of(item, {"detail", "details", "body", "description", "explanation", "evidence", "reasoning", "message"});
  std::string_view title = text_of(item, {"title", "claim", "summary", "name", "issue"});
  const auto mark = take_priority_mark(title);
  if (trim(title).empty()) title = first_sentence(detail);
  if (trim(title).empty()) title = first_sentence(claim_without_a_key(item));
  finding.title = clean_line(title, kTitleBytes);
  if (finding.title.empty()) return finding;

  const auto severity = severity_of(item, mark);
  finding.severity = severity.value_or(Severity::high);
  finding.severity_guessed = !severity;
  if (!severity) ++notes.guessed_severities;
  finding.category = read_category(text_of(item, {"category", "type", "kind"})).value_or(Category::bug);
  finding.detail = clean_text(detail, kDetailBytes);
  finding.fix =
      clean_text(text_of(item, {"fix", "suggestedfix", "recommendation", "suggestion", "remediation"}), kDetailBytes);
  finding.cited = read_citation(item);
  const Confidence confidence = read_confidence(any_of(item, {"confidence", "confidencescore"}));
  finding.confidence = confidence.value;
  if (confidence.clamped) ++notes.clamped_confidences;
  finding.rule = clean_line(text_of(item, {"rule", "ruleid", "checkid"}), kWordBytes);
  finding.source_id = clean_line(text_of(item, {"findingid", "id"}), kWordBytes);
  finding.source_fingerprint = clean_line(text_of(item, {"fingerprint"}), kWordBytes);
  return finding;
}

StatedVerdict verdict_of(JsonRef review) {
  StatedVerdict stated;
  const auto take = [&](Verdict verdict) { stated.value = std::max(stated.value.value_or(verdict), verdict); };
  for (JsonRef member = review.first(); member; member = member.next()) {
    bool named = false;
    for (const std::string_view name : {"verdict", "decision", "overallcorrectness"}) {
      named = named || same_key(member.key(), name);
    }
    if (!named || member.is(JsonKind::null)) continue;
    if (member.is(JsonKind::string) && trim(member.text()).empty()) continue;
    const auto verdict = member.is(JsonKind::string) ? read_verdict(member.text()) : std::nullopt;
    if (!verdict) stated.unknown = true;
    take(verdict.value_or(Verdict::request_changes));
  }
  return stated;
}

std::string summary_of(JsonRef review) {
  return clean_line(text_of(review, {"summary", "overallexplanation"}), kDetailBytes);
}

std::vector<std::string> checked_of(JsonRef review) {
  std::vector<std::string> paths;
  std::set<std::string, std::less<>> seen;
  const auto add = [&](std::string_view given) {
    std::string path = clean_line(given, kPathBytes);
    if (!path.empty() && paths.size() < kMaxChecked && seen.insert(path).second) paths.push_back(std::move(path));
  };
  const JsonRef checked = any_of(review, {"checked", "checkedfiles", "fileschecked", "filesreviewed"});
  if (checked.is(JsonKind::string)) add(checked.text());
  if (!checked.is(JsonKind::array)) return paths;
  for (JsonRef item = checked.first(); item; item = item.next()) {
    if (item.is(JsonKind::string)) add(item.text());
    if (item.is(JsonKind::object)) add(text_of(item, {"file", "path", "filename"}));
  }
  return paths;
}

}  // namespace assize
