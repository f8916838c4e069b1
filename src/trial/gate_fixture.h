// Outcomes for the tests of the gate: a clean one, and what makes another of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "trial/gate.h"

namespace assize::gate_fixture {

inline AgentReport reviewer(std::string id, std::string vendor, ReviewStatus status) {
  AgentReport agent;
  agent.id = std::move(id);
  agent.vendor = std::move(vendor);
  agent.available = true;
  agent.status = status;
  return agent;
}

inline AgentReport analyser(std::string id, ReviewStatus status) {
  AgentReport agent = reviewer(std::move(id), "", status);
  agent.role = AgentRole::analyser;
  return agent;
}

inline FileCoverage shown(std::string path, std::vector<std::string> agents) {
  FileCoverage file;
  file.path = std::move(path);
  file.hunks.push_back({{1, 3}, std::move(agents)});
  return file;
}

inline Group group(std::string id, Severity severity, AgreementLevel level, std::vector<std::string> agents) {
  Group g;
  g.id = std::move(id);
  g.severity = severity;
  g.agreement.level = level;
  g.agents = std::move(agents);
  g.anchored = true;
  return g;
}

// Three reviewers of three vendors who all read the one file and found nothing.
inline Outcome clean() {
  Outcome outcome;
  outcome.panel = {reviewer("a", "va", ReviewStatus::clean), reviewer("b", "vb", ReviewStatus::clean),
                   reviewer("c", "vc", ReviewStatus::clean)};
  outcome.coverage = {shown("x.c", {"a", "b", "c"})};
  return outcome;
}

struct GateCase {
  std::string name;
  Outcome outcome;
  GateSettings settings;
  DecisionValue value;
  int exit;
  std::string rule;
};

template <class Edit>
GateCase with(std::string name, Edit edit, DecisionValue value, int exit, std::string rule) {
  GateCase c{std::move(name), clean(), {}, value, exit, std::move(rule)};
  edit(c.outcome, c.settings);
  return c;
}

inline void expect_decided(const GateCase& c) {
  const Decision decision = decide(c.outcome, c.settings);
  EXPECT_EQ(to_string(decision.value), to_string(c.value)) << c.name << ": " << decision.reason;
  EXPECT_EQ(decision.exit, c.exit) << c.name;
  EXPECT_EQ(decision.rule, c.rule) << c.name << ": " << decision.reason;
  EXPECT_FALSE(decision.reason.empty()) << c.name;
  std::size_t fired = 0;
  for (const TraceStep& step : decision.trace) {
    EXPECT_FALSE(step.reason.empty()) << c.name << ": " << step.rule;
    if (!step.fired) continue;
    ++fired;
    EXPECT_EQ(step.rule, c.rule) << c.name;
    EXPECT_EQ(step.reason, decision.reason) << c.name;
  }
  EXPECT_EQ(fired, 1U) << c.name;
}

}  // namespace assize::gate_fixture
