#include "finding/stances.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "finding/finding_list.h"
#include "finding/group_answers.h"
#include "finding/listed_answer.h"
#include "finding/normalise.h"

namespace assize {

namespace {

constexpr std::array<std::string_view, 4> kReasons = {"reason", "reasoning", "rationale", "explanation"};
constexpr std::array<std::string_view, 3> kMissed = {"missed", "missedfindings", "newfindings"};

const ListForm& stances_form() {
  static const ListForm form = make_list_form("stances", "missed", {"stance", "vote", "position", "verdict"});
  return form;
}

// What an agent says about one group, over all items about it.
struct Said {
  std::optional<StanceValue> value;
  std::optional<Severity> severity;
  std::string reason;
  bool several_values = false;
  bool several_severities = false;
  bool unknown = false;  // a word that is no stance, or none

  void take(JsonRef item) {
    const bool first = !value;
    bool any = false;
    const auto add = [&](JsonRef word) {
      any = true;
      const auto stance = read_stance(word_of(word));
      unknown = unknown || !stance;
      const StanceValue says = stance.value_or(StanceValue::unsure);
      several_values = several_values || (value && *value != says);
      value = value.value_or(says);
    };
    if (!item.is(JsonKind::object)) add(item);
    for (JsonRef member = item.first(); member; member = member.next()) {
      for (const std::string_view name : stances_form().words) {
        if (same_key(member.key(), name)) add(member);
      }
    }
    if (!any) {
      unknown = true;
      value = value.value_or(StanceValue::unsure);
    }
    if (reason.empty()) reason = text_under(item, kReasons, kReasonBytes);
    std::optional<Severity> other;
    for (const std::string_view name : {"severity", "suggestedseverity"}) {
      if (!other) other = read_severity(word_of(item.find(name)));
    }
    several_severities = several_severities || (!first && other != severity);
    severity = other;
  }
};

// What nobody had raised: the lists of findings beside the stances.
class MissedReader {
 public:
  MissedReader(ListedAnswer& answer, std::string agent) : answer_(answer), list_(std::move(agent)) {}

  void read() {
    for (const JsonRef object : answer_.objects()) {
      list_.next_source();
      bool found = false;
      for (const std::string_view name : kMissed) found = read_under(object, name) || found;
      if (!found) read_under(object, "findings");
    }
  }
  std::vector<Finding> take(int round, std::vector<std::string>& warnings) {
    const ItemNotes notes = list_.notes();
    if (notes.guessed_severities > 0) {
      warnings.push_back(
          fmt::format("{} missed findings without a known severity are counted as high", notes.guessed_severities));
    }
    if (dropped_ > 0) warnings.push_back(fmt::format("{} missed findings cannot be read and were dropped", dropped_));
    std::vector<Finding> findings = list_.take();
    for (Finding& finding : findings) finding.round = round;
    return findings;
  }
  std::size_t size() const { return list_.size(); }

 private:
  // Whether there is such a key. One that comes twice is read twice.
  bool read_under(JsonRef object, std::string_view name) {
    bool found = false;
    for (JsonRef member = object.first(); member; member = member.next()) {
      if (!same_key(member.key(), name)) continue;
      found = true;
      std::size_t index = 0;
      if (member.is(JsonKind::object) && member.first()) add(member, fmt::format("/{}", name));
      if (!member.is(JsonKind::array)) continue;
      for (JsonRef item = member.first(); item; item = item.next()) add(item, fmt::format("/{}/{}", name, index++));
    }
    return found;
  }

  void add(JsonRef item, std::string ref) {
    const bool readable = item.is(JsonKind::object) || item.is(JsonKind::string);
    if (!readable || item.is_open()) {
      ++dropped_;
    } else if (!(item.is(JsonKind::object) && answer_.is_echo(item)) && !list_.add(item, std::move(ref)).empty()) {
      ++dropped_;
    }
  }

  ListedAnswer& answer_;
  FindingList list_;
  std::size_t dropped_ = 0;
};

}  // namespace

ParsedStances parse_stances(std::string_view answer, const StancesOptions& options) {
  ListedAnswer listed(answer, options.shown, stances_form());
  ParsedStances parsed;
  MissedReader missed(listed, options.agent);
  missed.read();
  parsed.readable = listed.readable() || missed.size() > 0;
  if (!parsed.readable) {
    parsed.reason = listed.reason();
    return parsed;
  }
  parsed.warnings = listed.warnings();

  Complaint unknown_groups("stances on groups that were not asked about were dropped");
  Complaint unknown_words("stances are not one of agree, disagree and unsure, and count as unsure");
  Complaint several("groups have two stances that differ, which counts as unsure");
  Complaint severities("groups have two severities that differ, which counts as none");
  const auto by_group = sort_by_group(listed, options.groups, unknown_groups);
  for (std::size_t i = 0; i < by_group.size(); ++i) {
    if (by_group[i].empty()) continue;
    const std::string& id = options.groups[i];
    Said said;
    for (const JsonRef item : by_group[i]) said.take(item);
    if (said.unknown) unknown_words.add(id);
    if (said.several_values) several.add(id);
    if (said.several_severities) severities.add(id);
    parsed.stances.push_back({.group = id,
                              .agent = options.agent,
                              .round = options.round,
                              .value = said.several_values ? StanceValue::unsure : *said.value,
                              .reason = std::move(said.reason),
                              .severity = said.several_severities ? std::nullopt : said.severity});
  }
  for (const Complaint& complaint : {unknown_groups, unknown_words, several, severities}) {
    complaint.tell(parsed.warnings);
  }
  parsed.missed = missed.take(options.round, parsed.warnings);
  return parsed;
}

}  // namespace assize
