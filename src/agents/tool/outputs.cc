#include "agents/tool/outputs.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "agents/json_access.h"
#include "core/sarif.h"
#include "core/text.h"

namespace assize::tool {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxLine = 8000;

std::string clean(std::string_view text) {
  return cap_bytes(trim(strip_controls(to_valid_utf8(text), Newlines::to_space)), kMaxLine);
}

// Digits at `at`, advancing it; 0 when there are none or too many.
std::uint32_t take_number(std::string_view line, std::size_t& at) {
  std::uint32_t number = 0;
  const std::size_t begin = at;
  while (at < line.size() && line[at] >= '0' && line[at] <= '9' && at - begin < 9) {
    number = number * 10 + static_cast<std::uint32_t>(line[at++] - '0');
  }
  return number;
}

constexpr std::array<std::string_view, 13> kLevels = {
    "fatal error", "error",       "warning", "note",  "remark", "style",     "performance",
    "portability", "information", "info",    "debug", "hint",   "convention"};

// "path:12:3: rest" or "path:12: rest"; the path may hold colons. Nothing when the line is of another kind.
std::optional<Remark> head_of(std::string_view line, std::string_view& rest) {
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1)) {
    std::size_t at = colon + 1;
    const std::uint32_t number = take_number(line, at);
    if (colon == 0 || number == 0 || at >= line.size() || line[at] != ':') continue;
    ++at;
    std::size_t after_column = at;
    take_number(line, after_column);
    if (after_column > at && after_column < line.size() && line[after_column] == ':') at = after_column + 1;
    if (at >= line.size() || line[at] != ' ') continue;
    Remark remark;
    remark.path = line.substr(0, colon);
    remark.line = number;
    rest = trim(line.substr(at));
    return remark;
  }
  return std::nullopt;
}

// The last " [word]" of the text, taken off it; empty when there is none.
std::string_view take_brackets(std::string_view& text) {
  if (!text.ends_with(']')) return {};
  const std::size_t open = text.rfind(" [");
  if (open == std::string_view::npos) return {};
  const std::string_view inside = text.substr(open + 2, text.size() - open - 3);
  if (inside.empty() || inside.find(' ') != std::string_view::npos) return {};
  text = trim(text.substr(0, open));
  return inside;
}

// "message [rule]" or "message [CWE-1] [-Wrule]".
void split_rule(std::string_view rest, Remark& remark) {
  const std::string_view rule = take_brackets(rest);
  remark.rule = rule.substr(0, rule.find(','));  // clang-tidy adds ",-warnings-as-errors"
  if (rest.find(" [CWE-") != std::string_view::npos) take_brackets(rest);
  remark.message = clean(rest);
}

// gcc's wrapper prints this after each file, so that a file that does not compile is told from one without findings.
constexpr std::string_view kStatusMark = "assize-status: ";

Output read_lines(std::string_view text, Format format) {
  Output out;
  for (const std::string_view full : split_lines(text)) {
    if (out.remarks.size() >= kMaxRemarks) {
      out.warnings.push_back(fmt::format("only the first {} remarks were read", kMaxRemarks));
      break;
    }
    const std::string_view line = full.substr(0, kMaxLine);
    if (line.starts_with(kStatusMark)) {
      const std::string_view rest = line.substr(kStatusMark.size());
      const std::size_t space = rest.find(' ');
      if (space == std::string_view::npos) continue;
      (rest.substr(0, space) == "0" ? out.finished : out.failed).emplace_back(rest.substr(space + 1));
      continue;
    }
    std::string_view rest;
    std::optional<Remark> remark = head_of(line, rest);
    if (!remark) continue;
    if (format == Format::plain) {
      remark->message = clean(rest);
      out.remarks.push_back(std::move(*remark));
      continue;
    }
    for (const std::string_view level : kLevels) {
      if (!rest.starts_with(level) || !rest.substr(level.size()).starts_with(':')) continue;
      remark->level = level;
      split_rule(trim(rest.substr(level.size() + 1)), *remark);
      if (!remark->message.empty()) out.remarks.push_back(std::move(*remark));
      break;
    }
  }
  return out;
}

std::uint32_t line_at(const json::object& object, JsonPath path) {
  const std::optional<std::uint64_t> number = json_count(object, path);
  return number && *number < 1'000'000'000 ? static_cast<std::uint32_t>(*number) : 0;
}

const json::array* array_of(const JsonText& document) {
  return document.value().is_array() ? &document.value().get_array() : nullptr;
}

template <class Each>
void for_each_object(const json::array* array, Each each) {
  if (array == nullptr) return;
  std::size_t count = 0;
  for (const json::value& item : *array) {
    if (++count > kMaxRemarks) break;
    if (item.is_object()) each(item.get_object());
  }
}

