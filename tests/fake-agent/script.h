// What the fake agent is told to do: steps, one after another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fake_agent {

struct Step {
  std::string name;
  std::string rest;                // what follows the name, with \n, \t, \\ and \xHH decoded
  std::vector<std::string> words;  // the same, cut at spaces
};

// Steps stand on lines of their own, or between semicolons when there is no line break.
std::vector<Step> parse_script(std::string_view text);

}  // namespace fake_agent
