#include "change/change.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/hash.h"

namespace assize {

std::string_view to_string(FileKind kind) {
  switch (kind) {
    case FileKind::added:
      return "added";
    case FileKind::modified:
      return "modified";
    case FileKind::deleted:
      return "deleted";
    case FileKind::renamed:
      return "renamed";
    case FileKind::copied:
      return "copied";
    case FileKind::mode_changed:
      return "mode_changed";
  }
  return "modified";
}

MergedNumbers merge_file(FileChange& into, FileChange file) {
  const bool replaced = into.kind == FileKind::deleted && file.kind == FileKind::added;
  const bool both_have_lines = !into.hunks.empty() && !file.hunks.empty();
  if (replaced) {
    into.kind = FileKind::modified;
    into.new_path = std::move(file.new_path);
  } else if (file.kind == FileKind::deleted) {
    into.kind = FileKind::deleted;
    into.old_path = std::move(file.old_path);
    into.new_path.clear();
  } else if (into.kind == FileKind::deleted || into.kind == FileKind::mode_changed) {
    into.kind = file.kind;
    into.old_path = std::move(file.old_path);
    into.new_path = std::move(file.new_path);
  }
  if (!file.new_mode.empty()) into.new_mode = std::move(file.new_mode);
  if (into.old_mode.empty()) into.old_mode = std::move(file.old_mode);
  into.new_blob = std::move(file.new_blob);
  into.binary = into.binary || file.binary;
  into.submodule = into.submodule || file.submodule;
  into.unread = into.unread || file.unread;
  if (into.unreadable.empty()) into.unreadable = std::move(file.unreadable);
  into.damaged = into.damaged || file.damaged;
  if (file.combined) into.combined = into.combined.value_or("") + *file.combined;
  std::move(file.hunks.begin(), file.hunks.end(), std::back_inserter(into.hunks));
  for (auto& text : file.storage) {
    if (into.storage.empty() || into.storage.back() != text) into.storage.push_back(std::move(text));
  }
  into.bytes += file.bytes;
  return replaced || !both_have_lines ? MergedNumbers::of_one_state : MergedNumbers::of_different_states;
}

std::string digest_of(const Change& change) {
  Digest digest;
  digest.add("assize.change.v1").add(change.title).add(change.body);
  std::string lines;  // of one hunk: a digest call a line would cost more than the hashing
  for (const FileChange& file : change.files) {
    digest.add(to_string(file.kind)).add(file.old_path).add(file.new_path).add(file.old_mode).add(file.new_mode);
    digest.add(fmt::format("{}{}{}{}", int{file.binary}, int{file.submodule}, int{file.unread}, int{file.damaged}));
    if (file.binary || file.submodule || file.unread) digest.add(file.old_blob).add(file.new_blob);
    digest.add(file.combined.value_or("")).add(file.unreadable);
    for (const Hunk& hunk : file.hunks) {
      digest.add(fmt::format("{},{} {},{}", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count));
      lines.clear();
      for (const Line& line : hunk.lines) {
        lines += line.kind == LineKind::context ? ' ' : line.kind == LineKind::added ? '+' : '-';
        lines += line.text;
        lines += line.no_newline ? "\n\\\n" : "\n";
      }
      digest.add(hunk.section).add(lines);
    }
  }
  return digest.hex();
}

}  // namespace assize
