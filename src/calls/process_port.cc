#include "calls/process_port.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "calls/agent_environment.h"
#include "calls/room.h"
#include "calls/spool.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::size_t kStderrForDecoder = std::size_t{64} << 10;  // Ending::stderr_tail
constexpr std::size_t kStderrForAnswer = std::size_t{4} << 10;    // Answer::stderr_tail
constexpr Millis kProgressPeriod{1'000};                          // at most one call_progress in this time

CallError call_error(CallErrorKind kind, std::string message) {
  return CallError{kind, std::move(message), {}, {}, {}};
}

// The last `limit` bytes, from the start of a line where one begins among them.
std::string_view last_bytes(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  text.remove_prefix(text.size() - limit);
  const std::size_t line = text.find('\n');
  if (line != std::string_view::npos && line + 1 < text.size()) text.remove_prefix(line + 1);
  return text;
}

// What an adapter throws is that agent's fault, never the run's.
template <class F>
auto guarded(std::string_view doing, F&& work) -> tl::expected<decltype(work()), CallError> {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return tl::unexpected(
        call_error(CallErrorKind::internal, fmt::format("the adapter failed to {}: {}", doing, thrown.what())));
  } catch (...) {
    return tl::unexpected(call_error(CallErrorKind::internal, fmt::format("the adapter failed to {}", doing)));
  }
}

// What an exec that failed means for the call (errno(3)).
CallError from_spawn_error(const SpawnError& error, const std::string& program) {
  const std::string message = fmt::format("cannot start {}: {}: {}", program, error.what, std::strerror(error.code));
  switch (error.code) {
    case ENOENT:
    case ENOTDIR:
      return call_error(CallErrorKind::not_installed, message);
    case EACCES:
    case EPERM:
    case ELOOP:
      return call_error(CallErrorKind::permission_denied, message);
    case E2BIG:
    case ENOEXEC:
    case EINVAL:
      return call_error(CallErrorKind::invalid_request, message);  // another attempt would be the same
    default:
      return call_error(CallErrorKind::spawn_failed, message);
  }
}

// A decoder may know why an agent sat there until it was stopped; a guess from missing output it may not.
bool explains_a_stop(CallErrorKind kind) {
  switch (kind) {
    case CallErrorKind::rate_limited:
    case CallErrorKind::overloaded:
    case CallErrorKind::network:
    case CallErrorKind::quota_exhausted:
    case CallErrorKind::not_logged_in:
    case CallErrorKind::model_unavailable:
    case CallErrorKind::invalid_request:
    case CallErrorKind::prompt_too_long:
      return true;
    default:
      return false;
  }
}

class ProcessPort;

// One attempt under way.
class Attempt final : public ProcessListener {
 public:
  Attempt(ProcessPort& port, CallId id, const Call& call, std::function<void(Answer)> done);
  void begin();
  void stop_for(CallErrorKind kind, std::string message);

  void on_stdout(std::string_view bytes) override;
  void on_stderr(std::string_view bytes) override;
  void on_end(const ProcessEnd& end) override;

 private:
  std::optional<CallError> check_mode() const;
  std::optional<CallError> prepare_and_start();
  std::optional<CallError> fill_room(const Invocation& invocation);
  std::optional<CallError> write_scope();
  bool take(std::string_view bytes, Spool& spool);
  void watch_stall();
  void answer(Answer answer);

  ProcessPort& port_;
  CallId id_;
  const Call& call_;
  std::function<void(Answer)> done_;
  const Adapter* adapter_ = nullptr;
  std::optional<CallRoom> room_;
  std::optional<Spool> out_, err_;
  std::unique_ptr<Decoder> decoder_;
  std::optional<CallError> decoder_fault_;
  std::optional<CallError> stopped_;  // why we stopped it
  std::string program_;
  std::string stderr_tail_;
  std::vector<std::string> warnings_;
  std::uint64_t received_ = 0;
  bool began_ = false;
  bool survivors_ = false;  // something of it may still write to the room
  Moment started_{}, last_byte_{}, last_progress_{};
  std::unique_ptr<Process> process_;
  Subscribed begin_, deadline_, stall_;
};

