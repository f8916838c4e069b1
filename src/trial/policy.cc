#include "trial/policy.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "change/glob.h"
#include "core/text.h"

namespace assize {

namespace {

constexpr std::string_view kMark = "[withheld by policy]";

std::string list(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = fmt::format("\n{}\n", heading);
  for (const std::string& item : items) text += fmt::format("- {}\n", trim(item));
  return text;
}

// Where `text` holds `word`, by the algorithm of Knuth, Morris and Pratt: linear whatever the two are like. Both are in
// lower case. Overlapping occurrences are all told. REQUIRES: word is not empty.
template <class Found>
void find_all(std::string_view text, std::string_view word, Found found) {
  std::vector<std::size_t> border(word.size() + 1);  // longest proper border of each prefix
  for (std::size_t i = 1, k = 0; i < word.size(); ++i) {
    while (k > 0 && word[i] != word[k]) k = border[k];
    if (word[i] == word[k]) ++k;
    border[i + 1] = k;
  }
  for (std::size_t i = 0, k = 0; i < text.size(); ++i) {
    while (k > 0 && text[i] != word[k]) k = border[k];
    if (text[i] == word[k]) ++k;
    if (k < word.size()) continue;
    found(i + 1 - k);
    k = border[k];
  }
}

// The forbidden texts in lower case, the longest first, so that one that holds another goes as a whole.
std::vector<std::string> words_of(const Policy& policy) {
  std::vector<std::string> words;
  for (const std::string& text : policy.forbidden_output) {
    if (!text.empty()) words.push_back(to_lower_ascii(text));
  }
  std::sort(words.begin(), words.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  return words;
}

}  // namespace

std::string render_policy(const Policy& policy) {
  std::string text = list("Look above all at:", policy.focus_areas);
  text +=
      list("Files that match these patterns are of high risk; read them with the most care:", policy.high_risk_paths);
  if (!trim(policy.checklist).empty())
    text += fmt::format("\nGo through this checklist:\n{}\n", trim(policy.checklist));
  text += list("The rules of this house are written down here:", policy.doc_links);
  return text.empty() ? text : text.substr(1);
}

Result<bool> override_severities(const Policy& policy, std::vector<Finding>& findings) {
  std::vector<std::pair<Glob, Severity>> overrides;
  overrides.reserve(policy.overrides.size());
  for (const SeverityOverride& entry : policy.overrides) {
    TRY_ASSIGN(Glob glob, Glob::parse(entry.glob));
    overrides.emplace_back(std::move(glob), entry.severity);
  }
  bool changed = false;
  for (Finding& finding : findings) {
    // A place that does not exist must not choose the rule by the name that it gives itself.
    if (finding.anchor.path.empty() || !is_anchored(finding.anchor.state)) continue;
    const auto last = std::find_if(overrides.rbegin(), overrides.rend(),
                                   [&](const auto& entry) { return entry.first.matches(finding.anchor.path); });
    if (last == overrides.rend() || last->second == finding.severity) continue;
    if (!finding.reported) finding.reported = finding.severity;
    finding.severity = last->second;
    changed = true;
  }
  return changed;
}

std::string withhold(const Policy& policy, std::string_view text, std::size_t& count) {
  const std::vector<std::string> words = words_of(policy);
  if (words.empty()) return std::string(text);
  const std::string lower = to_lower_ascii(text);
  // Bytes that are spoken for. A shorter word that overlaps a longer one covers its first or its last byte.
  std::vector<bool> taken(text.size());
  std::vector<std::pair<std::size_t, std::size_t>> matches;  // place and length
  const auto take = [&](std::size_t at, std::size_t length) {
    if (taken[at] || taken[at + length - 1]) return false;
    std::fill_n(taken.begin() + static_cast<std::ptrdiff_t>(at), length, true);
    return true;
  };
  // What was withheld before stays as it is, also where a word of the mark is forbidden.
  find_all(text, kMark, [&](std::size_t at) { take(at, kMark.size()); });
  for (const std::string& word : words) {
    find_all(lower, word, [&](std::size_t at) {
      if (take(at, word.size())) matches.emplace_back(at, word.size());
    });
  }
  std::sort(matches.begin(), matches.end());
  std::string out;
  std::size_t next = 0;
  for (const auto& [at, length] : matches) {
    out.append(text.substr(next, at - next)).append(kMark);
    next = at + length;
  }
  count += matches.size();
  return out.append(text.substr(next));
}

}  // namespace assize
