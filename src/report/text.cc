#include "report/text.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/unreviewed.h"
#include "report/uri.h"
#include "report/view.h"
#include "report/width.h"

namespace assize {

using namespace report;

namespace {

constexpr int kNarrowest = 40;
constexpr int kWidestProse = 120;
constexpr int kIndent = 6;                      // of all that agents wrote
constexpr std::size_t kParagraphBytes = 1'200;  // of a detail; all of it is in the JSON report
constexpr std::size_t kListed = 50;             // files not reviewed, warnings; the rest is counted
constexpr std::size_t kOtherPlaces = 4;
constexpr std::size_t kToldWarnings = 3;  // of one analyser; all of them are in the JSON report

// Select Graphic Rendition parameters (ECMA-48).
constexpr std::string_view kBold = "1", kDim = "2", kRed = "1;31", kYellow = "1;33", kGreen = "1;32", kCyan = "36";

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
  TextReport(const Outcome& outcome, const TextOptions& options)
      : outcome_(outcome),
        options_(options),
        index_(outcome),
        width_(std::clamp(options.width, kNarrowest, kWidestProse)) {}

  std::string render() {
    decision();
    all_groups();
    not_reviewed();
    panel();
    warnings();
    summary();
    return std::move(out_);
  }

 private:
  std::string paint(std::string_view style, std::string_view text) const {
    if (options_.color == Color::off) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", style, text);
  }

  // `text` is inert; it is wrapped, and no line of it starts before `indent`. `first` opens the first line instead of
  // blanks and is no wider than indent.
  void paragraph(int indent, std::string_view text, std::string_view style = {}, std::string_view first = {}) {
    bool opening = true;
    for (const std::string& line : wrap(text, width_ - indent)) {
      if (opening && !first.empty()) {
        out_ += first;
        out_.append(static_cast<std::size_t>(std::max(0, indent - display_width(first))), ' ');
      } else {
        out_.append(static_cast<std::size_t>(indent), ' ');
      }
      opening = false;
      out_ += style.empty() ? line : paint(style, line);
      out_ += '\n';
    }
  }

  void heading(std::string_view text, std::string_view style) {
    out_ += '\n';
    out_ += paint(style, text);
    out_ += '\n';
  }

  void decision() {
    const Decision& decision = outcome_.decision;
    std::string line = fmt::format("{} (exit {}", to_string(decision.value), decision.exit);
    if (!decision.rule.empty()) line += ", " + inert_line(decision.rule, kTitleBytes);
    line += ')';
    if (!decision.reason.empty()) line += ": " + inert_line(decision.reason, kMessageBytes);
    const std::vector<std::string> lines = wrap(line, width_ - 2);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view word = to_string(decision.value);
      if (i > 0) {
        out_ += "  " + lines[i];
      } else {
        out_ += paint(color_of(decision.value), word) + lines[i].substr(word.size());
      }
      out_ += '\n';
    }
    if (!outcome_.source.empty()) paragraph(2, inert_line(outcome_.source, kMessageBytes), kDim);
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
    heading(fmt::format("{} ({})", title, count), style);
    if (!note.empty()) paragraph(kIndent, note, kDim);
    for (const Group& group : outcome_.groups) {
      if (belongs(group)) this->group(group);
    }
  }

  // "path:line", linked when asked for and when it fits on one line.
  void place(std::string_view lead, const Place& place) {
    const std::string text =
        place.path.empty() ? std::string("(no file named)") : inert_line(place.path, kPathBytes) + lines_text(place);
    const int room = width_ - display_width(lead);
    const bool fits = display_width(text) <= room;
    if (options_.links == Hyperlinks::off || !fits || place.path.empty() || outcome_.repository.empty()) {
      paragraph(display_width(lead), text, kCyan, lead);
      return;
    }
    out_ += lead;
    out_ += fmt::format("\x1b]8;;file://{}/{}\x1b\\{}\x1b]8;;\x1b\\\n", percent_encode_path(outcome_.repository),
                        percent_encode_path(place.path), paint(kCyan, text));
  }

  void group(const Group& group) {
    const Finding* shown = index_.representative(group);
    std::string lead = fmt::format("  {}", inert_line(group.id, kTitleBytes));
    lead.append(static_cast<std::size_t>(std::max(2, kIndent - display_width(lead))), ' ');
    if (shown == nullptr) {
      paragraph(kIndent, "(its findings are not in this outcome)", {}, lead);
      return;
    }
    place(lead, place_of(*shown));
    paragraph(kIndent, inert_line(shown->title, kTitleBytes), kBold);
    paragraph(kIndent, standing(group, *shown), kDim);
    const std::string detail = inert_line(shown->detail, kParagraphBytes);
    if (!detail.empty()) paragraph(kIndent, detail);
    const std::string code = inert_line(shown->code.empty() ? shown->cited.quote : shown->code, kCodeBytes);
    if (!code.empty()) {
      out_.append(kIndent, ' ');
      out_ += paint(kDim, shown->code.empty() ? "> " : "| ") + cut_to_width(code, width_ - kIndent - 2) + '\n';
    }
    const std::string fix = inert_line(shown->fix, kParagraphBytes);
    if (!fix.empty()) paragraph(kIndent, "Fix: " + fix);
    other_places(group, *shown);
  }

