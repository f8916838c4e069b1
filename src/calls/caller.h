// The one way by which the procedure asks agents anything.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/call.h"

namespace assize {

// Called as each answer arrives, in the order of arrival; `index` is the call's place in what was asked.
using OnAnswer = std::function<void(std::size_t index, const Answer& answer)>;

// Blocking. Runs all calls side by side and returns their answers in the order asked, one for each, whatever happened:
// a failure is an Answer with an error. Never throws. Not thread-safe. A test needs three lines to implement it.
class Caller {
 public:
  virtual ~Caller() = default;
  virtual std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) = 0;
};

}  // namespace assize
