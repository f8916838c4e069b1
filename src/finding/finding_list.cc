#include "finding/finding_list.h"

#include <fmt/format.h>

namespace assize {

namespace {

// Everything that two copies of one finding have in common.
std::string content_key(const Finding& f) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", f.title, f.detail, f.cited.path,
                     f.cited.lines ? fmt::to_string(f.cited.lines->first) : "", f.cited.quote);
}

}  // namespace

std::string_view FindingList::add(JsonRef item, std::string ref) {
  if (is_full()) return "too many findings in one answer";
  ItemNotes notes;
  Finding finding = read_item(item, notes);
  if (finding.title.empty()) return "says nothing: neither title nor detail";
  // Twice in one source it is two.
  const auto [seen, is_new] = seen_.try_emplace(content_key(finding), Seen{source_, findings_.size()});
  if (!is_new && seen->second.source != source_) {
    Finding& earlier = findings_[seen->second.index];
    if (finding.severity > earlier.severity) {
      earlier.severity = finding.severity;
      earlier.severity_guessed = finding.severity_guessed;
    }
    return {};
  }
  notes_.guessed_severities += notes.guessed_severities;
  notes_.clamped_confidences += notes.clamped_confidences;
  finding.agent = agent_;
  finding.id = fmt::format("{}-{}", agent_, findings_.size() + 1);
  finding.raw_ref = std::move(ref);
  findings_.push_back(std::move(finding));
  return {};
}

}  // namespace assize
