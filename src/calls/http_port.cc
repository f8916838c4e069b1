#include "calls/http_port.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "calls/http_multi.h"
#include "calls/http_transfer.h"
#include "calls/refusals.h"
#include "calls/secrets.h"
#include "calls/spool.h"
#include "calls/words.h"
#include "core/text.h"

namespace assize {
namespace {

// How long an answer that is whole may keep its connection open before it is closed from our side.
constexpr Millis kLinger{500};
constexpr std::uint64_t kMaxHead = 256U << 10;  // of all header lines together; servers send a few kilobytes

// What an adapter throws is that agent's fault, never the run's.
template <class F>
auto guarded(std::string_view doing, F&& work) -> tl::expected<decltype(work()), CallError> {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return tl::unexpected(
        call_error_of(CallErrorKind::internal, fmt::format("the adapter failed to {}: {}", doing, thrown.what())));
  } catch (...) {
    return tl::unexpected(call_error_of(CallErrorKind::internal, fmt::format("the adapter failed to {}", doing)));
  }
}

class HttpPort;

// One attempt under way.
class Exchange final : public HttpTransfer::Sink {
 public:
  Exchange(HttpPort& port, CallId id, const Call& call, std::function<void(Answer)> done);
  ~Exchange() override;
  void begin();
  void stop_for(CallErrorKind kind, std::string message);
  void ended_by_itself(CURLcode code) { finish(code); }
  void tell_progress();

  void on_body(std::string_view bytes) noexcept override;
  void on_head(std::string_view line) noexcept override;

 private:
  std::optional<CallError> prepare_and_start();
  void feed(std::string_view bytes);
  void keep(std::string_view bytes);
  void watch_stall();
  void finish(std::optional<CURLcode> code);
  void answer(Answer answer);

  HttpPort& port_;
  CallId id_;
  const Call& call_;
  std::function<void(Answer)> done_;
  Secrets secrets_;
  std::unique_ptr<HttpDecoder> decoder_;
  std::unique_ptr<HttpTransfer> transfer_;
  std::optional<Spool> spool_;
  std::optional<CallError> decoder_fault_;
  std::optional<CallError> stopped_;  // why we stopped it
  std::uint64_t received_ = 0;        // of the body
  std::uint64_t head_ = 0;
  Moment started_{}, last_byte_{}, last_progress_{};
  Subscribed begin_, deadline_, stall_, end_;
};

class HttpPort final : public CallPort {
 public:
  HttpPort(EventLoop& loop, HttpPortSettings settings) : loop(loop), settings(std::move(settings)) {
    CHECK(this->settings.world != nullptr);
    CHECK(!this->settings.keep_output || !this->settings.run_directory.empty());
  }
  ~HttpPort() override { exchanges_.clear(); }  // while what they are part of is still there

  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    CHECK(call.agent != nullptr);
    const CallId id = next_++;
    const auto [place, fresh] = exchanges_.emplace(id, std::make_unique<Exchange>(*this, id, call, std::move(done)));
    CHECK(fresh);
    place->second->begin();
    return id;
  }

  void cancel(CallId id) override {
    const auto found = exchanges_.find(id);
    if (found != exchanges_.end()) found->second->stop_for(CallErrorKind::cancelled, "cancelled");
  }

  std::unique_ptr<Exchange> take(CallId id) { return std::move(exchanges_.extract(id).mapped()); }

  // Probing looks at files and variables: once an agent is enough.
  tl::expected<Probe, CallError> probe(const Adapter& adapter, const std::shared_ptr<const AgentSpec>& spec) {
    if (const auto known = probes_.find(spec); known != probes_.end()) return known->second;
    auto found = guarded("look for the agent", [&] { return adapter.probe(*spec, *settings.world); });
    if (found) probes_.emplace(spec, *found);
    return found;
  }

  void start(HttpTransfer& transfer, const CurlLibrary& curl, CallId id) {
    if (!multi_) {
      multi_ = std::make_unique<HttpMulti>(
          curl, loop, [this](CURL* handle, CURLcode code) { on_done(handle, code); }, [this] { on_turn(); });
    }
    under_way_[transfer.handle()] = id;
    multi_->add(transfer);
  }
  void remove(HttpTransfer& transfer) {
    if (under_way_.erase(transfer.handle()) != 0) multi_->remove(transfer);
  }

  void has_progress(CallId id) { progressed_.push_back(id); }

  EventLoop& loop;
  HttpPortSettings settings;

