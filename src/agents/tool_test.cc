#include "agents/tool.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "agents/tool/catalogue.h"
#include "agents/tool/testing.h"

namespace assize::tool {
namespace {

namespace json = boost::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

const std::unique_ptr<Adapter> kAdapter = make_tool_adapter();
const Room kRoom{"/room/home", "/room/scratch", "/room/cwd"};

Probe found_at(std::string program) {
  Probe probe;
  probe.found = true;
  probe.program = std::move(program);
  return probe;
}

std::vector<std::string> found(const Decoded& decoded) {
  std::vector<std::string> list;
  const json::value review = json::parse(decoded.text);
  for (const json::value& finding : review.at("findings").as_array()) {
    list.push_back(std::string(finding.at("file").as_string()) + ":" + std::to_string(finding.at("line").as_int64()) +
                   " " + std::string(finding.at("rule").as_string()) + " " +
                   std::string(finding.at("severity").as_string()));
  }
  return list;
}
json::value checked(const Decoded& decoded) {
  return json::parse(decoded.text).at("checked");
}

TEST(Tool, knows_ten_tools) {
  EXPECT_THAT(known_tools(), ElementsAre("cppcheck", "gcc", "clang-tidy", "shellcheck", "bandit", "pyflakes", "ruff",
                                         "eslint", "semgrep", "gitleaks"));
}

TEST(ToolProbe, finds_versioned_names_and_says_what_to_install) {
  EXPECT_EQ(kAdapter->probe(known("clang-tidy"), ScriptedWorld({"clang-tidy-14"})).program, "/opt/bin/clang-tidy-14");
  EXPECT_EQ(kAdapter->probe(known("pyflakes"), ScriptedWorld({"pyflakes3"})).program, "/opt/bin/pyflakes3");
  const Probe missing = kAdapter->probe(known("ruff"), ScriptedWorld({}));
  EXPECT_EQ(missing.unusable, CallErrorKind::not_installed);
  EXPECT_EQ(missing.hint, "pip install ruff");
}

TEST(ToolProbe, refuses_specs_that_can_never_run) {
  EXPECT_EQ(kAdapter->probe(known("lintall"), ScriptedWorld({})).unusable, CallErrorKind::invalid_request);
  EXPECT_EQ(kAdapter->probe(AgentSpec{}, ScriptedWorld({})).unusable, CallErrorKind::invalid_request);
  AgentSpec custom;
  custom.command = {"infer"};
  EXPECT_THAT(kAdapter->probe(custom, ScriptedWorld({"infer"})).hint, HasSubstr("\"sarif\" or \"gcc\""));
  custom.output = "sarif";
  EXPECT_TRUE(kAdapter->probe(custom, ScriptedWorld({"infer"})).found);
}

TEST(ToolProbe, semgrep_needs_its_rules_named) {
  AgentSpec spec = known("semgrep");
  EXPECT_EQ(kAdapter->probe(spec, ScriptedWorld({"semgrep"})).unusable, CallErrorKind::not_applicable);
  spec.extra_args = {"--config", "/etc/rules.yml"};
  EXPECT_EQ(kAdapter->probe(spec, ScriptedWorld({"semgrep"})).unusable, std::nullopt);
}

TEST(ToolInvocation, is_not_applicable_without_a_file_that_the_tool_reads) {
  const auto kind_of = [](const Call& call) {
    const auto made = kAdapter->invocation(call, found_at("/x"), kRoom, FileTools::none);
    return made ? std::string("runs") : std::string(to_string(made.error().kind)) + ": " + made.error().message;
  };
  EXPECT_THAT(kind_of(call_of(known("shellcheck"), {new_file("a.py", "x")})),
              StartsWith("not_applicable: no changed file"));
  EXPECT_THAT(kind_of(call_of(known("shellcheck"), {})), StartsWith("not_applicable: there are no"));
  ScopeFile patch_only = new_file("a.sh", "x");
  patch_only.post_image = nullptr;
  EXPECT_THAT(kind_of(call_of(known("shellcheck"), {patch_only})), HasSubstr("give --repo"));
  EXPECT_THAT(kind_of(call_of(known("gcc"), {new_file("a.cc", "x"), new_file("b.h", "x")})),
              StartsWith("not_applicable"));
}

TEST(ToolInvocation, keeps_names_from_being_options_and_leaves_hostile_ones_out) {
  const Call call = call_of(known("bandit"), {new_file("--help.py", "x"), new_file("../up.py", "x"),
                                              new_file("/abs.py", "x"), new_file("new\nline.py", "x")});
  const auto made = kAdapter->invocation(call, found_at("/x/bandit"), kRoom, FileTools::none);
  EXPECT_EQ(made->argv.back(), "./--help.py");
  EXPECT_EQ(made->argv.front(), "/x/bandit");
  EXPECT_THAT(made->argv, Not(Contains(HasSubstr("up.py"))));
  EXPECT_EQ(decode(*kAdapter, call, R"({"results":[]})", 0).warnings.size(), 3U);
}

TEST(ToolInvocation, turns_configuration_of_the_change_off) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"shellcheck", {"--norc"}},
      {"bandit", {"--ignore-nosec"}},
      {"ruff", {"--isolated", "--ignore-noqa"}},
      {"eslint", {"--no-config-lookup", "--no-inline-config", "--no-ignore"}},
      {"clang-tidy", {"--config={}"}},
      {"gitleaks", {"--ignore-gitleaks-allow", "--config=/room/scratch/gitleaks.toml", "--redact"}},
  };
  for (const auto& [name, options] : cases) {
    const Call call = call_of(
        known(name), {new_file("a.sh", "x"), new_file("a.py", "x"), new_file("a.js", "x"), new_file("a.c", "x")});
    const auto made = kAdapter->invocation(call, found_at("/x/" + name), kRoom, FileTools::none);
    ASSERT_TRUE(made) << name;
    EXPECT_THAT(made->argv, IsSupersetOf(options)) << name;
    EXPECT_EQ(kAdapter->audit(made->argv), std::nullopt) << name;
  }
}

