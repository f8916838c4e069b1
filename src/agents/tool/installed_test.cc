// The analysers that are installed, run for real in a directory of the test's own. One that is missing is skipped by
// name.
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "agents/tool.h"
#include "agents/tool/testing.h"
#include "sys/process.h"

namespace assize::tool {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

class Installed : public testing::Test {
 protected:
  Installed() {
    std::string pattern = (fs::temp_directory_path() / "assize-tool-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    for (const char* part : {"home", "scratch", "cwd"}) fs::create_directory(root_ / part);
  }
  ~Installed() override { fs::remove_all(root_); }
  Installed(const Installed&) = delete;
  Installed& operator=(const Installed&) = delete;

  static void put(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  // Nothing when the tool is not installed.
  std::optional<Decoded> run(const Call& call) {
    const Probe probe = adapter_->probe(*call.agent, PathWorld());
    if (!probe.found) return std::nullopt;
    const Room room{root_ / "home", root_ / "scratch", root_ / "cwd"};
    for (const ScopeFile& file : call.scope->files) {
      if (file.post_image != nullptr) put(root_ / "cwd" / file.path, *file.post_image);
    }
    const auto invocation = adapter_->invocation(call, probe, room, FileTools::none);
    EXPECT_TRUE(invocation) << invocation.error().message;
    if (!invocation) return Decoded{};
    EXPECT_EQ(adapter_->audit(invocation->argv), std::nullopt);
    for (const auto& [path, text] : invocation->files) put(path, text);
    ProcessSpec spec{
        .argv = invocation->argv, .env = {"PATH=/usr/bin:/bin", "HOME=" + room.home}, .cwd = room.cwd, .input = {}};
    for (const auto& [name, value] : invocation->env) spec.env.push_back(name + "=" + value);
    const auto output = run_program(spec, Millis(60'000), ByteCount{16 << 20});
    EXPECT_TRUE(output);
    out_ = output->out;
    return decode(*adapter_, call, output->out, output->end.exit_code.value_or(-1), output->err);
  }

  std::unique_ptr<Adapter> adapter_ = make_tool_adapter();
  fs::path root_;
  std::string out_;
};

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
std::vector<std::string> checked(const Decoded& decoded) {
  std::vector<std::string> list;
  const json::value review = json::parse(decoded.text);
  for (const json::value& path : review.at("checked").as_array()) list.emplace_back(path.as_string());
  return list;
}

constexpr const char* kBadC =
    "#include <stdlib.h>\n#include <string.h>\n"
    "void clear(char *p) {\n  memset(p, 0, sizeof(p));\n}\n"
    "int twice(char *p) {\n  free(p);\n  return p[0];\n}\n";

#define RUN_OR_SKIP(name, call)                                               \
  const auto name##_run = run(call);                                          \
  if (!name##_run) GTEST_SKIP() << (call).agent->tool << " is not installed"; \
  const Decoded& name = *name##_run;                                          \
  ASSERT_FALSE(name.error) << name.error->message << "\n" << out_

TEST_F(Installed, cppcheck_finds_and_ignores_inline_suppressions) {
  const Call call =
      call_of(known("cppcheck"), {new_file("src/a b.c",
                                           "int third(int n) {\n  int a[3] = {0};\n  /* cppcheck-suppress "
                                           "arrayIndexOutOfBounds */\n  return a[5] + n;\n}\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), Contains("src/a b.c:4 arrayIndexOutOfBounds high"));
  EXPECT_THAT(checked(decoded), ElementsAre("src/a b.c"));
}

TEST_F(Installed, cppcheck_says_what_it_could_not_parse) {
  const Call call = call_of(known("cppcheck"), {new_file("bad.c", "int f( {\n"), new_file("good.c", "int x;\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(checked(decoded), ElementsAre("good.c"));
  EXPECT_THAT(decoded.warnings, Contains(HasSubstr("could not analyse bad.c")));
}

TEST_F(Installed, gcc_finds_over_files_and_says_which_do_not_compile) {
  const Call call =
      call_of(known("gcc"), {new_file("src/a.c", kBadC), new_file("-dash.c", "#include \"nowhere.h\"\nint x;\n"),
                             new_file("@at.c", "int y;\n"), new_file("a.cc", "int z;\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), Contains(HasSubstr("src/a.c:4 -Wsizeof-pointer-memaccess high")));
  EXPECT_THAT(found(decoded), Contains(HasSubstr("src/a.c:8 -Wuse-after-free high")));
  EXPECT_THAT(checked(decoded), ElementsAre("src/a.c", "@at.c"));
  EXPECT_THAT(decoded.warnings, ElementsAre(HasSubstr("could not analyse -dash.c: line 1: nowhere.h")));
}

TEST_F(Installed, gcc_finds_headers_of_the_change_first_and_then_of_the_repository) {
  const fs::path repository = root_ / "repo with space";
  put(repository / "src/old.h", "#define OLD 1\n");
  put(repository / "include/api.h", "int api(void);\n");
  put(repository / "src/new.h", "#error the repository's\n");
  const Call call =
      call_of(known("gcc"),
              {new_file("src/new.h", "int n(void);\n"),
               new_file("src/a.c", "#include \"old.h\"\n#include <api.h>\n#include \"new.h\"\nint x = OLD;\n")},
              repository);
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(checked(decoded), ElementsAre("src/a.c"));
  EXPECT_THAT(decoded.warnings, IsEmpty());
}

TEST_F(Installed, clang_tidy_takes_no_configuration_from_the_change_and_reports_its_switches) {
  const Call call = call_of(known("clang-tidy"),
                            {new_file("src/a.c", kBadC), new_file(".clang-tidy", "Checks: '-*'\n"),
                             new_file("src/.clang-tidy", "Checks: '-*'\n"), new_file("compile_commands.json", "[]"),
                             new_file("src/b.c", "int f(void); // NOLINT\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), Contains(HasSubstr("src/a.c:8 clang-analyzer-unix.Malloc high")));
  EXPECT_THAT(checked(decoded), ElementsAre("src/a.c", "src/b.c"));
  EXPECT_THAT(decoded.warnings, ElementsAre("src/b.c:1 turns findings of clang-tidy off (\"NOLINT\")"));
}

TEST_F(Installed, clang_tidy_does_not_claim_what_does_not_compile) {
  const Call call = call_of(known("clang-tidy"), {new_file("a.c", "#include \"nowhere.h\"\nint x;\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(checked(decoded), IsEmpty());
  EXPECT_THAT(found(decoded), IsEmpty());
  EXPECT_THAT(decoded.warnings, ElementsAre(HasSubstr("nowhere.h")));
}

TEST_F(Installed, shellcheck_reads_scripts_by_their_first_line_and_no_rc_file) {
  const Call call = call_of(known("shellcheck"),
                            {new_file("bin/run", "#!/bin/sh\nrm $1\n"), new_file(".shellcheckrc", "disable=all\n"),
                             new_file("bin/.shellcheckrc", "disable=SC2086\n"),
                             new_file("x.sh", "#!/bin/sh\n# shellcheck disable=SC2086\nrm $1\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), Contains("bin/run:2 SC2086 low"));
  EXPECT_THAT(checked(decoded), ElementsAre("bin/run", "x.sh"));
  EXPECT_THAT(decoded.warnings, ElementsAre(HasSubstr("x.sh:2 turns findings of shellcheck off")));
}

TEST_F(Installed, bandit_ignores_nosec_and_its_ini_file) {
  const Call call =
      call_of(known("bandit"), {new_file("a.py",
                                         "import subprocess\nsubprocess.call(x, shell=True)  # nosec\n"
                                         "password = 'hunter2-Xk9'\n"),
                                new_file(".bandit", "[bandit]\nskips: B602,B105\n"), new_file("b.py", "def f(:\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), Contains("a.py:2 B602 high"));
  EXPECT_THAT(decoded.text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(checked(decoded), ElementsAre("a.py"));
}

TEST_F(Installed, pyflakes_finds_and_says_what_it_could_not_parse) {
  const Call call =
      call_of(known("pyflakes"), {new_file("a.py", "import os\nprint(undefined)\n"), new_file("b.py", "def f(:\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), ElementsAre("a.py:1  low", "a.py:2  medium"));
  EXPECT_THAT(checked(decoded), ElementsAre("a.py"));
  EXPECT_THAT(decoded.warnings, ElementsAre(HasSubstr("could not analyse b.py")));
}

TEST_F(Installed, eslint_runs_no_configuration_of_the_change) {
  const fs::path canary = root_ / "canary";
  const std::string config = "require('fs').writeFileSync('" + canary.string() + "', 'x'); module.exports = [];\n";
  const Call call =
      call_of(known("eslint"),
              {new_file("web/a.js", "/* eslint-disable */\nexport function f(x) {\n  if (x = 1) debugger;\n}\n"),
               new_file("b.js", "function (\n"), new_file("eslint.config.js", config),
               new_file("web/.eslintrc.js", config), new_file(".eslintignore", "web\n")});
  RUN_OR_SKIP(decoded, call);
  EXPECT_THAT(found(decoded), IsSupersetOf({"web/a.js:3 no-cond-assign medium", "web/a.js:3 no-debugger medium"}));
  EXPECT_THAT(checked(decoded), Contains("web/a.js"));
  EXPECT_THAT(checked(decoded), Not(Contains("b.js")));
  EXPECT_FALSE(fs::exists(canary));
}

}  // namespace
}  // namespace assize::tool
