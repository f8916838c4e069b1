// A file as it stands, as a change: every line added, so that every line can be cited.
#pragma once

#include <string>

#include "change/change.h"
#include "change/source.h"

namespace assize {

// `file.bytes` becomes the storage of the result, which is also its post-image. A link is one line: its target.
FileChange change_of_whole_file(std::string path, TreeFile file);

// The same for a file that was not read because of its size.
FileChange change_of_unread_file(std::string path, std::uint64_t size);

// Reads `paths` into the change, in their order, each at most max_file, together at most patch.max_bytes; what is
// larger is there as unread, and what may not be read as unreadable. What is gone is left out; what is no file (a
// repository of its own) is a warning. A path that the change has already is joined to it.
void add_whole_files(Change& change, const std::vector<std::string>& paths, FileTree& tree, const ReadLimits& limits);

}  // namespace assize
