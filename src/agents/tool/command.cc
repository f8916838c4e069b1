#include "agents/tool/command.h"

#include <algorithm>

namespace assize::tool {

namespace {

// The shell does nothing but start what its arguments name. Constant text: no name and no option is part of it.
constexpr std::string_view kBothStreams = R"(exec "$@" 2>&1)";
// gcc file by file, so that one which does not compile is known; the options come from a file, since the list of files
// is the shell's argument list.
constexpr std::string_view kGccLoop =
    R"(options=$1 compiler=$2; shift 2; for file; do "$compiler" "@$options" -c "$file" -o /dev/null 2>&1; printf 'assize-status: %s %s\n' "$?" "$file"; done)";

void add_unique(std::vector<std::string>& list, std::string item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(std::move(item));
}

// Where includes are looked for: beside each file and in every directory above it, first among the changed files, then
// in the repository (for headers that the change does not touch), each with its include/.
std::vector<std::string> include_options(const Subject& subject, const std::string& repository) {
  std::vector<std::string> directories;
  for (const std::string& file : subject.files) {
    for (std::size_t slash = file.rfind('/'); slash != std::string::npos && slash > 0;
         slash = file.rfind('/', slash - 1)) {
      add_unique(directories, file.substr(0, slash));
      if (directories.size() >= 64) break;  // a deep or scattered change; the rest is found beside the files
    }
  }
  directories.emplace_back(".");
  std::vector<std::string> options;
  options.reserve(directories.size() + 1);
  for (const std::string& directory : directories) options.push_back("-I" + directory);
  options.emplace_back("-Iinclude");
  if (repository.empty() || repository.front() != '/') return options;
  for (const std::string& directory : directories) {
    options.push_back("-I" + repository + (directory == "." ? std::string() : "/" + directory));
  }
  options.push_back("-I" + repository + "/include");
  return options;
}

// One line of a gcc response file: backslashes, quotes and white space are escaped.
std::string response_line(std::string_view option) {
  std::string out;
  for (const char c : option) {
    if (c == '\\' || c == '"' || c == '\'' || c == ' ' || c == '\t' || c == '\n') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\n";
}

void append_files(std::vector<std::string>& argv, const Subject& subject) {
  for (const std::string& file : subject.files) argv.push_back("./" + file);  // never an option, never a response file
}

Invocation gcc(const Kind& kind, const AgentSpec& spec, const std::string& program, const Subject& subject,
               const std::vector<std::string>& includes, const Room& room) {
  Invocation run;
  const std::string options_file = room.scratch + "/gcc.options";
  std::string options;
  for (const std::string_view option : kind.options) options += response_line(option);
  for (const std::string& option : includes) options += response_line(option);
  for (const std::string& option : spec.extra_args) options += response_line(option);
  run.files.emplace_back(options_file, options);
  run.argv = {"/bin/sh", "-c", std::string(kGccLoop), "sh", options_file, program};
  append_files(run.argv, subject);
  return run;
}

Invocation custom(const AgentSpec& spec, const std::string& program, const Subject& subject) {
  Invocation run;
  run.argv.push_back(program);
  bool placed = false;
  for (std::size_t i = 1; i < spec.command.size(); ++i) {
    if (spec.command[i] == "{files}") {
      append_files(run.argv, subject);
      placed = true;
    } else {
      run.argv.push_back(spec.command[i]);
    }
  }
  run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
  if (!placed) append_files(run.argv, subject);
  return run;
}

}  // namespace

Invocation command_line(const Call& call, const Kind* kind, const std::string& program, const Subject& subject,
                        const Room& room) {
  const AgentSpec& spec = *call.agent;
  Invocation run;
  const std::vector<std::string> includes = include_options(subject, call.scope->repository);
  if (kind == nullptr) {
    run = custom(spec, program, subject);
  } else if (kind->name == "gcc") {
    run = gcc(*kind, spec, program, subject, includes, room);
  } else {
    // cppcheck reports on standard error, pyflakes prints syntax errors there.
    if (kind->name == "cppcheck" || kind->name == "pyflakes") {
      run.argv = {"/bin/sh", "-c", std::string(kBothStreams), "sh"};
    }
    run.argv.push_back(program);
    run.argv.insert(run.argv.end(), kind->options.begin(), kind->options.end());
    if (kind->name == "cppcheck") run.argv.insert(run.argv.end(), includes.begin(), includes.end());
    if (kind->name == "gitleaks") {
      // Its rules are its own; neither a .gitleaks.toml nor a .gitleaksignore of the change is looked at.
      run.files.emplace_back(room.scratch + "/gitleaks.toml", "[extend]\nuseDefault = true\n");
      run.files.emplace_back(room.scratch + "/gitleaksignore", "");
      run.argv.push_back("--config=" + room.scratch + "/gitleaks.toml");
      run.argv.push_back("--gitleaks-ignore-path=" + room.scratch + "/gitleaksignore");
    }
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    if (kind->name != "gitleaks") append_files(run.argv, subject);  // that one looks at the directory
    if (kind->name == "clang-tidy") {
      run.argv.insert(run.argv.end(), {"--", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-sign-compare",
                                       "-Wno-missing-field-initializers"});
      run.argv.insert(run.argv.end(), includes.begin(), includes.end());
    }
  }
  run.env = {{"LC_ALL", "C.UTF-8"},
             {"PYTHONDONTWRITEBYTECODE", "1"},
             {"ESLINT_USE_FLAT_CONFIG", "true"},
             {"SEMGREP_SEND_METRICS", "off"}};
  return run;
}

}  // namespace assize::tool
