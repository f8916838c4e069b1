#include "cli/options.h"

#include <gtest/gtest.h>

#include "cli/option_table.h"

namespace assize {
namespace {

using Words = std::vector<std::string>;

std::string error_of(const Words& words) {
  const auto options = parse_options(words);
  if (options) return "(no error)";
  return options.error().message + (options.error().hint.empty() ? "" : " | " + options.error().hint);
}

TEST(Options, wrong_usage_is_one_line_with_the_option_the_value_and_what_is_allowed) {
  const std::pair<Words, const char*> table[] = {
      {{"reveiw"}, "unknown command 'reveiw' | did you mean 'review'?"},
      {{"zzzzzzzz"}, "unknown command 'zzzzzzzz' | `assize help` lists the commands"},
      {{"--quiet", "review"},
       "'--quiet' stands before the command | usage: assize COMMAND [OPTIONS]; `assize help` lists the commands"},
      {{"review", "--stagde"}, "review: unknown option '--stagde' | did you mean '--staged'?"},
      {{"review", "--json"},
       "review: unknown option '--json' | it is an option of: plan, doctor, config, parse, group"},
      {{"review", "-x"}, "review: unknown option '-x' | `assize help review` lists the options"},
      {{"review", "main"},
       "review: unexpected argument 'main' | name the change with an option: --base REF, --commit REV, --files "
       "PATH..."},
      {{"review", "--staged", "--base", "main"}, "--staged and --base name two different changes | name one of them"},
      {{"review", "--commit", "HEAD", "--range", "a..b"},
       "--commit and --range name two different changes | name one of them"},
      {{"review", "--files", "--staged", "a.c"}, "--staged and --files name two different changes | name one of them"},
      {{"review", "--base"}, "--base: needs a value"},
      {{"review", "--base="}, "--base: '' is not allowed; allowed: a revision: a branch, a tag or a commit"},
      {{"review", "--base", ""}, "--base: '' is not allowed; allowed: a revision: a branch, a tag or a commit"},
      {{"review", "--commit", "--output=x"},
       "--commit: '--output=x' is not allowed; allowed: a revision: a branch, a tag or a commit"},
      {{"review", "--range", "main"}, "--range: 'main' is not allowed; allowed: two revisions, A..B"},
      {{"review", "--patch", ""}, "--patch: '' is not allowed; allowed: a file, or - for standard input"},
      {{"review", "--base", "a", "--base", "b"}, "--base: given 2 times, it takes one value"},
      {{"review", "--timeout", "10"},
       "--timeout: '10' is not allowed; allowed: a whole number with ms, s, m or h (90s, 10m), or 0; at most 168h"},
      {{"review", "--timeout", "a b=10s"}, "--timeout: 'a b=10s' is not allowed; allowed: TIME, or AGENT=TIME"},
      {{"review", "--stall-timeout", "claude=x"},
       "--stall-timeout: 'claude=x' is not allowed; allowed: a whole number with ms, s, m or h (90s, 10m), or 0; at "
       "most "
       "168h"},
      {{"review", "--retries", "-1"}, "--retries: '-1' is not allowed; allowed: a whole number from 0 to 20"},
      {{"review", "--max-parallel", "many"},
       "--max-parallel: 'many' is not allowed; allowed: a whole number from 0 to 1000"},
      {{"review", "--max-bytes", "lots"},
       "--max-bytes: 'lots' is not allowed; allowed: a whole number of bytes, or one with k, M, G, Ki, Mi or Gi (200k, "
       "5M), at least 1"},
      {{"review", "--fail-on", "high,bad"},
       "--fail-on: 'bad' is not allowed; allowed: a list of critical, high, medium, low, info"},
      {{"review", "--fail-on="}, "--fail-on: '' is not allowed; allowed: severities, separated by commas"},
      {{"review", "--strict=false"}, "--strict: takes no value"},
      {{"review", "--context", "all"}, "--context: 'all' is not allowed; allowed: diff, expanded"},
      {{"review", "--format", "xml"}, "--format: 'xml' is not allowed; allowed: text, markdown, json, sarif, jsonl"},
      {{"review", "--output", "json"},
       "--output: 'json' is not allowed; allowed: FORMAT:FILE with a format of text, markdown, json, sarif, "
       "jsonl"},
      {{"review", "--output", "xml:f"},
       "--output: 'xml:f' is not allowed; allowed: FORMAT:FILE with a format of text, markdown, json, sarif, "
       "jsonl"},
      {{"review", "--include", ""}, "--include: '' is not allowed; allowed: GLOB"},
      {{"review", "--agents", ","}, "--agents: '' is not allowed; allowed: names of agents, separated by commas"},
      {{"review", "--agents", "a/b"}, "--agents: 'a/b' is not allowed; allowed: 1 to 64 of A-Z a-z 0-9 _ . -"},
      {{"review", "--agents", "lint", "--offline"},
       "--offline and --agents name two different panels | name one of them"},
      {{"review", "--text", "a.md", "--staged"}, "--staged and --text name two different changes | name one of them"},
      {{"review", "--text="}, "--text: '' is not allowed; allowed: a file, or - for standard input"},
      {{"review", "--text", "a.md", "--include", "b"}, "--include chooses files of a change, and --text is one piece"},
      {{"review", "--adaptive", "--fixed"}, "--adaptive and --fixed contradict each other | name one of them"},
      {{"review", "--verify", "--no-verify"}, "--verify and --no-verify contradict each other | name one of them"},
      {{"review", "--chunk", "--no-chunk"}, "--chunk and --no-chunk contradict each other | name one of them"},
      {{"review", "--no-chunk", "--chunk-bytes", "50k"},
       "--chunk-bytes is the size of a chunk, and --no-chunk refuses chunks | name one of them"},
      {{"review", "--chunk-bytes", "10"},
       "--chunk-bytes: '10' is not allowed; allowed: a whole number of bytes, or one with k, M, G, Ki, Mi or Gi (200k, "
       "5M), at least 1000"},
      {{"review", "--rounds", "2", "--adaptive"},
       "--rounds is the length of a fixed debate, and --adaptive has none | use --max-rounds N to bound an adaptive "
       "one"},
      {{"review", "--rounds", "2", "--max-rounds", "3"},
       "--max-rounds bounds an adaptive debate, and this one is fixed | use --rounds N alone"},
      {{"review", "--fixed", "--max-rounds", "3"},
       "--max-rounds bounds an adaptive debate, and this one is fixed | use --rounds N alone"},
      {{"review", "--rounds", "0"}, "--rounds: '0' is not allowed; allowed: a whole number from 1 to 20"},
      {{"review", "--lenses", ","}, "--lenses: '' is not allowed; allowed: what to look at, separated by commas"},
      {{"review", "--divide", "both"}, "--divide: 'both' is not allowed; allowed: files, lenses"},
      {{"review", "--decision", "chair"}, "--decision: 'chair' is not allowed; allowed: gate, vote"},
      {{"review", "--max-cost", "0"}, "--max-cost: '0' is not allowed; allowed: a number above 0"},
      {{"review", "--max-cost", "1e3"}, "--max-cost: '1e3' is not allowed; allowed: a number above 0"},
      {{"review", "--max-tokens", "0"}, "--max-tokens: '0' is not allowed; allowed: a whole number from 1"},
      {{"review", "--policy="}, "--policy: needs a value"},
      {{"review", "--perspectives", "security"},
       "--perspectives: 'security' is not allowed; allowed: a JSON object of texts: {\"AGENT\": \"TEXT\"}"},
      {{"review", "--perspectives", "{}"},
       "--perspectives: '{}' is not allowed; allowed: a JSON object of texts: {\"AGENT\": \"TEXT\"}"},
      {{"review", "--perspectives", "{\"a\": 1}"},
       "--perspectives: a: '1' is not allowed; allowed: text that is not empty"},
      {{"review", "--perspectives", "{\"a b\": \"x\"}"},
       "--perspectives: 'a b' is not allowed; allowed: 1 to 64 of A-Z a-z 0-9 _ . -"},
      {{"review", "--offline", "--perspectives", "{\"a\": \"x\"}"},
       "--perspectives is for model reviewers, and --offline has none | name one of them"},
      {{"config"}, "config: '' is not allowed; allowed: show, path or check"},
      {{"config", "edit"}, "config: 'edit' is not allowed; allowed: show, path or check"},
      {{"parse", "a", "b"}, "parse: unexpected argument 'b' | usage: assize parse [FILE]"},
  };
  for (const auto& [words, message] : table) EXPECT_EQ(error_of(words), message);
}

TEST(Options, what_is_not_built_is_refused_and_never_ignored) {
  for (const std::string_view name : commands_not_yet()) {
    const auto options = parse_options({std::string(name), "x", "--y"});
    ASSERT_FALSE(options.has_value()) << name;
    EXPECT_EQ(options.error().code, ErrorCode::unsupported);
    EXPECT_EQ(options.error().message, "assize " + std::string(name) + " is not built yet");
  }
  for (const OptionRow& option : option_table()) {
    if (option.kind != OptionKind::not_yet || (option.commands & kReview) == 0) continue;
    for (const Words& words :
         {Words{"review", std::string(option.name)}, Words{"review", std::string(option.name), "1"},
          Words{"review", std::string(option.name) + "=1"}}) {
      const auto options = parse_options(words);
      ASSERT_FALSE(options.has_value()) << option.name;
      EXPECT_EQ(options.error().message, std::string(option.name) + " is not built yet");
    }
  }
}

TEST(Options, a_review_with_everything) {
  const auto options = parse_options({"review",
                                      "--range",
                                      "a..b",
                                      "--repo",
                                      "/r",
                                      "--agents",
                                      "claude, lint",
                                      "--timeout",
                                      "10m",
                                      "--timeout",
                                      "claude=0",
                                      "--stall-timeout=90s",
                                      "--retries",
                                      "0",
                                      "--fail-on",
                                      "critical",
                                      "--include",
                                      "src/**",
                                      "--include",
                                      "a,b",
                                      "--max-bytes",
                                      "5M",
                                      "--format=json",
                                      "--output",
                                      "sarif:out:1.sarif",
                                      "--prompt",
                                      "-x",
                                      "--exit-zero"});
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_EQ(options->command, Command::review);
  EXPECT_EQ(options->source.kind, SourceOptions::Kind::range);
  EXPECT_EQ(options->source.value, "a..b");
  EXPECT_EQ(options->source.repo, "/r");
  EXPECT_EQ(std::get<Words>(options->settings.at("panel.agents").value), (Words{"claude", "lint"}));
  EXPECT_EQ(std::get<Words>(options->settings.at("review.include").value), (Words{"src/**", "a,b"}));
  EXPECT_EQ(std::get<Words>(options->settings.at("report.outputs").value), (Words{"sarif:out:1.sarif"}));
  EXPECT_EQ(options->timeouts, (std::map<std::string, Millis>{{"", Millis(600'000)}, {"claude", Millis(0)}}));
  EXPECT_EQ(options->stall_timeouts, (std::map<std::string, Millis>{{"", Millis(90'000)}}));
  EXPECT_EQ(options->retries, 0);
  EXPECT_EQ(options->prompt, "-x");
  EXPECT_TRUE(options->exit_zero);
}

TEST(Options, how_the_panel_works_is_set_by_the_keys_of_the_config) {
  const auto options = parse_options({"plan",
                                      "--fixed",
                                      "--rounds",
                                      "3",
                                      "--no-verify",
                                      "--auto",
                                      "--chair",
                                      "rotate",
                                      "--lenses",
                                      "security, error handling",
                                      "--divide",
                                      "lenses",
                                      "--no-chunk",
                                      "--total-timeout",
                                      "0",
                                      "--phase-timeout",
                                      "90s",
                                      "--max-tokens",
                                      "200000",
                                      "--max-cost",
                                      "2.50",
                                      "--decision",
                                      "vote",
                                      "--policy",
                                      "house.toml",
                                      "--perspectives",
                                      "{\"a\": \"the locks\", \"b\": \"the tests\"}",
                                      "--text",
                                      "-"});
  ASSERT_TRUE(options.has_value()) << options.error().message;
  const auto value = [&](const char* key) { return to_toml(options->settings.at(key).value); };
  EXPECT_EQ(value("panel.adaptive"), "false");
  EXPECT_EQ(value("panel.rounds"), "3");
  EXPECT_EQ(value("panel.verify"), "false");
  EXPECT_EQ(value("panel.auto"), "true");
  EXPECT_EQ(value("panel.chair"), "\"rotate\"");
  EXPECT_EQ(value("panel.lenses"), "[\"security\", \"error handling\"]");
  EXPECT_EQ(value("panel.divide"), "\"lenses\"");
  EXPECT_EQ(value("review.chunk"), "false");
  EXPECT_EQ(value("review.policy"), "\"house.toml\"");
  EXPECT_EQ(value("budget.total_timeout"), "\"0\"");
  EXPECT_EQ(value("budget.phase_timeout"), "\"90s\"");
  EXPECT_EQ(value("budget.max_tokens"), "200000");
  EXPECT_EQ(value("budget.max_cost_usd"), "2.5");
  EXPECT_EQ(value("gate.decision"), "\"vote\"");
  EXPECT_EQ(options->settings.at("panel.adaptive").where, "--fixed");
  EXPECT_EQ(options->perspectives, (std::map<std::string, std::string>{{"a", "the locks"}, {"b", "the tests"}}));
  EXPECT_EQ(options->source.kind, SourceOptions::Kind::text);
  EXPECT_EQ(options->source.value, "-");
}

TEST(Options, arguments_are_paths_only_where_files_are_asked_for) {
  const auto options = parse_options({"review", "a.c", "--files", "b.c", "--quiet", "--", "-c.c"});
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_EQ(options->source.kind, SourceOptions::Kind::files);
  EXPECT_EQ(options->arguments, (Words{"a.c", "b.c", "-c.c"}));
}

TEST(Options, brackets_are_part_of_a_glob) {
  const auto options = parse_options({"plan", "--include", "[ab],[cd]"});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(std::get<Words>(options->settings.at("review.include").value), (Words{"[ab],[cd]"}));
}

TEST(Options, the_patch_may_be_standard_input_and_files_may_look_like_options) {
  EXPECT_EQ(parse_options({"review", "--patch", "-"})->source.value, "-");
  EXPECT_EQ(parse_options({"group", "a.json", "--", "--b.json"})->arguments, (Words{"a.json", "--b.json"}));
  EXPECT_EQ(parse_options({"parse", "-"})->arguments, (Words{"-"}));
}

TEST(Options, help_and_version_are_found_in_their_usual_forms) {
  EXPECT_EQ(parse_options({})->command, Command::bare);
  EXPECT_EQ(parse_options({"--version"})->command, Command::version);
  EXPECT_EQ(parse_options({"version"})->command, Command::version);
  EXPECT_EQ(parse_options({"-h"})->command, Command::help);
  const auto of_review = parse_options({"review", "--staged", "--base", "x", "--help"});
  ASSERT_TRUE(of_review.has_value());
  EXPECT_EQ(of_review->command, Command::help);
  EXPECT_EQ(of_review->arguments, Words{"review"});
}

TEST(Options, errors_are_wanted_as_json_also_on_a_line_that_cannot_be_read) {
  EXPECT_TRUE(wants_json_errors({"review", "--bogus", "--format", "json"}));
  EXPECT_TRUE(wants_json_errors({"review", "--format=json", "--base"}));
  EXPECT_TRUE(wants_json_errors({"plan", "--json"}));
  EXPECT_FALSE(wants_json_errors({"review", "--format", "sarif"}));
  EXPECT_FALSE(wants_json_errors({"group", "--", "--json"}));
  EXPECT_TRUE(names_format({"review", "--format", "jsonl", "--bogus"}, "jsonl"));
  EXPECT_FALSE(wants_json_errors({"review", "--format", "jsonl"}));
}

TEST(Options, every_option_and_command_is_in_the_help) {
  for (const CommandRow& command : command_table()) {
    EXPECT_NE(help_text(Command::bare).find(command.name), std::string::npos);
    const std::string help = help_text(command.command);
    for (const OptionRow& option : option_table()) {
      if ((option.commands & bit_of(command.command)) == 0) continue;
      EXPECT_NE(help.find(option.name), std::string::npos) << command.name << " " << option.name;
    }
  }
}

}  // namespace
}  // namespace assize
