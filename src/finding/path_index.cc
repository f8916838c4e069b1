#include "finding/path_index.h"

#include "change/render.h"
#include "core/text.h"
#include "finding/normalise.h"

namespace assize {

namespace {

constexpr std::size_t kMaxInertGrowth = 16;  // a byte becomes "⟦U+202E⟧" at most

std::string_view last_component(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool ends_with_component(std::string_view path, std::string_view suffix) {
  return path.size() > suffix.size() && path.ends_with(suffix) && path[path.size() - suffix.size() - 1] == '/';
}

bool is_absolute(std::string_view path) {
  return path.starts_with('/') || (path.size() > 2 && path[1] == ':' && path[2] == '/');
}

}  // namespace

std::string normalise_path(std::string_view cited) {
  cited = trim(cited);
  if (cited.starts_with("file://")) cited.remove_prefix(7);
  std::string path;
  path.reserve(cited.size());
  for (char c : cited) {
    if (c == '\\') c = '/';
    if (c == '/' && path.ends_with('/')) continue;
    path += c;
  }
  std::size_t skip = 0;
  while (std::string_view(path).substr(skip).starts_with("./")) skip += 2;
  return path.substr(skip);
}

void PathIndex::add(std::string_view path, std::size_t value) {
  if (path.empty() || !paths_.emplace(path, value).second) return;
  by_name_[std::string(last_component(path))].emplace_back(path);
  std::string shown;
  append_inert(path, shown);
  const std::string cleaned = clean_line(path, path.size() * kMaxInertGrowth);
  for (const std::string& form : {shown, cleaned}) {
    if (form == path) continue;
    const auto [entry, is_new] = inert_.emplace(form, path);
    if (!is_new && entry->second != path) entry->second.clear();
  }
}

std::optional<PathIndex::Found> PathIndex::exact(std::string_view path) const {
  auto entry = paths_.find(path);
  if (entry == paths_.end()) {
    const auto inert = inert_.find(path);
    if (inert == inert_.end() || inert->second.empty()) return std::nullopt;
    entry = paths_.find(inert->second);
  }
  return Found{PathMatch::one, entry->second, entry->first};
}

PathIndex::Found PathIndex::find(std::string_view cited) const {
  const std::string given = normalise_path(cited);
  if (given.empty()) return {};
  if (auto found = exact(cited)) return *found;  // names with backslashes exist
  if (auto found = exact(given)) return *found;
  std::string_view path = given;
  if (path.starts_with("a/") || path.starts_with("b/")) {
    if (auto found = exact(path.substr(2))) return *found;
  }
  if (!root_.empty()) {
    const std::string_view name = last_component(root_);
    if (path.starts_with(root_ + "/")) path.remove_prefix(root_.size() + 1);
    if (path.starts_with(name) && path.substr(name.size()).starts_with('/')) {
      if (auto found = exact(path.substr(name.size() + 1))) return *found;
    }
    if (auto found = exact(path)) return *found;
  }

  const auto named = by_name_.find(last_component(path));
  if (named == by_name_.end()) return {};
  const std::string* longer = nullptr;   // of the added ones, it ends in the cited one
  const std::string* shorter = nullptr;  // the cited one ends in it
  std::size_t longer_count = 0;
  for (const std::string& known : named->second) {
    if (ends_with_component(known, path)) {
      longer = &known;
      ++longer_count;
    }
    if (is_absolute(path) && ends_with_component(path, known) &&
        (shorter == nullptr || known.size() > shorter->size())) {
      shorter = &known;
    }
  }
  if (longer_count > 1) return {.match = PathMatch::several, .value = 0, .path = {}};
  if (longer == nullptr) longer = shorter;
  return longer == nullptr ? Found{} : exact(*longer).value_or(Found{});
}

}  // namespace assize
