#include "agents/tool/catalogue.h"

namespace assize::tool {

namespace {

using lint::Language;
using lint::Languages;

// Without the checks of style, and without those that cry wolf on plain C (measured on the examples and on our own
// code).
constexpr std::string_view kTidyChecks =
    "--checks=-*,clang-diagnostic-*,clang-analyzer-*,bugprone-*,"
    "-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-security.insecureAPI.strcpy,"
    "-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions,"
    "-bugprone-macro-parentheses,-bugprone-branch-clone,-bugprone-exception-escape";

// Rules of the core alone: no plugin and no configuration has to be found, so nothing of the change is run.
constexpr std::string_view kEslintRules =
    R"({"no-cond-assign":[2,"except-parens"],"no-constant-condition":[2,{"checkLoops":false}],"no-debugger":2,)"
    R"("no-dupe-keys":2,"no-dupe-else-if":2,"no-duplicate-case":2,"no-unreachable":2,"no-self-compare":2,)"
    R"("no-self-assign":2,"use-isnan":2,"valid-typeof":2,"no-eval":2,"no-implied-eval":2,"no-new-func":2,)"
    R"("no-fallthrough":2,"no-unsafe-finally":2,"no-unsafe-negation":2,"no-unsafe-optional-chaining":2,)"
    R"("no-async-promise-executor":2,"no-loss-of-precision":2,"array-callback-return":2,"getter-return":2,)"
    R"("no-const-assign":2,"no-func-assign":2,"no-import-assign":2,"no-invalid-regexp":2,"for-direction":2,)"
    R"("no-sparse-arrays":2,"no-empty":1,"no-unused-vars":1})";

const std::vector<Kind>& table() {
  static const std::vector<Kind> kTable = {
      {.name = "cppcheck",
       .programs = {"cppcheck"},
       .languages = Language::c | Language::cpp,
       .headers = false,
       .format = Format::gcc,
       .reach = Reach::shown_lines,
       .good_exits = {0},
       .options = {"--quiet", "--enable=warning,style,performance,portability", "--inconclusive", "--max-configs=6",
                   "--suppress=missingInclude", "--suppress=missingIncludeSystem", "--suppress=variableScope",
                   "--suppress=constParameter", "--suppress=constParameterPointer", "--suppress=constVariable",
                   "--suppress=unusedFunction", "--suppress=unusedStructMember", "--suppress=unmatchedSuppression",
                   "--template={file}:{line}:{column}: {severity}: {message} [{id}]", "--template-location="},
       .inline_switches = {},
       .needs_option = {},
       .hint = "apt install cppcheck"},
      {.name = "gcc",
       .programs = {"gcc", "gcc-12", "gcc-13", "gcc-14"},
       .languages = Language::c,  // its analyser does not know C++
       .headers = false,
       .format = Format::gcc,
       .reach = Reach::shown_lines,
       .good_exits = {0},
       .options = {"-std=gnu17", "-O2", "-fanalyzer", "-Wall", "-Wextra", "-Wformat-security", "-Wno-unused-parameter",
                   "-Wno-sign-compare", "-Wno-missing-field-initializers", "-fdiagnostics-plain-output"},
       .inline_switches = {"#pragma GCC diagnostic ignored", "#pragma GCC system_header"},
       .needs_option = {},
       .hint = "apt install gcc"},
      {.name = "clang-tidy",
       .programs = {"clang-tidy", "clang-tidy-19", "clang-tidy-18", "clang-tidy-17", "clang-tidy-16", "clang-tidy-15",
                    "clang-tidy-14"},
       .languages = Language::c | Language::cpp,
       .headers = false,
       .format = Format::gcc,
       .reach = Reach::shown_lines,
       .good_exits = {0, 1},  // 1: some file does not compile, which its own lines say
       .options = {"--quiet", "--config={}", kTidyChecks},
       .inline_switches = {"NOLINT", "#pragma clang diagnostic ignored", "#pragma GCC diagnostic ignored"},
       .needs_option = {},
       .hint = "apt install clang-tidy-14"},
      {.name = "shellcheck",
       .programs = {"shellcheck"},
       .languages = Language::shell,
       .format = Format::shellcheck,
       .good_exits = {0, 1},
       .options = {"--norc", "--format=json1", "--severity=info"},
       .inline_switches = {"shellcheck disable=", "shellcheck ignore="},
       .needs_option = {},
       .hint = "apt install shellcheck"},
      {.name = "bandit",
       .programs = {"bandit"},
       .languages = Language::python,
       .format = Format::bandit,
       .good_exits = {0, 1},
       // Left out: asserts, imports of modules that can be misused, and every start of a program.
       .options = {"--quiet", "--format=json", "--ignore-nosec", "--skip=B101,B403,B404,B603,B607"},
       .inline_switches = {},
       .needs_option = {},
       .hint = "apt install bandit"},
      {.name = "pyflakes",
       .programs = {"pyflakes", "pyflakes3"},
       .languages = Language::python,
       .format = Format::plain,
       .good_exits = {0, 1},
       .options = {},
       .inline_switches = {},
       .needs_option = {},
       .hint = "apt install pyflakes3"},
      {.name = "ruff",
       .programs = {"ruff"},
       .languages = Language::python,
       .format = Format::ruff,
       .good_exits = {0, 1},
       .options = {"check", "--isolated", "--no-cache", "--ignore-noqa", "--output-format=json",
                   "--select=E9,F,B,S,PLE,ASYNC", "--ignore=S101,S403,S404,S603,S607"},
       .inline_switches = {"ruff: noqa"},
       .needs_option = {},
       .hint = "pip install ruff"},
      {.name = "eslint",
       .programs = {"eslint"},
       .languages = Language::javascript,
       .format = Format::eslint,
       .good_exits = {0, 1},
       .options = {"--no-config-lookup", "--no-inline-config", "--no-ignore", "--format=json", "--rule", kEslintRules},
       .inline_switches = {},
       .needs_option = {},
       .hint = "npm install -g eslint (8.57 or later)"},
      {.name = "semgrep",
       .programs = {"semgrep"},
       .languages = Languages::any(),
       .format = Format::sarif,
       .good_exits = {0, 1},
       .options = {"scan", "--sarif", "--quiet", "--metrics=off", "--disable-version-check", "--disable-nosem",
                   "--no-git-ignore"},
       .inline_switches = {},
       .needs_option = "--config",
       .hint = "pip install semgrep, and name its rules: extra_args = [\"--config\", \"<absolute path>\"]"},
      {.name = "gitleaks",
       .programs = {"gitleaks"},
       .languages = Languages::any(),
       .format = Format::sarif,
       .good_exits = {0},
       .options = {"detect", "--no-git", "--source=.", "--report-format=sarif", "--report-path=/dev/stdout", "--redact",
                   "--no-banner", "--log-level=error", "--exit-code=0", "--ignore-gitleaks-allow"},
       .inline_switches = {},
       .needs_option = {},
       .hint = "see github.com/gitleaks/gitleaks"},
  };
  return kTable;
}

}  // namespace

std::span<const Kind> catalogue() {
  return table();
}

const Kind* kind_named(std::string_view name) {
  for (const Kind& kind : table()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace assize::tool