class ProcessPort final : public CallPort {
 public:
  ProcessPort(EventLoop& loop, ProcessHost& host, ProcessPortSettings settings)
      : loop(loop), host(host), settings(std::move(settings)) {
    CHECK(this->settings.world != nullptr);
    CHECK(!this->settings.run_directory.empty());
  }

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    CHECK(call.agent != nullptr);
    const CallId id = next_++;
    const auto [place, fresh] = attempts_.emplace(id, std::make_unique<Attempt>(*this, id, call, std::move(done)));
    CHECK(fresh);
    place->second->begin();
    return id;
  }

  void cancel(CallId id) override {
    const auto found = attempts_.find(id);
    if (found != attempts_.end()) found->second->stop_for(CallErrorKind::cancelled, "cancelled");
  }

  std::unique_ptr<Attempt> take(CallId id) {
    auto node = attempts_.extract(id);
    return std::move(node.mapped());
  }

  // Probing looks at files and variables: once an agent is enough.
  tl::expected<Probe, CallError> probe(const Adapter& adapter, const std::shared_ptr<const AgentSpec>& spec) {
    if (const auto known = probes_.find(spec); known != probes_.end()) return known->second;
    auto found = guarded("look for the agent", [&] { return adapter.probe(*spec, *settings.world); });
    if (found) probes_.emplace(spec, *found);
    return found;
  }

  Result<CallRoom> take_room() {
    if (free_rooms_.empty()) return CallRoom::make(settings.run_directory, fmt::format("{}", ++rooms_made_));
    CallRoom room = std::move(free_rooms_.back());
    free_rooms_.pop_back();
    return room;
  }
  void give_back(CallRoom room) {
    if (room.make_empty()) free_rooms_.push_back(std::move(room));
  }

  EventLoop& loop;
  ProcessHost& host;
  ProcessPortSettings settings;

 private:
  CallId next_ = 1;
  int rooms_made_ = 0;
  std::vector<CallRoom> free_rooms_;  // empty ones of calls that have ended
  std::map<std::shared_ptr<const AgentSpec>, Probe> probes_;
  std::unordered_map<CallId, std::unique_ptr<Attempt>> attempts_;
};

Attempt::Attempt(ProcessPort& port, CallId id, const Call& call, std::function<void(Answer)> done)
    : port_(port), id_(id), call_(call), done_(std::move(done)) {}

// On the next turn of the loop, since nothing may be answered from inside submit().
void Attempt::begin() {
  begin_ = port_.loop.after(Millis(0), [this] {
    started_ = last_byte_ = last_progress_ = port_.loop.now();
    if (stopped_) {
      Answer cancelled;
      cancelled.error = stopped_;
      return answer(std::move(cancelled));
    }
    began_ = true;
    if (port_.settings.observer != nullptr) port_.settings.observer->call_started(call_);
    const auto found = guarded("be found", [&] { return port_.settings.resolve(call_.agent->kind); });
    std::optional<CallError> error;
    if (!found) {
      error = found.error();
    } else if (!*found) {
      error = call_error(CallErrorKind::invalid_request, found->error().message);
    } else {
      adapter_ = **found;
      error = check_mode();
      if (!error) {
        auto direct = guarded("answer", [&] { return adapter_->answer_directly(call_); });
        if (direct && *direct) return answer(std::move(**direct));
        error = direct ? prepare_and_start() : std::optional(direct.error());
      }
    }
    if (!error) return;
    Answer failed;
    failed.error = std::move(error);
    answer(std::move(failed));
  });
}

// Only a task may be given a directory, and whoever may write needs one of its own.
std::optional<CallError> Attempt::check_mode() const {
  CHECK(call_.directory.empty() || (call_.phase == Phase::task && call_.directory.front() == '/'));
  if (call_.mode == ExecutionMode::read_only) return std::nullopt;
  CHECK(!call_.directory.empty());
  for (const ModeRule& rule : adapter_->modes()) {
    if (rule.mode == call_.mode) return std::nullopt;
  }
  return call_error(CallErrorKind::permission_enforcement_failed,
                    fmt::format("a {} agent has no mode {}", adapter_->kind(), to_string(call_.mode)));
}

