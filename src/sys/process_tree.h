// What /proc says about processes: who is whose child, which session it is in, and which call it belongs to.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/unique_fd.h"

namespace assize {

// The variable that marks every process of one call, and is inherited by whatever it starts.
inline constexpr std::string_view kCallMarker = "ASSIZE_CALL";

struct ProcessFacts {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  char state = '?';              // 'Z': it has ended and waits to be reaped
  std::uint64_t start_time = 0;  // with the pid it names a process for good

  bool ended() const { return state == 'Z' || state == 'X'; }
  friend bool operator==(const ProcessFacts& a, const ProcessFacts& b) {
    return a.pid == b.pid && a.start_time == b.start_time;
  }
};

// Empty: there is no such process (any more).
std::optional<ProcessFacts> process_facts(pid_t pid);
// Children of all threads of `pid`, ended ones included; empty when it is gone.
std::vector<pid_t> children_of(pid_t pid);
// All descendants of `pid`, parents before their children, without `pid` itself.
std::vector<ProcessFacts> descendants_of(pid_t pid);
// Whether the environment that the process started with has ASSIZE_CALL=`value`. False when it may not be read.
bool carries_marker(pid_t pid, std::string_view value);

// Sends KILL to exactly this process, and returns a descriptor that turns readable when it has ended; an empty one when
// it is gone already.
UniqueFd kill_process(const ProcessFacts& process);

}  // namespace assize
