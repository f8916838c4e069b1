#include "agents/sse_reader.h"

namespace assize {

void SseReader::add(std::string_view part) {
  line_is_empty_ = line_is_empty_ && part.empty();
  if (dropped_) return;
  if (line_.size() + data_.size() + part.size() <= max_event_) {
    line_ += part;
    return;
  }
  dropped_ = true;
  std::string().swap(line_);
  std::string().swap(data_);
}

void SseReader::feed(std::string_view bytes, const OnEvent& on_event) {
  while (!bytes.empty()) {
    if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
    const auto end = bytes.find_first_of("\r\n");
    add(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(on_event);
  }
}

void SseReader::finish(const OnEvent& on_event) {
  if (!line_is_empty_) end_line(on_event);
  dispatch(on_event);
}

void SseReader::end_line(const OnEvent& on_event) {
  std::string_view line = line_;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (first_line_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  first_line_ = false;
  if (line_is_empty_) {
    dispatch(on_event);
  } else if (!line.empty() && line.front() != ':') {
    const auto colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") {
      if (has_data_) data_ += '\n';
      data_ += value;
      has_data_ = true;
    } else if (field == "event") {
      name_ = value;
    }
  }
  line_.clear();
  line_is_empty_ = true;
}

void SseReader::dispatch(const OnEvent& on_event) {
  if (dropped_) {
    ++too_long_;
  } else if (has_data_) {
    on_event(name_, data_);
  }
  dropped_ = has_data_ = false;
  name_.clear();
  data_.clear();
}

}  // namespace assize
