#include <set>

#include <fmt/core.h>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/values.h"
#include "core/text.h"
#include "finding/group.h"
#include "finding/read_findings.h"
#include "finding/sarif_reader.h"
#include "report/json.h"

namespace assize {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{256} << 20U;  // some million findings

// SARIF is told from our own JSON by its "runs"; each reader checks the form itself.
Result<std::vector<Finding>> read_either(std::string text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // tools on Windows write one
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (trim(text).empty()) return invalid(fmt::format("{}: there is nothing in it", shown_word(name)));
  auto ours = read_findings(text, name);
  if (ours || text.find("\"runs\"") == std::string::npos) return ours;
  TRY_ASSIGN(SarifFindings sarif, read_sarif_findings(text, name));
  for (const std::string& warning : sarif.warnings) warn(warning);
  return std::move(sarif.findings);
}

// Ids are unique within a file; over several files a second one gets a number.
void take(std::vector<Finding>& all, std::set<std::string>& ids, std::vector<Finding> more) {
  for (Finding& finding : more) {
    const std::string id = finding.id;
    for (int count = 2; !ids.insert(finding.id).second; ++count) finding.id = fmt::format("{}#{}", id, count);
    all.push_back(std::move(finding));
  }
}

}  // namespace

Result<int> run_group(const CommandContext& context) {
  std::vector<std::string> files = context.options.arguments;
  if (files.empty()) files.emplace_back("-");
  Outcome outcome;
  outcome.mode = "group";
  std::set<std::string> ids;
  for (const std::string& file : files) {
    const bool from_stdin = file == "-";
    TRY_ASSIGN(std::string text,
               from_stdin ? read_stdin(kMaxInputBytes, "standard input") : read_file(file, kMaxInputBytes));
    TRY_ASSIGN(std::vector<Finding> findings, read_either(std::move(text), from_stdin ? "standard input" : file));
    take(outcome.findings, ids, std::move(findings));
  }
  outcome.groups = group_findings({.findings = outcome.findings, .panel = {}});
  return print(render_groups_json(outcome));
}

}  // namespace assize
