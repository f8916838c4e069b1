// What a tool's own words for severity mean in ours. What is not on a tool's scale is medium at most.
#pragma once

#include <string_view>

#include "agents/tool/outputs.h"
#include "core/finding.h"

namespace assize::tool {

struct Weight {
  enum class Use { finding, broken, noise } use = Use::finding;  // broken: the file could not be analysed as it should
  Severity severity = Severity::medium;
  Category category = Category::bug;
  double confidence = 0.7;
};

// `tool`: the name in the catalogue, empty for a custom one.
Weight weigh(std::string_view tool, const Remark& remark);

}  // namespace assize::tool
