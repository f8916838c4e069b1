#include "agents/lint/engine.h"

#include <algorithm>
#include <array>
#include <memory>

#include <re2/re2.h>

#include "core/result.h"
#include "core/text.h"

namespace assize::lint {

namespace {

constexpr int kMaxGroups = 6;             // the whole match and five groups
constexpr std::size_t kMaxMatches = 64;   // looked at on one line, when a guard turns them down
constexpr std::size_t kMaxCaptured = 60;  // bytes of a group in a title

struct Compiled {
  const Rule* rule = nullptr;
  std::unique_ptr<re2::RE2> pattern;
  std::unique_ptr<re2::RE2> unless;
};

std::unique_ptr<re2::RE2> compile(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);  // any bytes; the patterns are ASCII
  auto compiled = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  CHECK(compiled->ok());
  CHECK(compiled->NumberOfCapturingGroups() < kMaxGroups);
  return compiled;
}

Compiled compile(const Rule& rule) {
  return {&rule, compile(rule.pattern), rule.unless.empty() ? nullptr : compile(rule.unless)};
}

std::string_view view_of(const SourceLine& line, View view) {
  switch (view) {
    case View::raw:
      return line.raw;
    case View::text:
      return line.text;
    case View::code:
      return line.code;
  }
  return line.raw;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

bool holds_keyword(std::string_view lower, const Rule& rule) {
  return rule.keywords.empty() || std::any_of(rule.keywords.begin(), rule.keywords.end(), [&](std::string_view word) {
           return lower.find(word) != std::string_view::npos;
         });
}

// The first match that the guard accepts, as captures; empty when there is none.
std::vector<std::string_view> match(const Compiled& compiled, const Source& source, std::size_t index) {
  const std::string_view text = view_of(source.lines[index], compiled.rule->view);
  const int groups = compiled.pattern->NumberOfCapturingGroups() + 1;
  std::array<re2::StringPiece, kMaxGroups> found;
  std::size_t from = 0;
  for (std::size_t tries = 0; tries < kMaxMatches && from <= text.size(); ++tries) {
    if (!compiled.pattern->Match(piece(text), from, text.size(), re2::RE2::UNANCHORED, found.data(), groups)) return {};
    if (compiled.unless != nullptr && re2::RE2::PartialMatch(piece(text), *compiled.unless)) return {};
    std::vector<std::string_view> captures;
    captures.reserve(static_cast<std::size_t>(groups));
    for (std::size_t i = 0; i < static_cast<std::size_t>(groups); ++i) {
      captures.emplace_back(found.at(i).data() == nullptr ? "" : found.at(i).data(), found.at(i).size());
    }
    if (compiled.rule->guard == nullptr || compiled.rule->guard(source, index, captures)) return captures;
    from = static_cast<std::size_t>(captures[0].data() - text.data()) + std::max<std::size_t>(captures[0].size(), 1);
  }
  return {};
}

std::string title_of(const Rule& rule, const std::vector<std::string_view>& captures) {
  std::string title(rule.title);
  const std::size_t at = title.find("$1");
  if (at == std::string::npos || captures.size() < 2 || rule.secret) return title;
  const std::string shown = cap_bytes(to_valid_utf8(trim(captures[1])), kMaxCaptured);
  return title.replace(at, 2, shown);
}

Hit hit_of(const Rule& rule, const Source& source, const SourceLine& line,
           const std::vector<std::string_view>& captures) {
  return {.rule = std::string(rule.id),
          .severity = rule.severity,
          .category = rule.category,
          .confidence = rule.confidence,
          .title = title_of(rule, captures),
          .detail = std::string(rule.detail),
          .fix = std::string(rule.fix),
          .path = source.path,
          .line = line.number,
          .quote = rule.secret ? std::string() : to_valid_utf8(line.raw)};
}

// All hits of one file, by line. A line with a secret on it is quoted by none of them.
std::vector<Hit> run_file(const Source& source, const std::vector<Compiled>& rules, std::size_t& left_out) {
  std::vector<std::string> lower;  // per view would cost three; comments only cost a try of the pattern
  lower.reserve(source.lines.size());
  for (const SourceLine& line : source.lines) lower.push_back(line.added ? to_lower_ascii(line.raw) : std::string());

  std::vector<Hit> hits;
  std::vector<std::uint32_t> secret_lines;
  for (const Compiled& compiled : rules) {
    const Rule& rule = *compiled.rule;
    if (!rule.languages.has(source.language)) continue;
    std::size_t count = 0;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const SourceLine& line = source.lines[i];
      if (!line.added || !holds_keyword(lower[i], rule)) continue;
      const std::vector<std::string_view> captures = match(compiled, source, i);
      if (captures.empty()) continue;
      if (rule.secret) secret_lines.push_back(line.number);
      if (++count > kMaxHitsPerRuleAndFile) {
        ++left_out;
        continue;
      }
      hits.push_back(hit_of(rule, source, line, captures));
    }
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.line < b.line; });
  std::sort(secret_lines.begin(), secret_lines.end());
  for (Hit& hit : hits) {
    if (!std::binary_search(secret_lines.begin(), secret_lines.end(), hit.line)) continue;
    hit.quote.clear();
  }
  return hits;
}

}  // namespace

Report run_rules(const Scope& scope, std::span<const Rule> rules) {
  Report report;
  std::vector<Source> sources;
  sources.reserve(scope.files.size());
  for (const ScopeFile& file : scope.files) sources.push_back(source_of(file));

  std::vector<Compiled> compiled;
  for (const Rule& rule : rules) {
    const bool wanted = std::any_of(sources.begin(), sources.end(),
                                    [&](const Source& source) { return rule.languages.has(source.language); });
    if (wanted) compiled.push_back(compile(rule));
  }
  for (const Source& source : sources) {
    if (source.language != Language::other) report.checked.push_back(source.path);
    std::vector<Hit> hits = run_file(source, compiled, report.left_out);
    const std::size_t room = kMaxHits - report.hits.size();
    if (hits.size() > room) {
      report.left_out += hits.size() - room;
      hits.resize(room);
    }
    std::move(hits.begin(), hits.end(), std::back_inserter(report.hits));
  }
  return report;
}

struct SecretSpotter::Impl {
  std::vector<Rule> rules = secret_rules();
  std::vector<Compiled> compiled;
};

SecretSpotter::SecretSpotter() : impl_(std::make_unique<Impl>()) {
  for (const Rule& rule : impl_->rules) {
    if (rule.secret) impl_->compiled.push_back(compile(rule));
  }
}
SecretSpotter::~SecretSpotter() = default;

bool SecretSpotter::spots(std::string_view line) const {
  Source source;
  source.lines.push_back({.number = 1, .added = true, .raw = std::string(line), .text = std::string(line), .code = {}});
  const std::string lower = to_lower_ascii(line);
  return std::any_of(impl_->compiled.begin(), impl_->compiled.end(), [&](const Compiled& compiled) {
    return holds_keyword(lower, *compiled.rule) && !match(compiled, source, 0).empty();
  });
}

}  // namespace assize::lint
