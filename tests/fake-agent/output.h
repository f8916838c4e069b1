// Writing to descriptors the way a test asks for: at once, byte by byte, or cut inside characters.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace fake_agent {

struct OutputMode {
  bool bytewise = false;
  bool split_utf8 = false;
  std::chrono::milliseconds pause{1};  // between the pieces
};

// Writes all of it; a reader that is gone ends it early.
void emit(int fd, std::string_view bytes, const OutputMode& mode);

std::string json_quote(std::string_view text);
// The whole file; exits with a message when it cannot be read.
std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view content);
std::string read_stdin();

}  // namespace fake_agent
