#include "trial/task.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/random.h"
#include "core/text.h"
#include "trial/task_prompt.h"

namespace assize {

namespace {

void advance(TaskTrack& track, TaskState next) {
  const auto moved = track.to(next);
  CHECK(moved);  // the procedure knows its states
}

bool has_answer(const TaskAgent& agent) {
  const TaskState state = agent.track.now();
  return state == TaskState::completed || state == TaskState::partial_success;
}

// Stopped by a person or a signal; a straggler that was cut is no such thing.
bool is_cancelled(const Answer& answer) {
  return answer.error && answer.error->kind == CallErrorKind::cancelled && !answer.cut;
}

TaskState end_of(const CallError& error) {
  switch (error.kind) {
    case CallErrorKind::cancelled:
      return TaskState::cancelled;
    case CallErrorKind::timed_out:
    case CallErrorKind::stalled:
      return TaskState::expired;
    default:
      return TaskState::failed;
  }
}

CallError as_call_error(const Error& error) {
  const bool stopped = error.code == ErrorCode::cancelled;
  CallError out;
  out.kind = stopped ? CallErrorKind::cancelled : CallErrorKind::internal;
  out.message = error.message;
  return out;
}

// One run of the task over all agents.
class TaskRun {
 public:
  TaskRun(const TaskInput& input, Caller& caller, Observer& observer)
      : input_(input), settings_(input.settings), caller_(caller), observer_(observer) {
    CHECK(settings_.mode == ExecutionMode::read_only || input_.trees != nullptr);
  }

  TaskOutcome run() {
    declare();
    announce();
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < input_.roster.size(); ++i) {
      if (input_.roster[i].available) able.push_back(i);
    }
    if (!able.empty()) {
      advance(outcome_.track, TaskState::dispatched);
      advance(outcome_.track, TaskState::running);
    }
    if (settings_.order == TaskOrder::chain) {
      for (std::size_t i = 0; i < able.size() && !cancelled_; ++i) ask({able[i]}, static_cast<int>(i) + 1);
    } else if (!able.empty()) {
      ask(able, 1);
    }
    for (TaskAgent& agent : outcome_.agents) {
      if (is_terminal(agent.track.now())) continue;  // the rest of a chain that was stopped
      agent.answer.error =
          CallError{.kind = CallErrorKind::cancelled, .message = "the run was stopped before its turn"};
      advance(agent.track, TaskState::cancelled);
    }
    if (outcome_.track.now() == TaskState::running) advance(outcome_.track, TaskState::aggregating);
    if (settings_.synthesis == Summing::on) synthesize();
    decide();
    return std::move(outcome_);
  }

 private:
  // What is known before anybody is asked.
  void declare() {
    outcome_.run = settings_.run;
    outcome_.mode = settings_.mode;
    outcome_.chain = settings_.order == TaskOrder::chain;
    outcome_.prompt = settings_.prompt;
    outcome_.repository = settings_.repository;
    outcome_.target_paths = settings_.target_paths;
    outcome_.seed = settings_.seed;
    outcome_.versions = {{"assize", ASSIZE_VERSION}, {"prompt", task_prompt_version()}};
    if (input_.trees != nullptr) {
      outcome_.head = input_.trees->head();
      outcome_.left_out = input_.trees->left_out();
    }
    for (const RosterEntry& entry : input_.roster) {
      TaskAgent agent;
      agent.id = entry.spec->id;
      agent.kind = entry.spec->kind;
      agent.vendor = entry.vendor;
      agent.model = entry.spec->model;
      agent.version = entry.version;
      agent.available = entry.available;
      agent.command_line = entry.command_line;
      if (!entry.available) {
        agent.answer.error = entry.unavailable;
        advance(agent.track, TaskState::failed);
      }
      outcome_.agents.push_back(std::move(agent));
    }
  }

  // For those who watch: who takes part.
  void announce() {
    Outcome outcome;
    outcome.run = settings_.run;
    outcome.mode = "task";
    outcome.repository = settings_.repository;
    for (const TaskAgent& agent : outcome_.agents) {
      AgentReport report;
      report.id = agent.id;
      report.kind = agent.kind;
      report.vendor = agent.vendor;
      report.model = agent.model;
      report.available = agent.available;
      report.error = agent.answer.error;
      if (agent.answer.error) report.unavailable_reason = agent.answer.error->message;
      outcome.panel.push_back(std::move(report));
    }
    observer_.run_started(outcome);
  }

