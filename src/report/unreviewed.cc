#include "report/unreviewed.h"

#include <fmt/core.h>

namespace assize::report {

namespace {

std::string range_text(const LineRange& lines) {
  return lines.last > lines.first ? fmt::format("{}-{}", lines.first, lines.last) : fmt::format("{}", lines.first);
}

}  // namespace

std::vector<Unreviewed> unreviewed_of(const Outcome& outcome) {
  std::vector<Unreviewed> list;
  for (const FileCoverage& file : outcome.coverage) {
    if (file.set_aside) {
      std::string reason(to_string(*file.set_aside));
      if (!file.detail.empty()) reason += " (" + file.detail + ")";
      list.push_back({file.path, "", reason});
      continue;
    }
    if (file.risky) list.push_back({file.path, "", "only in part: " + file.detail});  // it was shown
    if (outcome.offline) {
      if (file.analysers.empty()) list.push_back({file.path, "", "no analyser reads this kind of file"});
      continue;
    }
    std::string missing;
    std::size_t covered = 0;
    bool any_missing = false;
    for (const HunkCoverage& hunk : file.hunks) {
      if (!hunk.agents.empty()) {
        ++covered;
        continue;
      }
      any_missing = true;
      if (hunk.lines.first == 0) continue;
      if (!missing.empty()) missing += ", ";
      missing += range_text(hunk.lines);
    }
    if (!any_missing) continue;
    std::string reason = "no valid review covers it";
    if (!file.analysers.empty()) reason += ", analysers alone";
    list.push_back({file.path, covered == 0 ? "" : missing, reason});
  }
  for (const std::string& path : outcome.private_files) {
    list.push_back({path, "", "private by its name, never shown to an agent"});
  }
  return list;
}

}  // namespace assize::report
