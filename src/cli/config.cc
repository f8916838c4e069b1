#include "cli/config.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "cli/toml_reader.h"
#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

bool is_choice(const ConfigKey& key, std::string_view word) {
  return std::find(key.choices.begin(), key.choices.end(), word) != key.choices.end();
}

// FORMAT:FILE
bool is_output(const ConfigKey& key, std::string_view word) {
  const std::size_t colon = word.find(':');
  return colon != std::string_view::npos && colon + 1 < word.size() && is_choice(key, word.substr(0, colon));
}

// Why a text is no value of this key: the offending word; empty when it is one.
std::optional<std::string> bad_word(const ConfigKey& key, const ConfigValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    const bool good = key.type == KeyType::duration ? duration_from(*text).has_value()
                      : key.type == KeyType::size
                          ? size_from(*text) && size_from(*text)->value >= static_cast<std::uint64_t>(key.min)
                      : key.type == KeyType::choice ? is_choice(key, *text)
                                                    : true;
    if (!good) return *text;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number < key.min || *number > key.max) return fmt::format("{}", *number);
  }
  if (const auto* number = std::get_if<double>(&value)) {
    if (!std::isfinite(*number) || *number <= static_cast<double>(key.min)) return fmt::format("{}", *number);
  }
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    for (const std::string& word : *list) {
      if (key.type == KeyType::choice_list && !is_choice(key, word)) return word;
      if (key.type == KeyType::output_list && !is_output(key, word)) return word;
    }
  }
  return std::nullopt;
}

// The value as this key's type; nothing: the type is wrong.
std::optional<ConfigValue> typed(const ConfigKey& key, const TomlValue& value) {
  switch (key.type) {
    case KeyType::boolean:
      if (const auto* flag = std::get_if<bool>(&value)) return *flag;
      break;
    case KeyType::integer:
      if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
      break;
    case KeyType::number:
      if (const auto* number = std::get_if<double>(&value)) return *number;
      if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
      break;
    case KeyType::duration:
    case KeyType::size:
      // A bare number is a size in bytes; as a duration it has no unit, and only 0 needs none.
      if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
      [[fallthrough]];
    case KeyType::text:
    case KeyType::choice:
      if (const auto* text = std::get_if<std::string>(&value)) return *text;
      break;
    case KeyType::text_list:
    case KeyType::choice_list:
    case KeyType::output_list:
      if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
      break;
    case KeyType::text_map:
      if (std::holds_alternative<TomlTable>(value)) return std::map<std::string, std::string>{};
      break;
    case KeyType::anything:
      return std::string();
  }
  return std::nullopt;
}

// Reads the entries of one file into a layer, keeping count of what is wrong.
class Reader {
 public:
  Reader(std::string_view name, Layer layer) : name_(name), layer_(layer) {}

  LayerSettings take(const std::vector<TomlEntry>& entries) {
    for (const TomlEntry& entry : entries) {
      if (is_below_skipped(entry.path)) continue;
      if (entry.path[0] == "agents") {
        agent_entry(entry);
      } else {
        section_entry(entry);
      }
    }
    return std::move(out_);
  }

 private:
  using Kind = ConfigProblem::Kind;

  std::string where(const TomlEntry& entry) const { return fmt::format("{}:{}:{}", name_, entry.line, entry.column); }

  void problem(Kind kind, const TomlEntry& entry, const std::string& message, std::string hint = {}) {
    out_.problems.push_back({kind, where(entry) + ": " + message, std::move(hint)});
  }

  bool is_below_skipped(const std::vector<std::string>& path) const {
    if (skipped_.empty() || path.size() <= skipped_.size()) return false;
    return std::equal(skipped_.begin(), skipped_.end(), path.begin());
  }

  void unknown(const TomlEntry& entry, std::string_view what, const std::string& shown, std::string_view nearest_name) {
    problem(Kind::unknown_key, entry, fmt::format("unknown {} '{}'", what, shown_word(shown)),
            nearest_name.empty() ? std::string() : fmt::format("did you mean '{}'?", nearest_name));
    skipped_ = entry.path;
  }

  void section_entry(const TomlEntry& entry) {
    const auto sections = config_sections();
    const bool known = std::find(sections.begin(), sections.end(), entry.path[0]) != sections.end();
    if (!known) return unknown_section(entry);
    if (entry.path.size() == 1) {
      if (!std::holds_alternative<TomlTable>(entry.value)) {
        problem(Kind::error, entry, fmt::format("{}: {} is not a section", entry.path[0], describe(entry.value)),
                fmt::format("write [{}] on a line of its own", entry.path[0]));
      }
      return;
    }
    const ConfigKey* key = find_key(entry.path[0], entry.path[1]);
    if (key == nullptr) return unknown_key(entry, entry.path[0], entry.path[1], entry.path[0] + "." + entry.path[1]);
    const std::string full = entry.path[0] + "." + entry.path[1];
    if (auto setting = checked(entry, *key, full)) out_.settings[full] = std::move(*setting);
  }

