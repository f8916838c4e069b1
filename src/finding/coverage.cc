#include "finding/coverage.h"

#include <set>

#include "core/text.h"
#include "finding/normalise.h"

namespace assize {

namespace {

// A line of code in a report; what is longer was not written by a person.
constexpr std::size_t kCodeBytes = 400;

// "text", "The issue", …: how reviewers call the one thing that they were given.
bool means_the_document(std::string_view name) {
  std::string word = to_lower_ascii(trim(name));
  if (word.starts_with("the ")) word.erase(0, 4);
  return word == "text" || word == "issue" || word == "document";
}

// Path of the one file, when what is reviewed is prose.
std::string document_of(const ChangeView& shown, Matter matter) {
  if (matter == Matter::change) return {};
  const std::vector<std::string> paths = shown.shown_paths();
  return paths.size() == 1 ? paths.front() : std::string();
}

}  // namespace

CoveredReview cover_files(const ParsedReview& review, const ChangeView& shown, Matter matter) {
  CoveredReview covered{.status = review.status, .reason = review.reason};
  const std::string document = document_of(shown, matter);
  std::set<std::string> checked;
  for (const std::string& name : review.checked) {
    std::string path = shown.resolve_path(name);
    // "a.c:12-40" names a.c, unless a file is called so.
    if (path.empty()) path = shown.resolve_path(split_path_suffix(name).path);
    if (path.empty() && means_the_document(name)) path = document;
    if (path.empty()) {
      covered.unresolved.push_back(name);
    } else {
      checked.insert(std::move(path));
    }
  }
  std::set<std::string> covers = checked;
  for (const Finding& finding : review.findings) {
    if (!is_anchored(finding.anchor.state)) continue;
    const bool placeless = finding.anchor.state == AnchorState::none;
    std::string path = placeless ? document : shown.resolve_path(finding.anchor.path);
    if (!path.empty()) covers.insert(std::move(path));
  }
  covered.checked.assign(checked.begin(), checked.end());
  covered.covers.assign(covers.begin(), covers.end());
  if (covered.status == ReviewStatus::clean && checked.empty()) {
    covered.status = ReviewStatus::insubstantial;
    covered.reason = "reports nothing, and none of the files that it checked is in the change";
  }
  return covered;
}

std::vector<std::string> uncovered_files(const std::vector<std::string>& covers, const ChangeView& shown) {
  const std::set<std::string> known(covers.begin(), covers.end());
  std::vector<std::string> missing;
  for (std::string& path : shown.shown_paths()) {
    if (!known.contains(path)) missing.push_back(std::move(path));
  }
  return missing;
}

void anchor_findings(std::vector<Finding>& findings, const ChangeView& shown, Matter matter) {
  const std::string document = document_of(shown, matter);
  for (Finding& finding : findings) {
    finding.anchor = resolve_anchor(finding.cited, shown);
    if (finding.anchor.state == AnchorState::unknown_file && means_the_document(finding.cited.path)) {
      Citation cited = finding.cited;
      cited.path = document;
      if (!document.empty()) finding.anchor = resolve_anchor(cited, shown);
    }
    // An analyser that quotes nothing has a reason: the line holds a secret.
    if (!finding.rule.empty() && finding.cited.quote.empty()) continue;
    finding.code = cap_bytes(to_valid_utf8(trim(shown.code_at(finding.anchor))), kCodeBytes);
  }
}

}  // namespace assize
