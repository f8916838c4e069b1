// Tells what an agent says from what it repeats: JSON that stands in the prompt or in the change is not its answer.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "finding/lenient_json.h"

namespace assize {

// Text without what changes when somebody copies it: white space, quotes, line numbers, diff and comment markers,
// backslashes and the line breaks that they stand for; \u0041 is A. Linear.
std::string copy_invariant(std::string_view text);

class EchoDetector {
 public:
  // `shown` must outlive it. It is folded on first use.
  explicit EchoDetector(std::string_view shown) : shown_(shown) {}

  // Whether `part` of an answer occurs in what was shown. Empty parts do not.
  bool occurs(std::string_view part);
  // Whether what was shown holds a review that says the same, in another order of its keys or with other mistakes in
  // its JSON. `review` is an object of the answer.
  bool repeats(JsonRef review);
  // Bytes compared so far: a caller with many parts bounds this.
  std::size_t work() const { return work_; }

 private:
  void fold();
  void read_reviews(std::string_view text);

  std::string_view shown_;
  std::string folded_;
  bool is_folded_ = false;
  bool reviews_read_ = false;
  std::set<std::string> reviews_;  // that stand in what was shown, each in one form
  std::size_t work_ = 0;
};

}  // namespace assize
