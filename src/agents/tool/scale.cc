#include "agents/tool/scale.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assize::tool {

namespace {

using Use = Weight::Use;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
template <std::size_t N>
bool starts_with_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view begin) { return word.starts_with(begin); });
}

// gcc has one level, "warning"; these are the ones that are undefined behaviour when they are right, and mostly are.
constexpr std::array<std::string_view, 20> kGccHigh = {"-Wanalyzer-use-after-free",
                                                       "-Wanalyzer-double-free",
                                                       "-Wanalyzer-null-dereference",
                                                       "-Wanalyzer-double-fclose",
                                                       "-Wanalyzer-free-of-non-heap",
                                                       "-Wanalyzer-use-of-uninitialized-value",
                                                       "-Wanalyzer-null-argument",
                                                       "-Wanalyzer-out-of-bounds",
                                                       "-Wanalyzer-use-of-pointer-in-stale-stack-frame",
                                                       "-Wuse-after-free",
                                                       "-Warray-bounds",
                                                       "-Wstringop-overflow",
                                                       "-Wreturn-local-addr",
                                                       "-Wuninitialized",
                                                       "-Wsizeof-pointer-memaccess",
                                                       "-Wfree-nonheap-object",
                                                       "-Waggressive-loop-optimizations",
                                                       "-Wnonnull",
                                                       "-Wformat",
                                                       "-Wanalyzer-mismatching-deallocation"};
constexpr std::array<std::string_view, 5> kUnused = {"-Wunused", "-Wcomment", "-Wempty-body", "-Wanalyzer-possible",
                                                     "-Wold-style-declaration"};

Weight gcc(const Remark& remark) {
  if (remark.level == "error" || remark.level == "fatal error") return {.use = Use::broken};
  if (remark.level != "warning") return {.use = Use::noise};
  // The analyser has lost track of what it talks about.
  if (remark.message.find("<unknown>") != std::string::npos) return {.use = Use::noise};
  const std::string_view rule = std::string_view(remark.rule).substr(0, remark.rule.find('='));
  if (is_one_of(rule, kGccHigh)) return {.severity = Severity::high, .confidence = 0.8};
  if (starts_with_one_of(rule, kUnused)) {
    return {.severity = Severity::low, .category = Category::maintainability, .confidence = 0.7};
  }
  if (rule == "-Wformat-security") return {.category = Category::security, .confidence = 0.8};
  return {.confidence = 0.7};
}

constexpr std::array<std::string_view, 6> kTidyHigh = {"clang-analyzer-core.",      "clang-analyzer-unix.Malloc",
                                                       "clang-analyzer-cplusplus.", "bugprone-use-after-move",
                                                       "bugprone-dangling-handle",  "clang-analyzer-unix.MallocSizeof"};

Weight clang_tidy(const Remark& remark) {
  if (remark.rule == "clang-diagnostic-error" || remark.level == "error") return {.use = Use::broken};
  if (remark.level != "warning") return {.use = Use::noise};
  if (starts_with_one_of(remark.rule, kTidyHigh)) {
    // A leak is not undefined behaviour.
    const bool leak = contains_ascii_nocase(remark.message, "leak");
    return {.severity = leak ? Severity::medium : Severity::high, .confidence = 0.75};
  }
  if (remark.rule.find("security") != std::string::npos) return {.category = Category::security};
  if (remark.rule.starts_with("clang-diagnostic-unused") || remark.rule.starts_with("clang-analyzer-deadcode")) {
    return {.severity = Severity::low, .category = Category::maintainability};
  }
  if (remark.rule.starts_with("performance")) return {.severity = Severity::low, .category = Category::performance};
  if (remark.rule.starts_with("readability") || remark.rule.starts_with("modernize")) {
    return {.severity = Severity::low, .category = Category::maintainability};
  }
  return {.confidence = 0.7};
}

constexpr std::array<std::string_view, 7> kCppcheckBroken = {
    "syntaxError",  "internalError", "internalAstError",    "preprocessorErrorDirective",
    "unknownMacro", "cppcheckError", "noValidConfiguration"};

