#include "cli/versions.h"

#include <memory>
#include <optional>

#include <fmt/core.h>

#include "agents/detect.h"
#include "calls/room.h"
#include "sys/event_loop.h"
#include "sys/process.h"
#include "sys/tree_files.h"

namespace assize {
namespace {

constexpr std::size_t kMaxVersionOutput = 64 << 10;  // some tools print their licence too

// Only a program by itself: a wrapper's arguments say more than its file does.
std::optional<FileStamp> cacheable(const ProbedAgent& agent) {
  if (agent.probe.program.empty() || agent.spec.command.size() > 1) return std::nullopt;
  return stamp_of(agent.probe.program);
}

std::vector<std::string> from_cache(const VersionCache& cache, const std::vector<ProbedAgent>& agents) {
  std::vector<std::string> out(agents.size());
  for (std::size_t i = 0; i < agents.size(); ++i) {
    if (const auto stamp = cacheable(agents[i])) out[i] = cache.find(*stamp).value_or("");
  }
  return out;
}

// One program being asked.
class Question final : public ProcessListener {
 public:
  explicit Question(std::size_t index) : index_(index) {}
  void on_stdout(std::string_view bytes) override { keep(bytes); }
  void on_stderr(std::string_view bytes) override { keep(bytes); }
  void on_end(const ProcessEnd&) override { ended_ = true; }

  std::size_t index() const { return index_; }
  bool ended() const { return ended_; }
  std::string version() const { return version_in(output_); }
  std::unique_ptr<Process> process;

 private:
  void keep(std::string_view bytes) {
    output_.append(bytes.substr(0, kMaxVersionOutput - std::min(kMaxVersionOutput, output_.size())));
  }
  std::size_t index_;
  std::string output_;
  bool ended_ = false;
};

ProcessSpec spec_for(const ProbedAgent& agent, const Room& room, const Environment& environment) {
  ProcessSpec spec;
  spec.argv = {agent.probe.program};
  for (std::size_t i = 1; i < agent.spec.command.size(); ++i) spec.argv.push_back(agent.spec.command[i]);
  for (const std::string& argument : agent.adapter->version_args()) spec.argv.push_back(argument);
  spec.env = {"HOME=" + room.home, "TMPDIR=" + room.scratch, "TERM=dumb"};
  for (const std::string_view name : {"PATH", "LANG"}) {
    if (const auto value = environment(name)) spec.env.push_back(fmt::format("{}={}", name, *value));
  }
  spec.cwd = room.cwd;
  return spec;
}

// Removes the directory of all rooms when it goes.
struct RunDirectory {
  std::string path;
  ~RunDirectory() { remove_whole_tree(path); }
};

}  // namespace

std::string cache_directory(const Environment& environment) {
  const auto absolute = [&](std::string_view name) {
    const auto value = environment(name);
    return value && value->starts_with('/') ? *value : std::string();
  };
  if (const std::string cache = absolute("XDG_CACHE_HOME"); !cache.empty()) return cache + "/assize";
  if (const std::string home = absolute("HOME"); !home.empty()) return home + "/.cache/assize";
  return {};
}

std::vector<std::string> known_versions(const std::vector<ProbedAgent>& agents, const Environment& environment) {
  const std::string directory = cache_directory(environment);
  if (directory.empty()) return std::vector<std::string>(agents.size());
  return from_cache(VersionCache(directory), agents);
}

Result<std::vector<std::string>> ask_versions(const std::vector<ProbedAgent>& agents, const Environment& environment) {
  const std::string directory = cache_directory(environment);
  std::unique_ptr<VersionCache> cache;
  std::vector<std::string> versions(agents.size());
  if (!directory.empty()) {
    cache = std::make_unique<VersionCache>(directory);
    versions = from_cache(*cache, agents);
  }

  TRY_ASSIGN(std::string run_directory, make_run_directory(""));
  const RunDirectory removed_at_end{std::move(run_directory)};
  std::vector<CallRoom> rooms;
  EventLoop loop;
  TRY_ASSIGN(const std::unique_ptr<ProcessHost> host, ProcessHost::make(loop));
  std::vector<std::unique_ptr<Question>> questions;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const bool askable = agents[i].probe.found && !agents[i].probe.program.empty() &&
                         !agents[i].adapter->version_args().empty() && versions[i].empty();
    if (!askable) continue;
    TRY_ASSIGN(CallRoom room, CallRoom::make(removed_at_end.path, fmt::format("version-{}", i)));
    auto question = std::make_unique<Question>(i);
    auto process = host->start(spec_for(agents[i], room.room(), environment), *question);
    rooms.push_back(std::move(room));
    if (!process) continue;
    question->process = std::move(*process);
    questions.push_back(std::move(question));
  }

  bool late = false;
  const Subscribed deadline = loop.after(kVersionDeadline, [&late] { late = true; });
  loop.run_until([&] {
    return late || std::all_of(questions.begin(), questions.end(), [](const auto& q) { return q->ended(); });
  });
  for (const auto& question : questions) {
    const std::string version = question->ended() ? question->version() : std::string();
    versions[question->index()] = version;
    const auto stamp = cacheable(agents[question->index()]);
    if (cache && stamp && !version.empty()) cache->remember(*stamp, version);
  }
  questions.clear();               // kills the ones that are late, before the host goes
  if (cache) (void)cache->save();  // lost, it is asked again
  return versions;
}

}  // namespace assize
