// The process around the program: signals, the last catch, the exit code.
#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/cli.h"

int main(int argc, char** argv) {
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
