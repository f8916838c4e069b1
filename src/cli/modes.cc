// The table of execution modes, from what the adapters state.
#include <fmt/format.h>

#include "cli/roster.h"
#include "cli/task_setup.h"
#include "report/json_parts.h"
#include "report/json_writer.h"

namespace assize {

std::string modes_text() {
  std::string text, others;
  for (const std::string_view kind : adapter_kinds()) {
    const std::vector<ModeRule> table = (*adapter_for(kind))->modes();
    if (table.empty()) {
      others += fmt::format("{}{}", others.empty() ? "" : ", ", kind);
      continue;
    }
    text += fmt::format("{}\n", kind);
    for (const ModeRule& rule : table) {
      std::string stated = shell_words({rule.arguments.begin(), rule.arguments.end()});
      if (!rule.settings.empty()) stated += fmt::format("{}{}", stated.empty() ? "" : "; ", rule.settings);
      text += fmt::format("  {:<10} {}\n", to_string(rule.mode), rule.allows);
      if (!stated.empty()) text += fmt::format("  {:<10} by {}\n", "", stated);
    }
  }
  return text + fmt::format("{}\n  read_only alone: they can write nothing\n", others);
}

std::string modes_json() {
  report::JsonWriter json(report::JsonStyle::indented);
  json.begin_object();
  json.key("kinds");
  json.begin_array();
  for (const std::string_view kind : adapter_kinds()) {
    json.begin_object();
    json.field("kind", kind);
    json.key("modes");
    json.begin_array();
    for (const ModeRule& rule : (*adapter_for(kind))->modes()) {
      json.begin_object();
      json.field("mode", to_string(rule.mode));
      report::write_strings(json, "arguments", rule.arguments);
      json.field_or_null("settings", rule.settings);
      json.field("allows", rule.allows);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace assize
