#include "report/sarif.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/json_parts.h"
#include "report/json_writer.h"
#include "report/procedure.h"
#include "report/unreviewed.h"
#include "report/uri.h"
#include "report/view.h"

namespace assize {

using namespace report;

namespace {

constexpr std::string_view kSchemaUri =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::string_view kRoot = "%SRCROOT%";
constexpr std::size_t kToldWarnings = 20;  // of one analyser
// Grows when the fingerprint of a group is computed in another way.
constexpr std::string_view kFingerprintKey = "assizeGroup/v1";

struct CategoryRule {
  Category category;
  std::string_view id, text;
};
constexpr std::array kCategoryRules = {
    CategoryRule{Category::bug, "assize/bug", "Wrong behaviour found by reviewers."},
    CategoryRule{Category::security, "assize/security", "A weakness that can be attacked, found by reviewers."},
    CategoryRule{Category::performance, "assize/performance", "Needless cost found by reviewers."},
    CategoryRule{Category::maintainability, "assize/maintainability", "Hard to read or to change, found by reviewers."},
    CategoryRule{Category::test_gap, "assize/test-gap", "Behaviour that no test checks, found by reviewers."},
    CategoryRule{Category::docs, "assize/docs", "Wrong or missing documentation, found by reviewers."},
};

struct NotificationRule {
  std::string_view id, text;
};
constexpr std::array kNotificationRules = {
    NotificationRule{"assize/agent-unavailable", "A declared agent gave no answer."},
    NotificationRule{"assize/no-valid-review",
                     "An agent answered without a valid review of all that it was asked about."},
    NotificationRule{"assize/not-reviewed", "A part of the change was not reviewed."},
    NotificationRule{"assize/warning", "Something to know about the run."},
    NotificationRule{"assize/procedure", "How the run went."},
};

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high:
      return "error";
    case Severity::medium:
      return "warning";
    default:
      return "note";
  }
}

// 0..100, for viewers that sort by it: the middle of each severity's fifth.
double rank_of(Severity severity) {
  constexpr double kFifth = 20.0;
  return kFifth / 2 + kFifth * static_cast<double>(severity);
}

// Our messages have neither links nor placeholders; an agent's text must not make any (SARIF 2.1.0, 3.11.5 and 3.11.6).
std::string plain_message(std::string_view text, std::size_t max_bytes) {
  const std::string clean = inert_text(text, max_bytes);
  std::string out;
  out.reserve(clean.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    out += clean[i];
    const char next = i + 1 < clean.size() ? clean[i + 1] : '\0';
    if (clean[i] == ']' && next == '(') out += ' ';
    if (clean[i] == '{' && next >= '0' && next <= '9') out += ' ';
  }
  return out;
}

class SarifReport {
 public:
  explicit SarifReport(const Outcome& outcome) : outcome_(outcome), index_(outcome), json_(JsonStyle::indented) {
    collect_rules();
  }

  std::string render() {
    json_.begin_object();
    json_.field("$schema", kSchemaUri);
    json_.field("version", "2.1.0");
    json_.key("runs");
    json_.begin_array();
    json_.begin_object();
    tool();
    invocations();
    json_.key("automationDetails");
    json_.begin_object();
    // Services take what stands before the last slash as the name of the series of runs.
    json_.field("id", "assize/" + inert_line(outcome_.run, kTitleBytes));
    json_.end_object();
    json_.key("originalUriBaseIds");
    json_.begin_object();
    json_.key(kRoot);
    json_.begin_object();
    message("description", "The root of the reviewed repository.");
    json_.end_object();
    json_.end_object();
    json_.key("results");
    json_.begin_array();
    for (const Group& group : outcome_.groups) result(group);
    json_.end_array();
    run_properties();
    json_.end_object();
    json_.end_array();
    json_.end_object();
    return json_.take() + "\n";
  }

 private:
  void message(std::string_view key, std::string_view text) {
    json_.key(key);
    json_.begin_object();
    json_.field("text", text);
    json_.end_object();
  }

