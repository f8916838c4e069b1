#include "agents/stream_splitter.h"

#include <algorithm>

namespace assize {

void StreamSplitter::begin() {
  event_.assign(1, '{');
  depth_ = 1;
  in_string_ = escaped_ = skipping_ = noise_line_ = line_start_ = false;
}

void StreamSplitter::drop() {
  constexpr std::size_t kWorthKeeping = 256U << 10;
  if (event_.capacity() > kWorthKeeping) std::string().swap(event_);
  event_.clear();
  depth_ = 0;
  in_string_ = escaped_ = skipping_ = false;
}

// A character between objects. Only an object at the beginning of a line, or after the punctuation of an array, is an
// event: `Warning: {…}` is not.
void StreamSplitter::outside(char c) {
  if (c == '\n') {
    if (noise_line_ && noise_.size() < kMaxNoiseBytes) noise_ += c;
    line_start_ = true;
    noise_line_ = false;
    return;
  }
  if (!noise_line_ && (c == ' ' || c == '\t' || c == '\r' || c == '[' || c == ']' || c == ',')) return;
  if (!noise_line_ && c == '{') {
    begin();
    return;
  }
  noise_line_ = true;
  if (noise_.size() < kMaxNoiseBytes) noise_ += c;
}

void StreamSplitter::feed(std::string_view bytes, const OnObject& on_object) {
  for (std::size_t i = 0; i < bytes.size();) {
    const char c = bytes[i];
    if (depth_ == 0) {
      outside(c);
      ++i;
      continue;
    }
    // A line break never stands inside a JSON string, and a nested line of a printed object is indented: what begins at
    // the first column with { is a new event, and the one before was cut off.
    if (line_start_ && c == '{') {
      ++broken_;
      begin();
      ++i;
      continue;
    }
    line_start_ = false;
    // Plain text is taken in one go: this loop is where large events spend their time.
    std::size_t end = i;
    if (in_string_ && !escaped_) {
      while (end < bytes.size() && bytes[end] != '"' && bytes[end] != '\\' && bytes[end] != '\n') ++end;
    }
    if (end == i) ++end;
    const std::string_view run = bytes.substr(i, end - i);
    if (!skipping_ && event_.size() + run.size() > max_event_) {
      skipping_ = true;
      ++too_long_;
      std::string().swap(event_);
    }
    if (!skipping_) event_ += run;
    i = end;
    if (run.size() > 1) continue;
    if (c == '\n') {
      line_start_ = true;
      if (in_string_) {
        ++broken_;
        drop();
      }
    } else if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      if (!skipping_) on_object(event_);
      drop();
    }
  }
}

}  // namespace assize
