// Tells what an agent says from what it repeats: JSON that stands in the prompt or in the change is not its answer.
#pragma once

#include <string>
#include <string_view>

namespace assize {

// Text without what changes when somebody copies it: white space, quotes, backslashes, line numbers and diff or comment
// markers. Linear.
std::string copy_invariant(std::string_view text);

class EchoDetector {
 public:
  // `shown` must outlive it. It is folded on first use.
  explicit EchoDetector(std::string_view shown) : shown_(shown) {}

  // Whether `part` of an answer occurs in what was shown. Empty parts do not.
  bool occurs(std::string_view part);
  // Bytes compared so far: a caller with many parts bounds this.
  std::size_t work() const { return work_; }

 private:
  std::string_view shown_;
  std::string folded_;
  bool is_folded_ = false;
  std::size_t work_ = 0;
};

}  // namespace assize
