// Runs git to its end, blocking: no event loop, no shell, one child. For sys/git.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/units.h"
#include "core/workspace.h"

namespace assize {

struct GitProcess {
  std::string program;            // absolute path
  std::vector<std::string> args;  // without argv[0]; the first that is no option of git itself is named in messages
  std::vector<std::string> env;   // "NAME=value"; the whole environment
  std::string cwd;
  Millis deadline{120'000};
  ByteCount max_output{256ULL << 20};
};

// Error timed_out (git is killed), unavailable when the program is not there, io. Output past the cap: git is killed,
// and the answer is marked as cut. Of standard error, 64 KiB are kept.
Result<GitAnswer> run_git_process(const GitProcess& process, std::string_view input);

}  // namespace assize
