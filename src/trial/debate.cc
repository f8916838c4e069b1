#include "trial/debate.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/random.h"
#include "core/text.h"
#include "finding/stances.h"
#include "trial/claims.h"
#include "trial/prompt.h"

namespace assize {

namespace {

using StanceOf = std::map<std::pair<std::string, std::string>, StanceValue>;  // by group and agent

// The latest stance of each agent on each group; raisers agree until they say otherwise.
StanceOf latest(const Outcome& outcome, std::span<const Stance> stances) {
  StanceOf now;
  for (const Group& group : outcome.groups) {
    for (const std::string& agent : group.agents) now[{group.id, agent}] = StanceValue::agree;
  }
  for (const Stance& stance : stances) now[{stance.group, stance.agent}] = stance.value;
  return now;
}

std::vector<std::size_t> debaters_of(std::span<const Seat> seats, int chunk) {
  std::vector<std::size_t> debaters;
  for (std::size_t i = 0; i < seats.size(); ++i) {
    if (seats[i].reviews() && seats[i].valid_in(chunk)) debaters.push_back(i);
  }
  return debaters;
}

std::string letter(std::size_t index) {  // A … Z, AA, AB, …
  std::string name;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return name;
}

// What one debater calls the others, and itself.
class Callers {
 public:
  Callers(std::span<const Seat> seats, std::size_t debater, int chunk, const TrialSettings& settings)
      : self_(seats[debater].id()), peers_(order_of_peers(seats, debater, chunk, settings.seed)) {
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      const std::string& id = seats[peers_[i]].id();
      names_[id] = settings.names == Names::shown ? id : "Reviewer " + letter(i);
    }
  }
  const std::vector<std::size_t>& peers() const { return peers_; }
  const std::string& peer(const std::string& id) const { return names_.at(id); }
  // Of anybody on the panel, also of one that has no seat in this debate.
  std::string name(const std::string& id) const {
    if (id == self_) return "you";
    const auto found = names_.find(id);
    return found == names_.end() ? "another reviewer or an analyser" : found->second;
  }

 private:
  std::string self_;
  std::vector<std::size_t> peers_;
  std::map<std::string, std::string> names_;
};

// A review in short: its findings with the ids of the groups that they belong to.
std::string short_review(const Seat& seat, int chunk, const Outcome& outcome,
                         const std::map<std::string, std::string>& group_of) {
  const Part& part = *seat.part_of(chunk);
  std::string text;
  if (part.review.verdict) text += fmt::format("verdict: {}\n", to_string(*part.review.verdict));
  if (!part.review.summary.empty()) text += fmt::format("summary: {}\n", part.review.summary);
  text += "findings:\n";
  bool any = false;
  for (const Finding& finding : outcome.findings) {
    if (finding.agent != seat.id() || finding.chunk != chunk) continue;
    any = true;
    const auto group = group_of.find(finding.id);
    text += fmt::format("- {} [{}] {}: {}\n", group == group_of.end() ? "–" : group->second,
                        to_string(finding.severity), place_of(finding), finding.title);
  }
  if (!any) text += "- none\n";
  return text;
}

std::string said_before(const Group& group, const Outcome& outcome, const Callers& callers) {
  std::vector<const Stance*> spoken;
  for (const Stance& stance : outcome.stances) {
    if (stance.group == group.id) spoken.push_back(&stance);
  }
  if (spoken.empty()) return {};
  std::string text = fmt::format("  so far {} for it, {} against\n", group.support.size(), group.against.size());
  for (const Stance* stance : spoken) {
    text +=
        fmt::format("  round {}, {}: {}{}{}\n", stance->round, callers.name(stance->agent), to_string(stance->value),
                    stance->severity ? fmt::format(" (as {})", to_string(*stance->severity)) : std::string(),
                    stance->reason.empty() ? "" : ": " + stance->reason);
  }
  return text;
}

std::string put_to(const Group& group, const Outcome& outcome, const FindingIndex& findings, const Callers& callers) {
  std::set<std::string> raisers;
  for (const std::string& agent : group.agents) raisers.insert(callers.name(agent));
  return describe_group(group, findings) + fmt::format("  raised by {}\n", fmt::join(raisers, ", ")) +
         said_before(group, outcome, callers) + "\n";
}

}  // namespace

std::vector<std::size_t> order_of_peers(std::span<const Seat> seats, std::size_t debater, int chunk,
                                        std::uint64_t seed) {
  struct Drawn {
    std::uint64_t lot;
    std::size_t seat;
  };
  std::vector<Drawn> drawn;
  for (const std::size_t peer : debaters_of(seats, chunk)) {
    if (peer == debater) continue;
    // A lot for each pair: whoever joins draws one of its own and moves nobody else.
    Pcg32 stream = random_stream(seed, "debate-order", seats[debater].id() + "\n" + seats[peer].id());
    const std::uint64_t high = stream.next();
    drawn.push_back({(high << 32U) | stream.next(), peer});
  }
  std::sort(drawn.begin(), drawn.end(), [&](const Drawn& a, const Drawn& b) {
    return std::tie(a.lot, seats[a.seat].entry->spec->id) < std::tie(b.lot, seats[b.seat].entry->spec->id);
  });
  std::vector<std::size_t> order;
  order.reserve(drawn.size());
  for (const Drawn& entry : drawn) order.push_back(entry.seat);
  return order;
}

