#include "sys/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <set>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so itself
}

namespace assize {
namespace {

// Files of /proc have no size. `limit` bounds what a process can make us read (its environment is as big as it likes).
std::optional<std::string> read_proc(const std::string& path, std::size_t limit) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string content;
  char piece[8192];
  while (content.size() < limit) {
    const ssize_t got = ::read(file.get(), piece, sizeof piece);
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    content.append(piece, static_cast<std::size_t>(got));
  }
  return content;
}

template <class F>
void for_each_number_in(const std::string& directory, F&& visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(directory.c_str()), &::closedir);
  if (!entries) return;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string_view name = entry->d_name;
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) visit(number);
  }
}

void append_numbers(std::string_view text, std::vector<pid_t>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    pid_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc()) {
      ++at;
      continue;
    }
    numbers.push_back(number);
    at = next;
  }
}

// For kernels without CONFIG_PROC_CHILDREN.
std::vector<pid_t> children_by_scan(pid_t parent) {
  std::vector<pid_t> result;
  for_each_number_in("/proc", [&](pid_t pid) {
    if (const auto facts = process_facts(pid); facts && facts->parent == parent) result.push_back(pid);
  });
  return result;
}

bool kernel_lists_children() {
  static const bool known = ::access("/proc/thread-self/children", R_OK) == 0;
  return known;
}

}  // namespace

std::optional<ProcessFacts> process_facts(pid_t pid) {
  const auto stat = read_proc(fmt::format("/proc/{}/stat", pid), 4096);
  if (!stat) return std::nullopt;
  // pid (comm) state ppid pgrp session …; comm may hold anything, so look for the last parenthesis.
  const std::size_t close = stat->rfind(')');
  if (close == std::string::npos || close + 2 >= stat->size()) return std::nullopt;
  std::string_view rest = std::string_view(*stat).substr(close + 2);
  ProcessFacts facts;
  facts.pid = pid;
  facts.state = rest.front();
  constexpr int kParent = 1, kSession = 3, kStartTime = 19;  // places after comm, state being 0 (proc(5))
  for (int place = 0; place <= kStartTime && !rest.empty(); ++place) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    const char* const first = rest.data();
    if (place == kParent) std::from_chars(first, first + space, facts.parent);
    if (place == kSession) std::from_chars(first, first + space, facts.session);
    if (place == kStartTime) std::from_chars(first, first + space, facts.start_time);
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return facts;
}

std::vector<pid_t> children_of(pid_t pid) {
  if (!kernel_lists_children()) return children_by_scan(pid);
  std::vector<pid_t> result;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  for_each_number_in(tasks, [&](pid_t thread) {
    constexpr std::size_t kListLimit = std::size_t{1} << 20;
    if (const auto list = read_proc(fmt::format("{}/{}/children", tasks, thread), kListLimit)) {
      append_numbers(*list, result);
    }
  });
  return result;
}

std::vector<ProcessFacts> descendants_of(pid_t pid) {
  std::vector<ProcessFacts> result;
  std::vector<pid_t> pending = children_of(pid);
  std::set<pid_t> seen(pending.begin(), pending.end());
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const pid_t child = pending[i];
    const auto facts = process_facts(child);
    if (!facts) continue;
    result.push_back(*facts);
    for (const pid_t grandchild : children_of(child)) {
      if (seen.insert(grandchild).second) pending.push_back(grandchild);  // it may change parents while we look
    }
  }
  return result;
}

bool carries_marker(pid_t pid, std::string_view value) {
  constexpr std::size_t kEnvironmentLimit = std::size_t{4} << 20;
  const auto environment = read_proc(fmt::format("/proc/{}/environ", pid), kEnvironmentLimit);
  if (!environment) return false;
  const std::string wanted = fmt::format("{}={}", kCallMarker, value);
  std::string_view rest = *environment;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (rest.substr(0, end) == wanted) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

UniqueFd kill_process(const ProcessFacts& process) {
  UniqueFd handle(::pidfd_open(process.pid, 0));
  if (!handle) return {};
  // The number may have been given to another process since it was read.
  const auto now = process_facts(process.pid);
  if (!now || !(*now == process)) return {};
  ::pidfd_send_signal(handle.get(), SIGKILL, nullptr, 0);
  return handle;
}

}  // namespace assize