std::optional<CallError> Attempt::prepare_and_start() {
  const auto probe = port_.probe(*adapter_, call_.agent);
  if (!probe) return probe.error();
  if (probe->unusable) return call_error(*probe->unusable, probe->hint);
  if (!probe->found) return call_error(CallErrorKind::not_installed, probe->hint);

  auto room = port_.take_room();
  if (!room) return call_error(CallErrorKind::internal, room.error().message);
  room_.emplace(std::move(*room));
  out_.emplace(room_->spool("stdout"));
  err_.emplace(room_->spool("stderr"));
  if (auto error = write_scope()) return error;

  Room place = room_->room();
  if (!call_.directory.empty()) place.cwd = call_.directory;
  auto made = guarded("state its command line",
                      [&] { return adapter_->invocation(call_, *probe, place, port_.settings.file_tools); });
  if (!made) return made.error();
  if (!*made) return made->error();
  Invocation& invocation = **made;
  if (invocation.argv.empty()) return call_error(CallErrorKind::internal, "the adapter named no program");
  // The last look at what will really run: an argument from the config may have widened what the agent may do.
  const auto violation =
      guarded("check its command line", [&] { return adapter_->audit_mode(invocation.argv, call_.mode); });
  if (!violation) return violation.error();
  if (*violation) return call_error(CallErrorKind::permission_enforcement_failed, **violation);
  if (auto error = fill_room(invocation)) return error;

  auto decoder = guarded("make its decoder", [&] { return adapter_->decoder(call_); });
  if (!decoder) return decoder.error();
  decoder_ = std::move(*decoder);

  AgentEnvironment environment = agent_environment(*call_.agent, invocation, room_->room(), *port_.settings.world);
  for (const std::string& name : environment.refused) {
    warnings_.push_back(fmt::format("env of {}: {} was not set", call_.agent->id, name));
  }
  program_ = invocation.argv.front();
  auto process = port_.host.start(
      ProcessSpec{std::move(invocation.argv), std::move(environment.entries), place.cwd, std::move(invocation.input)},
      *this);
  if (!process) return from_spawn_error(process.error(), program_);
  process_ = std::move(*process);
  if (call_.limits.timeout) {
    deadline_ = port_.loop.at(started_ + *call_.limits.timeout, [this] {
      stop_for(CallErrorKind::timed_out, fmt::format("no answer after {} ms", call_.limits.timeout->count()));
    });
  }
  watch_stall();
  return std::nullopt;
}

// An analyser works on the changed files as they are after the change.
std::optional<CallError> Attempt::write_scope() {
  if (!call_.scope) return std::nullopt;
  for (const ScopeFile& file : call_.scope->files) {
    if (!file.post_image) continue;
    const auto written = room_->write_below(room_->room().cwd, file.path, *file.post_image);
    if (written) continue;
    if (written.error().code != ErrorCode::invalid) {
      return call_error(CallErrorKind::internal, written.error().message);
    }
    warnings_.push_back(fmt::format("{} was not given to {}: {}", file.path, call_.agent->id, written.error().message));
  }
  return std::nullopt;
}

std::optional<CallError> Attempt::fill_room(const Invocation& invocation) {
  for (const auto& [path, content] : invocation.files) {
    const auto written = room_->write(path, content);
    if (!written) return call_error(CallErrorKind::internal, written.error().message);
  }
  const Surroundings& world = *port_.settings.world;
  const std::string home = world.home();
  for (const std::string& relative : invocation.login_files) {
    const std::string target = room_->room().home + "/" + relative;
    if (home.empty() || ::access(target.c_str(), F_OK) == 0) continue;  // the adapter's own file wins
    const auto content = world.read_file(home + "/" + relative);
    if (!content) continue;
    const auto written = room_->write(target, *content);
    if (!written) return call_error(CallErrorKind::internal, written.error().message);
  }
  return std::nullopt;
}

// One timer for the whole call: when it fires it looks whether there was a sign of life meanwhile, and sleeps on.
void Attempt::watch_stall() {
  if (!call_.limits.stall_timeout) return;
  stall_ = port_.loop.at(last_byte_ + *call_.limits.stall_timeout, [this] {
    if (port_.loop.now() < last_byte_ + *call_.limits.stall_timeout) return watch_stall();
    stop_for(CallErrorKind::stalled, fmt::format("nothing was printed for {} ms", call_.limits.stall_timeout->count()));
  });
}

void Attempt::stop_for(CallErrorKind kind, std::string message) {
  if (!stopped_) stopped_ = call_error(kind, std::move(message));
  deadline_.reset();
  stall_.reset();
  if (process_) process_->stop();
}

// Counts, keeps and limits what came. False: nothing more of it is wanted.
bool Attempt::take(std::string_view bytes, Spool& spool) {
  last_byte_ = port_.loop.now();
  received_ += bytes.size();
  if (!spool.append(bytes)) stop_for(CallErrorKind::internal, spool.error());
  if (received_ > call_.limits.max_output.value) {
    stop_for(CallErrorKind::output_limit, fmt::format("printed more than {} bytes", call_.limits.max_output.value));
  }
  if (port_.settings.observer != nullptr && last_byte_ - last_progress_ >= kProgressPeriod) {
    last_progress_ = last_byte_;
    port_.settings.observer->call_progress(call_, received_);
  }
  return !stopped_;
}

