// Tells what an agent says from what it repeats: JSON that stands in the prompt or in the change is not its answer.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finding/candidates.h"
#include "finding/lenient_json.h"

namespace assize {

// Text without what changes when somebody copies it: white space, quotes, line numbers, diff and comment markers,
// backslashes and the line breaks that they stand for; \u0041 is A. Linear.
std::string copy_invariant(std::string_view text);

class EchoDetector {
 public:
  // Both must outlive it. `shown` is folded on first use.
  EchoDetector(std::string_view shown, const AnswerForm& form) : shown_(shown), form_(form) {}

  // Whether `part` of an answer occurs in what was shown. Empty parts do not.
  bool occurs(std::string_view part);
  // Whether what was shown holds a review (or an item, where the form has them) that says the same, in another order of
  // its keys or with other mistakes in its JSON. `value` is an object of the answer.
  bool repeats(JsonRef value);
  // Bytes compared so far: a caller with many parts bounds this.
  std::size_t work() const { return work_; }

 private:
  void fold();
  bool holds_mark() const;
  void read_values(std::string_view text);
  bool starts_somewhere(std::string_view needle);

  std::string_view shown_;
  const AnswerForm& form_;
  std::string folded_;
  bool is_folded_ = false;
  // Where the brackets of the folded text are, by the eight bytes from there on; made on first use.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> brackets_;
  bool brackets_known_ = false;
  std::set<std::string> values_;  // that stand in what was shown, each in one form
  bool values_known_ = false;
  std::size_t work_ = 0;
};

}  // namespace assize
