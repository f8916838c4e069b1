// What stands around single system calls in more than one place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assize {

// Writes to a blocking descriptor until all bytes went. 0, or the errno of the first failure (errno says the same).
int write_all(int fd, std::string_view bytes);

// The strings as exec and posix_spawn take them, ended by a null pointer; they point into `strings`.
std::vector<char*> exec_strings(const std::vector<std::string>& strings);

}  // namespace assize
