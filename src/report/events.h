// The run as it happens, `assize.events.v1`: one JSON object a line, described by docs/events.schema.json.
// Has no clock and no stream of its own: both are handed in. Not thread-safe, like every Observer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/observer.h"
#include "core/result.h"

namespace assize {

namespace report {
class JsonWriter;
}

inline constexpr std::string_view kEventsSchema = "assize.events.v1";

// Receives one complete line, its newline included; it is expected to write and flush it.
using LineSink = std::function<void(std::string_view line)>;
// The present as RFC 3339 in UTC.
using TimeStamp = std::function<std::string()>;

class EventWriter : public Observer {
 public:
  EventWriter(LineSink sink, TimeStamp now);
  // A run that was started and neither finished nor failed is closed as interrupted.
  ~EventWriter() override;
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  void run_started(const Outcome& outcome) override;
  void phase_started(Phase phase, int round) override;
  void phase_finished(Phase phase, int round, const Outcome& outcome) override;
  void run_finished(const Outcome& outcome) override;
  void call_started(const Call& call) override;
  void call_progress(const Call& call, std::uint64_t output_bytes) override;
  void call_retry(const Call& call, const CallError& error, Millis wait) override;
  void call_finished(const Call& call, const Answer& answer) override;

  // The run ends by an error of ours or the user's: `error`, then `run_finished` with exit code `exit`. Also before
  // run_started. After run_finished nothing is written any more, whatever comes.
  void failed(const Error& error, int exit);
  // The run ends by a signal (exit 130 or 143): `run_finished` with the state "interrupted".
  void interrupted(int exit);

 private:
  void emit(std::string_view event, const std::function<void(report::JsonWriter&)>& members);
  void write_changed_groups(report::JsonWriter& json, const Outcome& outcome);

  LineSink sink_;
  TimeStamp now_;
  std::string run_;
  std::uint64_t sequence_ = 0;
  bool started_ = false;
  bool finished_ = false;
  std::map<std::string, std::uint64_t> progress_;  // by call: bytes when last reported
  std::map<std::string, std::string> standing_;    // by group: as last told when a phase ended
  std::size_t verdicts_told_ = 0;
};

}  // namespace assize