TEST(ToolInvocation, refuses_options_that_write_load_or_configure) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"clang-tidy", "--fix"},
                                                                  {"ruff", "--fix"},
                                                                  {"eslint", "--config=x.js"},
                                                                  {"gcc", "-fplugin=x.so"},
                                                                  {"shellcheck", "-x"}};
  for (const auto& [name, option] : cases) {
    AgentSpec spec = known(name);
    spec.extra_args = {option};
    const Call call =
        call_of(spec, {new_file("a.sh", "x"), new_file("a.py", "x"), new_file("a.js", "x"), new_file("a.c", "x")});
    const auto made = kAdapter->invocation(call, found_at("/x/" + name), kRoom, FileTools::none);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().kind, CallErrorKind::invalid_request);
    EXPECT_TRUE(kAdapter->audit({"/usr/bin/" + name, option})) << name;
  }
}

TEST(ToolInvocation, a_custom_command_gets_the_files_where_it_says) {
  AgentSpec spec;
  spec.id = "mine";
  spec.command = {"mine", "--files", "{files}", "--end"};
  spec.output = "gcc";
  const Call call = call_of(spec, {new_file("a.x", "x"), new_file("b", "x")});
  const auto made = kAdapter->invocation(call, found_at("/x/mine"), kRoom, FileTools::none);
  EXPECT_THAT(made->argv, ElementsAre("/x/mine", "--files", "./a.x", "./b", "--end"));
}

TEST(ToolDecoder, keeps_findings_on_lines_of_the_change) {
  ScopeFile file = new_file("src/a.py", "a\nb\nc\n", LineState::context);
  file.lines[1].kind = ScopeLine::Kind::added;
  file.lines.pop_back();  // line 3 is not shown
  const std::string out =
      "./src/a.py:1:1: undefined name 'a'\nsrc/a.py:2:1: undefined name 'b'\n/room/cwd/src/a.py:2:9 x\n"
      "src/a.py:3:1: undefined name 'c'\nother.py:2:1: undefined name 'd'\n";
  EXPECT_THAT(found(decode(*kAdapter, call_of(known("pyflakes"), {file}), out, 1)), ElementsAre("src/a.py:2  medium"));
  // One that follows paths through a function may end on a line that is shown.
  const std::string paths =
      "src/a.c:1:1: error: Memory leak: p [memleak]\nsrc/a.c:3:1: error: Memory leak: q [memleak]\n";
  file.path = "src/a.c";
  EXPECT_THAT(found(decode(*kAdapter, call_of(known("cppcheck"), {file}), paths, 0)),
              ElementsAre("src/a.c:1 memleak medium"));
}

