#include "report/markdown.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/text.h"
#include "report/inert.h"
#include "report/markdown_escape.h"
#include "report/procedure.h"
#include "report/unreviewed.h"
#include "report/view.h"

namespace assize {

using namespace report;

namespace {

constexpr std::size_t kSmallest = 16'384;
// Room kept for what comes after the groups: the note on what was left out, and the closing line.
constexpr std::size_t kReserve = 1'024;
constexpr std::size_t kShortPath = 200;  // of a path and a name in a heading or a table
constexpr std::size_t kShortText = 300;
constexpr std::size_t kToldOpinions = 4;  // verdicts and objections of one group
constexpr std::size_t kToldWarnings = 3;  // of one analyser

// Rows that fit into a budget; what does not is counted.
struct Rows {
  std::string text;
  std::size_t left_out = 0;
  void add(const std::string& row, std::size_t budget) {
    if (left_out > 0 || text.size() + row.size() > budget) {
      ++left_out;
    } else {
      text += row;
    }
  }
};

class MarkdownReport {
 public:
  MarkdownReport(const Outcome& outcome, std::size_t max_bytes)
      : outcome_(outcome), index_(outcome), max_bytes_(std::max(max_bytes, kSmallest)) {}

  std::string render() {
    // The parts around the groups first, each within a share of the comment; the groups get all that is left.
    const std::string head = decision() + synthesis(max_bytes_ / 10) + panel(max_bytes_ / 8);
    const std::string tail = vote(max_bytes_ / 20) + unreviewed(max_bytes_ / 8) + warnings(max_bytes_ / 12) +
                             procedure(max_bytes_ / 20) + closing();
    const std::size_t used = head.size() + tail.size() + kReserve;
    return head + groups(max_bytes_ > used ? max_bytes_ - used : 0) + tail;
  }

 private:
  std::string decision() const {
    const Decision& decision = outcome_.decision;
    std::string text = fmt::format("## Assize: {}\n\n", to_string(decision.value));
    if (!decision.reason.empty()) text += "**" + md_line(decision.reason, kMessageBytes) + "** ";
    text += fmt::format("(rule {}, exit {})\n", md_line(decision.rule, kShortPath), decision.exit);
    if (!outcome_.source.empty()) text += "\nReviewed: " + md_line(outcome_.source, kShortText) + "\n";
    return text;
  }

  // In a quote, so that it can't pass for a part of the report. Escaped text is at most twice as long as it was.
  std::string synthesis(std::size_t budget) const {
    if (!outcome_.synthesis || outcome_.synthesis->text.empty()) return {};
    const Synthesis& synthesis = *outcome_.synthesis;
    // Of a run that found nothing, or asked nobody, the closing line says as much.
    if (synthesis.agent.empty() && (outcome_.groups.empty() || outcome_.offline)) return {};
    const std::string who = synthesis.agent.empty()
                                ? "Summary"
                                : "In the words of the chair (" + md_line(synthesis.agent, kShortPath) + ")";
    std::string text = fmt::format("\n> **{}:** {}\n", who, md_text(synthesis.text, budget / 2));
    if (synthesis.recommendation) {
      text += fmt::format(">\n> The chair recommends {}; it does not decide.\n",
                          verdict_word(*synthesis.recommendation, outcome_.mode));
    }
    if (!synthesis.note.empty()) text += ">\n> **Note:** " + md_line(synthesis.note, kShortText) + "\n";
    return text;
  }

  std::string vote(std::size_t budget) const {
    if (!was_voted(outcome_)) return {};
    const Vote& vote = *outcome_.vote;
    Rows rows;
    for (const Ballot& ballot : vote.ballots) {
      std::string row =
          fmt::format("- {}: {}", md_line(ballot.agent, kShortPath), verdict_word(ballot.verdict, outcome_.mode));
      if (!ballot.reason.empty()) row += ", " + md_line(ballot.reason, kShortText);
      rows.add(row + "\n", budget);
    }
    std::string text =
        fmt::format("\n### Vote: {}\n\n", vote.verdict ? verdict_word(*vote.verdict, outcome_.mode) : "no ballots") +
        rows.text;
    if (rows.left_out > 0) text += fmt::format("\nand {} more.\n", plural(rows.left_out, "ballot"));
    return text;
  }

