// Sorts the items of a debater's or verifier's answer by the group that they are about, and keeps book of what is wrong
// with them, for warnings.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finding/group_ids.h"
#include "finding/listed_answer.h"

namespace assize {

// One thing that went wrong with several ids: told once, with the first of them.
class Complaint {
 public:
  // `text` stands before the ids: "verdicts on groups that were not asked about were dropped".
  explicit Complaint(std::string_view text) : text_(text) {}
  void add(std::string_view id);
  void tell(std::vector<std::string>& warnings) const;  // nothing when there was none

 private:
  std::string_view text_;
  std::size_t count_ = 0;
  std::vector<std::string> examples_;
};

// The items of an answer, by index into the groups that were asked about; each in the order of the text. Items about
// other groups, or about two at once, are told to `unknown`.
std::vector<std::vector<JsonRef>> sort_by_group(const ListedAnswer& answer, std::span<const std::string> asked,
                                                Complaint& unknown);

// The first text under one of the names; of a list of texts all of them, with commas between.
std::string text_under(JsonRef item, std::span<const std::string_view> names, std::size_t max_bytes);

// Whether a word says yes or no: JSON's own true and false included. Empty for other kinds.
std::string_view word_of(JsonRef value);

}  // namespace assize