  void unknown_section(const TomlEntry& entry) {
    std::vector<std::string_view> names(config_sections().begin(), config_sections().end());
    names.emplace_back("agents");
    const bool table = std::holds_alternative<TomlTable>(entry.value);
    unknown(entry, table ? "section" : "key", entry.path[0], nearest(entry.path[0], names));
  }

  void unknown_key(const TomlEntry& entry, std::string_view section, const std::string& name, const std::string& full) {
    std::vector<std::string_view> names;
    for (const ConfigKey& key : config_keys()) {
      if (key.section == section) names.push_back(key.name);
    }
    unknown(entry, "key", full, nearest(name, names));
  }

  void agent_entry(const TomlEntry& entry) {
    if (entry.path.size() == 1) {
      if (std::holds_alternative<TomlTable>(entry.value)) return;
      problem(Kind::error, entry, fmt::format("agents: {} is not a section", describe(entry.value)),
              "the names of the panel go to panel.agents; each agent has its own [agents.NAME]");
      return;
    }
    const std::string& id = entry.path[1];
    if (entry.path.size() == 2) return agent_section(entry, id);
    const std::string full = fmt::format("agents.{}.{}", id, entry.path[2]);
    const ConfigKey* key = find_key("agents", entry.path[2]);
    if (key == nullptr) return unknown_key(entry, "agents", entry.path[2], full);
    if (entry.path.size() == 3) {
      if (auto setting = checked(entry, *key, full)) out_.agents[id][entry.path[2]] = std::move(*setting);
      return;
    }
    map_entry(entry, id, full);
  }

  void agent_section(const TomlEntry& entry, const std::string& id) {
    if (!is_agent_id(id)) {
      problem(Kind::error, entry, bad_value("agents", id, kAllowedAgentId).message);
      skipped_ = entry.path;
    } else if (!std::holds_alternative<TomlTable>(entry.value)) {
      problem(Kind::error, entry, fmt::format("agents.{}: {} is not a section", id, describe(entry.value)));
    } else if (out_.agents.try_emplace(id).second) {
      out_.agent_order.push_back(id);
    }
  }

  // agents.NAME.env.VARIABLE
  void map_entry(const TomlEntry& entry, const std::string& id, const std::string& full) {
    const auto found = out_.agents[id].find(entry.path[2]);
    if (found == out_.agents[id].end()) return;  // its table was refused already
    auto* map = std::get_if<std::map<std::string, std::string>>(&found->second.value);
    const auto* text = std::get_if<std::string>(&entry.value);
    const std::string name = full + "." + shown_word(entry.path[3]);
    if (map == nullptr || text == nullptr || entry.path.size() > 4) {
      problem(Kind::error, entry, bad_value(name, describe(entry.value), "text in quotes").message);
      skipped_ = entry.path;
    } else if (entry.path[3].empty() || entry.path[3].find_first_of(std::string_view("=\0", 2)) != std::string::npos) {
      problem(Kind::error, entry, fmt::format("{}: not the name of a variable", name));
    } else if (text->find('\0') != std::string::npos) {
      problem(Kind::error, entry, fmt::format("{}: a variable cannot hold a NUL", name));
    } else {
      (*map)[entry.path[3]] = *text;
    }
  }

  std::optional<Setting> checked(const TomlEntry& entry, const ConfigKey& key, const std::string& full) {
    if (key.state == KeyState::not_yet) {
      std::string message = fmt::format("{} has no effect yet", full);
      if (!key.not_yet.empty()) message += fmt::format(": {}", key.not_yet);
      problem(Kind::warning, entry, message);
      skipped_ = entry.path;
      return std::nullopt;
    }
    const auto value = typed(key, entry.value);
    const auto bad = value ? bad_word(key, *value) : std::optional<std::string>(describe(entry.value));
    if (bad) {
      problem(Kind::error, entry, bad_value(full, *bad, allowed_values(key)).message);
      skipped_ = entry.path;
      return std::nullopt;
    }
    return Setting{*value, layer_, where(entry)};
  }

  std::string name_;
  Layer layer_;
  std::vector<std::string> skipped_;  // entries below this path have been dealt with
  LayerSettings out_;
};

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view part : split(text, ',')) {
    if (const std::string_view word = trim(part); !word.empty()) out.emplace_back(word);
  }
  return out;
}