 private:
  void on_done(CURL* handle, CURLcode code) {
    if (const auto found = under_way_.find(handle); found != under_way_.end()) {
      exchanges_.at(found->second)->ended_by_itself(code);
    }
  }

  void on_turn() {
    for (const CallId id : std::exchange(progressed_, {})) {
      if (const auto found = exchanges_.find(id); found != exchanges_.end()) found->second->tell_progress();
    }
  }

  CallId next_ = 1;
  std::vector<CallId> progressed_;  // for whom there is something to tell the observer
  std::map<std::shared_ptr<const AgentSpec>, Probe> probes_;
  std::unique_ptr<HttpMulti> multi_;
  std::unordered_map<CURL*, CallId> under_way_;
  std::unordered_map<CallId, std::unique_ptr<Exchange>> exchanges_;
};

Exchange::Exchange(HttpPort& port, CallId id, const Call& call, std::function<void(Answer)> done)
    : port_(port), id_(id), call_(call), done_(std::move(done)) {}

Exchange::~Exchange() {
  if (transfer_) port_.remove(*transfer_);
}

// On the next turn of the loop, since nothing may be answered from inside submit().
void Exchange::begin() {
  begin_ = port_.loop.after(Millis(0), [this] {
    started_ = last_byte_ = last_progress_ = port_.loop.now();
    std::optional<CallError> error = stopped_;
    if (!error) {
      if (port_.settings.observer != nullptr) port_.settings.observer->call_started(call_);
      error = prepare_and_start();
    }
    if (!error) return;
    Answer failed;
    failed.error = std::move(error);
    answer(std::move(failed));
  });
}

std::optional<CallError> Exchange::prepare_and_start() {
  const auto found = guarded("be found", [&] { return port_.settings.resolve(call_.agent->kind); });
  if (!found) return found.error();
  if (!*found) return call_error_of(CallErrorKind::invalid_request, found->error().message);
  const Adapter& adapter = ***found;
  const auto probe = port_.probe(adapter, call_.agent);
  if (!probe) return probe.error();
  if (probe->unusable) return call_error_of(*probe->unusable, probe->hint);

  auto made = guarded("state its request", [&] { return adapter.request(call_, *probe); });
  if (!made) return made.error();
  if (!*made) return made->error();
  HttpRequest& request = **made;
  const HttpRoute route = route_to(request.url, *port_.settings.world);
  std::vector<std::string> secrets = {route.proxy_password};
  for (const auto& [name, value] : probe->credentials) secrets.push_back(value);
  secrets_ = Secrets(std::move(secrets));
  auto decoder = guarded("make its decoder", [&] { return adapter.http_decoder(call_); });
  if (!decoder) return decoder.error();
  decoder_ = std::move(*decoder);
  if (!decoder_) return call_error_of(CallErrorKind::internal, "the adapter has no decoder for HTTP");

  const auto curl = curl_library();
  if (!curl) {
    return call_error_of(CallErrorKind::not_installed, curl.error().message + "; " + curl.error().hint);
  }
  if (port_.settings.keep_output) spool_.emplace(fmt::format("{}/http-{}.body", port_.settings.run_directory, id_));
  transfer_ = std::make_unique<HttpTransfer>(**curl, std::move(request), route, port_.settings.connect_deadline, *this);
  port_.start(*transfer_, **curl, id_);
  if (call_.limits.timeout) {
    deadline_ = port_.loop.at(started_ + *call_.limits.timeout, [this] {
      stop_for(CallErrorKind::timed_out, fmt::format("no whole answer after {}", in_words(*call_.limits.timeout)));
    });
  }
  watch_stall();
  return std::nullopt;
}

// One timer for the whole call: when it fires it looks whether there was a sign of life meanwhile, and sleeps on.
void Exchange::watch_stall() {
  if (!call_.limits.stall_timeout) return;
  stall_ = port_.loop.at(last_byte_ + *call_.limits.stall_timeout, [this] {
    if (port_.loop.now() < last_byte_ + *call_.limits.stall_timeout) return watch_stall();
    stop_for(CallErrorKind::stalled, fmt::format("nothing came for {}", in_words(*call_.limits.stall_timeout)));
  });
}

// The end itself comes on the next turn: this may be called from inside libcurl, or by whoever waits for the answer.
void Exchange::stop_for(CallErrorKind kind, std::string message) {
  if (stopped_) return;
  stopped_ = call_error_of(kind, std::move(message));
  deadline_.reset();
  stall_.reset();
  if (transfer_) end_ = port_.loop.after(Millis(0), [this] { finish(std::nullopt); });
}

