// How groups are put into words for a prompt: by id, without names. The text is data from outside; it goes behind a
// fence. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "finding/verdicts.h"

namespace assize {

// Most bytes of claims in one call; more become several calls. A prompt of the largest chunk and this stays under what
// the smallest common context windows hold (128k tokens).
inline constexpr std::size_t kClaimBytes = 48'000;

// Findings by id, for looking members up.
class FindingIndex {
 public:
  explicit FindingIndex(std::span<const Finding> findings);
  const Finding& at(const std::string& id) const { return *by_id_.at(id); }

 private:
  std::map<std::string, const Finding*, std::less<>> by_id_;
};

std::string place_of(const Finding& finding);  // "src/a.c:12-14", "src/a.c", or "no place"

// "G3 [high, security] src/a.c:12" and the distinct statements of its members.
std::string describe_group(const Group& group, const FindingIndex& findings);

}  // namespace assize
