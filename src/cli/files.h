// Reading and writing whole files and streams, with errors that name the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace assize {

// Errors not_found, io, and invalid when the file holds more than `max_bytes`.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);
// Standard input to its end; `name` is the option or argument that asked for it.
Result<std::string> read_stdin(std::size_t max_bytes, std::string_view name);

enum class FileMode { shared = 0644, secret = 0600 };
// Either the whole new content is there afterwards, or what was there before. What is no regular file (a pipe,
// /dev/null) is written as it is. Error io.
Result<bool> write_file(const std::string& path, std::string_view bytes, FileMode mode);
// With its parents, 0700. Error io.
Result<bool> make_directories(const std::string& path);

enum class Written { all, broken_pipe };
// Error io: the disk is full, the descriptor is closed. REQUIRES: SIGPIPE is ignored.
Result<Written> write_stdout(std::string_view bytes);
// Best effort: nobody can be told when standard error is gone.
void write_stderr(std::string_view bytes);

}  // namespace assize
