#include "cli/schema.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "cli/config_keys.h"

namespace assize {
namespace {

namespace json = boost::json;

// The units of cli/values.cc as patterns.
constexpr std::string_view kDurationPattern = "^([0-9]+(ms|s|m|h)|0)$";
constexpr std::string_view kSizePattern = "^[0-9]+([kKmMgG]|Ki|Mi|Gi)?$";
constexpr std::string_view kAgentIdPattern = "^[A-Za-z0-9_.-]{1,64}$";

json::array choices(const ConfigKey& key) {
  json::array out;
  for (const std::string_view word : key.choices) out.emplace_back(json::string(word));
  return out;
}

std::string output_pattern(const ConfigKey& key) {
  return fmt::format("^({}):.+", fmt::join(key.choices, "|"));
}

json::object typed(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::boolean:
      return {{"type", "boolean"}};
    case KeyType::integer: {
      json::object out{{"type", "integer"}, {"minimum", key.min}};
      if (key.max != std::numeric_limits<std::int64_t>::max()) out["maximum"] = key.max;
      return out;
    }
    case KeyType::number:
      return {{"type", "number"}, {"exclusiveMinimum", key.min}};
    case KeyType::duration:
      return {{"anyOf", json::array{json::object{{"type", "string"}, {"pattern", json::string(kDurationPattern)}},
                                    json::object{{"const", 0}}}}};
    case KeyType::size:
      return {{"anyOf", json::array{json::object{{"type", "string"}, {"pattern", json::string(kSizePattern)}},
                                    json::object{{"type", "integer"}, {"minimum", key.min}}}}};
    case KeyType::text:
      return {{"type", "string"}};
    case KeyType::text_list:
      return {{"type", "array"}, {"items", json::object{{"type", "string"}}}};
    case KeyType::choice:
      return {{"enum", choices(key)}};
    case KeyType::choice_list:
      return {{"type", "array"}, {"items", json::object{{"enum", choices(key)}}}};
    case KeyType::output_list:
      return {{"type", "array"},
              {"items", json::object{{"type", "string"}, {"pattern", json::string(output_pattern(key))}}}};
    case KeyType::text_map:
      return {{"type", "object"}, {"additionalProperties", json::object{{"type", "string"}}}};
    case KeyType::anything:
      return {};
  }
  return {};
}

json::object section(std::string_view name) {
  json::object properties;
  for (const ConfigKey& key : config_keys()) {
    if (key.section != name) continue;
    json::object property{{"description", key.state == KeyState::works
                                              ? json::string(key.help)
                                              : json::string(fmt::format("Not built yet: {}", key.help))}};
    for (auto& [word, value] : typed(key)) property[word] = value;
    // Values of the table are such as TOML and JSON write alike.
    if (!key.default_value.empty())
      property["default"] = json::parse({key.default_value.data(), key.default_value.size()});
    if (key.state == KeyState::not_yet) property["deprecated"] = true;
    properties[key.name] = std::move(property);
  }
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

// Indented, since the file is committed and read by people. The depth is that of the schema: under ten.
void write(const json::value& value, std::size_t depth, std::string& out) {
  const std::string indent(2 * depth, ' ');
  if (const json::object* object = value.if_object(); object != nullptr && !object->empty()) {
    out += "{";
    std::string_view separator = "\n";
    for (const auto& [key, member] : *object) {
      out += fmt::format("{}{}  {}: ", separator, indent, json::serialize(json::string(key)));
      write(member, depth + 1, out);
      separator = ",\n";
    }
    out += "\n" + indent + "}";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string config_schema() {
  json::object properties;
  for (const std::string_view name : config_sections()) properties[name] = section(name);
  properties["agents"] =
      json::object{{"type", "object"},
                   {"additionalProperties", false},
                   {"patternProperties", json::object{{json::string_view(kAgentIdPattern), section("agents")}}}};
  const json::object root{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                          {"title", "assize.toml"},
                          {"description", "Configuration of Assize; docs/config.md explains it."},
                          {"type", "object"},
                          {"additionalProperties", false},
                          {"properties", std::move(properties)}};
  std::string out;
  write(root, 0, out);
  return out + "\n";
}

}  // namespace assize