void Exchange::on_head(std::string_view line) noexcept {
  last_byte_ = port_.loop.now();
  head_ += line.size();
  if (head_ > kMaxHead) stop_for(CallErrorKind::network, fmt::format("the head has more than {} bytes", kMaxHead));
}

void Exchange::on_body(std::string_view bytes) noexcept {
  last_byte_ = port_.loop.now();
  if (stopped_) return;
  const std::uint64_t cap = std::min(kMaxHttpBody.value, call_.limits.max_output.value);
  const std::string_view wanted = bytes.substr(0, cap - std::min(received_, cap));
  received_ += bytes.size();
  keep(wanted);
  feed(wanted);
  if (received_ > cap) stop_for(CallErrorKind::output_limit, fmt::format("sent more than {} bytes", cap));
  if (port_.settings.observer != nullptr && last_byte_ - last_progress_ >= port_.settings.progress_period) {
    last_progress_ = last_byte_;
    port_.has_progress(id_);
  }
}

void Exchange::keep(std::string_view bytes) {
  if (!spool_ || spool_->append(secrets_.next(bytes))) return;
  stop_for(CallErrorKind::internal, spool_->error());
}

void Exchange::feed(std::string_view bytes) {
  if (decoder_fault_ || bytes.empty()) return;
  const auto ended = guarded("read the answer", [&] {
    decoder_->feed(bytes);
    return decoder_->ended();
  });
  if (!ended) {
    decoder_fault_ = ended.error();
    return stop_for(CallErrorKind::internal, decoder_fault_->message);
  }
  if (*ended && !end_) end_ = port_.loop.after(kLinger, [this] { finish(std::nullopt); });
}

void Exchange::tell_progress() {
  port_.settings.observer->call_progress(call_, received_);
}

void Exchange::finish(std::optional<CURLcode> code) {
  HttpEnding ending = transfer_->ending(stopped_ ? std::nullopt : code);
  if (stopped_) {
    ending.broken.reset();
    ending.stopped_for = stopped_->kind;
  }
  port_.remove(*transfer_);
  Decoded decoded;
  if (!decoder_fault_) {
    auto finished = guarded("read the answer", [&] { return decoder_->finish(ending); });
    if (finished) {
      decoded = std::move(*finished);
    } else {
      decoder_fault_ = finished.error();
    }
  }
  Answer result;
  result.text = is_valid_utf8(decoded.text) ? std::move(decoded.text) : to_valid_utf8(decoded.text);
  result.model = std::move(decoded.model);
  result.usage = decoded.usage;
  result.warnings = std::move(decoded.warnings);
  result.error = std::move(decoded.error);
  if (decoder_fault_) {
    result.error = decoder_fault_;
  } else if (stopped_) {
    // A decoder may know better why nothing came, and that what came was all there is to come.
    const bool waited = stopped_->kind == CallErrorKind::timed_out || stopped_->kind == CallErrorKind::stalled;
    const bool same = result.error && result.error->kind == stopped_->kind;
    if (!waited || same) result.error = stopped_;
  }
  answer(std::move(result));
}

// The only way out.
void Exchange::answer(Answer result) {
  const Moment now = port_.loop.now();
  result.attempts = 1;
  result.duration = std::chrono::round<Millis>(now - started_);
  result.last_progress = std::chrono::round<Millis>(last_byte_ - started_);
  result.output_bytes = received_;
  result.text = secrets_.hide(result.text);
  result.model = secrets_.hide(result.model);
  for (std::string& warning : result.warnings) warning = secrets_.hide(warning);
  if (result.error) {
    result.error->message = secrets_.hide(strip_controls(to_valid_utf8(result.error->message), Newlines::to_space));
  }
  const std::unique_ptr<Exchange> self = port_.take(id_);  // we go at the end of this function
  if (spool_) {
    spool_->append(secrets_.rest());
    spool_->close();
    port_.settings.keep_output(call_, SpoolFiles{spool_->path(), {}});
    ::unlink(spool_->path().c_str());
  }
  done_(std::move(result));
}

}  // namespace

std::unique_ptr<CallPort> make_http_port(EventLoop& loop, HttpPortSettings settings) {
  return std::make_unique<HttpPort>(loop, std::move(settings));
}

}  // namespace assize
