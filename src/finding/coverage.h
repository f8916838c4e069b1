// Which files of the change a review really looked at. A reviewer covers only what it names: silence covers nothing.
#pragma once

#include <string>
#include <vector>

#include "core/outcome.h"
#include "finding/anchor.h"
#include "finding/parse.h"

namespace assize {

// What is under review: code, or prose that stands as one file (change/document.h).
enum class Matter { change, document };

struct CoveredReview {
  ReviewStatus status = ReviewStatus::empty;  // the review's own, or `insubstantial`
  std::string reason;                         // why, when it is not valid
  std::vector<std::string> checked;           // paths of shown files that it names in `checked`, sorted
  std::vector<std::string> covers;            // those, and the files that an anchored finding cites, sorted
  std::vector<std::string> unresolved;        // names in `checked` that are no shown file, in its order
};

// `review` with its findings anchored (Finding::anchor). A clean review that names no shown file is `insubstantial`;
// the covers of an invalid review are told all the same, for the caller to ignore. A document is one file, so a finding
// without a file is about it too, and `checked` may call it "text", "issue" or "document".
CoveredReview cover_files(const ParsedReview& review, const ChangeView& shown, Matter matter = Matter::change);

// The shown files that `covers` lacks, in the change's order: what a repair call asks for.
std::vector<std::string> uncovered_files(const std::vector<std::string>& covers, const ChangeView& shown);

// Resolves the citation of each finding, and notes the code that stands there. Of a document, a finding "in the issue"
// is one in its file.
void anchor_findings(std::vector<Finding>& findings, const ChangeView& shown, Matter matter = Matter::change);

}  // namespace assize
