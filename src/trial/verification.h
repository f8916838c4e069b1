// Who checks which group, and how it is asked. The rules for what the verdicts mean are in finding/tally.h. Pure.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/outcome.h"
#include "finding/tally.h"
#include "finding/verdicts.h"
#include "trial/chair.h"
#include "trial/review.h"

namespace assize {

// Groups with a secret in its provider's own format, found by a built-in rule, are verified by construction: the key is
// there for anybody to see, and only a person can say that it is void.
void verify_by_construction(Outcome& outcome);

// A question to one verifier about some groups of one chunk.
struct VerifyCall {
  const Seat* seat = nullptr;
  std::vector<AskedGroup> groups;
  VerifierTask task = VerifierTask::check;
  Call call;
};

// Deals groups to verifiers in waves: a first verdict for each, by the chair unless it raised the group, else the next
// in roster order; a second where the rules ask for one, by somebody else and of another vendor where there is one,
// then by a raiser afresh; two calls, to prove and to refute, where all who are left raised it. A verifier that fails,
// or leaves a group out, is replaced once.
class Verification {
 public:
  Verification(std::span<const Seat> seats, const Chair& chair, VerdictRules rules, const Exhibits& shown);

  // The next wave; empty when nothing is left that can be asked. Independent groups share a call up to a size bound.
  std::vector<VerifyCall> next_wave(const Outcome& outcome);
  // Takes one answer of the wave; verdicts are kept in the order of asking.
  void take(const VerifyCall& asked, const Answer& answer);

  const std::vector<GroupVerdict>& verdicts() const { return verdicts_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Slot {  // one verdict of a group
    int attempts = 0;
    bool filled = false;
  };
  struct Docket {  // of one group
    Slot first, second;
    bool paired = false;            // prove and refute
    std::set<std::string> asked;    // agents
    std::set<std::string> raisers;  // agents
  };
  std::vector<const Seat*> verifiers(const Group& group, bool raisers) const;
  const Seat* pick(const Group& group, const Docket& docket, std::string_view other_than_vendor) const;
  std::string vendor_of(const std::string& agent) const;

  std::span<const Seat> seats_;
  VerdictRules rules_;
  const Exhibits& shown_;
  std::vector<const Seat*> order_;  // the chair, then those with a valid review by roster, then the others
  std::set<std::string> failed_;    // agents whose call failed: not asked again
  std::map<std::string, Docket> dockets_;
  std::vector<GroupVerdict> verdicts_;
  std::vector<std::string> warnings_;
  int wave_ = 0;
};

}  // namespace assize
