#include "trial/claims.h"

#include <fmt/format.h>

#include "core/text.h"

namespace assize {

namespace {
constexpr std::size_t kDetailBytes = 1'200;  // of one statement: its gist, not its essay
constexpr std::size_t kStatements = 6;       // of one group in a debate; repeats add nothing
}  // namespace

FindingIndex::FindingIndex(std::span<const Finding> findings) {
  for (const Finding& finding : findings) by_id_.emplace(finding.id, &finding);
}

std::string place_of(const Finding& finding) {
  const Anchor& anchor = finding.anchor;
  const std::string& path = anchor.path.empty() ? finding.cited.path : anchor.path;
  if (path.empty()) return "no place";
  const auto& lines = anchor.lines ? anchor.lines : finding.cited.lines;
  if (!lines) return path;
  if (lines->first == lines->last) return fmt::format("{}:{}", path, lines->first);
  return fmt::format("{}:{}-{}", path, lines->first, lines->last);
}

std::string describe_group(const Group& group, const FindingIndex& findings) {
  const Finding& representative = findings.at(group.representative);
  std::string text = fmt::format("{} [{}, {}] {}\n", group.id, to_string(group.severity),
                                 to_string(representative.category), place_of(representative));
  const auto state = [&](const Finding& finding) {
    text += fmt::format("  {}\n", finding.title);
    if (!finding.detail.empty()) text += fmt::format("  {}\n", cap_bytes(finding.detail, kDetailBytes));
  };
  state(representative);
  std::size_t stated = 1;
  for (const std::string& id : group.members) {
    if (id == group.representative) continue;
    if (++stated > kStatements) {
      text += fmt::format("  … and {} more statements of it\n", group.members.size() - kStatements);
      break;
    }
    text += fmt::format("  also put as ({}):\n", place_of(findings.at(id)));
    state(findings.at(id));
  }
  return text;
}

}  // namespace assize
