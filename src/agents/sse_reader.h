// Cuts a text/event-stream into its events (WHATWG HTML, 9.2), whatever pieces the bytes come in. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "agents/stream_splitter.h"

namespace assize {

class SseReader {
 public:
  using OnEvent = std::function<void(std::string_view name, std::string_view data)>;

  explicit SseReader(std::size_t max_event_bytes = kMaxEventBytes) : max_event_(max_event_bytes) {}

  // Calls `on_event` with each event that has data. Lines end with \n, \r or \r\n; comments and other fields are passed
  // over. Memory: at most the largest event allowed.
  void feed(std::string_view bytes, const OnEvent& on_event);

  // The end of the stream: hands over an event that no empty line ended, as some servers leave the last one.
  void finish(const OnEvent& on_event);

  std::size_t too_long() const { return too_long_; }  // events passed over for their length

 private:
  void add(std::string_view part);
  void end_line(const OnEvent& on_event);
  void dispatch(const OnEvent& on_event);

  std::size_t max_event_;
  std::string line_;
  std::string name_;
  std::string data_;
  std::size_t too_long_ = 0;
  bool has_data_ = false;
  bool after_cr_ = false;  // a \n that follows belongs to the same line end
  bool first_line_ = true;
  bool line_is_empty_ = true;
  bool dropped_ = false;  // this event is too long
};

}  // namespace assize
