// Walks over bytes line by line without copying. For the diff parser.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace assize {

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) { load(); }

  bool at_end() const { return start_ >= text_.size(); }
  std::string_view line() const { return line_; }   // without its \n; empty at the end
  std::uint64_t number() const { return number_; }  // of line(), 1-based
  std::size_t offset() const { return start_; }
  bool starts_with(std::string_view prefix) const { return line_.starts_with(prefix); }

  void advance() {
    start_ = next_;
    ++number_;
    load();
  }

  // The line `n` after the current one; costs a look at the lines between.
  std::string_view ahead(int n) const {
    LineReader copy = *this;
    for (; n > 0 && !copy.at_end(); --n) copy.advance();
    return copy.line();
  }

  std::string_view since(std::size_t offset) const { return text_.substr(offset, start_ - offset); }

 private:
  void load() {
    if (start_ >= text_.size()) {
      start_ = next_ = text_.size();
      line_ = {};
      return;
    }
    const char* begin = text_.data() + start_;
    const auto* newline = static_cast<const char*>(std::memchr(begin, '\n', text_.size() - start_));
    const std::size_t length = newline ? static_cast<std::size_t>(newline - begin) : text_.size() - start_;
    line_ = std::string_view(begin, length);
    next_ = start_ + length + (newline ? 1 : 0);
  }

  std::string_view text_;
  std::string_view line_;
  std::size_t start_ = 0;
  std::size_t next_ = 0;
  std::uint64_t number_ = 1;
};

}  // namespace assize
