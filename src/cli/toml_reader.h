// Reads TOML into a flat list of keys with their positions. Bounded, so that a hostile file costs little; knows nothing
// of which keys there are. toml++ is behind it, and nowhere else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace assize {

inline constexpr std::size_t kMaxConfigBytes = 1 << 20;
inline constexpr std::size_t kMaxConfigDepth = 24;  // of tables and brackets; a config needs four

// A table itself, listed before its keys, so that an empty [agents.claude] is seen.
struct TomlTable {};
// A list of tables, [[key]] or key = [{…}], as far as they hold text.
struct TomlCell {
  std::string key;
  std::optional<std::string> text;  // empty: something else
  std::string what;                 // what it is then, for a message
  std::uint32_t line = 0, column = 0;
};
struct TomlRow {
  std::vector<TomlCell> cells;
  std::uint32_t line = 0, column = 0;
};
using TomlRows = std::vector<TomlRow>;  // never empty: [] is a list without texts
// What no key of ours may be: dates, lists of anything else, …; `what` names it for a message.
struct TomlOther {
  std::string what;
};
using TomlValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, TomlTable, TomlRows, TomlOther>;

struct TomlEntry {
  std::vector<std::string> path;
  TomlValue value;
  std::uint32_t line = 0, column = 0;  // 1-based, of the value
};

// In the order of the file. Error invalid, with `NAME:LINE:COLUMN: ` in front: not TOML, too large, too deep.
Result<std::vector<TomlEntry>> read_toml(std::string_view text, std::string_view name);

// "true", "a whole number", "text", … for messages.
std::string describe(const TomlValue& value);

}  // namespace assize
