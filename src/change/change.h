// The change under review, as values. Pure.
// The text of lines is not copied: it points into FileChange::storage, which every copy of a FileChange shares. A Line
// or a Hunk that is kept apart from its file must keep the storage too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.h"

namespace assize {

enum class LineKind { context, added, removed };

struct Line {
  LineKind kind = LineKind::context;
  std::uint32_t old_no = 0;  // 0 for an added line
  std::uint32_t new_no = 0;  // 0 for a removed line
  std::string_view text;     // without the marker and the newline; raw bytes, also when they are not UTF-8
  bool no_newline = false;   // "\ No newline at end of file" follows it
};

struct Hunk {
  std::uint32_t old_start = 0, old_count = 0;
  std::uint32_t new_start = 0, new_count = 0;
  std::string section;  // what follows the second @@
  std::vector<Line> lines;
};

enum class FileKind { added, modified, deleted, renamed, copied, mode_changed };
std::string_view to_string(FileKind kind);

struct FileChange {
  std::string old_path;  // empty for an added file
  std::string new_path;  // empty for a deleted file
  FileKind kind = FileKind::modified;
  std::string old_mode, new_mode;  // "100644", …; empty when the diff does not say
  std::string old_blob, new_blob;  // object names of the "index" line, as long as it gives them; may be empty
  bool binary = false;             // git said so, or a GIT binary patch
  bool submodule = false;
  bool unread = false;     // too large to be read at all: it has no hunks, and `bytes` is the size of the file
  std::string unreadable;  // why a file that is there could not be read; it has no hunks
  bool damaged = false;    // counts in the diff did not add up: what is here is right, but something may be missing
  std::optional<std::string> combined;  // raw text of a combined diff (@@@), which has no hunks
  std::vector<Hunk> hunks;
  std::uint64_t bytes = 0;  // of this file's part of the diff
  // What the lines' text points into; more than one when a path occurs in several patches. Literals need none.
  std::vector<std::shared_ptr<const std::string>> storage;

  const std::string& path() const { return new_path.empty() ? old_path : new_path; }
};

// Joins a second entry of the same path to the first: all hunks are kept, in order. Deleted and then added is what git
// writes when a file becomes a link, and is one state; two patches of a series speak of different states.
enum class MergedNumbers { of_one_state, of_different_states };
MergedNumbers merge_file(FileChange& into, FileChange file);

struct ChangeWarning {
  std::string path;        // may be empty
  std::uint64_t line = 0;  // line of the diff, 1-based; 0 when it is about none
  std::string message;
};

struct Change {
  std::vector<FileChange> files;           // in the order of the diff; paths are unique
  std::string base, head;                  // object names, or words such as "index", "working tree"; may be empty
  std::string title, body;                 // of the commit or the pull request; untrusted; may be empty
  std::string source;                      // one line for people: "--commit HEAD (1a2b3c4)"
  std::string repository;                  // absolute path of the working tree's root; empty for a patch without one
  std::vector<std::string> private_files;  // untracked files left out because of their names (.env, keys, dumps)
  std::vector<ChangeWarning> warnings;
  std::string digest;  // of everything above that determines what is reviewed
};

// The digest of all that decides what is reviewed: title, body, paths, kinds, modes and lines; not of where the change
// came from.
std::string digest_of(const Change& change);

// Whole files after the change, by path, where they could be had. Missing: not known.
using PostImages = std::map<std::string, std::shared_ptr<const std::string>>;

}  // namespace assize
