// Names in the headers of diffs: C-quoting, the a/ b/ prefixes and their kin, and the one line that names both sides.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assize {

// The two names of a header as written, unquoted but with their prefixes. "/dev/null" stands as itself.
struct RawNames {
  std::string old_name;
  std::string new_name;
};

// A C-quoted name at the start of `text` ("\"a/\\303\\244 b\""): the name and how many bytes it took. Empty when the
// quotes do not close.
struct Unquoted {
  std::string name;
  std::size_t consumed = 0;
};
std::optional<Unquoted> unquote_c(std::string_view text);

// The name in what follows "--- " or "+++ ": quoted, or up to the first tab (a timestamp follows). A CR at the end is
// dropped: git quotes names that really end in one.
std::string name_of_marker_line(std::string_view rest);

// Both names of "diff --git X Y" after the words. Unquoted names with spaces are told apart by their equal tails, as
// git does. Empty when that cannot be done.
std::optional<RawNames> names_of_git_line(std::string_view rest);

// A quoted or bare name that fills the rest of an extended header line ("rename from …").
std::string whole_name(std::string_view rest);

// What stands between "Binary files " and " differ", when the line is that; and the two names in it.
std::optional<std::string_view> inner_of_binary_line(std::string_view line);
std::optional<RawNames> names_of_binary_line(std::string_view inner);

struct Names {
  std::string old_path;  // empty: there is no such side (/dev/null)
  std::string new_path;
};

enum class DiffStyle { git, plain };

// Takes the prefixes off: a/ and b/ and git's mnemonic pairs (c i w o, 1 2), either way round, when both sides have
// them; names without prefix stay. A plain diff of two trees (old/x, new/x) loses the first component where they differ
// there. `hint` is what a git header said, for the side that is /dev/null.
Names strip_prefixes(const RawNames& names, DiffStyle style, const std::optional<RawNames>& hint);

}  // namespace assize