  // Asks some agents side by side, and collects what they left behind when all have ended.
  void ask(const std::vector<std::size_t>& who, int round) {
    observer_.phase_started(Phase::task, round);
    std::vector<const TaskAgent*> former;
    for (const TaskAgent& agent : outcome_.agents) {
      if (settings_.order == TaskOrder::chain && agent.available && is_terminal(agent.track.now()))
        former.push_back(&agent);
    }
    std::vector<Call> calls;
    std::vector<TaskAgent*> asked;
    for (const std::size_t index : who) {
      const RosterEntry& entry = input_.roster[index];
      TaskAgent& agent = outcome_.agents[index];
      Call call;
      call.agent = entry.spec;
      call.phase = Phase::task;
      call.round = round;
      call.limits = entry.limits;
      call.mode = settings_.mode;
      if (!give_place(agent, call)) continue;
      call.prompt = task_prompt(settings_, *entry.spec, former);
      advance(agent.track, TaskState::dispatched);
      calls.push_back(std::move(call));
      asked.push_back(&agent);
    }
    if (calls.empty()) return;
    std::vector<Answer> answers = caller_.ask(calls, {});
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (is_cancelled(answers[i])) cancelled_ = true;
    }
    for (std::size_t i = 0; i < answers.size(); ++i) take(*asked[i], std::move(answers[i]));
  }

  bool give_place(TaskAgent& agent, Call& call) {
    if (settings_.mode == ExecutionMode::read_only) return true;
    auto tree = input_.trees->open(agent.id);
    if (tree) {
      call.directory = std::move(*tree);
      return true;
    }
    agent.answer.error = as_call_error(tree.error());
    if (is_cancelled(agent.answer)) cancelled_ = true;
    advance(agent.track, end_of(*agent.answer.error));
    return false;
  }

  void take(TaskAgent& agent, Answer answer) {
    agent.answer = std::move(answer);
    if (!agent.answer.model.empty()) agent.model = agent.answer.model;
    const std::optional<CallError>& error = agent.answer.error;
    for (int attempt = 1; attempt <= agent.answer.attempts; ++attempt) {
      if (attempt > 1) advance(agent.track, TaskState::retrying);
      advance(agent.track, TaskState::running);
    }
    if (!error && agent.answer.attempts < 1)
      advance(agent.track, TaskState::running);  // from a record: it did run once
    if (!is_cancelled(agent.answer)) collect_diff(agent);
    const bool changed = agent.diff && !agent.diff->files.empty();
    const bool spoke = !trim(agent.answer.text).empty();
    // What came before an output limit is used; and work that is done counts, also when nothing is said about it.
    const bool partly = error && agent.track.now() == TaskState::running &&
                        ((error->kind == CallErrorKind::output_limit && (spoke || changed)) ||
                         (error->kind == CallErrorKind::empty_answer && changed));
    if (error && !partly) return advance(agent.track, end_of(*error));
    advance(agent.track, TaskState::aggregating);
    const bool diff_lost = !agent.diff_error.empty() || (agent.diff && !agent.diff->left_out.empty());
    advance(agent.track, partly || diff_lost ? TaskState::partial_success : TaskState::completed);
  }

  void collect_diff(TaskAgent& agent) {
    if (settings_.mode == ExecutionMode::read_only) return;
    auto diff = input_.trees->diff(agent.id);
    if (diff) {
      agent.diff = std::move(*diff);
    } else {
      agent.diff_error = diff.error().message;
    }
  }

  // The chair that was named, else one that answered; a second one when the first fails.
  void synthesize() {
    outcome_.synthesis.emplace();
    TaskSynthesis& synthesis = *outcome_.synthesis;
    std::vector<const TaskAgent*> shown;
    std::vector<const RosterEntry*> able, chairs;
    const auto add_chair = [&](const RosterEntry& entry) {
      for (const RosterEntry* other : chairs) {
        if (other->spec->id == entry.spec->id) return;
      }
      chairs.push_back(&entry);
    };
    if (input_.chair && input_.chair->available) add_chair(*input_.chair);
    for (std::size_t i = 0; i < outcome_.agents.size(); ++i) {
      const TaskAgent& agent = outcome_.agents[i];
      if (!has_answer(agent) || trim(agent.answer.text).empty()) continue;
      shown.push_back(&agent);
      able.push_back(&input_.roster[i]);
    }
    if (settings_.chair == ChairDraw::lot && !able.empty()) {
      std::sort(able.begin(), able.end(),
                [](const RosterEntry* a, const RosterEntry* b) { return a->spec->id < b->spec->id; });
      Pcg32 lot = random_stream(settings_.seed, "chair", "");
      std::rotate(able.begin(), able.begin() + lot.below(static_cast<std::uint32_t>(able.size())), able.end());
    }
    for (const RosterEntry* entry : able) add_chair(*entry);
    if (cancelled_) {
      synthesis.note = "the run was stopped";
      return;
    }
    if (shown.empty()) {
      synthesis.note = "nobody answered";
      return;
    }
    if (shown.size() == 1) {
      synthesis.note = fmt::format("{} alone answered: its answer stands by itself", shown.front()->id);
      return;
    }
    // The chair may have answered as well: neither names nor the roster's order shall tell.
    Pcg32 lot = random_stream(settings_.seed, "task-synthesis-order", "");
    for (std::size_t i = shown.size() - 1; i > 0; --i) {
      std::swap(shown[i], shown[lot.below(static_cast<std::uint32_t>(i + 1))]);
    }
    for (std::size_t i = 0; i < shown.size(); ++i) synthesis.letters[letter(i)] = shown[i]->id;
    if (input_.chair && !input_.chair->available) {
      synthesis.note = fmt::format("{} cannot be in the chair: {}", input_.chair->spec->id,
                                   input_.chair->unavailable ? input_.chair->unavailable->message : "not available");
    }
    constexpr std::size_t kMostChairs = 2;
    observer_.phase_started(Phase::synthesis, 1);
    for (std::size_t i = 0; i < std::min(chairs.size(), kMostChairs) && synthesis.agent.empty() && !cancelled_; ++i) {
      ask_chair(*chairs[i], task_synthesis_prompt(settings_, shown), synthesis);
    }
  }