TEST(ToolDecoder, an_absolute_path_is_the_file_that_it_ends_with) {
  const Call call = call_of(known("clang-tidy"), {new_file("a.c", "x\n"), new_file("src/a.c", "x\n")});
  const std::string out =
      "/room/cwd/src/a.c:1:1: warning: one [bugprone-x]\n/room/cwd/a.c:1:1: warning: two "
      "[bugprone-y,-warnings-as-errors]\n"
      "/usr/include/b.h:1:1: warning: three [bugprone-z]\n";
  EXPECT_THAT(found(decode(*kAdapter, call, out, 0)),
              ElementsAre("src/a.c:1 bugprone-x medium", "a.c:1 bugprone-y medium"));
}

TEST(ToolDecoder, understands_exit_codes_tool_by_tool) {
  const Call shell = call_of(known("shellcheck"), {new_file("a.sh", "x\n")});
  EXPECT_FALSE(decode(*kAdapter, shell, R"({"comments":[]})", 0).error);
  EXPECT_FALSE(decode(*kAdapter, shell, R"({"comments":[]})", 1).error);
  const Decoded failed = decode(*kAdapter, shell, R"({"comments":[]})", 3, "shellcheck: bad option\n");
  EXPECT_EQ(failed.error->kind, CallErrorKind::failed);
  EXPECT_EQ(failed.error->exit_code, 3);
  EXPECT_THAT(failed.error->message, HasSubstr("bad option"));
  EXPECT_TRUE(checked(failed).as_array().empty()) << "a run that failed has checked nothing";
  EXPECT_EQ(decode(*kAdapter, shell, "", 0).error->kind, CallErrorKind::malformed_answer);
  EXPECT_EQ(decode(*kAdapter, call_of(known("cppcheck"), {new_file("a.c", "x\n")}), "", 1).error->kind,
            CallErrorKind::failed);
}

TEST(ToolDecoder, what_was_stopped_has_checked_nothing_and_keeps_what_it_found) {
  const Call call = call_of(known("pyflakes"), {new_file("a.py", "x\n")});
  const auto decoder = kAdapter->decoder(call);
  decoder->feed("a.py:1:1: undefined name 'x'\n");
  Ending ending;
  ending.stopped_for = CallErrorKind::timed_out;
  const Decoded decoded = decoder->finish(ending);
  EXPECT_EQ(decoded.error->kind, CallErrorKind::timed_out);
  EXPECT_THAT(found(decoded), ElementsAre("a.py:1  medium"));
  EXPECT_TRUE(checked(decoded).as_array().empty());
}

TEST(ToolDecoder, gcc_checked_a_file_only_when_it_said_so) {
  const Call call = call_of(known("gcc"), {new_file("a.c", "x\n"), new_file("b.c", "x\n"), new_file("c.c", "x\n")});
  const Decoded decoded =
      decode(*kAdapter, call,
             "./a.c:1:1: warning: leak of <unknown> [CWE-401] [-Wanalyzer-malloc-leak]\nassize-status: 0 ./a.c\n"
             "./b.c:1:9: fatal error: x.h: No such file or directory\nassize-status: 1 ./b.c\n",
             0);
  EXPECT_EQ(checked(decoded), json::value({"a.c"}));
  EXPECT_THAT(found(decoded), IsEmpty());
  EXPECT_THAT(decoded.warnings, ElementsAre(HasSubstr("could not analyse b.c: line 1: x.h")));
}

TEST(ToolDecoder, bandit_never_repeats_a_password) {
  const Decoded decoded = decode(
      *kAdapter, call_of(known("bandit"), {new_file("a.py", "password = 'hunter2-Xk9'\n")}),
      R"({"errors":[],"results":[{"filename":"./a.py","line_number":1,"issue_severity":"LOW","issue_confidence":"MEDIUM",
          "issue_text":"Possible hardcoded password: 'hunter2-Xk9'","test_id":"B105"}]})",
      1);
  EXPECT_THAT(found(decoded), ElementsAre("a.py:1 B105 low"));
  EXPECT_THAT(decoded.text, Not(HasSubstr("hunter2")));
}

