#include "cli/perspectives.h"

#include <boost/json.hpp>

#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::string_view kOption = "--perspectives";
constexpr std::string_view kAllowed = "a JSON object of texts: {\"AGENT\": \"TEXT\"}";

}  // namespace

Result<std::map<std::string, std::string>> read_perspectives(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value root = boost::json::parse({text.data(), text.size()}, error);
  if (error || !root.is_object() || root.get_object().empty()) return bad_value(kOption, text, kAllowed);
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : root.get_object()) {
    const std::string agent(key.data(), key.size());
    if (!is_agent_id(agent)) return bad_value(kOption, agent, kAllowedAgentId);
    if (!value.is_string() || trim({value.get_string().data(), value.get_string().size()}).empty()) {
      return bad_value(std::string(kOption) + ": " + agent, boost::json::serialize(value), "text that is not empty");
    }
    out[agent] = std::string(value.get_string().data(), value.get_string().size());
  }
  return out;
}

}  // namespace assize
