#include "cli/panel.h"

#include <gtest/gtest.h>

#include "cli/values.h"

namespace assize {
namespace {

Vocabulary test_words() {
  Vocabulary words;
  words.kinds = {"claude", "codex", "command", "scripted", "lint", "tool"};
  words.tools = {"cppcheck", "shellcheck"};
  words.check_kind = [kinds = words.kinds](std::string_view kind) -> Result<bool> {
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return true;
    if (kind == "copilot") return Error{ErrorCode::unsupported, "kind 'copilot' is not built yet", ""};
    return invalid("no such kind: " + std::string(kind));
  };
  return words;
}

LoadedConfig config_of(std::string_view text) {
  LoadedConfig loaded;
  loaded.config = built_in_config();
  auto layer = read_config(text, "assize.toml", Layer::repository);
  EXPECT_TRUE(layer.has_value() && layer->problems.empty());
  apply_layer(loaded.config, *layer);
  loaded.files.push_back({Layer::repository, "/house/assize.toml", ConfigFile::State::read});
  return loaded;
}

LoadedConfig with_agents_flag(LoadedConfig loaded, const char* names) {
  LayerSettings flags;
  flags.settings["panel.agents"] = *setting_from_flag("panel", "agents", names, "--agents");
  apply_layer(loaded.config, flags);
  return loaded;
}

std::string error_of(const LoadedConfig& loaded, const Options& options = {}) {
  const auto request = requested_panel(loaded, options, test_words());
  if (request) return "(no error)";
  return request.error().message + (request.error().hint.empty() ? "" : " | " + request.error().hint);
}

TEST(Panel, without_a_list_the_sections_are_the_panel_in_their_order) {
  const auto request = requested_panel(config_of("[agents.codex]\n[agents.claude]\nmodel = \"m\""), {}, test_words());
  ASSERT_TRUE(request.has_value()) << request.error().message;
  ASSERT_EQ(request->agents.size(), 2U);
  EXPECT_EQ(request->agents[0].kind, "codex");
  EXPECT_EQ(request->agents[1].model, "m");
}

TEST(Panel, names_are_sections_then_kinds_then_tools_and_twice_counts_once) {
  const auto request = requested_panel(
      with_agents_flag(config_of("[agents.mine]\nkind = \"claude\""), "mine,codex,cppcheck,mine"), {}, test_words());
  ASSERT_TRUE(request.has_value()) << request.error().message;
  ASSERT_EQ(request->agents.size(), 3U);
  EXPECT_EQ(request->agents[0].kind, "claude");
  EXPECT_EQ(request->agents[1].kind, "codex");
  EXPECT_EQ(request->agents[2].kind, "tool");
  EXPECT_EQ(request->agents[2].tool, "cppcheck");
  EXPECT_EQ(request->warnings, std::vector<std::string>{"--agents: 'mine' is named twice, and counts once"});
}

TEST(Panel, what_cannot_be_an_agent_is_an_error_that_says_where_it_was_named) {
  EXPECT_EQ(error_of(with_agents_flag(config_of(""), "claud")),
            "--agents: 'claud' is neither a configured agent nor a kind nor a tool | did you mean 'claude'?");
  EXPECT_EQ(
      error_of(config_of("[panel]\nagents = [\"zzz\"]")),
      "assize.toml:2:10: panel.agents: 'zzz' is neither a configured agent nor a kind nor a tool | `assize doctor` "
      "lists what there is");
  EXPECT_EQ(error_of(config_of("[panel]\nagents = [\"a b\"]")),
            "assize.toml:2:10: panel.agents: 'a b' is not allowed; allowed: 1 to 64 of A-Z a-z 0-9 _ . -");
  EXPECT_EQ(error_of(with_agents_flag(config_of(""), "copilot")), "--agents: kind 'copilot' is not built yet");
  EXPECT_EQ(error_of(config_of("[agents.x]\nkind = \"claud\"")), "assize.toml:2:8: agents.x: no such kind: claud");
  EXPECT_EQ(error_of(config_of("[agents.x]\nkind = \"command\"")),
            "agents.x: kind = \"command\" needs command = [\"PROGRAM\", …]");
  EXPECT_EQ(error_of(config_of("[agents.x]\nkind = \"scripted\"")),
            "agents.x: kind = \"scripted\" needs file = \"ANSWERS\"");
  EXPECT_EQ(error_of(config_of("[agents.tool]")),
            "agents.tool: kind = \"tool\" needs tool = \"NAME\" or command = […]");
  EXPECT_EQ(error_of(config_of("[agents.lint]\nchair_only = true")),
            "agents.lint: an analyser cannot take the chair | leave chair_only out");
}

TEST(Panel, options_for_single_agents_name_those_of_the_panel) {
  Options options;
  options.timeouts["codex"] = Millis(1);
  EXPECT_EQ(error_of(config_of("[agents.claude]"), options),
            "--timeout: there is no agent 'codex' on the panel | the panel is: claude");
  options = {};
  options.perspectives["codex"] = "the locks";
  EXPECT_EQ(error_of(config_of("[agents.claude]"), options),
            "--perspectives: there is no agent 'codex' on the panel | the panel is: claude");
}

TEST(Panel, a_perspective_of_the_command_line_takes_the_place_of_the_configs) {
  Options options;
  options.perspectives["codex"] = "the locks";
  const auto request = requested_panel(
      config_of("[agents.codex]\nperspective = \"a\"\n[agents.claude]\nperspective = \"b\""), options, test_words());
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->agents[0].perspective, "the locks");
  EXPECT_EQ(request->agents[1].perspective, "b");
}

TEST(Panel, every_key_of_an_agents_section_reaches_the_agent) {
  const auto request = requested_panel(config_of("[agents.x]\nkind = \"claude\"\nchair_only = true\n"
                                                 "context_tokens = 32000\nmax_output_tokens = 900\n"
                                                 "api_key_file = \"keys/x\"\nallow_insecure_endpoint = true\n"
                                                 "optional = true\nendpoint = \"http://10.0.0.1/v1\""),
                                       {}, test_words());
  ASSERT_TRUE(request.has_value()) << request.error().message;
  const AgentSpec& agent = request->agents[0];
  EXPECT_TRUE(agent.chair_only);
  EXPECT_EQ(agent.context_tokens, 32'000U);
  EXPECT_EQ(agent.max_output_tokens, 900U);
  EXPECT_EQ(agent.api_key_file, "/house/keys/x");
  EXPECT_TRUE(agent.allow_insecure_endpoint);
  EXPECT_TRUE(agent.optional);
}

TEST(Panel, files_are_meant_beside_the_config_that_names_them) {
  const auto request =
      requested_panel(config_of("[agents.x]\nkind = \"scripted\"\nfile = \"answers/x.json\""), {}, test_words());
  EXPECT_EQ(request->agents[0].file, "/house/answers/x.json");
}

TEST(Panel, the_nearest_limit_wins_and_zero_is_none) {
  AgentSpec agent;
  agent.id = "a";
  Options options;
  EXPECT_EQ(limits_for(agent, options).timeout, Millis(900'000));
  agent.timeout = Millis(5);
  agent.retries = 7;
  EXPECT_EQ(limits_for(agent, options).timeout, Millis(5));
  EXPECT_EQ(limits_for(agent, options).retries, 7);
  options.timeouts[""] = Millis(6);
  options.retries = 0;
  EXPECT_EQ(limits_for(agent, options).timeout, Millis(6));
  EXPECT_EQ(limits_for(agent, options).retries, 0);
  options.timeouts["a"] = Millis(0);
  EXPECT_EQ(limits_for(agent, options).timeout, std::nullopt);
}

TEST(Panel, the_gate_and_the_plan_follow_the_settings) {
  const LoadedConfig loaded = config_of(
      "[gate]\nfail_on = [\"low\"]\nmin_reviews = 3\nunverified = \"fail\"\nunreviewed = \"report\"\nescalate_exit = "
      "9\n"
      "decision = \"vote\"\n"
      "[review]\nmax_bytes = \"5M\"\nexclude = [\"a\"]\nchunk = false");
  Options options;
  options.strict = true;
  const GateSettings gate = gate_settings(loaded.config, options, OfflineExit::zero);
  EXPECT_EQ(gate.fail_on, std::set<Severity>{Severity::low});
  EXPECT_EQ(gate.min_reviews, 3U);
  EXPECT_EQ(gate.min_vendors, std::nullopt);
  EXPECT_EQ(gate.unverified, UnverifiedPolicy::fail);
  EXPECT_EQ(gate.unreviewed, UnreviewedPolicy::report);
  EXPECT_EQ(gate.escalate_exit, 9);
  EXPECT_EQ(gate.offline_exit, OfflineExit::zero);
  EXPECT_EQ(gate.strict, Strict::yes);
  EXPECT_EQ(gate.decide_by, DecideBy::vote);
  EXPECT_EQ(plan_options(loaded.config)->chunking, Chunking::refuse);
  EXPECT_EQ(plan_options(loaded.config)->max_bytes, ByteCount{5'000'000});
}

TEST(Panel, a_glob_that_cannot_be_read_says_where_it_stands) {
  const auto plan = plan_options(config_of("[review]\nexclude = [\"a\", \"[b\"]").config);
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().message.substr(0, 18), "assize.toml:2:11: ");
}

// The defaults of the table and those of the code are the same.
TEST(Panel, an_empty_config_gives_the_defaults_of_the_types) {
  const Config config = built_in_config();
  const GateSettings gate = gate_settings(config, {}, OfflineExit::three), standard;
  EXPECT_EQ(gate.fail_on, standard.fail_on);
  EXPECT_EQ(gate.unverified, standard.unverified);
  EXPECT_EQ(gate.unreviewed, standard.unreviewed);
  EXPECT_EQ(gate.escalate_exit, standard.escalate_exit);
  EXPECT_EQ(gate.escalate_threshold, standard.escalate_threshold);
  EXPECT_EQ(gate.decide_by, standard.decide_by);
  EXPECT_EQ(plan_options(config)->max_bytes, PlanOptions{}.max_bytes);
  EXPECT_EQ(plan_options(config)->chunking, PlanOptions{}.chunking);
  EXPECT_EQ(find_key("agents", "timeout")->default_value, "\"" + to_string(*CallLimits{}.timeout) + "\"");
  EXPECT_EQ(find_key("agents", "stall_timeout")->default_value, "\"" + to_string(*CallLimits{}.stall_timeout) + "\"");
  EXPECT_EQ(find_key("agents", "retries")->default_value, std::to_string(CallLimits{}.retries));
}

}  // namespace
}  // namespace assize
