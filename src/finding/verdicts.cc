#include "finding/verdicts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/text.h"
#include "finding/group_answers.h"
#include "finding/listed_answer.h"
#include "finding/normalise.h"

namespace assize {

namespace {

constexpr std::array<std::string_view, 5> kReasons = {"reason", "reasoning", "rationale", "explanation",
                                                      "justification"};
constexpr std::array<std::string_view, 3> kEvidence = {"evidence", "location", "citation"};

const ListForm& verdicts_form() {
  static const ListForm form = make_list_form("verdicts", "", {"status", "verdict", "result"});
  return form;
}

// A place that is given in parts: "src/a.c:12-14".
std::string place_in_parts(JsonRef value) {
  std::string_view path;
  for (const std::string_view name : {"file", "path"}) {
    if (path.empty()) path = word_of(value.find(name));
  }
  const auto lines = read_lines(value.find("line") ? value.find("line") : value.find("lines"));
  if (path.empty() || !lines) return {};
  const auto last = read_lines(value.find("endline"));
  return clean_line(fmt::format("{}:{}-{}", path, lines->first, std::max(lines->last, last ? last->last : 0)),
                    kReasonBytes);
}

// One item about a group. An `unsupported` has members; one that says not which is turned into needs_human.
struct Said {
  VerdictStatus status = VerdictStatus::needs_human;
  std::set<std::size_t> members;
  std::string reason, evidence;
};

// verified over needs_human over unsupported: what keeps a finding is the stricter.
int strictness(VerdictStatus status) {
  switch (status) {
    case VerdictStatus::verified:
      return 2;
    case VerdictStatus::needs_human:
      return 1;
    case VerdictStatus::unsupported:
      break;
  }
  return 0;
}

class Reader {
 public:
  explicit Reader(const VerdictsOptions& options) : options_(options) {}

  GroupVerdict read(const std::vector<JsonRef>& items, const AskedGroup& group) {
    std::vector<Said> all;
    all.reserve(items.size());
    for (const JsonRef item : items) all.push_back(read_item(item, group));
    Said& said = *std::max_element(all.begin(), all.end(), [](const Said& a, const Said& b) {
      return strictness(a.status) < strictness(b.status);
    });  // the first of equals
    if (std::any_of(all.begin(), all.end(), [&](const Said& other) { return other.status != said.status; })) {
      conflicts_.add(group.id);
    }
    if (said.status == VerdictStatus::unsupported) {
      // Said more than once: only what is refuted each time.
      for (const Said& other : all) {
        std::erase_if(said.members, [&](std::size_t member) { return !other.members.contains(member); });
      }
      if (said.members.empty()) {
        conflicts_.add(group.id);
        said.status = VerdictStatus::needs_human;
      }
    }
    GroupVerdict verdict{.group = group.id, .agent = options_.agent, .task = options_.task, .status = said.status};
    if (said.status == VerdictStatus::unsupported) {
      for (const std::size_t member : said.members) verdict.members.push_back(group.members[member]);
      std::sort(verdict.members.begin(), verdict.members.end());
    }
    verdict.reason = std::move(said.reason);
    verdict.evidence = std::move(said.evidence);
    return verdict;
  }

  void tell(std::vector<std::string>& warnings) const {
    for (const Complaint& complaint : {unknown_words_, unnamed_, unknown_labels_, conflicts_}) complaint.tell(warnings);
  }

 private:
  Said read_item(JsonRef item, const AskedGroup& group) {
    Said said{.status = read_status(item, group)};
    said.reason = text_under(item, kReasons, kReasonBytes);
    said.evidence = read_evidence(item);
    if (said.status != VerdictStatus::unsupported) return said;
    bool named = false;
    for (JsonRef member = item.first(); member; member = member.next()) {
      if (same_key(member.key(), "members")) named = read_labels(member, group, said.members) || named;
    }
    if (!named && group.members.size() == 1) said.members.insert(0);
    if (said.members.empty()) {
      unnamed_.add(group.id);
      said.status = VerdictStatus::needs_human;
    }
    return said;
  }

  // The strictest, should the item have several.
  VerdictStatus read_status(JsonRef item, const AskedGroup& group) {
    std::optional<VerdictStatus> strictest;
    const auto add = [&](JsonRef word) {
      const auto says = read_verdict_status(word_of(word));
      if (!says) unknown_words_.add(group.id);
      const VerdictStatus value = says.value_or(VerdictStatus::needs_human);
      if (!strictest || strictness(value) > strictness(*strictest)) strictest = value;
    };
    if (!item.is(JsonKind::object)) add(item);
    for (JsonRef member = item.first(); member; member = member.next()) {
      for (const std::string_view name : verdicts_form().words) {
        if (same_key(member.key(), name)) add(member);
      }
    }
    if (!strictest) unknown_words_.add(group.id);
    return strictest.value_or(VerdictStatus::needs_human);
  }

  // Whether anything is named, be it something that there is not.
  bool read_labels(JsonRef value, const AskedGroup& group, std::set<std::size_t>& members) {
    if (value.is(JsonKind::null)) return false;
    bool named = false;
    const auto add = [&](std::string_view label) {
      named = true;
      if (const auto member = find_member(label, group.id, group.members.size())) {
        members.insert(*member);
      } else {
        unknown_labels_.add(label);
      }
    };
    const auto add_all = [&](JsonRef part) {
      // Several in one string: "G3.1, G3.2".
      const std::string_view text = said_by(part);
      if (text.empty()) return add("");
      for (const std::string_view piece : split(text, ',')) {
        if (!trim(piece).empty()) add(piece);
      }
    };
    if (value.is(JsonKind::array)) {
      for (JsonRef part = value.first(); part; part = part.next()) add_all(part);
    } else if (!(value.is(JsonKind::string) && trim(value.text()).empty())) {
      add_all(value);
    }
    return named;
  }

  static std::string read_evidence(JsonRef item) {
    std::string evidence = text_under(item, kEvidence, kReasonBytes);
    if (!evidence.empty()) return evidence;
    for (const std::string_view name : kEvidence) {
      const JsonRef value = item.find(name);
      std::string place = place_in_parts(value.is(JsonKind::array) ? value.first() : value);
      if (!place.empty()) return place;
    }
    return {};
  }

  const VerdictsOptions& options_;
  Complaint unknown_words_{"statuses are not one of verified, unsupported and needs_human, and count as needs_human"};
  Complaint unnamed_{"groups are unsupported without a word about which statements, which counts as needs_human"};
  Complaint unknown_labels_{"labels of statements do not exist and were dropped"};
  Complaint conflicts_{"groups have verdicts that differ; the strictest stands"};
};

}  // namespace

ParsedVerdicts parse_verdicts(std::string_view answer, const VerdictsOptions& options) {
  const ListedAnswer listed(answer, options.shown, verdicts_form());
  ParsedVerdicts parsed{.readable = listed.readable(), .reason = listed.reason()};
  if (!parsed.readable) return parsed;
  parsed.warnings = listed.warnings();
  std::vector<std::string> ids;
  ids.reserve(options.groups.size());
  for (const AskedGroup& group : options.groups) ids.push_back(group.id);

  Complaint unknown_groups("verdicts on groups that were not asked about were dropped");
  const auto by_group = sort_by_group(listed, ids, unknown_groups);
  Reader reader(options);
  for (std::size_t i = 0; i < by_group.size(); ++i) {
    if (!by_group[i].empty()) parsed.verdicts.push_back(reader.read(by_group[i], options.groups[i]));
  }
  unknown_groups.tell(parsed.warnings);
  reader.tell(parsed.warnings);
  return parsed;
}

}  // namespace assize
