#include "cli/config.h"

#include <gtest/gtest.h>

#include "cli/toml_reader.h"
#include "cli/values.h"

namespace assize {
namespace {

LayerSettings read(std::string_view text) {
  auto layer = read_config(text, "assize.toml", Layer::repository);
  EXPECT_TRUE(layer.has_value()) << layer.error().message;
  return layer ? *layer : LayerSettings{};
}

std::string only_problem(std::string_view text) {
  const LayerSettings layer = read(text);
  if (layer.problems.size() != 1) return std::to_string(layer.problems.size()) + " problems";
  const ConfigProblem& problem = layer.problems.front();
  return problem.message + (problem.hint.empty() ? "" : " | " + problem.hint);
}

TEST(Config, wrong_values_are_errors_of_one_line_with_their_position) {
  const std::pair<const char*, const char*> table[] = {
      {"[gate]\nfail_on = [\"hihg\"]",
       "assize.toml:2:11: gate.fail_on: 'hihg' is not allowed; allowed: a list of critical, high, medium, low, info"},
      {"[gate]\nfail_on = \"high\"",
       "assize.toml:2:11: gate.fail_on: 'high' is not allowed; allowed: a list of critical, high, medium, low, info"},
      {"[gate]\nunverified = \"maybe\"",
       "assize.toml:2:14: gate.unverified: 'maybe' is not allowed; allowed: escalate, fail, ignore"},
      {"gate.min_reviews = -1",
       "assize.toml:1:20: gate.min_reviews: '-1' is not allowed; allowed: a whole number from 0 to 1000"},
      {"gate.min_reviews = 1.5",
       "assize.toml:1:20: gate.min_reviews: '1.5' is not allowed; allowed: a whole number from 0 to 1000"},
      {"gate.escalate_exit = 300",
       "assize.toml:1:22: gate.escalate_exit: '300' is not allowed; allowed: a whole number from 0 to 125"},
      {"[agents.a]\ntimeout = 900",
       "assize.toml:2:11: agents.a.timeout: '900' is not allowed; allowed: a whole number with ms, s, m or h (90s, "
       "10m), or 0; at most 168h"},
      {"[agents.a]\nretries = 21",
       "assize.toml:2:11: agents.a.retries: '21' is not allowed; allowed: a whole number from 0 to 20"},
      {"[agents.a]\noptional = \"yes\"",
       "assize.toml:2:12: agents.a.optional: 'yes' is not allowed; allowed: true or false"},
      {"[agents.a]\ncommand = [\"x\", 1]",
       "assize.toml:2:11: agents.a.command: 'a list with something else than text' is not allowed; allowed: a list of "
       "texts in quotes"},
      {"[agents.a]\nmodel = 1979-05-27",
       "assize.toml:2:9: agents.a.model: 'a date or a time' is not allowed; allowed: text in quotes"},
      {"[agents.a.env]\nKEY = 1", "assize.toml:2:7: agents.a.env.KEY: '1' is not allowed; allowed: text in quotes"},
      {"[agents.\"a b\"]\nmodel = 1",
       "assize.toml:1:1: agents: 'a b' is not allowed; allowed: 1 to 64 of A-Z a-z 0-9 _ . -"},
      {"[review]\nmax_bytes = \"200 k\"",
       "assize.toml:2:13: review.max_bytes: '200 k' is not allowed; allowed: a whole number of bytes, or one with k, "
       "M, "
       "G, Ki, Mi or Gi (200k, 5M), at least 1"},
      {"[review]\nmax_bytes = -5",
       "assize.toml:2:13: review.max_bytes: '-5' is not allowed; allowed: a whole number of bytes, or one with k, M, "
       "G, "
       "Ki, Mi or Gi (200k, 5M), at least 1"},
      {"report.outputs = [\"json:x\", \"report.html\"]",
       "assize.toml:1:18: report.outputs: 'report.html' is not allowed; allowed: a list of FORMAT:FILE with a format "
       "of text, "
       "markdown, json, sarif, jsonl"},
      {"budget.max_cost_usd = 0",
       "assize.toml:1:23: budget.max_cost_usd: '0' is not allowed; allowed: a number above 0"},
      {"budget.max_cost_usd = nan",
       "assize.toml:1:23: budget.max_cost_usd: 'nan' is not allowed; allowed: a number above 0"},
      {"budget.max_cost_usd = inf",
       "assize.toml:1:23: budget.max_cost_usd: 'inf' is not allowed; allowed: a number above 0"},
      {"budget.max_tokens = 0",
       "assize.toml:1:21: budget.max_tokens: '0' is not allowed; allowed: a whole number from 1"},
      {"panel.rounds = 0", "assize.toml:1:16: panel.rounds: '0' is not allowed; allowed: a whole number from 1 to 20"},
      {"[[gate.fail_on]]\na = 1",
       "assize.toml:1:1: gate.fail_on: 'a list of tables' is not allowed; allowed: a list of critical, high, medium, "
       "low, info"},
      {"agents = [\"claude\"]",
       "assize.toml:1:10: agents: a list is not a section | the names of the panel go to panel.agents; each agent has "
       "its own [agents.NAME]"},
      {"gate = 1", "assize.toml:1:8: gate: 1 is not a section | write [gate] on a line of its own"},
  };
  for (const auto& [text, message] : table) EXPECT_EQ(only_problem(text), message) << text;
}

TEST(Config, unknown_names_are_told_with_the_nearest_known_one) {
  const std::pair<const char*, const char*> table[] = {
      {"[panel]\nagnets = [\"a\"]", "assize.toml:2:10: unknown key 'panel.agnets' | did you mean 'agents'?"},
      {"[reveiw]\nmax_bytes = 1", "assize.toml:1:1: unknown section 'reveiw' | did you mean 'review'?"},
      {"[agents.a]\nmodell = \"x\"", "assize.toml:2:10: unknown key 'agents.a.modell' | did you mean 'model'?"},
      {"zzz = 1", "assize.toml:1:7: unknown key 'zzz'"},
      {"[panel.agnets]\na.b.c = 1\nd = 2", "assize.toml:1:1: unknown key 'panel.agnets' | did you mean 'agents'?"},
  };
  for (const auto& [text, message] : table) EXPECT_EQ(only_problem(text), message) << text;
}

TEST(Config, keys_of_what_is_not_built_say_so_and_set_nothing) {
  const LayerSettings layer =
      read("[guard]\nredact = true\n[report]\nartifacts = \"out\"\n[agents.a.permissions]\nx.y = 1");
  ASSERT_EQ(layer.problems.size(), 3U);
  EXPECT_EQ(layer.problems[0].message,
            "assize.toml:2:10: guard.redact has no effect yet: secrets in the change are shown to the agents");
  EXPECT_EQ(layer.problems[1].message, "assize.toml:4:13: report.artifacts has no effect yet");
  EXPECT_EQ(layer.problems[2].message,
            "assize.toml:5:1: agents.a.permissions has no effect yet: reviewers are read-only in any case");
  for (const ConfigProblem& problem : layer.problems) EXPECT_EQ(problem.kind, ConfigProblem::Kind::warning);
  EXPECT_TRUE(layer.settings.empty());
}

TEST(Config, what_is_not_toml_is_refused_with_line_and_column) {
  const std::string deep(5'000, '[');
  std::string dots = "a";
  for (int i = 0; i < 200'000; ++i) dots += ".a";
  const std::pair<std::string, std::string> table[] = {
      {"[panel\nx = 1", "assize.toml:1:7: not TOML: "},
      {"a = 1\na = 2", "assize.toml:2:"},
      {"a = \"\xff\"", "assize.toml:1:"},
      {"\n\nx = " + deep, "assize.toml:3:1: nested more than 24 deep"},
      {dots + " = 1", "assize.toml:1:1: nested more than 24 deep"},
      {"[" + dots + "]", "assize.toml:1:1: nested more than 24 deep"},
      {std::string(kMaxConfigBytes + 1, '#'), "assize.toml: 1048577 bytes are too many for a config; at most 1048576"},
  };
  for (const auto& [text, message] : table) {
    const auto layer = read_config(text, "assize.toml", Layer::user);
    ASSERT_FALSE(layer.has_value()) << text.substr(0, 40);
    EXPECT_EQ(layer.error().message.substr(0, message.size()), message);
    EXPECT_EQ(layer.error().message.find('\n'), std::string::npos);
  }
}

TEST(Config, dots_in_values_texts_and_comments_are_not_depth) {
  const std::string dots(100, '.');
  const LayerSettings layer = read("[agents.a]\nmodel = \"" + dots + "\" # " + dots + "\nperspective = '''\n" + dots +
                                   "\n'''\nfile = '" + dots + "'");
  EXPECT_TRUE(layer.problems.empty());
  EXPECT_EQ(layer.agents.at("a").size(), 3U);
}

TEST(Config, an_empty_section_declares_an_agent_and_the_order_is_that_of_the_file) {
  const LayerSettings layer = read("[agents.zeta]\n[agents.alpha]\nmodel = \"m\"\n[agents.mid.env]\nA = \"1\"");
  EXPECT_EQ(layer.agent_order, (std::vector<std::string>{"zeta", "alpha", "mid"}));
  const auto& env = std::get<std::map<std::string, std::string>>(layer.agents.at("mid").at("env").value);
  EXPECT_EQ(env, (std::map<std::string, std::string>{{"A", "1"}}));
}

TEST(Config, a_later_layer_replaces_single_keys_and_says_where_they_came_from) {
  Config config = built_in_config();
  apply_layer(config, *read_config("[gate]\nfail_on = [\"low\"]\n[agents.a]\nmodel = \"m\"\nretries = 1", "user.toml",
                                   Layer::user));
  apply_layer(config, *read_config("[agents.a]\nretries = 5\n[agents.b]", "assize.toml", Layer::repository));
  LayerSettings flags;
  flags.settings["gate.fail_on"] = *setting_from_flag("gate", "fail_on", "critical", "--fail-on");
  apply_layer(config, flags);

  EXPECT_EQ(config.find("gate.fail_on")->where, "--fail-on");
  EXPECT_EQ(config.list("gate.fail_on"), std::vector<std::string>{"critical"});
  EXPECT_EQ(config.find("gate.unverified")->layer, Layer::built_in);
  EXPECT_EQ(config.agents.at("a").at("model").where, "user.toml:4:9");
  EXPECT_EQ(std::get<std::int64_t>(config.agents.at("a").at("retries").value), 5);
  EXPECT_EQ(config.agent_order, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.find("panel.agents"), nullptr);
}

TEST(Config, values_are_printed_as_toml_that_reads_back) {
  const std::string text = "a \"quoted\" \\ line\nwith\ttab\x01";
  const std::string written = "[agents.a]\nperspective = " + to_toml(ConfigValue(text));
  EXPECT_EQ(std::get<std::string>(read(written).agents.at("a").at("perspective").value), text);
}

// Each key of the table is read by the loader with a value of its type, so that no key exists on paper only.
TEST(Config, every_key_of_the_table_is_known_to_the_loader) {
  for (const ConfigKey& key : config_keys()) {
    const std::string value = key.type == KeyType::boolean    ? "true"
                              : key.type == KeyType::integer  ? std::to_string(std::max<std::int64_t>(key.min, 1))
                              : key.type == KeyType::number   ? "1.5"
                              : key.type == KeyType::duration ? "\"10s\""
                              : key.type == KeyType::size     ? "\"10k\""
                              : key.type == KeyType::text     ? "\"x\""
                              : key.type == KeyType::choice   ? "\"" + std::string(key.choices.front()) + "\""
                              : key.type == KeyType::text_map ? "{ A = \"1\" }"
                              : key.type == KeyType::anything ? "{ a = 1 }"
                                                              : "[]";
    const std::string section = key.section == "agents" ? "agents.x" : std::string(key.section);
    const LayerSettings layer = read("[" + section + "]\n" + std::string(key.name) + " = " + value);
    if (key.state == KeyState::works) {
      EXPECT_TRUE(layer.problems.empty()) << key.section << "." << key.name << ": " << layer.problems.front().message;
      EXPECT_EQ(layer.settings.size() + (layer.agents.contains("x") ? layer.agents.at("x").size() : 0), 1U) << key.name;
    } else {
      ASSERT_EQ(layer.problems.size(), 1U) << key.section << "." << key.name;
      EXPECT_EQ(layer.problems.front().kind, ConfigProblem::Kind::warning);
    }
  }
}

}  // namespace
}  // namespace assize
