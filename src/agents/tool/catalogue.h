// The known analysers: what they are called, what they read, how they are run so that nothing of the change configures
// them, and how their output and their exit codes are to be understood.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/lint/language.h"

namespace assize::tool {

enum class Format {
  gcc,         // path:line:col: level: message [rule]
  plain,       // path:line:col: message
  shellcheck,  // json1
  bandit,
  ruff,
  eslint,
  sarif,
};

// Which lines a finding may stand on. A tool that follows paths through a function reports where the path ends, which
// may be a line next to the changed ones: there a leak of what an added line allocates shows.
enum class Reach { added_lines, shown_lines };

struct Kind {
  std::string_view name;
  std::vector<std::string_view> programs;  // looked for in this order
  lint::Languages languages = lint::Languages::any();
  bool headers = true;  // also runs on headers alone
  Format format = Format::gcc;
  Reach reach = Reach::added_lines;
  std::vector<int> good_exits;            // the analysis ran; findings or none
  std::vector<std::string_view> options;  // before the files
  // What in a line of the change turns findings off though the tool is told not to listen: said in a warning.
  std::vector<std::string_view> inline_switches;
  std::string_view needs_option;  // does not run unless extra_args hold it
  std::string_view hint;          // what to install
};

std::span<const Kind> catalogue();
const Kind* kind_named(std::string_view name);

}  // namespace assize::tool
