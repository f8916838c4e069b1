#include "change/attributes.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <set>

#include "change/diff_paths.h"
#include "core/text.h"

namespace assize {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20U;  // a larger .gitattributes says nothing
constexpr std::string_view kAttribute = "linguist-generated";

bool is_object_name(std::string_view text) {
  return text.size() >= 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "linguist-generated", "linguist-generated=true" and "=false", "-linguist-generated" and "!linguist-generated".
std::optional<bool> value_in(std::string_view attributes) {
  std::optional<bool> value;
  while (!attributes.empty()) {
    const std::size_t begin = attributes.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) break;
    attributes.remove_prefix(begin);
    const std::size_t end = std::min(attributes.find_first_of(" \t\r"), attributes.size());
    std::string_view word = attributes.substr(0, end);
    attributes.remove_prefix(end);
    const bool off = word.starts_with('-') || word.starts_with('!');
    if (off) word.remove_prefix(1);
    if (!word.starts_with(kAttribute)) continue;
    word.remove_prefix(kAttribute.size());
    if (word.empty()) value = !off;
    if (word.starts_with('=')) value = word != "=false";
  }
  return value;
}

// "src/a/x.c": "", "src", "src/a".
std::vector<std::string_view> directories_of(std::string_view path) {
  std::vector<std::string_view> directories = {std::string_view{}};
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    directories.push_back(path.substr(0, slash));
  }
  return directories;
}

using AttributesByDirectory = std::map<std::string, AttributesFile, std::less<>>;

AttributesByDirectory parse_batch(std::string_view out, const std::vector<std::string>& directories) {
  AttributesByDirectory files;
  for (const std::string& directory : directories) {
    const std::size_t end = out.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view header = out.substr(0, end);
    out.remove_prefix(end + 1);
    const std::size_t blob = header.find(" blob ");
    if (header.ends_with(" missing") || blob == std::string_view::npos) continue;
    std::size_t size = 0;
    std::from_chars(header.data() + blob + 6, header.data() + header.size(), size);
    if (size >= out.size()) break;
    AttributesFile file(size > kMaxFile ? std::string_view{} : out.substr(0, size));
    if (!file.empty()) files.emplace(directory, std::move(file));
    out.remove_prefix(size + 1);
  }
  return files;
}

bool is_generated(const AttributesByDirectory& files, std::string_view path) {
  bool generated = false;
  for (const std::string_view directory : directories_of(path)) {  // the deepest has the last word
    const auto file = files.find(directory);
    if (file == files.end()) continue;
    const std::string_view below = directory.empty() ? path : path.substr(directory.size() + 1);
    generated = file->second.is_generated(below).value_or(generated);
  }
  return generated;
}

// Whether the base can have .gitattributes in none of `directories`: there are none in the working tree, and none is
// part of a change that leads from the base to it.
bool surely_none(const Change& change, const std::vector<std::string>& directories, const World& world) {
  if (change.head != "working tree" || !is_object_name(change.base)) return false;
  const auto is_attributes = [](std::string_view path) { return path.ends_with(".gitattributes"); };
  for (const FileChange& file : change.files) {
    if (is_attributes(file.old_path) || is_attributes(file.new_path)) return false;
  }
  return std::all_of(directories.begin(), directories.end(), [&](const std::string& directory) {
    const auto file = world.tree->read(directory + (directory.empty() ? "" : "/") + ".gitattributes", ByteCount{0});
    return !file && file.error().code == ErrorCode::not_found;
  });
}

}  // namespace

AttributesFile::AttributesFile(std::string_view text) {
  for (std::string_view line : split_lines(text)) {
    line = trim(line);
    if (line.empty() || line[0] == '#' || line.starts_with("[attr]")) continue;
    std::string pattern;
    if (auto quoted = unquote_c(line)) {
      pattern = std::move(quoted->name);
      line.remove_prefix(quoted->consumed);
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
      pattern = std::string(line.substr(0, end));
      line.remove_prefix(end);
    }
    const std::optional<bool> value = value_in(line);
    if (!value || pattern.starts_with('!')) continue;
    if (auto glob = Glob::parse(pattern)) rules_.push_back({std::move(*glob), *value});
  }
}

std::optional<bool> AttributesFile::is_generated(std::string_view path) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->glob.matches_itself(path)) return rule->generated;
  }
  return std::nullopt;
}

Result<std::function<bool(std::string_view path)>> generated_by_base(const Change& change, const World& world) {
  std::function<bool(std::string_view)> unknown;
  if (world.git == nullptr) return unknown;
  std::set<std::string> distinct;
  for (const FileChange& file : change.files) {
    for (const std::string_view directory : directories_of(file.path())) {
      if (directory.find('\n') == std::string_view::npos) distinct.emplace(directory);
    }
  }
  if (distinct.empty()) return unknown;
  const std::vector<std::string> directories(distinct.begin(), distinct.end());
  if (surely_none(change, directories, world)) return unknown;
  const std::string base = is_object_name(change.base) ? change.base : "HEAD";
  std::string names;
  for (const std::string& directory : directories) {
    names += base + ":" + directory + (directory.empty() ? "" : "/") + ".gitattributes\n";
  }
  TRY_ASSIGN(const GitAnswer answer, world.git->run({"cat-file", "--batch"}, names));
  auto files = std::make_shared<const AttributesByDirectory>(parse_batch(answer.out, directories));
  if (files->empty()) return unknown;
  return std::function<bool(std::string_view)>(
      [files = std::move(files)](std::string_view path) { return is_generated(*files, path); });
}

}  // namespace assize
