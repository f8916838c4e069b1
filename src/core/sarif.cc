#include "core/sarif.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/text.h"

namespace assize {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxMessage = 4000;
constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxPath = 4096;
constexpr std::size_t kMaxQuote = 1000;

const json::value* member(const json::value* value, std::string_view key) {
  if (value == nullptr || !value->is_object()) return nullptr;
  return value->get_object().if_contains(key);
}

const json::array& items(const json::value* value, std::string_view key) {
  static const json::array kNone;
  const json::value* found = member(value, key);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

std::string_view text_of(const json::value* value) {
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}
std::string_view text(const json::value* value, std::string_view key) {
  return text_of(member(value, key));
}

std::string line_of(std::string_view given, std::size_t cap) {
  return cap_bytes(trim(strip_controls(to_valid_utf8(given), Newlines::to_space)), cap);
}

// A message is text, or an id into the rule's or the tool's strings, with {0} for its arguments.
std::string_view message_text(const json::value* message) {
  const std::string_view plain = text(message, "text");
  return plain.empty() ? text(message, "markdown") : plain;
}

std::optional<double> number(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  double found = -1;
  if (value->is_double()) {
    found = value->get_double();
  } else if (value->is_int64()) {
    found = static_cast<double>(value->get_int64());
  } else if (value->is_string()) {  // security-severity is written as a string
    const std::string digits(value->get_string());
    char* end = nullptr;
    found = std::strtod(digits.c_str(), &end);
    if (end == digits.c_str()) return std::nullopt;
  } else {
    return std::nullopt;
  }
  if (!std::isfinite(found)) return std::nullopt;
  return found;
}

std::optional<std::uint32_t> line_number(const json::value* value) {
  const std::optional<double> found = number(value);
  if (!found || *found < 1 || *found > 1e9 || value->is_string()) return std::nullopt;
  return static_cast<std::uint32_t>(*found);
}

std::optional<std::size_t> index(const json::value* value) {
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
  return static_cast<std::size_t>(value->get_int64());
}

// GitHub's reading of security-severity (CVSS bands).
Severity by_score(double score) {
  if (score >= 9.0) return Severity::critical;
  if (score >= 7.0) return Severity::high;
  if (score >= 4.0) return Severity::medium;
  return score > 0 ? Severity::low : Severity::info;
}

std::optional<Severity> by_level(std::string_view level) {
  if (level == "error") return Severity::high;
  if (level == "warning") return Severity::medium;
  if (level == "note") return Severity::low;
  return std::nullopt;
}

// One run: its tool, its rules and its files.
class RunReader {
 public:
  RunReader(const json::value& run, std::size_t at, SarifLog& log) : run_(run), at_(at), log_(log) {
    const json::value* tool = member(&run_, "tool");
    driver_ = member(tool, "driver");
    extensions_ = &items(tool, "extensions");
    name_ = line_of(text(driver_, "name"), kMaxName);
    if (name_.empty()) name_ = "unnamed tool";
  }

  void read() {
    log_.tools.push_back(name_);
    read_invocations();
    for (const json::value& artifact : items(&run_, "artifacts")) {
      const std::string path = path_at(member(&artifact, "location"));
      if (!path.empty() && log_.checked.size() < kMaxSarifResults) log_.checked.push_back(path);
    }
    const json::array& results = items(&run_, "results");
    std::size_t skipped = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (log_.results.size() >= kMaxSarifResults) {
        log_.warnings.push_back(fmt::format("only the first {} results were read", kMaxSarifResults));
        break;
      }
      if (!read_result(results[i], i)) ++skipped;
    }
    if (skipped > 0)
      log_.warnings.push_back(fmt::format("{} results of {} hold no message and were skipped", skipped, name_));
  }

 private:
  void read_invocations() {
    for (const json::value& invocation : items(&run_, "invocations")) {
      const json::value* good = member(&invocation, "executionSuccessful");
      if (good != nullptr && good->is_bool() && !good->get_bool())
        log_.failures.push_back(name_ + " says that it failed");
      for (const json::value& note : items(&invocation, "toolExecutionNotifications")) {
        if (text(&note, "level") != "error") continue;
        log_.failures.push_back(name_ + ": " + line_of(message_text(member(&note, "message")), kMaxQuote));
      }
    }
  }

  // The rule's descriptor: by index, else by id.
  const json::value* rule_of(const json::value& result, std::string_view id) const {
    const json::value* reference = member(&result, "rule");
    const json::value* component = driver_;
    if (const auto extension = index(member(member(reference, "toolComponent"), "index"))) {
      component = *extension < extensions_->size() ? &(*extensions_)[*extension] : nullptr;
    }
    const json::array& rules = items(component, "rules");
    std::optional<std::size_t> at = index(member(&result, "ruleIndex"));
    if (!at) at = index(member(reference, "index"));
    if (at && *at < rules.size()) {
      // An index that contradicts the id is a mistake of the producer: the id counts.
      const std::string_view named = text(&rules[*at], "id");
      if (id.empty() || named == id || id.starts_with(std::string(named) + "/")) return &rules[*at];
    }
    return id.empty() ? nullptr : rule_by_id(rules, id);
  }

  const json::value* rule_by_id(const json::array& rules, std::string_view id) const {
    if (by_id_rules_ != &rules) {
      by_id_.clear();
      for (const json::value& rule : rules) by_id_.emplace(text(&rule, "id"), &rule);
      by_id_rules_ = &rules;
    }
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

  std::string path_at(const json::value* location) const {
    std::string_view uri = text(location, "uri");
    if (uri.empty()) {
      const auto at = index(member(location, "index"));
      const json::array& artifacts = items(&run_, "artifacts");
      if (at && *at < artifacts.size()) uri = text(member(&artifacts[*at], "location"), "uri");
    }
    return cap_bytes(strip_controls(to_valid_utf8(path_of_uri(uri)), Newlines::to_space), kMaxPath);
  }

  bool read_result(const json::value& value, std::size_t i) {
    if (!value.is_object()) return false;
    const std::string_view kind = text(&value, "kind");
    if (kind == "pass" || kind == "notApplicable" || kind == "informational") return true;
    SarifResult result;
    result.tool = name_;
    result.where = fmt::format("/runs/{}/results/{}", at_, i);
    std::string_view id = text(&value, "ruleId");
    if (id.empty()) id = text(member(&value, "rule"), "id");
    const json::value* rule = rule_of(value, id);
    if (id.empty()) id = text(rule, "id");
    result.rule = line_of(id, kMaxName);
    if (!read_severity(value, rule, result)) return true;
    read_words(value, rule, result);
    if (result.message.empty()) return false;
    read_place(value, result);
    read_identity(value, result);
    log_.results.push_back(std::move(result));
    return true;
  }

  // False: the result says that there is nothing wrong.
  static bool read_severity(const json::value& value, const json::value* rule, SarifResult& result) {
    std::string_view level = text(&value, "level");
    const json::value* configured = member(rule, "defaultConfiguration");
    if (level.empty()) level = text(configured, "level");
    if (level == "none") return false;
    std::optional<double> score = number(member(member(&value, "properties"), "security-severity"));
    if (!score) score = number(member(member(rule, "properties"), "security-severity"));
    std::optional<double> rank = number(member(&value, "rank"));
    if (!rank) rank = number(member(configured, "rank"));
    if (score && *score >= 0 && *score <= 10) {
      result.severity = by_score(*score);
      result.category = Category::security;
      result.severity_given = true;
    } else if (const auto given = by_level(level)) {
      result.severity = *given;
      result.severity_given = true;
    } else if (rank && *rank >= 0 && *rank <= 100) {
      result.severity = by_score(*rank / 10);
      result.severity_given = true;
    }
    for (const json::value& tag : items(member(rule, "properties"), "tags")) {
      const std::string_view word = text_of(&tag);
      if (word == "security" || word.starts_with("external/cwe")) result.category = Category::security;
      if (word == "performance") result.category = Category::performance;
      if (word == "maintainability" || word == "style" || word == "readability") {
        result.category = Category::maintainability;
      }
    }
    return true;
  }

  void read_words(const json::value& value, const json::value* rule, SarifResult& result) const {
    const json::value* message = member(&value, "message");
    std::string words(message_text(message));
    if (words.empty()) {
      const std::string_view id = text(message, "id");
      const json::value* strings = member(rule, "messageStrings");
      words = message_text(member(strings, id));
      if (words.empty()) words = message_text(member(member(driver_, "globalMessageStrings"), id));
    }
    if (words.empty()) words = message_text(member(rule, "shortDescription"));
    const json::array& arguments = items(message, "arguments");
    for (std::size_t i = 0; i < std::min<std::size_t>(arguments.size(), 9); ++i) {
      const std::string mark = fmt::format("{{{}}}", i);
      if (const std::size_t at = words.find(mark); at != std::string::npos) {
        words.replace(at, mark.size(), text_of(&arguments[i]));
      }
    }
    result.message = line_of(words, kMaxMessage);
    result.detail = line_of(message_text(member(rule, "fullDescription")), kMaxMessage);
    if (result.detail.empty()) result.detail = line_of(message_text(member(rule, "help")), kMaxMessage);
    const json::array& fixes = items(&value, "fixes");
    if (!fixes.empty()) result.fix = line_of(message_text(member(&fixes[0], "description")), kMaxMessage);
  }

  void read_place(const json::value& value, SarifResult& result) const {
    const json::array& locations = items(&value, "locations");
    if (locations.empty()) {
      result.path = path_at(member(&value, "analysisTarget"));
      return;
    }
    const json::value* physical = member(&locations[0], "physicalLocation");
    result.path = path_at(member(physical, "artifactLocation"));
    const json::value* region = member(physical, "region");
    if (const auto first = line_number(member(region, "startLine"))) {
      const std::uint32_t last = line_number(member(region, "endLine")).value_or(*first);
      result.lines = LineRange{*first, std::max(*first, last)};
    }
    const std::string_view snippet = text(member(region, "snippet"), "text");
    for (const std::string_view line : split_lines(snippet.substr(0, kMaxMessage))) {
      if (trim(line).empty()) continue;
      result.quote = line_of(line, kMaxQuote);
      break;
    }
    const json::array& logical = items(&locations[0], "logicalLocations");
    if (!logical.empty()) result.symbol = line_of(text(&logical[0], "fullyQualifiedName"), kMaxName);
  }

  static void read_identity(const json::value& value, SarifResult& result) {
    result.guid = line_of(text(&value, "guid"), kMaxName);
    for (const std::string_view key : {"partialFingerprints", "fingerprints"}) {
      const json::value* prints = member(&value, key);
      if (prints == nullptr || !prints->is_object()) continue;
      for (const auto& entry : prints->get_object()) {
        if (result.fingerprint.empty()) result.fingerprint = line_of(text_of(&entry.value()), kMaxName);
      }
    }
    for (const json::value& suppression : items(&value, "suppressions")) {
      if (text(&suppression, "status") == "rejected" || text(&suppression, "status") == "underReview") continue;
      std::string why = line_of(text(&suppression, "justification"), kMaxName);
      if (why.empty()) why = line_of(text(&suppression, "kind"), kMaxName);
      result.suppressed = why.empty() ? "suppressed by its producer" : why;
    }
  }

  const json::value& run_;
  std::size_t at_;
  SarifLog& log_;
  const json::value* driver_ = nullptr;
  const json::array* extensions_ = nullptr;
  std::string name_;
  mutable std::map<std::string_view, const json::value*> by_id_;
  mutable const json::array* by_id_rules_ = nullptr;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view uri) {
  std::string out;
  out.reserve(uri.size());
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] == '%' && i + 2 < uri.size() && hex_digit(uri[i + 1]) >= 0 && hex_digit(uri[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(uri[i + 1]) * 16 + hex_digit(uri[i + 2])));
      i += 2;
    } else {
      out.push_back(uri[i]);
    }
  }
  return out;
}

}  // namespace