  // A category, or the rule of the one analyser that raised all of a group.
  std::string rule_id(const Group& group) const {
    const Finding* shown = index_.representative(group);
    if (shown == nullptr) return std::string(kCategoryRules.front().id);
    const bool one_rule =
        !shown->rule.empty() && std::all_of(group.members.begin(), group.members.end(), [&](const std::string& id) {
          const Finding* member = index_.finding(id);
          return member != nullptr && member->rule == shown->rule && member->agent == shown->agent;
        });
    if (one_rule) return inert_line(shown->agent, kTitleBytes) + "/" + inert_line(shown->rule, kTitleBytes);
    for (const CategoryRule& rule : kCategoryRules) {
      if (rule.category == shown->category) return std::string(rule.id);
    }
    return std::string(kCategoryRules.front().id);
  }

  // All categories always, so that their place does not depend on the findings; analysers' rules after them, by name.
  void collect_rules() {
    for (const Group& group : outcome_.groups) {
      const std::string id = rule_id(group);
      const bool category = std::any_of(kCategoryRules.begin(), kCategoryRules.end(),
                                        [&](const CategoryRule& rule) { return rule.id == id; });
      if (!category) analyser_rules_.emplace(id, 0);
    }
    std::size_t place = kCategoryRules.size();
    for (auto& [id, at] : analyser_rules_) at = place++;
  }

  std::size_t rule_index(std::string_view id) const {
    for (std::size_t i = 0; i < kCategoryRules.size(); ++i) {
      if (kCategoryRules.at(i).id == id) return i;
    }
    const auto it = analyser_rules_.find(id);
    return it == analyser_rules_.end() ? 0 : it->second;
  }

  void descriptor(std::string_view id, std::string_view text) {
    json_.begin_object();
    json_.field("id", id);
    message("shortDescription", text);
    json_.end_object();
  }

