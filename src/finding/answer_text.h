// An agent's answer as it is searched: without what hides its first bracket, and out of the string that it may be
// wrapped in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assize {

inline constexpr std::size_t kMaxAnswer = 1U << 30;  // offsets are 32 bits wide; the rest is not looked at

class AnswerText {
 public:
  // `answer` must outlive it.
  explicit AnswerText(std::string_view answer);
  AnswerText(const AnswerText&) = delete;
  AnswerText& operator=(const AnswerText&) = delete;

  // Empty: the answer says nothing.
  std::string_view view() const { return unwrapped_.empty() ? text_ : std::string_view(unwrapped_); }

 private:
  std::string_view text_;
  std::string unwrapped_;  // the whole answer was one JSON string, as some wrappers give it
};

}  // namespace assize
