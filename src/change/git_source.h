// The sources that git answers: revisions, the diffs between them, the index and the working tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "change/source.h"

namespace assize {

// "1a2b3c4d5e": an object name for people.
std::string_view short_name(std::string_view object);

// What git said, as one line for an error message.
std::string first_line_of(std::string_view text);

// REQUIRES: source.kind is one that needs git, and world.git is not null.
Result<Change> read_git_change(const Source& source, const World& world, const ReadLimits& limits);

// `paths` (of the tree; "" for everything) as git sees them: tracked files, and untracked ones that it does not ignore.
struct ListedFile {
  std::string path;
  bool tracked = false;
};
Result<std::vector<ListedFile>> list_files(Git& git, const std::vector<std::string>& paths);

}  // namespace assize