  // Agreement, who raised it, status, category; in a severity's section of a group whose members differ, the spread.
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
    text += fmt::format(" · {} · {}", to_string(group.status), to_string(shown.category));
    if (shelf_of(group) != Shelf::by_severity) text += fmt::format(" · {}", to_string(group.severity));
    if (group.lowest_severity != group.highest_severity) {
      text += fmt::format(" · rated {} to {}", to_string(group.lowest_severity), to_string(group.highest_severity));
    }
    if (shown.severity_guessed) text += " · severity not given";
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
    paragraph(kIndent, text);
  }

  void not_reviewed() {
    const std::vector<Unreviewed> list = unreviewed_of(outcome_);
    if (list.empty()) return;
    heading(fmt::format("NOT REVIEWED ({})", list.size()), kYellow);
    for (std::size_t i = 0; i < std::min(list.size(), kListed); ++i) {
      std::string text = inert_line(list[i].path, kPathBytes);
      if (!list[i].lines.empty()) text += ":" + list[i].lines;
      paragraph(kIndent, text + " · " + inert_line(list[i].reason, kMessageBytes));
    }
    if (list.size() > kListed) {
      paragraph(kIndent, fmt::format("and {} more: see --format json, \"coverage\"", list.size() - kListed));
    }
  }

  void panel() {
    if (outcome_.panel.empty()) return;
    heading("PANEL", kBold);
    int column = 0;
    for (const AgentReport& agent : outcome_.panel) {
      column = std::max(column, display_width(inert_line(agent.id, kTitleBytes)));
    }
    column = std::min(column, width_ / 3) + kIndent + 2;
    for (const AgentReport& agent : outcome_.panel) {
      std::string text;
      if (is_valid_review(agent.status)) {
        text = agent.findings == 0 ? "clean" : plural(agent.findings, "finding");
        if (agent.verdict) text += fmt::format(", {}", to_string(*agent.verdict));
        if (agent.repaired) text += ", after a repair";
      } else {
        text = fmt::format("{}: {}", shortfall_of(agent), problem_of(agent));
        if (agent.optional) text += " (optional)";
      }
      if (!agent.dropped.empty()) text += ", " + plural(agent.dropped.size(), "item") + " could not be read";
      if (!agent.model.empty()) text += " · " + agent.model;
      if (agent.attempts > 0) text += " · " + duration_text(agent.duration);
      if (agent.attempts > 1) text += fmt::format(" in {} attempts", agent.attempts);
      const std::string lead =
          std::string(kIndent, ' ') + cut_to_width(inert_line(agent.id, kTitleBytes), column - kIndent - 2);
      paragraph(column, inert_line(text, kMessageBytes), is_valid_review(agent.status) ? "" : kYellow, lead);
      if (agent.role == AgentRole::reviewer) continue;
      // What an analyser left out is read nowhere else.
      for (std::size_t i = 0; i < std::min(agent.warnings.size(), kToldWarnings); ++i) {
        paragraph(column, inert_line(agent.warnings[i], kMessageBytes), kYellow);
      }
    }
  }

  void warnings() {
    if (outcome_.warnings.empty()) return;
    heading(fmt::format("WARNINGS ({})", outcome_.warnings.size()), kYellow);
    for (std::size_t i = 0; i < std::min(outcome_.warnings.size(), kListed); ++i) {
      paragraph(kIndent, inert_line(outcome_.warnings[i], kMessageBytes));
    }
    if (outcome_.warnings.size() > kListed) {
      paragraph(kIndent, fmt::format("and {} more: see --format json", outcome_.warnings.size() - kListed));
    }
  }

  void summary() {
    const Totals totals = totals_of(outcome_);
    const CoverageTotals coverage = coverage_of(outcome_);
    heading("SUMMARY", kBold);
    if (outcome_.offline) {
      paragraph(kIndent, "Rules alone: no model agent was asked.");
    } else if (totals.reviewers > 0) {
      paragraph(kIndent,
                fmt::format("{} of {} gave a valid review.", totals.valid, plural(totals.reviewers, "reviewer")));
    }
    if (coverage.files > 0) {
      std::string text = fmt::format("{} of {} reviewed", coverage.files_reviewed, plural(coverage.files, "file"));
      if (!outcome_.offline)
        text = fmt::format("Covered: {} of {} in {} of {}", coverage.reviewed, plural(coverage.hunks, "hunk"),
                           coverage.files - coverage.set_aside, plural(coverage.files, "file"));
      paragraph(kIndent, text + ".");
    }
    std::string cost = usage_text(usage_of(outcome_));
    cost = cost.empty() ? "" : cost + "; ";
    paragraph(kIndent, cost + duration_text(outcome_.duration) + "; run " + inert_line(outcome_.run, kTitleBytes));
    paragraph(kIndent,
              "Everything in full: --format json. For a pull request: --format markdown. For code scanning: "
              "--format sarif.",
              kDim);
  }

  const Outcome& outcome_;
  const TextOptions& options_;
  OutcomeIndex index_;
  int width_;
  std::string out_;
};

}  // namespace

std::string render_text(const Outcome& outcome, const TextOptions& options) {
  return TextReport(outcome, options).render();
}

}  // namespace assize
