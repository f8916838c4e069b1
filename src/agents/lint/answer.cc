#include "agents/lint/answer.h"

#include <algorithm>

#include <boost/json.hpp>

#include "core/text.h"

namespace assize::lint {

namespace json = boost::json;

namespace {

json::value or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object finding(const Hit& hit) {
  return {{"severity", to_string(hit.severity)},
          {"category", to_string(hit.category)},
          {"title", to_valid_utf8(hit.title)},
          {"file", to_valid_utf8(hit.path)},
          {"line", hit.line},
          {"end_line", hit.line},
          {"quote", or_null(to_valid_utf8(hit.quote))},
          {"detail", to_valid_utf8(hit.detail)},
          {"fix", or_null(to_valid_utf8(hit.fix))},
          {"confidence", hit.confidence},
          {"rule", to_valid_utf8(hit.rule)}};
}

}  // namespace

std::string contract_text(std::span<const Hit> hits, const std::vector<std::string>& checked,
                          std::string_view summary) {
  const bool serious =
      std::any_of(hits.begin(), hits.end(), [](const Hit& hit) { return hit.severity >= Severity::high; });
  json::array findings;
  for (const Hit& hit : hits) findings.push_back(finding(hit));
  json::array files;
  for (const std::string& path : checked) files.emplace_back(to_valid_utf8(path));
  return json::serialize(json::object{{"verdict", serious ? "request_changes" : "comment"},
                                      {"summary", to_valid_utf8(summary)},
                                      {"checked", std::move(files)},
                                      {"findings", std::move(findings)}});
}

}  // namespace assize::lint