void Attempt::on_stdout(std::string_view bytes) {
  if (stopped_ && stopped_->kind == CallErrorKind::output_limit) return;
  const std::uint64_t room_left = call_.limits.max_output.value - std::min(received_, call_.limits.max_output.value);
  const std::string_view wanted = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), room_left));
  take(bytes, *out_);
  if (decoder_fault_ || wanted.empty()) return;
  const auto fed = guarded("read the output", [&] {
    decoder_->feed(wanted);
    return true;
  });
  if (fed) return;
  decoder_fault_ = fed.error();
  stop_for(CallErrorKind::internal, fed.error().message);
}

void Attempt::on_stderr(std::string_view bytes) {
  if (stopped_ && stopped_->kind == CallErrorKind::output_limit) return;
  take(bytes, *err_);
  stderr_tail_.append(bytes);
  if (stderr_tail_.size() > 2 * kStderrForDecoder) stderr_tail_.erase(0, stderr_tail_.size() - kStderrForDecoder);
}

void Attempt::on_end(const ProcessEnd& end) {
  deadline_.reset();
  stall_.reset();
  Answer result;
  if (end.spawn_error) {
    result.error = from_spawn_error(*end.spawn_error, program_);
    return answer(std::move(result));
  }
  if (stderr_tail_.size() > kStderrForDecoder) stderr_tail_.erase(0, stderr_tail_.size() - kStderrForDecoder);
  Ending ending{end.exit_code, end.signal, std::nullopt, stderr_tail_};
  if (stopped_) ending.stopped_for = stopped_->kind;

  Decoded decoded;
  if (!decoder_fault_) {
    auto finished = guarded("read the answer", [&] { return decoder_->finish(ending); });
    if (finished) {
      decoded = std::move(*finished);
    } else {
      decoder_fault_ = finished.error();
    }
  }
  result.text = is_valid_utf8(decoded.text) ? std::move(decoded.text) : to_valid_utf8(decoded.text);
  result.model = std::move(decoded.model);
  result.usage = decoded.usage;
  result.warnings = std::move(decoded.warnings);
  result.error = std::move(decoded.error);
  if (decoder_fault_) {
    result.error = decoder_fault_;
  } else if (stopped_) {
    const bool waited = stopped_->kind == CallErrorKind::timed_out || stopped_->kind == CallErrorKind::stalled;
    if (!waited || !result.error || !explains_a_stop(result.error->kind)) result.error = stopped_;
  } else if (end.signal && !result.error) {
    result.error = call_error(CallErrorKind::crashed, fmt::format("ended by signal {}", *end.signal));
  }
  if (result.error && !stopped_) {
    if (!result.error->exit_code) result.error->exit_code = end.exit_code;
    if (!result.error->signal) result.error->signal = end.signal;
  }
  if (end.survivors > 0) {
    survivors_ = true;
    result.warnings.push_back(fmt::format("{} processes of {} could not be killed", end.survivors, call_.agent->id));
  }
  const std::string tail = strip_controls(to_valid_utf8(last_bytes(stderr_tail_, kStderrForAnswer)), Newlines::keep);
  result.stderr_tail = std::string(last_bytes(tail, kStderrForAnswer));
  answer(std::move(result));
}

// The only way out: the room goes, then the answer leaves.
void Attempt::answer(Answer result) {
  const Moment now = port_.loop.now();
  result.warnings.insert(result.warnings.end(), warnings_.begin(), warnings_.end());
  result.attempts = began_ ? 1 : 0;
  result.duration = std::chrono::round<Millis>(now - started_);
  result.last_progress = std::chrono::round<Millis>(last_byte_ - started_);
  result.output_bytes = received_;
  if (result.error) result.error->message = strip_controls(to_valid_utf8(result.error->message), Newlines::to_space);
  const std::unique_ptr<Attempt> self = port_.take(id_);  // we go at the end of this function
  process_.reset();
  if (room_ && out_ && port_.settings.keep_output) {
    out_->close();
    err_->close();
    port_.settings.keep_output(call_, SpoolFiles{out_->path(), err_->path()});
  }
  if (room_ && !survivors_) port_.give_back(std::move(*room_));
  room_.reset();
  done_(std::move(result));
}

}  // namespace

std::unique_ptr<CallPort> make_process_port(EventLoop& loop, ProcessHost& host, ProcessPortSettings settings) {
  return std::make_unique<ProcessPort>(loop, host, std::move(settings));
}

}  // namespace assize
