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
  std::string raw;                 // the same, not decoded
};

// A step that happens only on a condition: what it looks for in the prompt, and what is done then.
struct Condition {
  std::string text;
  std::vector<Step> steps;
};

// Steps stand on lines of their own, or between semicolons when there is no line break.
std::vector<Step> parse_script(std::string_view text);
// Of `TEXT STEP` or `"TEXT OF WORDS" STEP`, as it stands behind `when`.
Condition parse_condition(const Step& step);

}  // namespace fake_agent
