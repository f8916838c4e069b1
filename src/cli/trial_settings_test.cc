#include "cli/trial_settings.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

std::vector<AgentSpec> panel_of(std::initializer_list<const char*> ids) {
  std::vector<AgentSpec> panel;
  for (const char* id : ids) {
    AgentSpec agent;
    agent.id = id;
    agent.kind = agent.id == "lint" ? "lint" : "claude";
    panel.push_back(agent);
  }
  return panel;
}

// One file, and flags on top of it as `--option=value` of config keys.
Config config_of(std::string_view text, std::initializer_list<std::array<const char*, 3>> flags = {}) {
  Config config = built_in_config();
  const auto file = read_config(text, "assize.toml", Layer::repository);
  EXPECT_TRUE(file.has_value() && file->problems.empty()) << text;
  apply_layer(config, *file);
  LayerSettings layer;
  for (const auto& [section, key, value] : flags) {
    layer.settings[std::string(section) + "." + key] = *setting_from_flag(section, key, value, std::string("--") + key);
  }
  apply_layer(config, layer);
  return config;
}

ProcedureSettings procedure(const Config& config, const std::vector<AgentSpec>& panel = panel_of({"a", "b", "c"})) {
  const auto settings = procedure_settings(config, panel);
  EXPECT_TRUE(settings.has_value()) << settings.error().message;
  return settings ? *settings : ProcedureSettings{};
}

std::string error_of(const Config& config, const std::vector<AgentSpec>& panel = panel_of({"a", "b", "c"})) {
  const auto settings = procedure_settings(config, panel);
  if (settings) return "(no error)";
  return settings.error().message + (settings.error().hint.empty() ? "" : " | " + settings.error().hint);
}

TEST(ProcedureSettings, an_empty_config_gives_the_defaults_of_the_type) {
  const ProcedureSettings got = procedure(built_in_config());
  const TrialSettings standard;
  EXPECT_EQ(got.settings.debate, standard.debate);
  EXPECT_EQ(got.settings.rounds, standard.rounds);
  EXPECT_EQ(got.settings.max_rounds, standard.max_rounds);
  EXPECT_EQ(got.settings.verify, standard.verify);
  EXPECT_EQ(got.settings.depth, standard.depth);
  EXPECT_EQ(got.settings.names, standard.names);
  EXPECT_EQ(got.settings.chair, standard.chair);
  EXPECT_EQ(got.settings.quorum, standard.quorum);
  EXPECT_EQ(got.settings.grace, standard.grace);
  EXPECT_EQ(got.settings.lenses, standard.lenses);
  EXPECT_EQ(got.settings.division, standard.division);
  EXPECT_EQ(got.settings.budget.total_timeout, std::nullopt);
  EXPECT_EQ(got.settings.budget.phase_timeout, std::nullopt);
  EXPECT_EQ(got.settings.budget.max_tokens, std::nullopt);
  EXPECT_EQ(got.settings.budget.max_cost_usd, std::nullopt);
  EXPECT_TRUE(got.warnings.empty());
}

