// Every key that assize.toml may hold: the one table that the loader, `config show`, the warnings about unknown keys
// and the JSON Schema for editors are made from.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assize {

enum class KeyType {
  boolean,
  integer,   // between min and max
  number,    // above min
  duration,  // text with a unit
  size,      // integer, or text with a unit
  text,
  text_list,
  choice,       // one of choices
  choice_list,  // several of choices
  output_list,  // FORMAT:FILE, the format being one of choices
  text_map,     // a table of text values
  anything,     // not looked into: keys of what is not built yet
};

// What this version does with a key.
enum class KeyState { works, not_yet };

struct ConfigKey {
  std::string_view section;  // "panel", …; "agents" stands for [agents.NAME]
  std::string_view name;
  KeyType type = KeyType::text;
  std::string_view help;                // one sentence
  std::string_view default_value = {};  // as TOML; empty: none
  KeyState state = KeyState::works;
  std::vector<std::string_view> choices = {};
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view not_yet = {};  // what follows from its having no effect, where that matters
};

// In the order in which they are documented: by section, then by use.
std::span<const ConfigKey> config_keys();
// Null: there is no such key.
const ConfigKey* find_key(std::string_view section, std::string_view name);
// Without "agents".
std::span<const std::string_view> config_sections();
// What a value of this key may be, for messages: "true or false", "a whole number from 0 to 10".
std::string allowed_values(const ConfigKey& key);

}  // namespace assize
