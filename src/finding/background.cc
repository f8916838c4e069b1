// The background table of terms.h: how common the everyday words of code review are. Written down by hand in three
// tiers; its job is to keep words such as "should" from making two findings alike when a change has few findings.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "finding/terms.h"

namespace assize {

namespace {

constexpr double kEverywhere = 0.35, kOften = 0.10, kSometimes = 0.03, kRare = 0.006;

constexpr std::array kEverywhereWords = {
    "the",   "a",    "an",    "and",   "or",   "of",   "to",  "in",      "is",   "it",      "this",   "that",
    "for",   "with", "be",    "on",    "as",   "if",   "not", "are",     "by",   "from",    "will",   "can",
    "but",   "when", "at",    "which", "has",  "have", "was", "than",    "then", "so",      "should", "could",
    "would", "may",  "might", "no",    "does", "do",   "its", "instead", "into", "because", "any",    "all",
};
constexpr std::array kOftenWords = {
    "use",      "used",    "using",   "code",    "function",  "method",      "call",        "called", "value",
    "error",    "return",  "returns", "null",    "missing",   "change",      "test",        "tests",  "issue",
    "problem",  "cause",   "causes",  "causing", "potential", "potentially", "without",     "where",  "there",
    "only",     "also",    "still",   "even",    "such",      "these",       "they",        "their",  "one",
    "two",      "new",     "other",   "same",    "before",    "after",       "while",       "since",  "rather",
    "consider", "leading", "lead",    "leads",   "check",     "incorrect",   "incorrectly", "wrong",  "fail",
    "fails",    "line",    "file",    "class",   "type",      "name",        "set",         "data",   "case",
    "make",     "makes",   "add",     "added",   "need",      "needs",       "now",         "always", "never",
    "what",     "how",     "bug",     "risk",    "result",
};
constexpr std::array kSometimesWords = {
    "parameter",  "argument",       "object",    "string",       "list",        "map",         "array",
    "key",        "field",          "variable",  "default",      "condition",   "logic",       "exception",
    "handle",     "handling",       "handled",   "throw",        "throws",      "caught",      "catch",
    "input",      "output",         "user",      "request",      "response",    "state",       "current",
    "currently",  "expected",       "actual",    "different",    "multiple",    "each",        "first",
    "last",       "more",           "less",      "could",        "break",       "breaks",      "behavior",
    "behaviour",  "implementation", "implement", "ensure",       "update",      "updated",     "create",
    "created",    "remove",         "removed",   "delete",       "unused",      "unnecessary", "duplicate",
    "comment",    "documentation",  "naming",    "inconsistent", "invalid",     "valid",       "validate",
    "validation", "correct",        "correctly", "properly",     "proper",      "explicit",    "explicitly",
    "possible",   "possibly",       "runtime",   "time",         "performance", "security",    "empty",
    "true",       "false",          "boolean",   "between",      "both",        "either",      "however",
    "must",       "like",           "via",       "per",          "pass",        "passed",      "passing",
    "let",        "become",         "result",    "results",      "resulting",   "avoid",       "allow",
    "allows",     "already",        "api",       "undefined",    "reference",   "instance",    "process",
    "block",      "path",           "flow",      "query",        "database",    "config",      "loop",
};

struct Table {
  std::set<std::string, std::less<>> everywhere, often, sometimes;
  Table() {
    for (const char* word : kEverywhereWords) everywhere.insert(stem_of(word));
    for (const char* word : kOftenWords) often.insert(stem_of(word));
    for (const char* word : kSometimesWords) sometimes.insert(stem_of(word));
  }
};

}  // namespace

double background_share(std::string_view stem) {
  static const Table table;
  if (table.everywhere.contains(stem)) return kEverywhere;
  if (table.often.contains(stem)) return kOften;
  if (table.sometimes.contains(stem)) return kSometimes;
  return kRare;
}

}  // namespace assize