TEST(ProcedureSettings, every_key_is_followed) {
  const ProcedureSettings got = procedure(config_of(
      "[panel]\nmax_rounds = 5\nverify = false\nauto = true\nanonymize = false\nchair = \"b\"\nquorum = 2\ngrace = "
      "\"5s\"\nlenses = [\"security\", \" tests \"]\ndivide = \"lenses\"\n[budget]\ntotal_timeout = "
      "\"10m\"\nphase_timeout = 0\nmax_tokens = 5000\nmax_cost_usd = 2"));
  EXPECT_EQ(got.settings.debate, Debate::adaptive);
  EXPECT_EQ(got.settings.max_rounds, 5);
  EXPECT_EQ(got.settings.verify, Verify::off);
  EXPECT_EQ(got.settings.depth, Depth::by_risk);
  EXPECT_EQ(got.settings.names, Names::shown);
  EXPECT_EQ(got.settings.chair, "b");
  EXPECT_EQ(got.settings.quorum, 2U);
  EXPECT_EQ(got.settings.grace, Millis(5'000));
  EXPECT_EQ(got.settings.lenses, (std::vector<std::string>{"security", "tests"}));
  EXPECT_EQ(got.settings.division, Division::lenses);
  EXPECT_EQ(got.settings.budget.total_timeout, Millis(600'000));
  EXPECT_EQ(got.settings.budget.phase_timeout, std::nullopt);
  EXPECT_EQ(got.settings.budget.max_tokens, 5'000U);
  EXPECT_EQ(got.settings.budget.max_cost_usd, 2.0);
}

TEST(ProcedureSettings, the_topmost_layer_that_speaks_of_rounds_says_what_kind_of_debate_it_is) {
  struct Row {
    const char* file;
    std::initializer_list<std::array<const char*, 3>> flags;
    Debate debate;
    int rounds, max_rounds;
  };
  const Row table[] = {
      {"", {}, Debate::adaptive, 2, 3},
      {"[panel]\nrounds = 4", {}, Debate::fixed, 4, 3},
      {"[panel]\nadaptive = false", {}, Debate::fixed, 2, 3},
      {"[panel]\nmax_rounds = 4", {}, Debate::adaptive, 2, 4},
      {"[panel]\nrounds = 4\nadaptive = false", {}, Debate::fixed, 4, 3},
      {"[panel]\nadaptive = true", {{"panel", "rounds", "3"}}, Debate::fixed, 3, 3},
      {"[panel]\nrounds = 4", {{"panel", "adaptive", "true"}}, Debate::adaptive, 4, 3},
      {"[panel]\nrounds = 4", {{"panel", "max_rounds", "6"}}, Debate::adaptive, 4, 6},
      {"[panel]\nmax_rounds = 6", {{"panel", "adaptive", "false"}}, Debate::fixed, 2, 6},
  };
  for (const Row& row : table) {
    const TrialSettings got = procedure(config_of(row.file, row.flags)).settings;
    EXPECT_EQ(got.debate, row.debate) << row.file;
    EXPECT_EQ(got.rounds, row.rounds) << row.file;
    EXPECT_EQ(got.max_rounds, row.max_rounds) << row.file;
  }
}

TEST(ProcedureSettings, settings_of_one_file_that_contradict_each_other_are_errors) {
  EXPECT_EQ(error_of(config_of("[panel]\nadaptive = true\nrounds = 4")),
            "assize.toml:3:10: panel.rounds is the length of a fixed debate, and panel.adaptive is true | use "
            "max_rounds to bound an adaptive one");
  EXPECT_EQ(error_of(config_of("[panel]\nrounds = 2\nmax_rounds = 4")),
            "assize.toml:3:14: panel.max_rounds bounds an adaptive debate, and this one is fixed | use rounds alone");
}

TEST(ProcedureSettings, a_chair_that_is_not_there_is_a_warning_and_then_auto) {
  const ProcedureSettings absent = procedure(config_of("[panel]\nchair = \"zoe\""));
  EXPECT_EQ(absent.settings.chair, "auto");
  EXPECT_EQ(absent.warnings,
            std::vector<std::string>{
                "assize.toml:2:9: panel.chair: 'zoe' is not on the panel; the chair is chosen as with \"auto\""});
  const ProcedureSettings analyser = procedure(config_of("", {{"panel", "chair", "lint"}}), panel_of({"a", "lint"}));
  EXPECT_EQ(analyser.warnings,
            std::vector<std::string>{"--chair: 'lint' is an analyser; the chair is chosen as with \"auto\""});
  EXPECT_EQ(procedure(config_of("[panel]\nchair = \"rotate\"")).settings.chair, "rotate");
  EXPECT_EQ(error_of(config_of("[panel]\nchair = \"a b\"")),
            "assize.toml:2:9: panel.chair: 'a b' is not allowed; allowed: auto, rotate, or a name: 1 to 64 of A-Z a-z "
            "0-9 _ . -");
}

TEST(ProcedureSettings, a_quorum_that_the_panel_cannot_reach_is_an_error) {
  EXPECT_EQ(error_of(config_of("[panel]\nagents = [\"a\"]\nquorum = 2"), panel_of({"a", "lint"})),
            "assize.toml:3:10: panel.quorum: 2 valid reviews cannot come from a panel of 1 reviewer | at most 1");
  // A smaller panel for one run is none: there are no stragglers then.
  const ProcedureSettings smaller =
      procedure(config_of("[panel]\nquorum = 2", {{"panel", "agents", "a"}}), panel_of({"a"}));
  EXPECT_EQ(smaller.settings.quorum, std::nullopt);
  ASSERT_EQ(smaller.warnings.size(), 1U);
  EXPECT_TRUE(procedure(config_of("[panel]\nquorum = 2"), panel_of({"lint"})).warnings.empty());
}

TEST(ProcedureSettings, lenses_say_something_and_count_once) {
  EXPECT_EQ(error_of(config_of("[panel]\nlenses = [\"security\", \" \"]")),
            "assize.toml:2:10: panel.lenses: ' ' is not allowed; allowed: texts that say what to look at");
  const ProcedureSettings twice = procedure(config_of("[panel]\nlenses = [\"security\", \"security\"]"));
  EXPECT_EQ(twice.settings.lenses, std::vector<std::string>{"security"});
  EXPECT_EQ(twice.warnings.size(), 1U);
  const ProcedureSettings standard = procedure(config_of("[panel]\ndivide = \"lenses\""));
  EXPECT_EQ(standard.settings.lenses.size(), std::size(kStandardLenses));
}

TEST(ProcedureSettings, there_is_somebody_to_review_and_something_to_divide) {
  std::vector<AgentSpec> panel = panel_of({"a", "lint"});
  EXPECT_EQ(procedure(config_of("[panel]\ndivide = \"files\""), panel).warnings,
            std::vector<std::string>{"panel.divide: there is one reviewer, and nothing to divide"});
  panel[0].chair_only = true;
  EXPECT_EQ(error_of(built_in_config(), panel),
            "agents.a: chair_only, and nobody else on the panel can review | add a reviewer, or leave chair_only out");
  EXPECT_EQ(reviewers_of(panel), 0U);
}

}  // namespace
}  // namespace assize
