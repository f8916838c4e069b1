#include "script.h"

#include <sstream>

namespace fake_agent {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char next = text[++i];
    if (next == 'n') {
      plain += '\n';
    } else if (next == 't') {
      plain += '\t';
    } else if (next == 'x' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      plain += next == '\\' ? std::string("\\") : std::string("\\") + next;
    }
  }
  return plain;
}

}  // namespace

std::vector<Step> parse_script(std::string_view text) {
  const char separator = text.find('\n') != std::string_view::npos ? '\n' : ';';
  std::vector<Step> steps;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t space = std::min(line.find(' '), line.size());
    Step step;
    step.name = line.substr(0, space);
    step.raw = line.substr(std::min(space + 1, line.size()));
    step.rest = decode(step.raw);
    std::istringstream words(step.rest);
    for (std::string word; words >> word;) step.words.push_back(word);
    steps.push_back(std::move(step));
  }
  return steps;
}

Condition parse_condition(const Step& step) {
  std::string_view left = step.raw;
  const bool quoted = !left.empty() && left.front() == '"';
  if (quoted) left.remove_prefix(1);
  const std::size_t end = std::min(left.find(quoted ? '"' : ' '), left.size());
  Condition condition{decode(left.substr(0, end)), {}};
  left.remove_prefix(std::min(end + 1, left.size()));
  condition.steps = parse_script(left);
  return condition;
}

}  // namespace fake_agent
