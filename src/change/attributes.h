// linguist-generated, as the .gitattributes of the base say it. The change's own attributes have no say: they could
// hide it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "change/change.h"
#include "change/glob.h"
#include "change/source.h"

namespace assize {

// One .gitattributes file: what it says of linguist-generated. Lines that cannot be read say nothing.
class AttributesFile {
 public:
  explicit AttributesFile(std::string_view text);
  // The last line that matches `path`, relative to the file's directory: set, unset, or empty when none says anything.
  std::optional<bool> is_generated(std::string_view path) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    Glob glob;
    bool generated = false;
  };
  std::vector<Rule> rules_;
};

// For PlanOptions::is_generated_by_attribute. The .gitattributes of all directories that the change touches are read
// from Change::base (from HEAD where that is no commit) in one `git cat-file`; unset when there are none, or no git.
// Read here and not by `git check-attr --source`, which is newer than the git of Debian 12.
Result<std::function<bool(std::string_view path)>> generated_by_base(const Change& change, const World& world);

}  // namespace assize
