#include "agents/tool/subject.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"

namespace assize::tool {

namespace {

// A name that can stand on a command line and in a directory of its own.
bool is_plain_path(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.size() > 4096) return false;
  if (std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return false;
  const std::vector<std::string_view> parts = split(path, '/');
  return std::none_of(parts.begin(), parts.end(), [](std::string_view part) { return part == ".." || part.empty(); });
}

bool is_header(std::string_view path) {
  for (const std::string_view suffix : {".h", ".hh", ".hpp", ".hxx"}) {
    if (path.ends_with(suffix)) return true;
  }
  return false;
}

bool applies(const ScopeFile& file, const Kind* kind) {
  if (kind == nullptr || kind->languages.is_any()) return true;
  if (!kind->headers && is_header(file.path)) return false;
  const std::string_view image = *file.post_image;
  return kind->languages.has(lint::language_of(file.path, image.substr(0, image.find('\n'))));
}

}  // namespace

const std::string* Subject::file_at(std::string_view path) const {
  while (path.starts_with("./")) path.remove_prefix(2);
  const std::string* found = nullptr;
  for (const std::string& file : files) {
    if (path == file) return &file;
    const bool ends = path.starts_with('/') && path.size() > file.size() && path.ends_with(file) &&
                      path[path.size() - file.size() - 1] == '/';
    if (ends && (found == nullptr || file.size() > found->size())) found = &file;
  }
  return found;
}

Subject subject_of(const Scope& scope, const Kind* kind) {
  Subject subject;
  std::size_t bytes = 0;
  std::size_t over = 0;
  for (const ScopeFile& file : scope.files) {
    if (file.post_image == nullptr || !applies(file, kind)) continue;
    if (!is_plain_path(file.path)) {
      subject.warnings.push_back("not analysed, because of its name: " +
                                 strip_controls(to_valid_utf8(file.path), Newlines::to_space));
      continue;
    }
    bytes += file.path.size() + 3;
    if (subject.files.size() == kMaxFiles || bytes > kMaxPathBytes) {
      ++over;
      continue;
    }
    subject.files.push_back(file.path);
    auto& lines = subject.lines[file.path];
    for (const ScopeLine& line : file.lines) {
      if (line.kind == ScopeLine::Kind::removed) continue;
      std::string text = to_valid_utf8(line.text);
      if (text.ends_with('\r')) text.pop_back();
      lines[line.number] = {std::move(text), line.kind == ScopeLine::Kind::added};
    }
    if (kind == nullptr) continue;
    for (const auto& [number, line] : lines) {
      for (const std::string_view words : kind->inline_switches) {
        if (!line.added || line.text.find(words) == std::string::npos) continue;
        subject.warnings.push_back(
            fmt::format("{}:{} turns findings of {} off (\"{}\")", file.path, number, kind->name, words));
      }
    }
  }
  if (over > 0) subject.warnings.push_back(fmt::format("{} files more than one run takes were not analysed", over));
  return subject;
}

}  // namespace assize::tool