  void ask_chair(const RosterEntry& chair, std::string prompt, TaskSynthesis& synthesis) {
    Call call;
    call.agent = chair.spec;
    call.phase = Phase::synthesis;
    call.prompt = std::move(prompt);
    call.limits = chair.limits;
    std::vector<Answer> answers = caller_.ask({&call, 1}, {});
    Answer& answer = answers.front();
    if (is_cancelled(answer)) cancelled_ = true;
    if (!answer.error && !trim(answer.text).empty()) {
      synthesis.agent = chair.spec->id;
      synthesis.text = std::move(answer.text);
      return;
    }
    if (!synthesis.note.empty()) synthesis.note += "; ";
    synthesis.note += fmt::format("{} wrote none: {}", chair.spec->id,
                                  answer.error ? to_string(answer.error->kind) : std::string_view("empty_answer"));
  }

  void decide() {
    std::size_t counted = 0, completed = 0, partly = 0, expired = 0;
    std::string rest;
    for (std::size_t i = 0; i < outcome_.agents.size(); ++i) {
      const TaskAgent& agent = outcome_.agents[i];
      if (!agent.available && input_.roster[i].spec->optional) continue;
      ++counted;
      const TaskState state = agent.track.now();
      if (state == TaskState::completed) {
        ++completed;
        continue;
      }
      partly += state == TaskState::partial_success ? 1 : 0;
      expired += state == TaskState::expired ? 1 : 0;
      rest += fmt::format("; {}: {}", agent.id, reason_of(agent));
    }
    const bool unsummed = outcome_.synthesis && outcome_.synthesis->agent.empty() && completed + partly > 1;
    TaskDecision& decision = outcome_.decision;
    decision.reason = fmt::format("{} of {} agents completed the task{}{}", completed, counted, rest,
                                  unsummed ? "; there is no synthesis: " + outcome_.synthesis->note : "");
    if (completed + partly == 0) {
      decision.value = DecisionValue::fail;
      decision.exit = 1;
      advance(outcome_.track, cancelled_                          ? TaskState::cancelled
                              : expired > 0 && expired == counted ? TaskState::expired
                                                                  : TaskState::failed);
      return;
    }
    const bool whole = completed == counted && !unsummed;
    decision.value = whole ? DecisionValue::pass : DecisionValue::partial;
    decision.exit = !whole && settings_.strict == Strict::yes ? 1 : 0;
    advance(outcome_.track, cancelled_ ? TaskState::cancelled
                            : whole    ? TaskState::completed
                                       : TaskState::partial_success);
  }

  static std::string reason_of(const TaskAgent& agent) {
    if (agent.answer.error) {
      return fmt::format("{}{}{}", to_string(agent.answer.error->kind), agent.answer.error->message.empty() ? "" : ": ",
                         agent.answer.error->message);
    }
    if (!agent.diff_error.empty()) return "its changes are lost: " + agent.diff_error;
    return "not all of its changes are in its diff";
  }

  const TaskInput& input_;
  const TaskSettings& settings_;
  Caller& caller_;
  Observer& observer_;
  TaskOutcome outcome_;
  bool cancelled_ = false;
};

}  // namespace

TaskOutcome run_task(const TaskInput& input, Caller& caller, Observer& observer) {
  return TaskRun(input, caller, observer).run();
}

}  // namespace assize
