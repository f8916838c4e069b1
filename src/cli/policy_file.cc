#include "cli/policy_file.h"

#include <array>

#include <fmt/format.h>

#include "change/glob.h"
#include "cli/toml_reader.h"
#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::array<std::string_view, 6> kKeys = {"high_risk_paths",    "focus_areas", "forbidden_output",
                                                   "severity_overrides", "checklist",   "doc_links"};
constexpr std::array<std::string_view, 2> kCells = {"glob", "severity"};
constexpr std::string_view kAllowedOverrides = "a list of {glob = \"GLOB\", severity = \"SEVERITY\"}";
constexpr std::string_view kAllowedSeverity = "critical, high, medium, low, info";

class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) { out_.policy.name = name; }

  Result<PolicyFile> take(const std::vector<TomlEntry>& entries) {
    std::string skipped;  // a table that nobody knows, with all below it
    for (const TomlEntry& entry : entries) {
      const std::string& key = entry.path.front();
      if (key == skipped) continue;
      if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
        unknown(entry.line, entry.column, "", key, {kKeys.begin(), kKeys.end()});
        skipped = key;
        continue;
      }
      TRY(take(key, entry));
    }
    return std::move(out_);
  }

 private:
  std::string where(std::uint32_t line, std::uint32_t column) const {
    return fmt::format("{}:{}:{}: ", name_, line, column);
  }
  Error wrong(std::uint32_t line, std::uint32_t column, std::string_view key, std::string_view value,
              std::string_view allowed) const {
    return bad_value(where(line, column) + std::string(key), value, allowed);
  }
  Error wrong(const TomlEntry& entry, std::string_view allowed) const {
    return wrong(entry.line, entry.column, entry.path.front(), describe(entry.value), allowed);
  }
  void unknown(std::uint32_t line, std::uint32_t column, std::string_view prefix, const std::string& key,
               const std::vector<std::string_view>& known) {
    const std::string_view close = nearest(key, known);
    out_.warnings.push_back(where(line, column) + fmt::format("unknown key '{}{}'", prefix, shown_word(key)) +
                            (close.empty() ? "" : fmt::format(" (did you mean '{}'?)", close)));
  }

  Result<bool> take(const std::string& key, const TomlEntry& entry) {
    Policy& policy = out_.policy;
    if (key == "checklist") return take_checklist(entry);
    if (key == "severity_overrides") return take_overrides(entry);
    std::vector<std::string>& list = key == "high_risk_paths"    ? policy.high_risk_paths
                                     : key == "focus_areas"      ? policy.focus_areas
                                     : key == "forbidden_output" ? policy.forbidden_output
                                                                 : policy.doc_links;
    TRY_ASSIGN(list, texts(entry));
    if (key == "high_risk_paths") {
      for (const std::string& glob : list) TRY(check_glob(entry.line, entry.column, key, glob));
    }
    return true;
  }

  // An empty item says nothing; of a forbidden text it would forbid everything.
  Result<std::vector<std::string>> texts(const TomlEntry& entry) const {
    const auto* list = std::get_if<std::vector<std::string>>(&entry.value);
    if (list == nullptr) return wrong(entry, "a list of texts in quotes");
    for (const std::string& text : *list) {
      if (trim(text).empty()) {
        return wrong(entry.line, entry.column, entry.path.front(), text, "texts that are not empty");
      }
    }
    return *list;
  }

  Result<bool> check_glob(std::uint32_t line, std::uint32_t column, std::string_view key,
                          const std::string& glob) const {
    if (const auto parsed = GlobList::parse({glob}); !parsed) {
      return invalid(where(line, column) + fmt::format("{}: {}", key, parsed.error().message), parsed.error().hint);
    }
    return true;
  }

  // One text, or a list with an item each.
  Result<bool> take_checklist(const TomlEntry& entry) {
    if (const auto* text = std::get_if<std::string>(&entry.value)) {
      out_.policy.checklist = *text;
      return true;
    }
    if (!std::holds_alternative<std::vector<std::string>>(entry.value)) {
      return wrong(entry, "text in quotes, or a list of texts");
    }
    TRY_ASSIGN(const std::vector<std::string> items, texts(entry));
    for (const std::string& item : items) out_.policy.checklist += fmt::format("- {}\n", trim(item));
    return true;
  }

  Result<bool> take_overrides(const TomlEntry& entry) {
    if (const auto* none = std::get_if<std::vector<std::string>>(&entry.value); none != nullptr && none->empty()) {
      return true;
    }
    const auto* rows = std::get_if<TomlRows>(&entry.value);
    if (rows == nullptr) return wrong(entry, kAllowedOverrides);
    for (const TomlRow& row : *rows) {
      TRY_ASSIGN(SeverityOverride one, override_of(row));
      out_.policy.overrides.push_back(std::move(one));
    }
    return true;
  }

  Result<SeverityOverride> override_of(const TomlRow& row) {
    constexpr std::string_view kKey = "severity_overrides";
    SeverityOverride one;
    bool has_severity = false;
    for (const TomlCell& cell : row.cells) {
      const std::string key = fmt::format("{}.{}", kKey, shown_word(cell.key));
      if (std::find(kCells.begin(), kCells.end(), cell.key) == kCells.end()) {
        unknown(cell.line, cell.column, "severity_overrides.", cell.key, {kCells.begin(), kCells.end()});
        continue;
      }
      if (!cell.text) return wrong(cell.line, cell.column, key, cell.what, "text in quotes");
      if (cell.key == "glob") {
        TRY(check_glob(cell.line, cell.column, key, *cell.text));
        one.glob = *cell.text;
      } else {
        const auto severity = severity_from(*cell.text);
        if (!severity) return wrong(cell.line, cell.column, key, *cell.text, kAllowedSeverity);
        one.severity = *severity;
        has_severity = true;
      }
    }
    if (one.glob.empty() || !has_severity) {
      return invalid(where(row.line, row.column) +
                     fmt::format("{}: an entry has no {}", kKey, one.glob.empty() ? "glob" : "severity"));
    }
    return one;
  }

  std::string_view name_;
  PolicyFile out_;
};

}  // namespace

Result<PolicyFile> read_policy(std::string_view text, std::string_view name) {
  if (text.size() > kMaxPolicyBytes) {
    return invalid(
        fmt::format("{}: {} bytes are too many for a policy; at most {}", name, text.size(), kMaxPolicyBytes));
  }
  TRY_ASSIGN(const std::vector<TomlEntry> entries, read_toml(text, name));
  return Reader(name).take(entries);
}

}  // namespace assize
