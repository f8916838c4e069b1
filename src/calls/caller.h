// The one way by which the procedure asks agents anything.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/call.h"

namespace assize {

// Called as each answer arrives, in the order of arrival; `index` is the call's place in what was asked. A time that it
// returns is the grace that the calls still open get from now on; those that have not answered by then are stopped and
// answer `timed_out` with Answer::cut. The first grace of an ask counts, later ones are ignored.
using OnAnswer = std::function<std::optional<Millis>(std::size_t index, const Answer& answer)>;

// Blocking. Runs all calls side by side and returns their answers in the order asked, one for each, whatever happened:
// a failure is an Answer with an error. Never throws. Not thread-safe. A test needs three lines to implement it.
class Caller {
 public:
  virtual ~Caller() = default;
  virtual std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer) = 0;
};

}  // namespace assize