  std::string procedure(std::size_t budget) const {
    const std::vector<std::string> sentences = procedure_of(outcome_);
    if (sentences.empty()) return {};
    Rows rows;
    for (const std::string& sentence : sentences) rows.add("- " + md_line(sentence, kShortText) + "\n", budget);
    return "\n### Procedure\n\n" + rows.text;
  }

  std::string panel(std::size_t budget) const {
    if (outcome_.panel.empty()) return {};
    std::string text =
        "\n### Panel\n\n| Agent | Model | Result | Findings | Time |\n| --- | --- | --- | ---: | ---: |\n";
    Rows rows;
    for (const AgentReport& agent : outcome_.panel) {
      std::string result(to_string(agent.status));
      if (is_valid_review(agent.status)) {
        if (agent.verdict) result += fmt::format(", {}", verdict_word(*agent.verdict, outcome_.mode));
        if (agent.repaired) result += ", after a repair";
      } else if (shortfall_of(agent) == "no reviewer") {
        result = problem_of(agent);
      } else {
        result = fmt::format("{}: {}", shortfall_of(agent), problem_of(agent));
      }
      if (!agent.lens.empty()) result += ", looks at " + agent.lens;
      const std::string role = agent.role == AgentRole::analyser ? " (analyser)" : "";
      rows.add(fmt::format("| {}{} | {} | {} | {} | {} |\n", md_line(agent.id, kShortPath), role,
                           md_line(agent.model, kShortPath), md_line(result, kShortText), agent.findings,
                           agent.attempts > 0 ? duration_text(agent.duration) : ""),
               budget);
    }
    text += rows.text;
    if (rows.left_out > 0) text += fmt::format("\nand {} more.\n", plural(rows.left_out, "agent"));
    return text;
  }

  // In the order of the sections: by severity, then not anchored, then set aside.
  std::vector<const Group*> in_order() const {
    std::vector<const Group*> order;
    for (const Severity severity : kWorstFirst) {
      for (const Group& group : outcome_.groups) {
        if (shelf_of(group) == Shelf::by_severity && group.severity == severity) order.push_back(&group);
      }
    }
    for (const Shelf shelf : {Shelf::unanchored, Shelf::unsupported}) {
      for (const Group& group : outcome_.groups) {
        if (shelf_of(group) == shelf) order.push_back(&group);
      }
    }
    return order;
  }

  static std::string section_of(const Group& group) {
    switch (shelf_of(group)) {
      case Shelf::unanchored:
        return "Not anchored: cites what was not shown, counts for no agreement";
      case Shelf::unsupported:
        return "Set aside: refuted when it was checked";
      case Shelf::by_severity:
        break;
    }
    std::string name(to_string(group.severity));
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    return name;
  }

  // In full while they fit, then in one line each, then counted.
  std::string groups(std::size_t budget) const {
    const std::vector<const Group*> order = in_order();
    if (order.empty()) return "\n### Findings\n\nNone.\n";
    std::string text = fmt::format("\n### Findings ({})\n", plural(order.size(), "group"));
    enum class Form { full, line, counted } form = Form::full;
    std::string section;
    std::size_t without_detail = 0;
    std::array<std::size_t, 5> left_out{};
    // One-line entries stay possible after the full ones: a third of the room is theirs when not all fit in full.
    const std::size_t full_budget = budget - budget / 3;
    for (const Group* group : order) {
      std::string heading;
      if (section != section_of(*group)) heading = "\n#### " + section_of(*group) + "\n\n";
      std::string entry;
      if (form == Form::full) {
        entry = heading + full(*group);
        if (text.size() + entry.size() > full_budget) form = Form::line;
      }
      if (form == Form::line) {
        // A list right below a closing tag would be read as HTML.
        entry = (heading.empty() && text.ends_with("</details>\n") ? "\n" : heading) + line(*group);
        if (text.size() + entry.size() > budget) form = Form::counted;
      }
      if (form == Form::counted) {
        ++left_out.at(static_cast<std::size_t>(group->severity));
        continue;
      }
      if (form == Form::line) ++without_detail;
      section = section_of(*group);
      text += entry;
    }
    return text + note(without_detail, left_out);
  }