Weight cppcheck(const Remark& remark) {
  if (is_one_of(remark.rule, kCppcheckBroken)) return {.use = Use::broken};
  if (remark.level == "error") {
    const bool leak = contains_ascii_nocase(remark.rule, "leak");
    return {.severity = leak ? Severity::medium : Severity::high, .confidence = 0.8};
  }
  if (remark.level == "warning") return {.confidence = 0.7};
  if (remark.level == "performance") return {.severity = Severity::low, .category = Category::performance};
  if (remark.level == "style" || remark.level == "portability") {
    return {.severity = Severity::low, .category = Category::maintainability, .confidence = 0.6};
  }
  return {.use = Use::noise};
}

Weight by_word(std::string_view level) {
  const std::string word = to_lower_ascii(level);
  if (word == "fatal error" || word == "fatal") return {.severity = Severity::high};
  if (word == "error" || word == "high") return {.severity = Severity::high};
  if (word == "warning" || word == "medium") return {.severity = Severity::medium};
  if (word == "note" || word == "remark" || word == "low" || word == "info") return {.severity = Severity::low};
  if (word == "style" || word == "information" || word == "convention" || word == "hint" || word == "debug") {
    return {.severity = Severity::info};
  }
  return {};
}

Weight shellcheck(const Remark& remark) {
  Weight weight = by_word(remark.level);
  weight.confidence = 0.8;
  return weight;
}

Weight bandit(const Remark& remark) {
  Weight weight = by_word(remark.level);
  weight.category = Category::security;
  weight.confidence = remark.confidence == "HIGH" ? 0.8 : remark.confidence == "MEDIUM" ? 0.6 : 0.4;
  if (remark.rule == "B110" || remark.rule == "B112") weight.category = Category::bug;  // swallowed exceptions
  if (remark.confidence == "LOW") weight.severity = std::min(weight.severity, Severity::medium);
  return weight;
}

// No scale of its own.
Weight pyflakes(const Remark& remark) {
  if (remark.message.find("syntax") != std::string::npos ||
      remark.message.find("unexpected indent") != std::string::npos ||
      remark.message.find("problem decoding") != std::string::npos) {
    return {.use = Use::broken};
  }
  if (remark.message.find("unused") != std::string::npos || remark.message.find("never used") != std::string::npos ||
      remark.message.find("redefinition") != std::string::npos ||
      remark.message.find("missing placeholders") != std::string::npos ||
      remark.message.find("import *") != std::string::npos) {
    return {.severity = Severity::low, .category = Category::maintainability, .confidence = 0.8};
  }
  return {.severity = Severity::medium, .confidence = 0.9};
}

// None either: E9 and F are pyflakes' and the parser's, S bandit's, B the bugbear's.
Weight ruff(const Remark& remark) {
  if (remark.rule == "invalid-syntax") return {.use = Use::broken};
  if (remark.rule.starts_with("F4") || remark.rule == "F841" || remark.rule == "F811" || remark.rule == "F541") {
    return {.severity = Severity::low, .category = Category::maintainability, .confidence = 0.8};
  }
  if (remark.rule.starts_with("S")) return {.severity = Severity::medium, .category = Category::security};
  if (remark.rule.starts_with("F") || remark.rule.starts_with("PLE")) return {.confidence = 0.9};
  return {};
}

Weight eslint(const Remark& remark) {
  if (remark.rule == "invalid-syntax") return {.use = Use::broken};
  if (remark.level != "error") return {.severity = Severity::low, .category = Category::maintainability};
  const bool runs_text = remark.rule == "no-eval" || remark.rule == "no-implied-eval" || remark.rule == "no-new-func";
  return {.category = runs_text ? Category::security : Category::bug, .confidence = 0.8};
}

}  // namespace

Weight weigh(std::string_view tool, const Remark& remark) {
  if (tool == "gcc") return gcc(remark);
  if (tool == "clang-tidy") return clang_tidy(remark);
  if (tool == "cppcheck") return cppcheck(remark);
  if (tool == "shellcheck") return shellcheck(remark);
  if (tool == "bandit") return bandit(remark);
  if (tool == "pyflakes") return pyflakes(remark);
  if (tool == "ruff") return ruff(remark);
  if (tool == "eslint") return eslint(remark);
  Weight weight = remark.severity ? Weight{.severity = *remark.severity} : by_word(remark.level);
  if (tool == "semgrep") weight.category = Category::security;
  if (tool == "gitleaks") weight = {.severity = Severity::high, .category = Category::security, .confidence = 0.8};
  if (tool.empty() && remark.level == "note") weight.use = Use::noise;  // gcc's way to explain the line before
  return weight;
}

}  // namespace assize::tool
