// The process around the program: signals, the last catch, the exit code.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/cli.h"

namespace {

// A standard descriptor that the caller closed would be the number of the next file that is opened, and get what is
// meant for the stream. /dev/null the wrong way round stands in: reading and writing fail as on a closed one.
void fill_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_descriptors();
  // A reader of our output that goes away is an error of write(), not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return assize::run_cli({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "assize: internal error: %s\n", error.what());
  } catch (...) {
    std::fprintf(stderr, "assize: internal error\n");
  }
  return 2;  // nothing was decided
}