TEST(ToolDecoder, reads_ruff) {
  const Decoded decoded =
      decode(*kAdapter, call_of(known("ruff"), {new_file("a.py", "x\ny\n"), new_file("b.py", "(\n")}),
             R"([{"cell":null,"code":"F821","end_location":{"column":9,"row":1},"filename":"/room/cwd/a.py","fix":null,
           "location":{"column":7,"row":1},"message":"Undefined name `x`","noqa_row":1,"url":"https://x"},
          {"code":"S602","filename":"/room/cwd/a.py","location":{"column":1,"row":2},"message":"shell","fix":{"message":"drop it"}},
          {"code":null,"filename":"/room/cwd/b.py","location":{"column":2,"row":1},"message":"SyntaxError: '(' was never closed"}])",
             1);
  EXPECT_THAT(found(decoded), ElementsAre("a.py:1 F821 medium", "a.py:2 S602 medium"));
  EXPECT_EQ(checked(decoded), json::value({"a.py"}));
}

TEST(ToolDecoder, reads_eslint) {
  const Decoded decoded =
      decode(*kAdapter, call_of(known("eslint"), {new_file("a.js", "x\ny\n"), new_file("b.js", "(\n")}),
             R"([{"filePath":"/room/cwd/a.js","messages":[
            {"ruleId":"no-cond-assign","severity":2,"message":"Expected a conditional","line":1,"column":5,"nodeType":"If","endLine":1},
            {"ruleId":"no-empty","severity":1,"message":"Empty block statement.","line":2,"column":1}],
           "errorCount":1,"fatalErrorCount":0,"warningCount":1},
          {"filePath":"/room/cwd/b.js","messages":[{"ruleId":null,"fatal":true,"severity":2,"message":"Parsing error: x","line":1}]}])",
             1);
  EXPECT_THAT(found(decoded), ElementsAre("a.js:1 no-cond-assign medium", "a.js:2 no-empty low"));
  EXPECT_EQ(checked(decoded), json::value({"a.js"}));
}

TEST(ToolDecoder, reads_semgrep_and_gitleaks_as_sarif) {
  AgentSpec semgrep = known("semgrep");
  semgrep.extra_args = {"--config=/r.yml"};
  const std::string_view log = R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"X","rules":[
      {"id":"r.sql","defaultConfiguration":{"level":"error"},"fullDescription":{"text":"SQL from values"}}]}},
      "results":[{"ruleId":"r.sql","message":{"text":"the value is abc123"},"locations":[{"physicalLocation":{"artifactLocation":
        {"uri":"a.py","uriBaseId":"%SRCROOT%"},"region":{"startLine":1,"endLine":2}}}]}]}]})";
  const std::vector<ScopeFile> files = {new_file("a.py", "x = 'abc123'\ny\n")};
  EXPECT_THAT(found(decode(*kAdapter, call_of(semgrep, files), log, 0)), ElementsAre("a.py:1 r.sql high"));
  const Decoded leaks = decode(*kAdapter, call_of(known("gitleaks"), files), log, 0);
  EXPECT_THAT(found(leaks), ElementsAre("a.py:1 r.sql high"));
  EXPECT_THAT(leaks.text, Not(HasSubstr("abc123")));
}

TEST(ToolDecoder, a_custom_tool_in_gcc_style) {
  AgentSpec spec;
  spec.id = "mine";
  spec.command = {"mine"};
  spec.output = "gcc";
  const Decoded decoded =
      decode(*kAdapter, call_of(spec, {new_file("a b.x", "1\n2\n3\n4\n")}),
             "noise\na b.x:1:2: error: bad thing [r-1]\na b.x:2: warning: other\n./a b.x:3:1: note: see here\n"
             "a b.x:4:1: odd: no level that we know\na b.x:99999999999: error: far\n:1: error: x\n",
             1);
  EXPECT_THAT(found(decoded), ElementsAre("a b.x:1 r-1 high", "a b.x:2  medium"));
}

TEST(ToolDecoder, any_bytes_give_an_answer_or_an_error) {
  std::string junk;
  for (int i = 0; i < 4096; ++i) junk.push_back(static_cast<char>((i * 131) % 256));
  for (const std::string& name : known_tools()) {
    const Call call = call_of(known(name), {new_file("a.c", "x\n"), new_file("a.sh", "x\n")});
    for (const std::string& text :
         {junk, std::string("[[[[[[["), std::string("{\"results\":5}"), std::string("[5,null]")}) {
      const Decoded decoded = decode(*kAdapter, call, text, 0);
      EXPECT_TRUE(decoded.error || !decoded.text.empty()) << name;
      EXPECT_TRUE(is_valid_utf8(decoded.text));
    }
  }
}

}  // namespace
}  // namespace assize::tool
