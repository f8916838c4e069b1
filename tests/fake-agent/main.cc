// Plays an agent's command line, as told by $FAKE_AGENT or by its own arguments. README.md lists the steps.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "output.h"
#include "script.h"
#include "shapes.h"

extern char** environ;

namespace fake_agent {
namespace {

constexpr unsigned kLongestLifeSeconds = 300;  // whatever goes wrong, nothing of a test stays for ever

struct Agent {
  std::string program;  // what it was called by
  std::vector<std::string> arguments;
  Shape shape = Shape::text;
  OutputMode mode;
  Reply reply;
  bool reads = true;  // before it answers; `no-read-stdin` turns it off
};

[[noreturn]] void complain(const std::string& message) {
  std::fprintf(stderr, "fake-agent: %s\n", message.c_str());
  std::exit(99);
}

long number(const Step& step, std::size_t word, long otherwise) {
  return word < step.words.size() ? std::strtol(step.words[word].c_str(), nullptr, 10) : otherwise;
}

bool has_word(const Step& step, std::string_view wanted) {
  return std::find(step.words.begin(), step.words.end(), wanted) != step.words.end();
}

std::string argument_after(const Agent& agent, std::string_view name) {
  const auto found = std::find(agent.arguments.begin(), agent.arguments.end(), name);
  return found != agent.arguments.end() && found + 1 != agent.arguments.end() ? *(found + 1) : std::string();
}

void read_prompt(Agent& agent) {
  if (!agent.reads) return;
  agent.reads = false;
  agent.reply.prompt = read_stdin();
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

void print(const Agent& agent, const Printed& printed) {
  emit(STDERR_FILENO, printed.err, agent.mode);
  emit(STDOUT_FILENO, printed.out, agent.mode);
}

void answer(Agent& agent, const std::string& given) {
  read_prompt(agent);
  std::error_code ignored;
  agent.reply.text = !given.empty() && given.front() == '/' && std::filesystem::is_regular_file(given, ignored)
                         ? read_file(given)
                         : given;
  const bool schema = !argument_after(agent, "--json-schema").empty();
  agent.reply.structured = schema && !agent.reply.text.empty() && agent.reply.text.front() == '{';
  print(agent, print_reply(agent.shape, agent.reply));
  const std::string last_message = agent.shape == Shape::codex ? argument_after(agent, "-o") : std::string();
  if (!last_message.empty()) write_file(last_message, agent.reply.text);
}

[[noreturn]] void fail(Agent& agent, const std::string& kind) {
  read_prompt(agent);
  const auto printed = print_failure(agent.shape, kind);
  if (!printed) complain("this shape has no failure " + kind);
  print(agent, *printed);
  std::exit(printed->exit);
}

// One more byte in the file for each call that comes here; returns which call this is.
std::size_t count(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 || ::write(fd, "x", 1) != 1) complain("cannot count in " + path);
  const off_t size = ::lseek(fd, 0, SEEK_CUR);
  ::close(fd);
  return static_cast<std::size_t>(size);
}

// The last word is the file for the grandchild's pid. It is there before the next step begins.
void fork_grandchild(const Step& step) {
  if (step.words.empty()) complain("fork-grandchild needs a file for the pid");
  const std::string pid_file = step.words.back();
  int ready[2];
  if (::pipe(ready) != 0) complain("pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    if (has_word(step, "setsid")) ::setsid();
    if (has_word(step, "daemon") && ::fork() != 0) ::_exit(0);  // its parent is gone at once
    if (has_word(step, "ignore-term")) ::signal(SIGTERM, SIG_IGN);
    if (has_word(step, "close-pipes")) {
      for (int fd = 0; fd < 3; ++fd) ::close(fd);
    }
    ::alarm(kLongestLifeSeconds);
    write_file(pid_file, std::to_string(::getpid()));
    ::close(ready[0]);
    ::close(ready[1]);
    if (has_word(step, "clean-env")) {
      const char* const argv[] = {"sleep", "300", nullptr};
      const char* const none[] = {nullptr};
      ::execve("/bin/sleep", const_cast<char* const*>(argv), const_cast<char* const*>(none));
      ::_exit(99);
    }
    hang();
  }
  ::close(ready[1]);
  char nothing = 0;
  while (::read(ready[0], &nothing, 1) > 0) {
  }
  ::close(ready[0]);
  if (has_word(step, "daemon")) ::waitpid(child, nullptr, 0);
}

void flood(const Agent& agent, unsigned long bytes) {
  const std::string line = std::string(1023, 'f') + "\n";
  for (unsigned long done = 0; bytes == 0 || done < bytes; done += line.size()) {
    const unsigned long left = bytes == 0 ? line.size() : std::min<unsigned long>(line.size(), bytes - done);
    emit(STDOUT_FILENO, std::string_view(line).substr(0, left), agent.mode);
  }
}

void dump_env(const std::string& path) {
  std::string all;
  for (char** entry = environ; *entry != nullptr; ++entry) all += std::string(*entry) + "\n";
  write_file(path, all);
}

void dump_fds(const std::string& path) {
  std::string all;
  for (int fd = 0; fd < 65536; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) all += std::to_string(fd) + "\n";
  }
  write_file(path, all);
}

void dump_args(const Agent& agent, const std::string& path) {
  std::string all;
  for (const std::string& argument : agent.arguments) all += argument + "\n";
  write_file(path, all);
}

void perform(Agent& agent, const Step& step);

// `when` and `when-not`: the rest happens or not by what the prompt holds, so that one script plays every phase.
void perform_if(Agent& agent, const Step& step) {
  const Condition condition = parse_condition(step);
  if (condition.text.empty() || condition.steps.empty()) complain(step.name + " needs a text and a step");
  read_prompt(agent);
  if ((agent.reply.prompt.find(condition.text) != std::string::npos) != (step.name == "when")) return;
  for (const Step& inner : condition.steps) perform(agent, inner);
}

void perform(Agent& agent, const Step& step) {
  const std::string& name = step.name;
  if (name == "when" || name == "when-not") return perform_if(agent, step);
  if (name == "read-stdin") return read_prompt(agent);
  if (name == "no-read-stdin") return void(agent.reads = false);
  if (name == "answer") return answer(agent, step.rest);
  if (name == "echo-prompt") {
    read_prompt(agent);
    return answer(agent, agent.reply.prompt);
  }
  if (name == "tool-output") return agent.reply.tool_outputs.push_back(step.rest);
  if (name == "error") return fail(agent, step.rest);
  if (name == "fail-first") {  // N FILE KIND
    if (step.words.size() != 3) complain("fail-first needs N FILE KIND");
    if (count(step.words[1]) <= static_cast<std::size_t>(number(step, 0, 1))) fail(agent, step.words[2]);
    return;
  }
  if (name == "print") return emit(STDOUT_FILENO, step.rest, agent.mode);
  if (name == "stderr") return emit(STDERR_FILENO, step.rest, agent.mode);
  if (name == "sleep") return std::this_thread::sleep_for(std::chrono::milliseconds(number(step, 0, 0)));
  if (name == "hang") hang();
  if (name == "exit") std::exit(static_cast<int>(number(step, 0, 0)));
  if (name == "signal") {
    ::signal(static_cast<int>(number(step, 0, SIGKILL)), SIG_DFL);
    ::raise(static_cast<int>(number(step, 0, SIGKILL)));
    return;
  }
  if (name == "flood") return flood(agent, static_cast<unsigned long>(number(step, 0, 0)));
  if (name == "big-line") {
    return emit(STDOUT_FILENO, std::string(static_cast<std::size_t>(number(step, 0, 0)), 'x') + "\n", agent.mode);
  }
  if (name == "split-utf8") return void(agent.mode.split_utf8 = true);
  if (name == "bytewise") {
    agent.mode.bytewise = true;
    agent.mode.pause = std::chrono::milliseconds(number(step, 0, 1));
    return;
  }
  if (name == "ignore-term") return void(::signal(SIGTERM, SIG_IGN));
  if (name == "fork-grandchild") return fork_grandchild(step);
  if (name == "close-stdout-and-live") {
    ::close(STDOUT_FILENO);
    ::close(STDERR_FILENO);
    hang();
  }
  if (name == "dump-env") return dump_env(step.rest);
  if (name == "dump-fds") return dump_fds(step.rest);
  if (name == "dump-args") return dump_args(agent, step.rest);
  if (name == "dump-cwd") return write_file(step.rest, std::filesystem::current_path().string());
  if (name == "dump-stdin") {
    read_prompt(agent);
    return write_file(step.rest, agent.reply.prompt);
  }
  if (name == "count") return void(count(step.rest));
  complain("unknown step: " + name);
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

bool is_vendor(std::string_view program) {
  constexpr std::string_view kVendors[] = {"claude", "codex", "gemini", "qwen", "opencode"};
  return std::find(std::begin(kVendors), std::end(kVendors), program) != std::end(kVendors);
}

int run(int argc, char** argv) {
  ::alarm(kLongestLifeSeconds);
  Agent agent;
  agent.program = std::filesystem::path(argv[0]).filename().string();
  std::vector<std::string> own;  // steps in our own arguments, before the vendor's
  std::vector<std::string> all(argv + 1, argv + argc);
  const auto separator = std::find(all.begin(), all.end(), "--");
  if (is_vendor(agent.program)) {
    agent.arguments = all;
  } else {
    own.assign(all.begin(), separator);
    if (separator != all.end()) agent.arguments.assign(separator + 1, all.end());
  }
  const std::string named = environment("FAKE_AGENT_SHAPE");
  if (named.empty()) {
    agent.shape = shape_of(agent.program, agent.arguments);
  } else if (const auto shape = shape_from(named)) {
    agent.shape = *shape;
  } else {
    complain("unknown FAKE_AGENT_SHAPE: " + named);
  }
  if (std::find(all.begin(), all.end(), "--version") != all.end()) {
    emit(STDOUT_FILENO, version_line(agent.program), {});
    return 0;
  }
  std::vector<Step> steps = parse_script(environment("FAKE_AGENT"));
  for (const std::string& argument : own) {
    for (Step& step : parse_script(argument)) steps.push_back(std::move(step));
  }
  for (const Step& step : steps) perform(agent, step);
  return 0;
}

}  // namespace
}  // namespace fake_agent

int main(int argc, char** argv) {
  return fake_agent::run(argc, argv);
}