  static std::string note(std::size_t without_detail, const std::array<std::size_t, 5>& left_out) {
    std::string text;
    if (without_detail > 0) {
      text += fmt::format("\n**Cut to the size of a comment:** {} shown without detail.",
                          without_detail == 1 ? "1 group is" : fmt::format("{} groups are", without_detail));
    }
    std::size_t all = 0;
    std::string parts;
    for (const Severity severity : kWorstFirst) {
      const std::size_t count = left_out.at(static_cast<std::size_t>(severity));
      all += count;
      if (count == 0) continue;
      if (!parts.empty()) parts += ", ";
      parts += fmt::format("{} {}", count, to_string(severity));
    }
    if (all > 0) text += fmt::format("\n**{} more {} not shown here:** {}.", all, all == 1 ? "is" : "are", parts);
    if (!text.empty()) text += " The JSON and SARIF reports have all of them in full.\n";
    return text;
  }

  std::string where(const Finding* shown, std::string (*escape)(std::string_view, std::size_t)) const {
    if (shown == nullptr) return {};
    const Place place = place_of(*shown);
    if (place.path.empty()) return "(no file named)";
    return escape(place.path, kShortPath) + lines_text(place);
  }

  std::string line(const Group& group) const {
    const Finding* shown = index_.representative(group);
    return fmt::format("- {} {} · {} · {} · {}\n", md_line(group.id, kShortPath), where(shown, md_line),
                       shown == nullptr ? "" : md_line(shown->title, kShortText), agreement_text(group.agreement),
                       md_line(status_text(group, index_), kShortText));
  }

  // What verifiers and those who are against it say, `before` each.
  std::string opinions(const Group& group, std::string_view before) const {
    std::string text;
    std::size_t told = 0;
    for (const Opinion& opinion : opinions_on(group, index_)) {
      if (trim(opinion.text).empty()) continue;  // the standing says it already
      if (++told > kToldOpinions) return text + std::string(before) + "…\n";
      text +=
          fmt::format("{}**{}:** {}\n", before, md_line(opinion.who, kShortPath), md_line(opinion.text, kShortText));
    }
    return text;
  }

  // One that was refuted: who says so and why, without what it said at length.
  std::string brief(const Group& group) const {
    const Finding* shown = index_.representative(group);
    return fmt::format("- {} {} · {} · {} · {}\n", md_line(group.id, kShortPath), where(shown, md_line),
                       shown == nullptr ? "" : md_line(shown->title, kShortText), to_string(group.severity),
                       md_line(status_text(group, index_), kShortText)) +
           opinions(group, "  - ");
  }

  std::string full(const Group& group) const {
    const Finding* shown = index_.representative(group);
    if (shown == nullptr) return line(group);
    if (shelf_of(group) == Shelf::unsupported) return brief(group);
    std::string text = fmt::format(
        "<details><summary><b>{}</b> <code>{}</code> {} · {} · {}{}</summary>\n\n", html_line(group.id, kShortPath),
        where(shown, html_line), html_line(shown->title, kTitleBytes), agreement_text(group.agreement),
        html_line(status_text(group, index_), kShortPath),
        shelf_of(group) == Shelf::by_severity ? std::string() : fmt::format(" · {}", to_string(group.severity)));
    const std::string detail = md_text(shown->detail, kDetailBytes);
    if (!detail.empty()) text += "**Why:** " + detail + "\n\n";
    const std::string& code = shown->code.empty() ? shown->cited.quote : shown->code;
    if (!trim(code).empty()) {
      if (shown->code.empty()) text += "As quoted by the reviewer:\n\n";
      text += md_code_block(code, kCodeBytes) + "\n";
    }
    const std::string fix = md_text(shown->fix, kDetailBytes);
    if (!fix.empty()) text += "**Fix:** " + fix + "\n\n";
    const std::string said = opinions(group, "- ");
    if (!said.empty()) text += said + "\n";
    return text + standing(group, *shown) + "\n\n</details>\n";
  }

