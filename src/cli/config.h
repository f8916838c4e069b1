// The configuration: layers of settings, each value with where it came from. Pure: texts come in, values go
// out; which files there are is config_files.h's business.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/config_keys.h"
#include "core/result.h"
#include "core/units.h"

namespace assize {

enum class Layer { built_in, user, repository, flags };  // later wins
std::string_view to_string(Layer layer);

// A value whose type and range have been checked against its key; durations and sizes stay as written.
using ConfigValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, std::map<std::string, std::string>>;
std::string to_toml(const ConfigValue& value);

struct Setting {
  ConfigValue value;
  Layer layer = Layer::built_in;
  std::string where;  // "assize.toml:12:5", "--fail-on"; empty for a built-in value
};

// What is wrong in a config file, or only odd. One line each, with the position in front.
struct ConfigProblem {
  enum class Kind { error, warning, unknown_key } kind = Kind::error;
  std::string message;
  std::string hint;
};

// What one file, or the flags, set.
struct LayerSettings {
  std::map<std::string, Setting> settings;                       // by "gate.fail_on"
  std::map<std::string, std::map<std::string, Setting>> agents;  // by id, then by key; an empty section is there too
  std::vector<std::string> agent_order;                          // as the sections stand in the file
  std::vector<ConfigProblem> problems;                           // in the order of the file
};

// Reads one file. Error: not TOML at all. What is wrong with single keys is in `problems`; such keys are left out.
Result<LayerSettings> read_config(std::string_view text, std::string_view name, Layer layer);

// One setting given as an option: `text` is what stood on the command line, lists are separated by commas.
Result<Setting> setting_from_flag(std::string_view section, std::string_view key, std::string_view text,
                                  std::string_view option);

// The same for an option that is given once for each item of a list.
Result<Setting> setting_from_values(std::string_view section, std::string_view key,
                                    const std::vector<std::string>& values, std::string_view option);

struct Config {
  std::map<std::string, Setting> settings;  // every key that has a value, built-in ones included
  std::map<std::string, std::map<std::string, Setting>> agents;
  std::vector<std::string> agent_order;

  // The value of a key of the table; null when nothing set it. A name that is not in the table is a bug (CHECK).
  const Setting* find(std::string_view key) const;
  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;  // empty when unset
};

// The defaults of the table.
Config built_in_config();
// Puts a layer on top: keys replace keys, also within an agent's section.
void apply_layer(Config& config, const LayerSettings& layer);

}  // namespace assize
