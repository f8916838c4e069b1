// Reads an agent's answer text into findings. Tolerant of form, strict about meaning. Linear; never throws.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/outcome.h"

namespace assize {

struct ParseOptions {
  std::string agent;  // whose answer it is
  // Everything that the agent was shown (prompt and change). A JSON value that occurs in it verbatim is an echo or a
  // plant, and is ignored.
  std::string_view shown;
};

struct ParsedReview {
  ReviewStatus status = ReviewStatus::empty;
  std::string reason;  // why, when it is not valid
  std::optional<Verdict> verdict;
  std::string summary;
  std::vector<std::string> checked;  // as given, paths normalised
  std::vector<Finding> findings;     // not anchored yet; ids are "<agent>-<n>"
  std::vector<DroppedItem> dropped;
  std::vector<std::string> warnings;
  std::vector<std::string> repairs;  // what had to be mended in the JSON: "trailing comma", …
  bool truncated = false;            // the JSON ended early; complete items were kept
};

// `insubstantial` cannot be told here, as it needs the change: see cover_files().
ParsedReview parse_review(std::string_view answer, const ParseOptions& options);

}  // namespace assize