Result<Output> read_shellcheck(const JsonText& document) {
  const json::array* comments = document.object() == nullptr ? nullptr : json_array(*document.object(), {"comments"});
  if (comments == nullptr) return invalid("shellcheck's output has no comments");
  Output out;
  for_each_object(comments, [&](const json::object& item) {
    Remark remark;
    remark.path = json_text(item, {"file"});
    remark.line = line_at(item, {"line"});
    remark.end_line = line_at(item, {"endLine"});
    remark.level = json_text(item, {"level"});
    const auto code = json_count(item, {"code"});
    if (code) remark.rule = fmt::format("SC{}", *code);
    remark.message = clean(json_text(item, {"message"}));
    // A syntax error ends the analysis of the file (SC1xxx of level error).
    if (remark.level == "error" && code && *code < 2000) out.failed.push_back(remark.path);
    out.remarks.push_back(std::move(remark));
  });
  return out;
}

Result<Output> read_bandit(const JsonText& document) {
  const json::array* results = document.object() == nullptr ? nullptr : json_array(*document.object(), {"results"});
  if (results == nullptr) return invalid("bandit's output has no results");
  Output out;
  for_each_object(results, [&](const json::object& item) {
    Remark remark;
    remark.path = json_text(item, {"filename"});
    remark.line = line_at(item, {"line_number"});
    remark.level = json_text(item, {"issue_severity"});
    remark.confidence = json_text(item, {"issue_confidence"});
    remark.rule = json_text(item, {"test_id"});
    remark.message = clean(json_text(item, {"issue_text"}));
    out.remarks.push_back(std::move(remark));
  });
  for_each_object(json_array(*document.object(), {"errors"}), [&](const json::object& item) {
    out.failed.emplace_back(json_text(item, {"filename"}));
    out.warnings.push_back(clean(fmt::format("{}: {}", json_text(item, {"filename"}), json_text(item, {"reason"}))));
  });
  return out;
}

Result<Output> read_ruff(const JsonText& document) {
  const json::array* items = array_of(document);
  if (items == nullptr) return invalid("ruff's output is no list");
  Output out;
  for_each_object(items, [&](const json::object& item) {
    Remark remark;
    remark.path = json_text(item, {"filename"});
    remark.line = line_at(item, {"location", "row"});
    remark.rule = json_text(item, {"code"});
    remark.message = clean(json_text(item, {"message"}));
    remark.fix = clean(json_text(item, {"fix", "message"}));
    if (remark.rule.empty() || remark.rule == "E999" || remark.rule == "invalid-syntax") {
      remark.rule = "invalid-syntax";
      out.failed.push_back(remark.path);
    }
    out.remarks.push_back(std::move(remark));
  });
  return out;
}

Result<Output> read_eslint(const JsonText& document) {
  const json::array* files = array_of(document);
  if (files == nullptr) return invalid("eslint's output is no list");
  Output out;
  for_each_object(files, [&](const json::object& file) {
    const std::string path(json_text(file, {"filePath"}));
    for_each_object(json_array(file, {"messages"}), [&](const json::object& item) {
      Remark remark;
      remark.path = path;
      remark.line = line_at(item, {"line"});
      remark.level = json_count(item, {"severity"}) == 2U ? "error" : "warning";
      remark.rule = json_text(item, {"ruleId"});
      remark.message = clean(json_text(item, {"message"}));
      if (json_bool(item, {"fatal"}).value_or(false)) {
        remark.rule = "invalid-syntax";
        out.failed.push_back(path);
      }
      if (remark.rule.empty()) {  // "File ignored because …"
        out.failed.push_back(path);
        out.warnings.push_back(path + ": " + remark.message);
        return;
      }
      out.remarks.push_back(std::move(remark));
    });
  });
  return out;
}

Result<Output> read_sarif_output(std::string_view text) {
  TRY_ASSIGN(SarifLog log, read_sarif(text));
  Output out;
  out.warnings = std::move(log.warnings);
  out.warnings.insert(out.warnings.end(), log.failures.begin(), log.failures.end());
  for (SarifResult& result : log.results) {
    Remark remark;
    remark.path = std::move(result.path);
    if (result.lines) {
      remark.line = result.lines->first;
      remark.end_line = result.lines->last;
    }
    remark.rule = std::move(result.rule);
    remark.message = std::move(result.message);
    remark.fix = std::move(result.fix);
    if (result.severity_given) remark.severity = result.severity;
    remark.suppressed = result.suppressed.has_value();
    out.remarks.push_back(std::move(remark));
  }
  return out;
}

}  // namespace

Result<Output> read_output(Format format, std::string_view text) {
  if (format == Format::gcc || format == Format::plain) return read_lines(text, format);
  if (format == Format::sarif) return read_sarif_output(text);
  const std::optional<JsonText> document = JsonText::parse(text);
  if (!document) return invalid("the output is not JSON");
  switch (format) {
    case Format::shellcheck:
      return read_shellcheck(*document);
    case Format::bandit:
      return read_bandit(*document);
    case Format::ruff:
      return read_ruff(*document);
    default:
      return read_eslint(*document);
  }
}

}  // namespace assize::tool
