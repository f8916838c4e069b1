// What the decoders of all machine-readable streams share: cutting into events, bounded memory, and how the end of the
// process and what the stream said make one result.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agents/adapter.h"
#include "agents/classify.h"
#include "agents/json_access.h"
#include "agents/stream_splitter.h"

namespace assize {

// An answer that is longer is cut, and is an output_limit error.
inline constexpr std::size_t kMaxAnswerBytes = 8U << 20;

class EventDecoder : public Decoder {
 public:
  explicit EventDecoder(std::span<const MessageRule> rules) : rules_(rules) {}
  void feed(std::string_view bytes) final;
  Decoded finish(const Ending& ending) final;

 protected:
  virtual void on_event(const boost::json::object& event) = 0;
  // Called once, before the result is made: the last chance to look at how it ended (exit codes that mean something).
  virtual void on_end(const Ending& /*ending*/) {}

  // For vendors. What was lost of the stream before set_answer() is no part of the answer; what is lost after it may
  // be.
  void set_answer(std::string_view text);
  void add_answer(std::string_view text);
  // An error that ends the call. A later one replaces it only when it says more than `failed`.
  void fail(CallError error);
  void forgive() { error_.reset(); }
  bool failed() const { return error_.has_value(); }

  std::string answer_;
  bool complete_ = false;  // the stream said that the answer is all there
  std::string model_;
  Usage usage_;
  std::string notice_;  // the last retry notice: says why a call that never ended did not
  std::vector<std::string> warnings_;

 private:
  void end_without_error(const Ending& ending, Decoded& result);
  CallError unexplained(const Ending& ending) const;
  std::size_t lost() const { return splitter_.too_long() + splitter_.broken() + unreadable_; }

  std::span<const MessageRule> rules_;
  StreamSplitter splitter_;
  std::optional<CallError> error_;
  std::size_t events_ = 0;
  std::size_t unreadable_ = 0;
  std::size_t lost_before_answer_ = 0;
  bool cut_ = false;
};

// The common last step of every decoder, also of those that read no events: an error gets the exit code and the signal;
// a process that we stopped, or that a signal killed, is an error whatever it printed.
void add_ending(const Ending& ending, std::string_view notice, Decoded& result);

// The last line of stderr that says something, for an error that nothing explains.
std::string last_line(std::string_view stderr_tail);

}  // namespace assize
