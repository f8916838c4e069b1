#include "finding/sarif_reader.h"

#include <map>

#include <fmt/format.h>

#include "core/sarif.h"
#include "core/text.h"

namespace assize {

namespace {

constexpr std::size_t kTitleBytes = 300;  // core/finding.h
constexpr std::size_t kDetailBytes = 8000;

// An agent's id is [A-Za-z0-9_.-]{1,64}: "Clang Static Analyzer" becomes "Clang-Static-Analyzer".
std::string agent_id(std::string_view tool) {
  std::string id;
  for (const char c : tool) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    if (plain) {
      id.push_back(c);
    } else if (!id.empty() && id.back() != '-') {
      id.push_back('-');
    }
    if (id.size() == 64) break;
  }
  while (id.ends_with('-')) id.pop_back();
  return id.empty() ? "tool" : id;
}

Finding finding_of(const SarifResult& result) {
  Finding finding;
  finding.agent = agent_id(result.tool);
  finding.severity = result.severity;
  finding.severity_guessed = !result.severity_given;
  finding.category = result.category;
  finding.title = cap_bytes(result.message, kTitleBytes);
  std::string detail = result.message.size() > kTitleBytes ? result.message + "\n" + result.detail : result.detail;
  if (result.suppressed) {
    finding.severity = Severity::info;
    detail = fmt::format("Suppressed by its producer ({}).\n{}", *result.suppressed, detail);
  }
  finding.detail = cap_bytes(detail, kDetailBytes);
  finding.fix = result.fix;
  finding.cited = {.path = result.path,
                   .lines = result.lines,
                   .side = Side::post_image,
                   .quote = result.quote,
                   .symbol = result.symbol};
  finding.rule = result.rule;
  finding.source_id = result.guid;
  finding.source_fingerprint = result.fingerprint;
  finding.raw_ref = result.where;
  return finding;
}

}  // namespace

Result<SarifFindings> read_sarif_findings(std::string_view bytes, std::string_view name) {
  auto read = read_sarif(bytes);
  if (!read) {
    Error error = std::move(read).error();
    error.message = fmt::format("{}: {}", name, error.message);
    return error;
  }
  SarifFindings out;
  std::map<std::string, std::size_t, std::less<>> counts;
  for (const SarifResult& result : read->results) {
    Finding finding = finding_of(result);
    finding.id = fmt::format("{}-{}", finding.agent, ++counts[finding.agent]);
    out.findings.push_back(std::move(finding));
  }
  for (const std::string& warning : read->warnings) out.warnings.push_back(fmt::format("{}: {}", name, warning));
  for (const std::string& failure : read->failures) out.warnings.push_back(fmt::format("{}: {}", name, failure));
  return out;
}

}  // namespace assize
