// Cuts what a program prints into JSON objects, whatever pieces the bytes come in: one object a line (JSONL), the
// elements of one array, or objects printed over several lines. Anything between objects is noise and is kept apart.
// Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace assize {

// A single event that is longer is passed over: an answer is kilobytes, a tool result that big is none of ours.
inline constexpr std::size_t kMaxEventBytes = 8U << 20;
// How much of the text between events is kept, for error messages that a CLI prints there.
inline constexpr std::size_t kMaxNoiseBytes = 16U << 10;

class StreamSplitter {
 public:
  using OnObject = std::function<void(std::string_view text)>;

  explicit StreamSplitter(std::size_t max_event_bytes = kMaxEventBytes) : max_event_(max_event_bytes) {}

  // Calls `on_object` with each complete {…}. Memory: at most the largest event allowed, and kMaxNoiseBytes.
  void feed(std::string_view bytes, const OnObject& on_object);

  std::size_t too_long() const { return too_long_; }   // events passed over for their length
  std::size_t broken() const { return broken_; }       // objects that a new line cut off
  bool inside() const { return depth_ > 0; }           // an object has begun and has not ended
  const std::string& noise() const { return noise_; }  // the first kMaxNoiseBytes of what was no object

 private:
  void outside(char c);
  void begin();
  void drop();

  std::size_t max_event_;
  std::string event_;
  std::string noise_;
  std::size_t depth_ = 0;
  std::size_t too_long_ = 0;
  std::size_t broken_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool skipping_ = false;    // the event is too long: it is followed to its end, but not kept
  bool line_start_ = true;   // nothing but an array's punctuation since the last line break
  bool noise_line_ = false;  // this line began with something that is no JSON
};

}  // namespace assize
