// The report for a person at a terminal: the decision in the first line, then what it rests on. Pure.
// What agents, file names and programs said stands indented, wrapped and without control characters, so that it can
// neither move the cursor nor look like a heading or a decision of ours, which alone start in the first column.
#pragma once

#include <string>

#include "core/outcome.h"

namespace assize {

enum class Color { off, on };
enum class Hyperlinks { off, on };  // OSC 8 links on path:line to the file in Outcome::repository

struct TextOptions {
  Color color = Color::off;
  Hyperlinks links = Hyperlinks::off;
  int width = 80;  // columns of the terminal; taken as 40 when less, and prose never runs wider than 120
};

// Ends with a newline; valid UTF-8. The same outcome and options give the same bytes.
std::string render_text(const Outcome& outcome, const TextOptions& options = {});

}  // namespace assize