TomlValue flag_value(const ConfigKey& key, std::string_view text) {
  switch (key.type) {
    case KeyType::boolean:
      if (text == "true" || text == "false") return text == "true";
      break;
    case KeyType::integer:
      if (const auto number = integer_from(text)) return *number;
      break;
    case KeyType::number:
      if (const auto number = number_from(text)) return *number;
      break;
    case KeyType::text_list:
    case KeyType::choice_list:
      return comma_list(text);
    default:
      break;
  }
  return std::string(text);
}

}  // namespace

std::string_view to_string(Layer layer) {
  switch (layer) {
    case Layer::built_in:
      return "built-in";
    case Layer::user:
      return "user";
    case Layer::repository:
      return "repository";
    case Layer::flags:
      return "flags";
  }
  return "";
}

std::string to_toml(const ConfigValue& value) {
  struct Writer {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return toml_text(text); }
    std::string operator()(const std::vector<std::string>& list) const {
      std::vector<std::string> items;
      items.reserve(list.size());
      for (const std::string& item : list) items.push_back(toml_text(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    std::string operator()(const std::map<std::string, std::string>& map) const {
      std::vector<std::string> items;
      items.reserve(map.size());
      for (const auto& [name, text] : map) items.push_back(fmt::format("{} = {}", toml_text(name), toml_text(text)));
      return items.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(items, ", "));
    }
  };
  return std::visit(Writer{}, value);
}

Result<LayerSettings> read_config(std::string_view text, std::string_view name, Layer layer) {
  TRY_ASSIGN(const std::vector<TomlEntry> entries, read_toml(text, name));
  return Reader(name, layer).take(entries);
}

Result<Setting> setting_from_values(std::string_view section, std::string_view key_name,
                                    const std::vector<std::string>& values, std::string_view option) {
  const ConfigKey* key = find_key(section, key_name);
  CHECK(key != nullptr);
  if (const auto bad = bad_word(*key, values)) {
    std::string allowed = allowed_values(*key);  // of one item: the option is given once for each
    if (constexpr std::string_view kList = "a list of "; allowed.starts_with(kList)) allowed.erase(0, kList.size());
    return bad_value(option, *bad, allowed);
  }
  return Setting{values, Layer::flags, std::string(option)};
}

Result<Setting> setting_from_flag(std::string_view section, std::string_view key_name, std::string_view text,
                                  std::string_view option) {
  const ConfigKey* key = find_key(section, key_name);
  CHECK(key != nullptr);
  const auto value = typed(*key, flag_value(*key, text));
  const auto bad = value ? bad_word(*key, *value) : std::optional<std::string>(std::string(text));
  if (bad) return bad_value(option, *bad, allowed_values(*key));
  return Setting{*value, Layer::flags, std::string(option)};
}

const Setting* Config::find(std::string_view key) const {
  const std::size_t dot = key.find('.');
  CHECK(dot != std::string_view::npos && find_key(key.substr(0, dot), key.substr(dot + 1)) != nullptr);
  const auto found = settings.find(std::string(key));
  return found == settings.end() ? nullptr : &found->second;
}

std::optional<std::string> Config::text(std::string_view key) const {
  const Setting* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  return std::get<std::string>(setting->value);
}

std::optional<std::int64_t> Config::integer(std::string_view key) const {
  const Setting* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  return std::get<std::int64_t>(setting->value);
}

std::optional<bool> Config::flag(std::string_view key) const {
  const Setting* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  return std::get<bool>(setting->value);
}

std::optional<double> Config::number(std::string_view key) const {
  const Setting* setting = find(key);
  if (setting == nullptr) return std::nullopt;
  return std::get<double>(setting->value);
}

std::vector<std::string> Config::list(std::string_view key) const {
  const Setting* setting = find(key);
  if (setting == nullptr) return {};
  return std::get<std::vector<std::string>>(setting->value);
}

Config built_in_config() {
  std::string text;
  for (const std::string_view section : config_sections()) {
    text += fmt::format("[{}]\n", section);
    for (const ConfigKey& key : config_keys()) {
      if (key.section == section && !key.default_value.empty())
        text += fmt::format("{} = {}\n", key.name, key.default_value);
    }
  }
  auto defaults = read_config(text, "built-in", Layer::built_in);
  CHECK(defaults.has_value() && defaults->problems.empty());
  Config config;
  config.settings = std::move(defaults->settings);
  for (auto& [name, setting] : config.settings) setting.where.clear();
  return config;
}

void apply_layer(Config& config, const LayerSettings& layer) {
  for (const auto& [name, setting] : layer.settings) config.settings[name] = setting;
  for (const std::string& id : layer.agent_order) {
    if (config.agents.try_emplace(id).second) config.agent_order.push_back(id);
  }
  for (const auto& [id, keys] : layer.agents) {
    for (const auto& [name, setting] : keys) config.agents[id][name] = setting;
  }
}

}  // namespace assize