std::vector<const Group*> contested_groups(const Outcome& outcome, std::span<const Seat> seats) {
  const StanceOf now = latest(outcome, outcome.stances);
  std::map<int, std::vector<std::size_t>> debaters;
  std::vector<const Group*> contested;
  for (const Group& group : outcome.groups) {
    if (group.status == GroupStatus::verified) continue;  // by a rule: nothing that a debate could change
    if (!debaters.contains(group.chunk)) debaters[group.chunk] = debaters_of(seats, group.chunk);
    const std::vector<std::size_t>& present = debaters[group.chunk];
    if (present.size() < 2) continue;
    std::size_t agree = 0;
    std::size_t disagree = 0;
    for (const std::size_t seat : present) {
      const auto stance = now.find({group.id, seats[seat].id()});
      if (stance == now.end()) continue;
      agree += stance->second == StanceValue::agree ? 1 : 0;
      disagree += stance->second == StanceValue::disagree ? 1 : 0;
    }
    if (agree < present.size() && disagree < present.size()) contested.push_back(&group);
  }
  return contested;
}

std::vector<DebateCall> debate_calls(const Outcome& outcome, std::span<Seat> seats, int round, const Exhibits& shown) {
  const TrialSettings& settings = shown.input().settings;
  const FindingIndex findings(outcome.findings);
  std::map<std::string, std::string> group_of;  // by finding
  for (const Group& group : outcome.groups) {
    for (const std::string& member : group.members) group_of[member] = group.id;
  }
  std::map<int, std::vector<const Group*>> by_chunk;
  for (const Group* group : contested_groups(outcome, seats)) by_chunk[group->chunk].push_back(group);

  std::vector<DebateCall> calls;
  for (const auto& entry : by_chunk) {
    const int chunk = entry.first;
    for (const std::size_t debater : debaters_of(seats, chunk)) {
      Seat& seat = seats[debater];
      const Callers callers(seats, debater, chunk, settings);
      std::string peers;
      for (const std::size_t peer : callers.peers()) {
        peers += fmt::format("## {}\n{}", callers.peer(seats[peer].id()),
                             shown.fenced("review", short_review(seats[peer], chunk, outcome, group_of)));
      }
      const std::string own = short_review(seat, chunk, outcome, group_of);

      int ordinal = 0;
      std::vector<std::string> ids;
      std::string text;
      const auto ask = [&] {
        if (ids.empty()) return;
        DebateCall& made = calls.emplace_back();
        made.seat = &seat;
        made.groups = std::exchange(ids, {});
        made.call.agent = seat.entry->spec;
        made.call.phase = Phase::debate;
        made.call.round = round;
        made.call.chunk = chunk;
        made.call.ordinal = ordinal++;
        made.call.prompt = debate_prompt(shown, chunk, {.own = own, .peers = peers, .groups = std::exchange(text, {})});
        made.call.schema = std::string(stances_schema());
        made.call.limits = seat.entry->limits;
      };
      for (const Group* group : entry.second) {
        const std::string put = put_to(*group, outcome, findings, callers);
        if (text.size() + put.size() > kClaimBytes) ask();
        ids.push_back(group->id);
        text += put;
      }
      ask();
    }
  }
  return calls;
}

DebateAnswer read_debate_answer(const DebateCall& asked, const Answer& answer, const Exhibits& shown) {
  DebateAnswer read;
  Seat& seat = *asked.seat;
  if (answer.error) {
    read.warnings.push_back(
        fmt::format("{} took no part in round {}: {}", seat.id(), asked.call.round, answer.error->message));
    return read;
  }
  ParsedStances parsed = parse_stances(
      answer.text, {.agent = seat.id(), .round = asked.call.round, .groups = asked.groups, .shown = asked.call.prompt});
  if (!parsed.readable) {
    read.warnings.push_back(fmt::format("{} took no part in round {}: {}", seat.id(), asked.call.round, parsed.reason));
  }
  for (std::string& warning : parsed.warnings) {
    read.warnings.push_back(fmt::format("{} in round {}: {}", seat.id(), asked.call.round, warning));
  }
  read.stances = std::move(parsed.stances);
  read.missed = std::move(parsed.missed);
  anchor_findings(read.missed, shown.view(), shown.matter());
  for (Finding& finding : read.missed) {
    finding.id = fmt::format("{}-{}", seat.id(), seat.next_finding++);
    finding.chunk = shown.chunk_showing(finding.anchor, asked.call.chunk);
    finding.round = asked.call.round;
  }
  return read;
}

void drop_repeats(std::vector<Finding>& missed, std::span<const Finding> known) {
  const auto same = [](const Finding& a, const Finding& b) {
    return a.agent == b.agent && a.title == b.title && a.detail == b.detail && a.anchor.path == b.anchor.path &&
           a.anchor.lines == b.anchor.lines && a.severity <= b.reported.value_or(b.severity);  // a worse one is news
  };
  std::erase_if(missed, [&](const Finding& finding) {
    return std::any_of(known.begin(), known.end(), [&](const Finding& other) { return same(finding, other); });
  });
}

bool anybody_moved(const Outcome& outcome, std::span<const Stance> before, std::span<const Stance> now) {
  const StanceOf stood = latest(outcome, before);
  return std::any_of(now.begin(), now.end(), [&](const Stance& stance) {
    const auto was = stood.find({stance.group, stance.agent});
    return was == stood.end() ? stance.value != StanceValue::unsure : was->second != stance.value;
  });
}

}  // namespace assize
