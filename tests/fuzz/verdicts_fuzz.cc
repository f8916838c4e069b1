// Any bytes as a verifier's answer, read, and the groups settled by it and by verdicts that the bytes draw. What
// follows kShown in the input is what the agent was shown. Checks that nothing is set aside but by the rules.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "change/diff_parser.h"
#include "core/result.h"
#include "core/text.h"
#include "finding/tally.h"
#include "finding/verdicts.h"

namespace {

using namespace assize;  // NOLINT: one file

constexpr std::string_view kShown = "\n<<<SHOWN>>>\n";
constexpr std::string_view kPatch =
    "--- a/src/a.c\n+++ b/src/a.c\n@@ -1,3 +1,4 @@\n int a;\n-old();\n+fresh(a);\n+more();\n }\n";

struct Shown {
  Change change;
  Plan plan;
  PostImages images;
  Shown() {
    change.files = parse_patch(kPatch).value().files;
    plan.files.push_back({.index = 0, .set_aside = {}, .detail = {}});
  }
};

void check(const ParsedVerdicts& parsed, const std::vector<AskedGroup>& asked) {
  CHECK(parsed.readable == parsed.reason.empty());
  CHECK(parsed.readable || parsed.verdicts.empty());
  std::size_t next = 0;  // at most one a group, in the order of asking
  for (const GroupVerdict& verdict : parsed.verdicts) {
    while (next < asked.size() && asked[next].id != verdict.group) ++next;
    CHECK(next < asked.size());
    const std::vector<std::string>& members = asked[next++].members;
    CHECK(verdict.agent == "b");
    CHECK((verdict.status == VerdictStatus::unsupported) == !verdict.members.empty());
    CHECK(std::is_sorted(verdict.members.begin(), verdict.members.end()));
    for (const std::string& member : verdict.members) {
      CHECK(std::find(members.begin(), members.end(), member) != members.end());
    }
    for (const std::string& text : {verdict.reason, verdict.evidence}) {
      CHECK(text.size() <= 1'000);
      CHECK(is_valid_utf8(text));
      CHECK(strip_controls(text, Newlines::to_space) == text);
    }
  }
}

// Verdicts by the bytes of the input, so that a search for odd combinations finds them.
void draw(std::string_view bytes, const std::vector<Group>& groups, std::vector<GroupVerdict>& verdicts) {
  for (std::size_t i = 0; i + 2 < bytes.size() && verdicts.size() < 12; i += 3) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[i + at]); };
    const Group& group = groups[byte(0) % groups.size()];
    GroupVerdict verdict{.group = group.id, .agent = std::string(1, static_cast<char>('a' + byte(0) / 16 % 6))};
    verdict.status = static_cast<VerdictStatus>(byte(1) % 3);
    verdict.task = static_cast<VerifierTask>(byte(1) / 4 % 3);
    verdict.evidence_anchored = byte(1) / 16 % 2 == 0;
    for (std::size_t m = 0; m < group.members.size(); ++m) {
      if ((byte(2) >> m % 8 & 1) != 0) verdict.members.push_back(group.members[m]);
    }
    verdicts.push_back(std::move(verdict));
  }
}

// What must hold of the verdicts on a group that was set aside.
void check_set_aside(const Group& before, const Group& after, const std::vector<GroupVerdict>& verdicts,
                     const VerdictRules& rules) {
  const bool can_block = rules.fail_on.contains(before.severity) || rules.fail_on.contains(before.highest_severity);
  std::set<std::string> refuters;
  std::size_t refuted = 0;
  std::size_t others = 0;
  bool anchored = true;
  for (const GroupVerdict& verdict : verdicts) {
    if (verdict.group != before.id) continue;
    if (verdict.status != VerdictStatus::unsupported) {
      ++others;
      continue;
    }
    ++refuted;
    refuters.insert(verdict.agent);
    anchored = anchored && verdict.evidence_anchored;
    if (!can_block) continue;
    for (const std::string& member : after.members) {
      CHECK(std::find(verdict.members.begin(), verdict.members.end(), member) != verdict.members.end());
    }
  }
  CHECK(refuted > 0);
  if (!can_block) return;
  CHECK(others == 0);
  if (!before.anchored) return;
  std::size_t supporters = 0;
  for (const std::string& agent : before.support) supporters += refuters.contains(agent) ? 0 : 1;
  CHECK(refuted >= 2);
  CHECK(refuters.size() >= 2);  // the panel has several agents
  CHECK(refuters.size() > supporters);
  CHECK(anchored);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Shown shown_change;
  static const ChangeView view(shown_change.change, shown_change.plan, shown_change.images);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t split = input.find(kShown);
  const std::string_view answer = input.substr(0, split);
  const std::string_view shown =
      split == std::string_view::npos ? std::string_view() : input.substr(split + kShown.size());

  std::vector<Finding> findings;
  const auto add = [&](const char* id, const char* title, Severity severity, std::uint32_t line, AnchorState state) {
    Finding& finding = findings.emplace_back();
    finding.id = id;
    finding.agent = std::string(1, id[0]);
    finding.title = title;
    finding.severity = severity;
    finding.anchor = {.state = state, .path = "src/a.c", .lines = LineRange{line, line}};
  };
  add("a-1", "Length of the packet is not checked", Severity::critical, 2, AnchorState::exact);
  add("c-1", "The packet's length is not checked", Severity::high, 2, AnchorState::exact);
  add("a-2", "File handle leaks on the error path", Severity::medium, 40, AnchorState::exact);
  add("d-1", "File handle leaks when there is an error", Severity::low, 40, AnchorState::exact);
  add("d-2", "Counter is written without the lock", Severity::high, 300, AnchorState::unknown_file);
  std::vector<PanelMember> panel;
  for (const char* id : {"a", "b", "c", "d"}) {
    panel.push_back({.id = id, .role = AgentRole::reviewer, .valid = id[0] != 'd', .covers = {{"src/a.c", 0}}});
  }
  std::vector<Group> groups = group_findings({.findings = findings, .panel = panel});
  tally_stances(groups, findings, {}, panel);

  std::vector<AskedGroup> asked;
  for (const Group& group : groups) asked.push_back({.id = group.id, .members = group.members});
  ParsedVerdicts parsed =
      parse_verdicts(answer, {.agent = "b", .task = VerifierTask::check, .groups = asked, .shown = shown});
  check(parsed, asked);
  for (GroupVerdict& verdict : parsed.verdicts) verdict.evidence_anchored = evidence_anchors(verdict.evidence, view);
  evidence_anchors(answer, view);

  std::vector<GroupVerdict> verdicts = std::move(parsed.verdicts);
  draw(shown, groups, verdicts);
  const VerdictRules rules = {.fail_on = {Severity::critical, Severity::high}, .always_double = size % 2 == 0};
  const std::vector<Group> before = groups;
  settle_groups(groups, findings, verdicts, panel, rules);
  std::set<std::string> members;
  std::set<std::string> ids;
  for (const Group& group : groups) {
    CHECK(ids.insert(group.id).second);
    CHECK(!group.members.empty());
    CHECK(std::find(group.members.begin(), group.members.end(), group.representative) != group.members.end());
    for (const std::string& member : group.members) CHECK(members.insert(member).second);
  }
  CHECK(members.size() == findings.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(groups[i].id == before[i].id);
    if (groups[i].status == GroupStatus::unsupported) check_set_aside(before[i], groups[i], verdicts, rules);
  }
  for (std::size_t i = before.size(); i < groups.size(); ++i) {
    CHECK(groups[i].status == GroupStatus::unverified);
    CHECK(!groups[i].split_from.empty());
  }
  return 0;
}
