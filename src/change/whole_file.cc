#include "change/whole_file.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "change/line_reader.h"

namespace assize {

FileChange change_of_whole_file(std::string path, TreeFile file) {
  FileChange change;
  change.new_path = std::move(path);
  change.kind = FileKind::added;
  change.new_mode = file.type == TreeFile::Type::link ? "120000" : file.executable ? "100755" : "100644";
  const auto text = std::make_shared<const std::string>(std::move(file.bytes));
  change.storage.push_back(text);
  Hunk hunk;
  for (LineReader reader(*text); !reader.at_end(); reader.advance()) {
    hunk.lines.push_back({LineKind::added, 0, static_cast<std::uint32_t>(reader.number()), reader.line(), false});
  }
  if (hunk.lines.empty()) return change;
  hunk.lines.back().no_newline = text->back() != '\n';
  hunk.new_start = 1;
  hunk.new_count = static_cast<std::uint32_t>(hunk.lines.size());
  change.bytes = text->size() + hunk.lines.size();  // a marker for each line, as in a diff
  change.hunks.push_back(std::move(hunk));
  return change;
}

FileChange change_of_unread_file(std::string path, std::uint64_t size) {
  FileChange change;
  change.new_path = std::move(path);
  change.kind = FileKind::added;
  change.unread = true;
  change.bytes = size;
  return change;
}

void add_whole_files(Change& change, const std::vector<std::string>& paths, FileTree& tree, const ReadLimits& limits) {
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < change.files.size(); ++i) known.emplace(change.files[i].path(), i);
  std::uint64_t left = limits.patch.max_bytes.value;
  std::uint64_t lines_left = limits.patch.max_lines;
  for (const std::string& path : paths) {
    const ByteCount cap{std::min(limits.max_file.value, left)};
    auto read = tree.read(path, cap);
    FileChange file;
    if (!read && read.error().code == ErrorCode::unavailable) {
      file = change_of_unread_file(path, 0);
      file.unread = false;
      file.unreadable = read.error().message;
    } else if (!read) {
      if (read.error().code == ErrorCode::not_found) continue;
      change.warnings.push_back({path, 0, "not reviewed: " + read.error().message});
      continue;
    } else {
      const auto lines = static_cast<std::uint64_t>(std::count(read->bytes.begin(), read->bytes.end(), '\n')) + 1;
      if (read->size > cap.value || lines > lines_left) {
        file = change_of_unread_file(path, read->size);
      } else {
        left -= std::min<std::uint64_t>(left, read->bytes.size());
        lines_left -= lines;
        file = change_of_whole_file(path, std::move(*read));
      }
    }
    const auto [at, is_new] = known.try_emplace(path, change.files.size());
    if (is_new) {
      change.files.push_back(std::move(file));
    } else {
      merge_file(change.files[at->second], std::move(file));
    }
  }
}

}  // namespace assize
