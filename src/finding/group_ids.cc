#include "finding/group_ids.h"

#include <charconv>
#include <cstdint>
#include <vector>

#include "core/text.h"

namespace assize {

namespace {

constexpr std::size_t kSeveral = SIZE_MAX;
constexpr std::size_t kIdBytes = 100;  // longer is prose

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// Lower case, without quotes, stars and brackets around it, and without the word "group" in front.
std::string fold_id(std::string_view said) {
  if (said.size() > kIdBytes) return {};
  const std::string low = to_lower_ascii(said);
  std::string_view id = low;
  const auto strip = [&id] {
    while (!id.empty() && !is_word(id.front())) id.remove_prefix(1);
    while (!id.empty() && !is_word(id.back())) id.remove_suffix(1);
  };
  strip();
  if (id.starts_with("group") && id.size() > 5 && !is_word(id[5])) id.remove_prefix(5);
  strip();
  return std::string(id);
}

// "3" of "g3"; empty when it is not letters and then a number.
std::string_view number_of(std::string_view id) {
  std::size_t at = id.size();
  while (at > 0 && is_digit(id[at - 1])) --at;
  const std::string_view letters = id.substr(0, at);
  for (const char c : letters) {
    if (!is_word(c) || is_digit(c)) return {};
  }
  return letters.empty() ? std::string_view() : id.substr(at);
}

}  // namespace

GroupIds::GroupIds(std::span<const std::string> asked) {
  const auto add = [this](std::string_view key, std::size_t index) {
    if (key.empty()) return;
    const auto [entry, is_new] = loose_.emplace(key, index);
    if (!is_new && entry->second != index) entry->second = kSeveral;
  };
  for (std::size_t i = 0; i < asked.size(); ++i) {
    exact_.emplace(asked[i], i);
    const std::string folded = fold_id(asked[i]);
    add(folded, i);
    add(number_of(folded), i);
  }
}

std::optional<std::size_t> GroupIds::find(std::string_view said) const {
  if (const auto exact = exact_.find(said); exact != exact_.end()) return exact->second;
  const auto loose = loose_.find(fold_id(said));
  if (loose == loose_.end() || loose->second == kSeveral) return std::nullopt;
  return loose->second;
}

std::optional<std::size_t> GroupIds::find(JsonRef said) const {
  std::string_view text = said_by(said);
  if (said.is(JsonKind::number) && text.ends_with(".0")) text.remove_suffix(2);
  return text.empty() ? std::nullopt : find(text);
}

std::optional<std::size_t> find_member(std::string_view said, std::string_view group, std::size_t members) {
  const std::string label = fold_id(said);
  const std::string id = fold_id(group);
  std::string_view number = label;
  if (const std::size_t dot = label.rfind('.'); dot != std::string::npos) {
    const std::string_view of = std::string_view(label).substr(0, dot);
    if (of.empty() || (of != id && of != number_of(id))) return std::nullopt;
    number = std::string_view(label).substr(dot + 1);
  }
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), position);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  return position >= 1 && position <= members ? std::optional(position - 1) : std::nullopt;
}

std::string_view said_by(JsonRef value) {
  return value.is(JsonKind::string) || value.is(JsonKind::number) ? value.text() : std::string_view();
}

}  // namespace assize
