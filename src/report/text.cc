#include "report/text.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/procedure.h"
#include "report/text_page.h"
#include "report/unreviewed.h"
#include "report/uri.h"
#include "report/view.h"
#include "report/width.h"

namespace assize {

using namespace report;

namespace {

constexpr std::size_t kParagraphBytes = 1'200;  // of a detail; all of it is in the JSON report
constexpr std::size_t kListed = 50;             // files not reviewed, warnings; the rest is counted
constexpr std::size_t kOtherPlaces = 4;
constexpr std::size_t kToldWarnings = 3;  // of one analyser; all of them are in the JSON report
constexpr std::size_t kToldOpinions = 4;  // verdicts and objections of one group; all of them are in the JSON report
constexpr std::size_t kOpinionBytes = 400;

std::string_view color_of(DecisionValue value) {
  switch (value) {
    case DecisionValue::pass:
      return kGreen;
    case DecisionValue::fail:
      return kRed;
    default:
      return kYellow;
  }
}

std::string_view color_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high:
      return kRed;
    case Severity::medium:
      return kYellow;
    default:
      return kBold;
  }
}

std::string upper(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

class TextReport {
 public:
  TextReport(const Outcome& outcome, const TextOptions& options) : outcome_(outcome), index_(outcome), page_(options) {}

  std::string render() {
    decision();
    all_groups();
    chair();
    vote();
    not_reviewed();
    panel();
    warnings();
    summary();
    return page_.take();
  }

 private:
  void decision() {
    const Decision& decision = outcome_.decision;
    std::string line = fmt::format("{} (exit {}", to_string(decision.value), decision.exit);
    if (!decision.rule.empty()) line += ", " + inert_line(decision.rule, kTitleBytes);
    line += ')';
    if (!decision.reason.empty()) line += ": " + inert_line(decision.reason, kMessageBytes);
    const std::vector<std::string> lines = wrap(line, page_.width() - 2);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view word = to_string(decision.value);
      page_.line(i > 0 ? "  " + lines[i] : page_.paint(color_of(decision.value), word) + lines[i].substr(word.size()));
    }
    if (!outcome_.source.empty()) page_.paragraph(2, inert_line(outcome_.source, kMessageBytes), kDim);
  }

  void all_groups() {
    for (const Severity severity : kWorstFirst) {
      groups(upper(to_string(severity)), color_of(severity), [severity](const Group& group) {
        return shelf_of(group) == Shelf::by_severity && group.severity == severity;
      });
    }
    groups(
        "NOT ANCHORED", kYellow, [](const Group& group) { return shelf_of(group) == Shelf::unanchored; },
        "These cite what was not shown, and count for no agreement.");
    groups(
        "SET ASIDE", kDim, [](const Group& group) { return shelf_of(group) == Shelf::unsupported; },
        "These were refuted when they were checked.");
  }

  template <class Predicate>
  void groups(std::string_view title, std::string_view style, Predicate belongs, std::string_view note = {}) {
    const auto count = std::count_if(outcome_.groups.begin(), outcome_.groups.end(), belongs);
    if (count == 0) return;
    page_.heading(fmt::format("{} ({})", title, count), style);
    if (!note.empty()) page_.paragraph(kIndent, note, kDim);
    for (const Group& group : outcome_.groups) {
      if (belongs(group)) this->group(group);
    }
  }

  // "path:line", linked when there is a working tree.
  void place(std::string_view lead, const Place& place) {
    if (place.path.empty()) return page_.link(lead, "(no file named)", {});
    const std::string uri =
        outcome_.repository.empty()
            ? std::string()
            : fmt::format("file://{}/{}", percent_encode_path(outcome_.repository), percent_encode_path(place.path));
    page_.link(lead, inert_line(place.path, kPathBytes) + lines_text(place), uri);
  }

  void group(const Group& group) {
    const Finding* shown = index_.representative(group);
    std::string lead = fmt::format("  {}", inert_line(group.id, kTitleBytes));
    lead.append(static_cast<std::size_t>(std::max(2, kIndent - display_width(lead))), ' ');
    if (shown == nullptr) {
      page_.paragraph(kIndent, "(its findings are not in this outcome)", {}, lead);
      return;
    }
    place(lead, place_of(*shown));
    page_.paragraph(kIndent, inert_line(shown->title, kTitleBytes), kBold);
    page_.paragraph(kIndent, standing(group, *shown), kDim);
    if (shelf_of(group) == Shelf::unsupported) return opinions(group);  // shown in brief
    const std::string detail = inert_line(shown->detail, kParagraphBytes);
    if (!detail.empty()) page_.paragraph(kIndent, detail);
    const std::string code = inert_line(shown->code.empty() ? shown->cited.quote : shown->code, kCodeBytes);
    if (!code.empty()) {
      page_.line(std::string(kIndent, ' ') + page_.paint(kDim, shown->code.empty() ? "> " : "| ") +
                 cut_to_width(code, page_.width() - kIndent - 2));
    }
    const std::string fix = inert_line(shown->fix, kParagraphBytes);
    if (!fix.empty()) page_.paragraph(kIndent, "Fix: " + fix);
    other_places(group, *shown);
    opinions(group);
  }

  // What verifiers and those who are against it say.
  void opinions(const Group& group) {
    const std::vector<Opinion> all = opinions_on(group, index_);
    for (std::size_t i = 0; i < std::min(all.size(), kToldOpinions); ++i) {
      const std::string text = inert_line(all[i].text, kOpinionBytes);
      if (text.empty()) continue;  // the standing says it already
      page_.paragraph(kIndent, inert_line(all[i].who, kTitleBytes) + ": " + text);
    }
    if (all.size() > kToldOpinions) {
      page_.paragraph(kIndent, fmt::format("and {} more: see --format json", all.size() - kToldOpinions), kDim);
    }
  }

  // Agreement, who raised it, status, tally, category; of a group whose members differ, the spread.
  std::string standing(const Group& group, const Finding& shown) const {
    const Raisers raisers = raisers_of(group, index_);
    std::string text;
    if (!raisers.reviewers.empty() || raisers.analysers.empty()) {
      text = agreement_text(group.agreement);
      if (!raisers.reviewers.empty()) text += ": " + join(raisers.reviewers, ", ");
      if (!raisers.analysers.empty()) text += ", and " + join(raisers.analysers, ", ");
    } else {
      if (group.agreement.n > 0) text = agreement_text(group.agreement) + ", ";
      text += "found by " + join(raisers.analysers, ", ");
    }
    if (!shown.rule.empty()) text += " [" + shown.rule + "]";
    text += " · " + status_text(group, index_);
    if (const std::string tally = tally_text(group, index_); !tally.empty()) text += " · debate: " + tally;
    text += fmt::format(" · {}", to_string(shown.category));
    if (shelf_of(group) != Shelf::by_severity) text += fmt::format(" · {}", to_string(group.severity));
    if (group.lowest_severity != group.highest_severity) {
      text += fmt::format(" · rated {} to {}", to_string(group.lowest_severity), to_string(group.highest_severity));
    }
    if (group.suggested_severity) {
      text += fmt::format(" · debaters would say {}", to_string(*group.suggested_severity));
    }
    if (shown.severity_guessed) text += " · severity not given";
    if (shown.reported)
      text += fmt::format(" · {} by policy, reported as {}", to_string(shown.severity), to_string(*shown.reported));
    if (shown.round > 1) text += fmt::format(" · raised in round {}", shown.round);
    if (group.status_reason.find(group.split_from) == std::string::npos) text += " · split from " + group.split_from;
    if (!is_anchored(shown.anchor.state)) {
      text += shown.anchor.state == AnchorState::fabricated ? " · its quote is nowhere" : " · no such file";
    }
    return inert_line(text, kMessageBytes);
  }

  void other_places(const Group& group, const Finding& shown) {
    std::vector<std::string> places;
    const auto text_of = [](const Finding& finding) {
      const Place place = place_of(finding);
      return place.path.empty() ? std::string() : inert_line(place.path, kPathBytes) + lines_text(place);
    };
    const std::string first = text_of(shown);
    for (const std::string& id : group.members) {
      const Finding* member = index_.finding(id);
      if (member == nullptr) continue;
      std::string text = text_of(*member);
      if (text.empty() || text == first || std::find(places.begin(), places.end(), text) != places.end()) continue;
      places.push_back(std::move(text));
      if (places.size() > kOtherPlaces) break;
    }
    if (places.empty()) return;
    const bool more = places.size() > kOtherPlaces;
    if (more) places.pop_back();
    std::string text = "Also at: " + join({places.begin(), places.end()}, ", ");
    if (more) text += ", …";
    page_.paragraph(kIndent, text);
  }

  // The chair's own words; what code writes when there is none stands in the summary.
  void chair() {
    if (!outcome_.synthesis || outcome_.synthesis->agent.empty()) return;
    const Synthesis& synthesis = *outcome_.synthesis;
    page_.heading(fmt::format("IN THE WORDS OF THE CHAIR ({})", inert_line(synthesis.agent, kTitleBytes)), kBold);
    page_.quoted(kIndent, inert_text(synthesis.text, kDetailBytes));
    if (synthesis.recommendation) {
      page_.paragraph(kIndent,
                      fmt::format("The chair recommends {}; it does not decide.",
                                  verdict_word(*synthesis.recommendation, outcome_.mode)),
                      kDim);
    }
    if (!synthesis.note.empty())
      page_.paragraph(kIndent, "Note: " + inert_line(synthesis.note, kMessageBytes), kYellow);
  }

  void vote() {
    if (!was_voted(outcome_)) return;
    const Vote& vote = *outcome_.vote;
    page_.heading(fmt::format("VOTE ({})", vote.verdict ? verdict_word(*vote.verdict, outcome_.mode) : "no ballots"),
                  kBold);
    for (const Ballot& ballot : vote.ballots) {
      std::string text =
          fmt::format("{}: {}", inert_line(ballot.agent, kTitleBytes), verdict_word(ballot.verdict, outcome_.mode));
      if (!ballot.reason.empty()) text += ", " + inert_line(ballot.reason, kMessageBytes);
      page_.paragraph(kIndent, text);
    }
  }

  void not_reviewed() {
    const std::vector<Unreviewed> list = unreviewed_of(outcome_);
    if (list.empty()) return;
    page_.heading(fmt::format("NOT REVIEWED ({})", list.size()), kYellow);
    for (std::size_t i = 0; i < std::min(list.size(), kListed); ++i) {
      std::string text = inert_line(list[i].path, kPathBytes);
      if (!list[i].lines.empty()) text += ":" + list[i].lines;
      page_.paragraph(kIndent, text + " · " + inert_line(list[i].reason, kMessageBytes));
    }
    if (list.size() > kListed) {
      page_.paragraph(kIndent, fmt::format("and {} more: see --format json, \"coverage\"", list.size() - kListed));
    }
  }

  void panel() {
    if (outcome_.panel.empty()) return;
    page_.heading("PANEL", kBold);
    int column = 0;
    for (const AgentReport& agent : outcome_.panel) {
      column = std::max(column, display_width(inert_line(agent.id, kTitleBytes)));
    }
    column = std::min(column, page_.width() / 3) + kIndent + 2;
    for (const AgentReport& agent : outcome_.panel) {
      std::string text;
      const bool fell_short = !is_valid_review(agent.status) && shortfall_of(agent) != "no reviewer";
      if (is_valid_review(agent.status)) {
        text = agent.findings == 0 ? "clean" : plural(agent.findings, "finding");
        if (agent.verdict) text += fmt::format(", {}", verdict_word(*agent.verdict, outcome_.mode));
        if (agent.repaired) text += ", after a repair";
      } else if (shortfall_of(agent) == "no reviewer") {
        text = problem_of(agent);
      } else {
        text = fmt::format("{}: {}", shortfall_of(agent), problem_of(agent));
        if (agent.optional) text += " (optional)";
      }
      if (!agent.dropped.empty()) text += ", " + plural(agent.dropped.size(), "item") + " could not be read";
      if (!agent.lens.empty()) text += " · looks at " + agent.lens;
      if (!agent.model.empty()) text += " · " + agent.model;
      if (agent.attempts > 0) text += " · " + duration_text(agent.duration);
      if (agent.attempts > 1) text += fmt::format(" in {} attempts", agent.attempts);
      const std::string lead =
          std::string(kIndent, ' ') + cut_to_width(inert_line(agent.id, kTitleBytes), column - kIndent - 2);
      page_.paragraph(column, inert_line(text, kMessageBytes), fell_short ? kYellow : "", lead);
      if (agent.role == AgentRole::reviewer) continue;
      // What an analyser left out is read nowhere else.
      for (std::size_t i = 0; i < std::min(agent.warnings.size(), kToldWarnings); ++i) {
        page_.paragraph(column, inert_line(agent.warnings[i], kMessageBytes), kYellow);
      }
    }
  }

  void warnings() {
    if (outcome_.warnings.empty()) return;
    page_.heading(fmt::format("WARNINGS ({})", outcome_.warnings.size()), kYellow);
    for (std::size_t i = 0; i < std::min(outcome_.warnings.size(), kListed); ++i) {
      page_.paragraph(kIndent, inert_line(outcome_.warnings[i], kMessageBytes));
    }
    if (outcome_.warnings.size() > kListed) {
      page_.paragraph(kIndent, fmt::format("and {} more: see --format json", outcome_.warnings.size() - kListed));
    }
  }

  void summary() {
    const Totals totals = totals_of(outcome_);
    const CoverageTotals coverage = coverage_of(outcome_);
    page_.heading("SUMMARY", kBold);
    const bool by_code = !outcome_.offline && outcome_.synthesis && outcome_.synthesis->agent.empty() &&
                         !outcome_.synthesis->text.empty();
    if (by_code) {
      page_.paragraph(kIndent, inert_line(outcome_.synthesis->text, kParagraphBytes));
      if (!outcome_.synthesis->note.empty()) {
        page_.paragraph(kIndent, "Note: " + inert_line(outcome_.synthesis->note, kMessageBytes), kYellow);
      }
    }
    if (outcome_.offline) {
      page_.paragraph(kIndent, "Rules alone: no model agent was asked.");
    } else if (totals.reviewers > 0 && !by_code) {
      page_.paragraph(kIndent,
                      fmt::format("{} of {} gave a valid review.", totals.valid, plural(totals.reviewers, "reviewer")));
    }
    if (coverage.files > 0) {
      std::string text = fmt::format("{} of {} reviewed", coverage.files_reviewed, plural(coverage.files, "file"));
      if (!outcome_.offline)
        text = fmt::format("Covered: {} of {} in {} of {}", coverage.reviewed, plural(coverage.hunks, "hunk"),
                           coverage.files - coverage.set_aside, plural(coverage.files, "file"));
      page_.paragraph(kIndent, text + ".");
    }
    for (const std::string& sentence : procedure_of(outcome_)) {
      page_.paragraph(kIndent, inert_line(sentence, kMessageBytes));
    }
    std::string cost = spent_text(outcome_);
    cost = cost.empty() ? "" : cost + "; ";
    page_.paragraph(kIndent,
                    cost + duration_text(outcome_.duration) + "; run " + inert_line(outcome_.run, kTitleBytes));
    page_.paragraph(kIndent,
                    "Everything in full: --format json. For a pull request: --format markdown. For code scanning: "
                    "--format sarif.",
                    kDim);
  }

  const Outcome& outcome_;
  OutcomeIndex index_;
  TextPage page_;
};

}  // namespace

std::string render_text(const Outcome& outcome, const TextOptions& options) {
  return TextReport(outcome, options).render();
}

}  // namespace assize
