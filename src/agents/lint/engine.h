// Runs the rules over the added lines of a change. Linear in the lines; the rules are compiled for the languages that
// occur. Pure.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/lint/rule.h"
#include "core/call.h"

namespace assize::lint {

struct Hit {
  std::string rule;
  Severity severity = Severity::medium;
  Category category = Category::bug;
  double confidence = 0.7;
  std::string title, detail, fix;
  std::string path;
  std::uint32_t line = 0;
  std::string quote;  // the line; empty when a secret stands on it
};

struct Report {
  std::vector<Hit> hits;             // by file in the order given, then line, then the order of the rules
  std::vector<std::string> checked;  // files in a language that there are rules for
  std::size_t left_out = 0;          // hits over the limits below
};

// A hostile change could otherwise flood the report. The first of a file are kept.
inline constexpr std::size_t kMaxHitsPerRuleAndFile = 20;
inline constexpr std::size_t kMaxHits = 500;

Report run_rules(const Scope& scope, std::span<const Rule> rules);

// Whether a provider's secret, or what looks like one, stands on the line: such a line is never repeated in a finding.
class SecretSpotter {
 public:
  SecretSpotter();
  ~SecretSpotter();
  SecretSpotter(const SecretSpotter&) = delete;
  SecretSpotter& operator=(const SecretSpotter&) = delete;
  bool spots(std::string_view line) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assize::lint