  std::string standing(const Group& group, const Finding& shown) const {
    const Raisers raisers = raisers_of(group, index_);
    std::string text = "Raised by ";
    std::vector<std::string_view> all = raisers.reviewers;
    all.insert(all.end(), raisers.analysers.begin(), raisers.analysers.end());
    text += md_line(join(all, ", "), kShortText);
    if (!raisers.analysers.empty() && !raisers.reviewers.empty()) {
      text += fmt::format(" ({} not counted as agreeing)",
                          raisers.analysers.size() == 1 ? "the analyser is" : "analysers are");
    }
    if (const std::string tally = tally_text(group, index_); !tally.empty()) {
      text += " · debate: " + md_line(tally, kShortText);
    }
    text += fmt::format(" · {}", to_string(shown.category));
    if (!shown.rule.empty()) text += " · rule " + md_line(shown.rule, kShortPath);
    if (group.lowest_severity != group.highest_severity) {
      text += fmt::format(" · rated {} to {}", to_string(group.lowest_severity), to_string(group.highest_severity));
    }
    if (group.suggested_severity) {
      text += fmt::format(" · debaters would say {}", to_string(*group.suggested_severity));
    }
    if (shown.severity_guessed) text += " · severity not given";
    if (shown.reported) {
      text += fmt::format(" · {} by policy, reported as {}", to_string(shown.severity), to_string(*shown.reported));
    }
    if (shown.round > 1) text += fmt::format(" · raised in round {}", shown.round);
    if (group.status_reason.find(group.split_from) == std::string::npos)
      text += " · split from " + md_line(group.split_from, kShortPath);
    if (!is_anchored(shown.anchor.state)) text += fmt::format(" · {}", to_string(shown.anchor.state));
    // An underscore between letters is no emphasis, so our own words need no escape.
    return text;
  }

  std::string unreviewed(std::size_t budget) const {
    const std::vector<Unreviewed> list = unreviewed_of(outcome_);
    if (list.empty()) return {};
    Rows rows;
    for (const Unreviewed& item : list) {
      std::string row = "- " + md_line(item.path, kShortPath);
      if (!item.lines.empty()) row += ", lines " + md_line(item.lines, kShortText);
      rows.add(row + ": " + md_line(item.reason, kShortText) + "\n", budget);
    }
    std::string text = fmt::format("\n### Not reviewed ({})\n\n", list.size()) + rows.text;
    if (rows.left_out > 0) text += fmt::format("\nand {} more, in the JSON report.\n", plural(rows.left_out, "file"));
    return text;
  }

  std::string warnings(std::size_t budget) const {
    const std::vector<std::string> all = warnings_of(outcome_, kToldWarnings);
    if (all.empty()) return {};
    Rows rows;
    for (const std::string& warning : all) rows.add("- " + md_line(warning, kShortText) + "\n", budget);
    std::string text = fmt::format("\n### Warnings ({})\n\n", all.size()) + rows.text;
    if (rows.left_out > 0) text += fmt::format("\nand {} more, in the JSON report.\n", rows.left_out);
    return text;
  }

  std::string closing() const {
    const Totals totals = totals_of(outcome_);
    const CoverageTotals coverage = coverage_of(outcome_);
    std::string text = "\n---\n";
    if (outcome_.offline) {
      text += "Rules alone: no model agent was asked. ";
    } else {
      text += fmt::format("{} of {} gave a valid review and covered {} of {}. ", totals.valid,
                          plural(totals.reviewers, "reviewer"), coverage.reviewed, plural(coverage.hunks, "hunk"));
    }
    const std::string cost = spent_text(outcome_);
    if (!cost.empty()) text += cost + ". ";
    text += duration_text(outcome_.duration) + ". Run `" + run_id() + "`.\n";
    return text;
  }

  // Ours, but handed in: in a code span nothing of it is Markdown as long as it has no backtick.
  std::string run_id() const {
    std::string id = inert_line(outcome_.run, kShortPath);
    std::replace(id.begin(), id.end(), '`', '\'');
    return id;
  }

  const Outcome& outcome_;
  OutcomeIndex index_;
  std::size_t max_bytes_;
};

}  // namespace

std::string render_markdown(const Outcome& outcome, const MarkdownOptions& options) {
  return MarkdownReport(outcome, options.max_bytes).render();
}

}  // namespace assize