std::string path_of_uri(std::string_view uri) {
  const std::string_view given = uri;
  bool absolute = false;
  if (uri.starts_with("file:")) {
    uri.remove_prefix(5);
    if (uri.starts_with("//")) {  // what stands before the next slash is a host
      uri.remove_prefix(2);
      const std::size_t slash = uri.find('/');
      uri = slash == std::string_view::npos ? std::string_view() : uri.substr(slash);
    }
    absolute = true;
  } else if (uri.size() > 2 && uri.front() == '%') {  // %SRCROOT%/…
    const std::size_t end = uri.find('%', 1);
    const std::string_view name = end == std::string_view::npos ? std::string_view() : uri.substr(1, end - 1);
    const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(),
                                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
    if (is_name) {
      uri.remove_prefix(end + 1);
      while (uri.starts_with('/')) uri.remove_prefix(1);
    }
  }
  std::string path = percent_decoded(uri);
  std::replace(path.begin(), path.end(), '\\', '/');
  while (path.starts_with("./")) path.erase(0, 2);
  if (absolute && path.size() > 2 && path[0] == '/' && path[2] == ':') path.erase(0, 1);  // /C:/x
  return path.empty() ? std::string(given) : path;
}

Result<SarifLog> read_sarif(std::string_view bytes) {
  if (bytes.size() > kMaxSarifBytes) {
    return invalid(fmt::format("SARIF of {} bytes; at most {} are read", bytes.size(), kMaxSarifBytes));
  }
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  json::parse_options options;
  options.max_depth = kMaxSarifDepth;
  options.allow_invalid_utf8 = true;  // every string is cleaned when it is taken out
  boost::system::error_code failed;
  json::monotonic_resource arena;
  const json::value root = json::parse({bytes.data(), bytes.size()}, failed, &arena, options);
  if (failed) return invalid("not readable as SARIF: " + failed.message());
  if (member(&root, "runs") == nullptr) return invalid("no SARIF log: it has no \"runs\"", "is it another format?");
  SarifLog log;
  const std::string_view version = text(&root, "version");
  if (version != "2.1.0") {
    log.warnings.push_back(fmt::format("the log says version \"{}\"; it is read as 2.1.0", line_of(version, kMaxName)));
  }
  const json::array& runs = items(&root, "runs");
  for (std::size_t i = 0; i < runs.size(); ++i) RunReader(runs[i], i, log).read();
  return log;
}

}  // namespace assize