  void tool() {
    json_.key("tool");
    json_.begin_object();
    json_.key("driver");
    json_.begin_object();
    json_.field("name", "Assize");
    const auto version = outcome_.versions.find("assize");
    if (version != outcome_.versions.end() && !version->second.empty()) json_.field("version", version->second);
    json_.key("rules");
    json_.begin_array();
    for (const CategoryRule& rule : kCategoryRules) descriptor(rule.id, rule.text);
    for (const auto& [id, at] : analyser_rules_)
      descriptor(id, "Rule " + id.substr(id.find('/') + 1) + ", as reported by the analyser " +
                         id.substr(0, id.find('/')) + ".");
    json_.end_array();
    json_.key("notifications");
    json_.begin_array();
    for (const NotificationRule& rule : kNotificationRules) descriptor(rule.id, rule.text);
    json_.end_array();
    json_.end_object();
    json_.key("extensions");
    json_.begin_array();
    for (const AgentReport& agent : outcome_.panel) {
      json_.begin_object();
      json_.field("name", inert_line(agent.id, kTitleBytes));
      if (!agent.version.empty()) json_.field("version", inert_line(agent.version, kTitleBytes));
      if (!agent.vendor.empty()) json_.field("organization", inert_line(agent.vendor, kTitleBytes));
      json_.key("properties");
      json_.begin_object();
      json_.field("kind", agent.kind);
      json_.field("role", agent.role == AgentRole::analyser ? "analyser" : "reviewer");
      json_.field_or_null("model", inert_line(agent.model, kTitleBytes));
      json_.field("available", agent.available);
      json_.field("status", to_string(agent.status));
      json_.end_object();
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
  }

  void notification(std::size_t rule, std::string_view level, std::string_view text, std::string_view path = {}) {
    json_.begin_object();
    json_.key("descriptor");
    json_.begin_object();
    json_.field("id", kNotificationRules.at(rule).id);
    json_.field("index", rule);
    json_.end_object();
    json_.field("level", level);
    message("message", plain_message(text, kMessageBytes));
    const std::string uri = relative_uri(path);
    if (!uri.empty()) {
      json_.key("locations");
      json_.begin_array();
      location({path, std::nullopt, Side::post_image}, {}, {}, std::nullopt);
      json_.end_array();
    }
    json_.end_object();
  }

  void invocations() {
    json_.key("invocations");
    json_.begin_array();
    json_.begin_object();
    json_.field("executionSuccessful", outcome_.decision.value != DecisionValue::inconclusive);
    json_.field("exitCode", outcome_.decision.exit);
    if (!outcome_.started_at.empty()) json_.field("startTimeUtc", outcome_.started_at);
    json_.key("toolExecutionNotifications");
    json_.begin_array();
    for (const AgentReport& agent : outcome_.panel) {
      if (is_valid_review(agent.status)) continue;
      const std::string_view shortfall = shortfall_of(agent);
      if (shortfall == "no reviewer") continue;
      const bool declared_reviewer = agent.role == AgentRole::reviewer && !agent.optional;
      const std::string_view level = shortfall == "not applicable" ? "note" : declared_reviewer ? "error" : "warning";
      notification(shortfall == "no valid review" || shortfall == "partial review" ? 1 : 0, level,
                   agent.id + ": " + problem_of(agent));
    }
    for (const Unreviewed& item : unreviewed_of(outcome_)) {
      const std::string lines = item.lines.empty() ? "" : ":" + item.lines;
      notification(2, "warning", item.path + lines + ": " + item.reason, item.path);
    }
    for (const std::string& warning : warnings_of(outcome_, kToldWarnings)) notification(3, "warning", warning);
    for (const std::string& sentence : procedure_of(outcome_)) notification(4, "note", sentence);
    json_.end_array();
    json_.end_object();
    json_.end_array();
  }

  // Lines of the old side do not exist in the reviewed file: the location is then the file alone. `line_if_none`: what
  // a service that can only show lines gets instead of nothing.
  void location(const Place& place, std::string_view code, std::string_view note, std::optional<std::size_t> id,
                std::optional<std::uint32_t> line_if_none = std::nullopt) {
    json_.begin_object();
    if (id) json_.field("id", *id);
    json_.key("physicalLocation");
    json_.begin_object();
    json_.key("artifactLocation");
    json_.begin_object();
    json_.field("uri", relative_uri(place.path));
    json_.field("uriBaseId", kRoot);
    json_.end_object();
    const bool lines = place.lines && place.side == Side::post_image && place.lines->first >= 1;
    if (lines || line_if_none) {
      json_.key("region");
      json_.begin_object();
      json_.field("startLine", lines ? place.lines->first : *line_if_none);
      if (lines && place.lines->last > place.lines->first) json_.field("endLine", place.lines->last);
      if (lines && !code.empty()) message("snippet", inert_text(code, kCodeBytes));
      json_.end_object();
    }
    json_.end_object();
    if (!note.empty()) message("message", note);
    json_.end_object();
  }

  // Code-scanning services drop, or refuse, results without a place. One that has none is shown at the first line of
  // the file it names, or of the first file that was reviewed, and says so.
  void locations(const Finding* shown) {
    json_.key("locations");
    json_.begin_array();
    const Place place = shown == nullptr ? Place{} : place_of(*shown);
    std::string note;
    if (!relative_uri(place.path).empty()) {
      if (place.side == Side::pre_image && place.lines) {
        note = fmt::format("About removed lines, at {} of the old file.", place.lines->first);
      } else if (!place.lines) {
        note = "About the file as a whole.";
      } else if (!is_anchored(shown->anchor.state)) {
        note = "As the reviewer cites it; not found in the change.";
      }
      location(place, shown->code, note, std::nullopt, 1);
    } else {
      const auto file = std::find_if(outcome_.coverage.begin(), outcome_.coverage.end(), [](const FileCoverage& f) {
        return !f.set_aside && !relative_uri(f.path).empty();
      });
      if (file != outcome_.coverage.end()) {
        location({file->path, std::nullopt, Side::post_image}, {},
                 "The reviewer names no file; shown at the first one.", std::nullopt, 1);
      }
    }
    json_.end_array();
  }

  void related(const Group& group) {
    std::size_t count = 0;
    for (const std::string& id : group.members) {
      const Finding* member = index_.finding(id);
      if (member == nullptr || id == group.representative || relative_uri(place_of(*member).path).empty()) continue;
      if (count == 0) {
        json_.key("relatedLocations");
        json_.begin_array();
      }
      location(place_of(*member), member->code,
               plain_message(member->agent + ": " + inert_line(member->title, kTitleBytes), kMessageBytes), count++);
    }
    if (count > 0) json_.end_array();
  }

  std::string result_text(const Group& group, const Finding* shown) const {
    if (shown == nullptr) return "The findings of this group are not in the outcome.";
    std::string text = plain_message(inert_line(shown->title, kTitleBytes), 2 * kTitleBytes);
    const std::string detail = plain_message(shown->detail, kDetailBytes);
    const std::string fix = plain_message(shown->fix, kDetailBytes);
    if (!detail.empty()) text += "\n\n" + detail;
    if (!fix.empty()) text += "\n\nFix: " + fix;
    for (const Opinion& opinion : opinions_on(group, index_)) {
      if (trim(opinion.text).empty()) continue;
      text += "\n\n" + plain_message(inert_line(opinion.who + ": " + opinion.text, kMessageBytes), kMessageBytes);
    }
    const Raisers raisers = raisers_of(group, index_);
    std::vector<std::string_view> all = raisers.reviewers;
    all.insert(all.end(), raisers.analysers.begin(), raisers.analysers.end());
    text += "\n\nRaised by " + inert_line(join(all, ", "), kMessageBytes) + "; " + agreement_text(group.agreement) +
            "; " + inert_line(status_text(group, index_), kMessageBytes) + ".";
    return text;
  }

  void result(const Group& group) {
    const Finding* shown = index_.representative(group);
    const std::string rule = rule_id(group);
    json_.begin_object();
    json_.field("ruleId", rule);
    json_.field("ruleIndex", rule_index(rule));
    // A kind other than "fail" takes the level "none" (SARIF 2.1.0, 3.27.10), which hides it: so only the property says
    // it.
    json_.field("kind", "fail");
    json_.field("level", level_of(group.severity));
    json_.field("rank", rank_of(group.severity));
    message("message", result_text(group, shown));
    locations(shown);
    related(group);
    if (!group.fingerprint.empty()) {
      json_.key("partialFingerprints");
      json_.begin_object();
      json_.field(kFingerprintKey, group.fingerprint);
      json_.end_object();
    }
    // Always there: once one result has suppressions, all of them must (SARIF 2.1.0, 3.27.23).
    json_.key("suppressions");
    json_.begin_array();
    if (group.status == GroupStatus::unsupported) {
      json_.begin_object();
      json_.field("kind", "external");
      json_.field("status", "accepted");
      json_.field(
          "justification",
          plain_message(group.status_reason.empty() ? status_text(group, index_) : group.status_reason, kMessageBytes));
      json_.end_object();
    }
    json_.end_array();
    json_.key("properties");
    json_.begin_object();
    json_.field("group", group.id);
    json_.field("severity", to_string(group.severity));
    write_optional_word(json_, "suggestedSeverity", group.suggested_severity);
    json_.field("status", to_string(group.status));
    json_.field_or_null("statusReason", inert_line(group.status_reason, kMessageBytes));
    json_.key("tally");
    json_.begin_object();
    write_strings(json_, "support", group.support);
    write_strings(json_, "against", group.against);
    json_.end_object();
    json_.field("anchored", group.anchored);
    json_.field("anchor", shown == nullptr ? std::string_view("none") : to_string(shown->anchor.state));
    write_agreement(json_, group.agreement);
    write_strings(json_, "agents", group.agents);
    if (shown != nullptr) write_optional(json_, "confidence", shown->confidence);
    json_.end_object();
    json_.end_object();
  }

  void run_properties() {
    json_.key("properties");
    json_.begin_object();
    json_.field("run", outcome_.run);
    json_.key("decision");
    write_decision(json_, outcome_.decision, outcome_.fail_on);
    json_.key("totals");
    write_totals(json_, outcome_);
    json_.field("rounds", outcome_.rounds);
    json_.field_or_null("stopReason", outcome_.stop_reason);
    json_.key("budget");
    write_budget(json_, outcome_.budget);
    json_.end_object();
  }

  const Outcome& outcome_;
  OutcomeIndex index_;
  JsonWriter json_;
  std::map<std::string, std::size_t, std::less<>> analyser_rules_;  // id -> place among the rules
};

}  // namespace

std::string render_sarif(const Outcome& outcome) {
  return SarifReport(outcome).render();
}

}  // namespace assize
