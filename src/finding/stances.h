// What is asked of a debater, and how its answer is read. By group id only. Tolerant of form, strict about meaning;
// linear; never throws.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"

namespace assize {

// JSON Schema of {"stances":[{group, stance, reason, severity}], "missed":[finding…]}, strict-mode clean.
std::string_view stances_schema();

struct StancesOptions {
  std::string agent;  // whose answer it is
  int round = 2;
  std::span<const std::string> groups;  // ids that were asked about
  std::string_view shown;               // the whole prompt: JSON that occurs in it verbatim is an echo or a plant
};

struct ParsedStances {
  bool readable = false;              // there was an answer in the form asked for, be it empty
  std::string reason;                 // why not
  std::vector<Stance> stances;        // at most one a group, in the order of `groups`
  std::vector<Finding> missed;        // parsed like those of a review; not anchored; ids are "<agent>-<n>" from 1
  std::vector<std::string> warnings;  // unknown ids, unknown words, repeats
};

// Ids that were not asked about are dropped with a warning. Unknown stance words are `unsure` with a warning. Two
// stances on one group that differ: `unsure`, with a warning.
ParsedStances parse_stances(std::string_view answer, const StancesOptions& options);

}  // namespace assize
