// Any bytes as a debater's answer, read and tallied. What follows kShown in the input is what the agent was shown. The
// same bytes as the chair's answer. Checks what every reader relies on.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/text.h"
#include "finding/stances.h"
#include "finding/synthesis.h"
#include "finding/tally.h"

namespace {

using namespace assize;  // NOLINT: one file

constexpr std::string_view kShown = "\n<<<SHOWN>>>\n";

void check_text(const std::string& text, std::size_t max_bytes) {
  CHECK(text.size() <= max_bytes);
  CHECK(is_valid_utf8(text));
  CHECK(strip_controls(text, Newlines::keep) == text);
}

void check(const ParsedStances& parsed, const std::vector<std::string>& asked) {
  CHECK(parsed.readable == parsed.reason.empty());
  CHECK(parsed.readable || (parsed.stances.empty() && parsed.missed.empty()));
  std::size_t next = 0;  // at most one a group, in the order of asking
  for (const Stance& stance : parsed.stances) {
    while (next < asked.size() && asked[next] != stance.group) ++next;
    CHECK(next < asked.size());
    ++next;
    CHECK(stance.agent == "b");
    CHECK(stance.round == 2);
    check_text(stance.reason, 1'000);
    CHECK(stance.reason.find('\n') == std::string::npos);
  }
  std::set<std::string> ids;
  for (const Finding& finding : parsed.missed) {
    CHECK(finding.agent == "b");
    CHECK(finding.round == 2);
    CHECK(!finding.title.empty());
    CHECK(ids.insert(finding.id).second);
  }
  for (const std::string& warning : parsed.warnings) check_text(warning, 1'000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t split = input.find(kShown);
  const std::string_view answer = input.substr(0, split);
  const std::string_view shown =
      split == std::string_view::npos ? std::string_view() : input.substr(split + kShown.size());

  const std::vector<std::string> asked = {"G1", "G2", "G10"};
  ParsedStances parsed = parse_stances(answer, {.agent = "b", .round = 2, .groups = asked, .shown = shown});
  check(parsed, asked);

  std::vector<Finding> findings;
  for (const char* id : {"a-1", "a-2", "c-1"}) {
    Finding& finding = findings.emplace_back();
    finding.id = id;
    finding.agent = std::string(1, id[0]);
    finding.title = std::string("T ") + id;
  }
  std::vector<PanelMember> panel;
  for (const char* id : {"a", "b", "c"})
    panel.push_back({.id = id, .role = AgentRole::reviewer, .valid = true, .covers = {}});
  std::vector<Group> groups = group_findings({.findings = findings, .panel = panel});
  const std::size_t before = groups.size();
  if (parsed.missed.size() <= 100) {
    for (Finding& missed : parsed.missed) findings.push_back(std::move(missed));
    groups = extend_groups(std::move(groups), {.findings = findings, .panel = panel});
  }
  tally_stances(groups, findings, parsed.stances, panel);
  CHECK(groups.size() >= before);
  std::set<std::string> members;
  std::set<std::string> ids;
  for (const Group& group : groups) {
    CHECK(ids.insert(group.id).second);
    for (const std::string& member : group.members) CHECK(members.insert(member).second);
    for (const std::string& agent : group.support) {
      CHECK(std::find(group.against.begin(), group.against.end(), agent) == group.against.end());
    }
    const bool disputed = !group.against.empty() && group.against.size() >= group.support.size();
    CHECK((group.status == GroupStatus::disputed) == disputed);
    CHECK(disputed || group.status == GroupStatus::unverified);
  }
  CHECK(members.size() == findings.size());

  const ParsedSynthesis synthesis = parse_synthesis(answer, shown);
  CHECK(synthesis.readable == synthesis.reason.empty());
  CHECK(synthesis.readable == !synthesis.text.empty());
  check_text(synthesis.text, 8'000);
  return 0;
}
