// The files below one directory, read without ever following a link inside it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/workspace.h"

namespace assize {

// A FileTree of the disk. `root` and `stand` are directories: what paths of the tree are relative to, and what paths
// that the user types are relative to. Error not_found, io.
Result<std::unique_ptr<FileTree>> open_file_tree(const std::string& root, const std::string& stand);

// A whole file of our own or of the user's; links are followed. Error not_found, io; invalid when it is over the cap.
Result<std::string> read_whole_file(const std::string& path, ByteCount cap);

// Everything that a descriptor gives until its end. Error io; invalid when it is over the cap.
Result<std::string> read_descriptor(int fd, ByteCount cap);

}  // namespace assize
