// Where the procedure hands its questions in: the Caller, with the run's account kept over all of them. Pure but for
// what the Caller does.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "calls/caller.h"
#include "core/outcome.h"

namespace assize {

class Desk {
 public:
  explicit Desk(Caller& caller) : caller_(caller) {}

  // As Caller::ask. Accounts are added up in the order asked, so that they do not depend on the order of arrival.
  std::vector<Answer> ask(std::span<const Call> calls, const OnAnswer& on_answer);

  bool interrupted() const { return interrupted_; }  // the run was stopped: nothing more need be asked
  // Of the last ask: how many calls the budget refused or stopped.
  std::size_t refused() const { return refused_; }
  // Says in the report that a phase was skipped, or held in part, for the budget. Nothing when it was not.
  void tell_refusals(Outcome& outcome, const std::string& phase) const;

  const Charge& spent() const { return spent_; }
  Usage usage_of(const std::string& agent) const;

 private:
  Caller& caller_;
  bool interrupted_ = false;
  std::size_t asked_ = 0;
  std::size_t refused_ = 0;
  Charge spent_;
  std::map<std::string, Usage> usage_;
};

}  // namespace assize
