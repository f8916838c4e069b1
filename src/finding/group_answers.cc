#include "finding/group_answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "finding/normalise.h"

namespace assize {

namespace {

constexpr std::size_t kExamples = 5;  // of ids in one warning
constexpr std::size_t kIdBytes = 40;  // of an id in a warning

bool is_group_key(std::string_view key) {
  return std::any_of(kGroupKeys.begin(), kGroupKeys.end(), [&](std::string_view name) { return same_key(key, name); });
}

}  // namespace

void Complaint::add(std::string_view id) {
  ++count_;
  if (examples_.size() >= kExamples) return;
  std::string example = clean_line(id, kIdBytes);
  if (example.empty()) example = "?";
  if (std::find(examples_.begin(), examples_.end(), example) == examples_.end()) {
    examples_.push_back(std::move(example));
  }
}

void Complaint::tell(std::vector<std::string>& warnings) const {
  if (count_ == 0) return;
  std::string warning = fmt::format("{}: {}", text_, fmt::join(examples_, ", "));
  if (count_ > examples_.size()) warning += fmt::format(" ({} in all)", count_);
  warnings.push_back(std::move(warning));
}

std::vector<std::vector<JsonRef>> sort_by_group(const ListedAnswer& answer, std::span<const std::string> asked,
                                                Complaint& unknown) {
  const GroupIds ids(asked);
  std::vector<std::vector<JsonRef>> sorted(asked.size());
  for (const ListedAnswer::Item& item : answer.items()) {
    // Every name that it gives must mean the same group. "id" counts only where nothing else names one.
    std::string_view said = item.key;
    std::optional<std::size_t> group = item.key.empty() ? std::nullopt : ids.find(item.key);
    bool one = item.key.empty() || group.has_value();
    const bool named = item.value.find("group") || item.value.find("groupid") || !item.key.empty();
    for (JsonRef member = item.value.first(); member; member = member.next()) {
      if (!is_group_key(member.key()) || (named && same_key(member.key(), "id"))) continue;
      const std::optional<std::size_t> meant = ids.find(member);
      one = one && meant && (!group || *group == *meant);
      if (said.empty() || !meant) said = said_by(member);
      group = meant;
    }
    if (one && group) {
      sorted[*group].push_back(item.value);
    } else {
      unknown.add(said);
    }
  }
  return sorted;
}

std::string text_under(JsonRef item, std::span<const std::string_view> names, std::size_t max_bytes) {
  for (const std::string_view name : names) {
    const JsonRef value = item.find(name);
    if (value.is(JsonKind::string)) return clean_line(value.text(), max_bytes);
    if (!value.is(JsonKind::array)) continue;
    std::string joined;
    for (JsonRef part = value.first(); part && joined.size() < max_bytes; part = part.next()) {
      if (!part.is(JsonKind::string)) continue;
      if (!joined.empty()) joined += ", ";
      joined += clean_line(part.text(), max_bytes);
    }
    if (!joined.empty()) return clean_line(joined, max_bytes);
  }
  return {};
}

std::string_view word_of(JsonRef value) {
  if (value.is(JsonKind::boolean)) return value.truth() ? "true" : "false";
  return value.is(JsonKind::string) ? value.text() : std::string_view();
}

}  // namespace assize
