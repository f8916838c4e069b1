#include "agents/tool/words.h"

#include <array>

namespace assize::tool {

namespace {

struct Words {
  std::string_view rule;
  std::string_view text;
};

constexpr std::string_view kLeak = "What was opened or allocated is not released on this path: a resource leak.";
constexpr std::string_view kUseAfterFree = "The memory is used after it was freed; it may already hold something else.";
constexpr std::string_view kUninitialised =
    "On some path the variable has no value yet: whatever was in memory is used.";
constexpr std::string_view kSizeofPointer =
    "sizeof gives the size of the pointer, not of what it points to: only the first bytes are covered.";
constexpr std::string_view kBounds = "The access is outside of the array's bounds.";
constexpr std::string_view kFormat =
    "The text is used as a format string: a percent sign in it is taken for a conversion.";
constexpr std::string_view kLocalAddress =
    "The address of a local variable is returned; it is gone when the caller uses it.";
constexpr std::string_view kAssignment =
    "An assignment in a condition, or one whose parentheses are missing: a comparison with == may be meant.";
constexpr std::string_view kUnsigned = "An unsigned value is never below zero: the condition is always false.";
constexpr std::string_view kFallThrough = "Without break or return the next case runs as well.";
constexpr std::string_view kShell =
    "A shell runs a command line: a value with a semicolon, a backtick or $( ) in it starts a second command.";
constexpr std::string_view kSwallowed =
    "Every exception is swallowed here: a failure of any kind goes on as if nothing had happened.";
constexpr std::string_view kWeakHash = "The hash is broken for signatures and much too fast for a password.";
constexpr std::string_view kTls =
    "The server's certificate is not checked: anybody on the way can read and change what is sent.";
constexpr std::string_view kSql =
    "An SQL statement is put together from values; a value with a quote in it changes the statement.";
constexpr std::string_view kPickle = "Whoever can write the data decides what code runs while it is unpickled.";
constexpr std::string_view kYaml = "yaml.load can make any object and run code that a document names.";
constexpr std::string_view kTemporary = "Between the name and the open somebody else can create the temporary file.";
constexpr std::string_view kNull = "The pointer may be null here.";
constexpr std::string_view kQuotes = "Without quotes the value is split at spaces and its stars are expanded.";

constexpr std::array kWords = {
    Words{"-Wanalyzer-malloc-leak", kLeak},
    Words{"-Wanalyzer-file-leak", kLeak},
    Words{"memleak", kLeak},
    Words{"resourceLeak", kLeak},
    Words{"clang-analyzer-unix.Stream", kLeak},
    Words{"-Wuse-after-free", kUseAfterFree},
    Words{"-Wanalyzer-use-after-free", kUseAfterFree},
    Words{"deallocuse", kUseAfterFree},
    Words{"-Wuninitialized", kUninitialised},
    Words{"-Wmaybe-uninitialized", kUninitialised},
    Words{"-Wanalyzer-use-of-uninitialized-value", kUninitialised},
    Words{"uninitvar", kUninitialised},
    Words{"legacyUninitvar", kUninitialised},
    Words{"clang-diagnostic-sometimes-uninitialized", kUninitialised},
    Words{"clang-diagnostic-uninitialized", kUninitialised},
    Words{"-Wsizeof-pointer-memaccess", kSizeofPointer},
    Words{"pointerSize", kSizeofPointer},
    Words{"clang-diagnostic-sizeof-pointer-memaccess", kSizeofPointer},
    Words{"-Warray-bounds", kBounds},
    Words{"-Waggressive-loop-optimizations",
          "The loop runs once too often: its last turn is outside of the array's bounds."},
    Words{"arrayIndexOutOfBounds", kBounds},
    Words{"-Wformat-security", kFormat},
    Words{"clang-diagnostic-format-security", kFormat},
    Words{"-Wreturn-local-addr", kLocalAddress},
    Words{"returnDanglingLifetime", kLocalAddress},
    Words{"clang-diagnostic-return-stack-address", kLocalAddress},
    Words{"clang-analyzer-core.StackAddressEscape", kLocalAddress},
    Words{"-Wparentheses", kAssignment},
    Words{"clarifyCondition", kAssignment},
    Words{"clang-diagnostic-parentheses", kAssignment},
    Words{"-Wtype-limits", kUnsigned},
    Words{"unsignedLessThanZero", kUnsigned},
    Words{"-Wimplicit-fallthrough", kFallThrough},
    Words{"clang-diagnostic-implicit-fallthrough", kFallThrough},
    Words{"-Wanalyzer-possible-null-argument", kNull},
    Words{"-Wanalyzer-null-dereference", kNull},
    Words{"clang-analyzer-core.NullDereference", kNull},
    Words{"nullPointer", kNull},
    Words{"B602", kShell},
    Words{"B605", kShell},
    Words{"S602", kShell},
    Words{"S605", kShell},
    Words{"B110", kSwallowed},
    Words{"B112", kSwallowed},
    Words{"S110", kSwallowed},
    Words{"B303", kWeakHash},
    Words{"B324", kWeakHash},
    Words{"B501", kTls},
    Words{"B323", kTls},
    Words{"B608", kSql},
    Words{"S608", kSql},
    Words{"B301", kPickle},
    Words{"S301", kPickle},
    Words{"B506", kYaml},
    Words{"S506", kYaml},
    Words{"B306", kTemporary},
    Words{"SC2086", kQuotes},
    Words{"SC2073", "Inside [ ] a > or < redirects instead of comparing: a file is written or read."},
    Words{"SC2070", "Without quotes an empty variable vanishes, and [ -n ] is always true."},
    Words{"SC2115", "When the variable is empty, rm goes for what stands behind it, at worst the root."},
    Words{"SC2164", "When the cd fails, the script goes on in the wrong directory."},
};

}  // namespace

std::string_view plain_words(std::string_view rule) {
  rule = rule.substr(0, rule.find('='));  // -Wimplicit-fallthrough=
  for (const Words& words : kWords) {
    if (words.rule == rule) return words.text;
  }
  return {};
}

}  // namespace assize::tool
