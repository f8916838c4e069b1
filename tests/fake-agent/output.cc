#include "output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace fake_agent {
namespace {

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

std::string read_all(int fd) {
  std::string content;
  char piece[65536];
  for (;;) {
    const ssize_t got = ::read(fd, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return content;
    content.append(piece, static_cast<std::size_t>(got));
  }
}

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

void emit(int fd, std::string_view bytes, const OutputMode& mode) {
  if (!mode.bytewise && !mode.split_utf8) {
    write_all(fd, bytes);
    return;
  }
  std::size_t start = 0;
  for (std::size_t i = 1; i <= bytes.size(); ++i) {
    const bool cut = i == bytes.size() || mode.bytewise || continues_character(bytes[i]);
    if (!cut) continue;
    if (!write_all(fd, bytes.substr(start, i - start))) return;
    start = i;
    std::this_thread::sleep_for(mode.pause);
  }
}

std::string json_quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::fprintf(stderr, "fake-agent: cannot read %s\n", path.c_str());
    std::exit(99);
  }
  std::string content = read_all(fd);
  ::close(fd);
  return content;
}

void write_file(const std::string& path, std::string_view content) {
  const std::string fresh = path + ".new";  // complete when it appears
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || !write_all(fd, content)) {
    std::fprintf(stderr, "fake-agent: cannot write %s\n", path.c_str());
    std::exit(99);
  }
  ::close(fd);
  ::rename(fresh.c_str(), path.c_str());
}

std::string read_stdin() {
  return read_all(STDIN_FILENO);
}

}  // namespace fake_agent
