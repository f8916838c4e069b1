// What of the change nobody reviewed, one entry a file, with the reason: the list that every report must show.
#pragma once

#include <string>
#include <vector>

#include "core/outcome.h"

namespace assize::report {

struct Unreviewed {
  std::string path;    // raw text: not cleaned, not escaped
  std::string lines;   // "36-50, 90-99" when only a part of the file was not reviewed; else empty
  std::string reason;  // "binary", "no valid review covers it", …; raw text
};

// In the order of the coverage, private files last. Without any model agent on the panel (offline) a file counts as
// looked at when an analyser did; that no model did is said by the decision.
std::vector<Unreviewed> unreviewed_of(const Outcome& outcome);

}  // namespace assize::report
