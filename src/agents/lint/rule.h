// One rule of the built-in analyser, with its proofs beside it: what it must flag and what it must not. A rule without
// proofs does not pass the test, and the test runs every proof against the whole pipeline.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/lint/language.h"
#include "agents/lint/source.h"
#include "core/finding.h"

namespace assize::lint {

// Which text of a line the pattern is matched against.
enum class View { raw, text, code };

// What the pattern's groups matched, the whole match first.
using Captures = std::span<const std::string_view>;

// The last word on a match: sees the lines around it, at most kGuardWindow of them on each side.
using Guard = bool (*)(const Source& source, std::size_t line, Captures captures);

// Proofs of a rule that are files of some path that is not the language's ordinary one say so in `path`.
struct Rule {
  std::string_view id;  // "<language>.<what>"
  Languages languages = Languages::any();
  View view = View::code;
  Severity severity = Severity::medium;
  Category category = Category::bug;
  double confidence = 0.7;
  // Lower case; the pattern is tried only on lines that hold one of them. Empty: on every line.
  std::vector<std::string_view> keywords;
  std::string_view pattern;  // RE2, unanchored, at most 5 groups
  std::string_view unless;   // RE2 on the same line: no finding when it matches
  Guard guard = nullptr;     // null: every match counts
  std::string_view title;    // "$1" stands for the first group
  std::string_view detail;
  std::string_view fix;
  std::vector<std::string_view> flags;   // each must give this finding
  std::vector<std::string_view> passes;  // none may
  std::string_view path;
  // The match is a secret: neither it nor its line is ever repeated.
  bool secret = false;
};

// Each table is a file rules_*.cc.
std::vector<Rule> secret_rules();
std::vector<Rule> c_rules();
std::vector<Rule> python_rules();
std::vector<Rule> script_rules();    // JavaScript and TypeScript
std::vector<Rule> compiled_rules();  // Go, Java, Rust
std::vector<Rule> shell_rules();
std::vector<Rule> data_rules();  // SQL, YAML, Dockerfile
std::vector<Rule> all_rules();

}  // namespace assize::lint
