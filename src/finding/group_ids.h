// Reads the ids by which an agent speaks of groups and of their members: "G3", "g3", 3; "G3.2", "2". Only ids that were
// asked about exist.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "finding/lenient_json.h"

namespace assize {

class GroupIds {
 public:
  explicit GroupIds(std::span<const std::string> asked);

  // Index into `asked` of the one id that is meant; empty when there is none, or more than one.
  std::optional<std::size_t> find(std::string_view said) const;
  std::optional<std::size_t> find(JsonRef said) const;  // strings and whole numbers

 private:
  std::map<std::string, std::size_t, std::less<>> exact_;
  std::map<std::string, std::size_t, std::less<>> loose_;  // folded; kSeveral: of more than one id
};

// The member that a label means: "G3.2" and "3.2" of the group "G3", "2" and 2 of any; its index, from 0. Empty: none
// of its `members`.
std::optional<std::size_t> find_member(std::string_view said, std::string_view group, std::size_t members);

// What a value says in place of an id or label: a string, or a number as it was written. Empty for other kinds.
std::string_view said_by(JsonRef value);

}  // namespace assize
