#include "finding/code_sheet.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <tuple>

#include "core/text.h"

namespace assize {

namespace {

constexpr std::size_t kMinContained = 6;  // folded bytes: shorter pieces stand everywhere
constexpr std::size_t kMaxHits = 64;      // places that are compared with the whole quote
constexpr std::size_t kMaxQuoteLines = 40;
constexpr std::size_t kMaxGap = 3;  // lines of the file that a quote may leave out between two of its own

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

// Zero-width and directional characters, soft hyphens: what an editor does not show.
std::size_t invisible_at(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  if (byte(i) == 0xC2 && (byte(i + 1) == 0xAD || byte(i + 1) == 0xA0)) return 2;
  if (byte(i) == 0xEF && byte(i + 1) == 0xBB && byte(i + 2) == 0xBF) return 3;
  if (byte(i) != 0xE2) return 0;
  if (byte(i + 1) == 0x80 &&
      ((byte(i + 2) >= 0x8B && byte(i + 2) <= 0x8F) || (byte(i + 2) >= 0xAA && byte(i + 2) <= 0xAE))) {
    return 3;
  }
  return byte(i + 1) == 0x81 && byte(i + 2) >= 0xA0 && byte(i + 2) <= 0xAF ? 3 : 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Something to recognise a line by: not a lone bracket or "else".
bool says_something(std::string_view folded) {
  std::size_t letters = 0;
  for (const char c : folded) {
    letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
  }
  return letters >= 2 && folded.size() >= 3;
}

std::string_view without_marker(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos || (line[at] != '+' && line[at] != '-')) return line;
  return line.substr(at + 1);
}

// "42 ", "42:", "42 |", "L42:" off the front.
std::string_view without_number(std::string_view line) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos) return line;
  if (line[at] == 'L' && at + 1 < line.size() && is_digit(line[at + 1])) ++at;
  const std::size_t digits = at;
  while (at < line.size() && is_digit(line[at])) ++at;
  if (at == digits || at >= line.size() || std::strchr(" \t:|", line[at]) == nullptr) return line;
  at = std::min(line.find_first_not_of(" \t:|", at), line.size());
  return line.substr(at);
}

Quote::Line forms_of(std::string_view line) {
  Quote::Line forms;
  const auto add = [&forms](std::string_view form) {
    std::string folded = fold_code(form);
    while (folded.ends_with("...")) folded.resize(folded.size() - 3);
    if (folded.ends_with("…")) folded.resize(folded.size() - 3);
    const bool known = std::find(forms.forms.begin(), forms.forms.end(), folded) != forms.forms.end();
    if (!known && says_something(folded)) forms.forms.push_back(std::move(folded));
  };
  add(line);
  add(without_marker(line));
  add(without_marker(without_number(line)));
  add(without_number(without_marker(line)));
  return forms;
}

}  // namespace

std::string fold_code(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      ++i;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      if (const std::size_t skip = invisible_at(text, i); skip > 0) {
        i += skip;
      } else {
        folded += text[i++];
      }
    } else {
      folded += c;
      ++i;
    }
  }
  return folded;
}

Quote read_quote(std::string_view text) {
  Quote quote;
  text = trim(text);
  while (text.size() > 2 && text.front() == '`' && text.back() == '`') text = text.substr(1, text.size() - 2);
  for (const std::string_view line : split_lines(text)) {
    if (trim(line).starts_with("```")) continue;
    Quote::Line forms = forms_of(line);
    if (!forms.forms.empty()) quote.lines.push_back(std::move(forms));
    if (quote.lines.size() == kMaxQuoteLines) break;
  }
  return quote;
}

void CodeSheet::add(std::uint32_t number, std::string_view text) {
  numbers_.push_back(number);
  starts_.push_back(text_.size());
  text_ += fold_code(text);
  text_ += '\n';
}

void CodeSheet::index() {
  by_hash_.reserve(numbers_.size());
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    if (!line(i).empty()) by_hash_.emplace_back(hash_of(line(i)), static_cast<std::uint32_t>(i));
  }
  std::sort(by_hash_.begin(), by_hash_.end());
}

std::string_view CodeSheet::line(std::size_t i) const {
  const std::size_t end = (i + 1 < starts_.size() ? starts_[i + 1] : text_.size()) - 1;
  return std::string_view(text_).substr(starts_[i], end - starts_[i]);
}

std::optional<LineRange> CodeSheet::within(LineRange lines) const {
  const auto first = std::lower_bound(numbers_.begin(), numbers_.end(), lines.first);
  const auto end = std::upper_bound(first, numbers_.end(), lines.last);
  if (first == end) return std::nullopt;
  return LineRange{*first, *(end - 1)};
}

std::vector<std::size_t> CodeSheet::equal_lines(std::string_view form, std::optional<std::uint32_t> around) const {
  const std::uint64_t hash = hash_of(form);
  const auto begin = std::lower_bound(by_hash_.begin(), by_hash_.end(), std::pair(hash, 0U));
  const auto end = std::upper_bound(begin, by_hash_.end(), std::pair(hash, UINT32_MAX));
  // Those of many that are nearest: positions rise with line numbers.
  auto from = begin;
  if (around && end - begin > static_cast<std::ptrdiff_t>(kMaxHits)) {
    const auto near = std::lower_bound(
        begin, end, *around, [&](const auto& entry, std::uint32_t number) { return numbers_[entry.second] < number; });
    from = near - std::min<std::ptrdiff_t>(near - begin, kMaxHits / 2);
  }
  std::vector<std::size_t> hits;
  for (; from != end && hits.size() < kMaxHits; ++from) {
    if (line(from->second) == form) hits.push_back(from->second);
  }
  return hits;
}

std::vector<std::size_t> CodeSheet::containing_lines(std::string_view form) const {
  std::vector<std::size_t> hits;
  if (form.size() < kMinContained) return hits;
  for (std::size_t at = 0; hits.size() < kMaxHits && at < text_.size();) {
    const void* found = memmem(text_.data() + at, text_.size() - at, form.data(), form.size());
    if (found == nullptr) break;
    const auto offset = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
    const auto i =
        static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin()) - 1;
    hits.push_back(i);
    at = i + 1 < starts_.size() ? starts_[i + 1] : text_.size();
  }
  return hits;
}

// How many further lines of the quote follow in order after line `at`; `last` is the last of them.
std::size_t CodeSheet::rest_matched(const Quote& quote, std::size_t at, std::size_t& last) const {
  std::size_t matched = 0;
  last = at;
  for (std::size_t q = 1; q < quote.lines.size(); ++q) {
    const auto& forms = quote.lines[q].forms;
    bool found = false;
    for (std::size_t i = last + 1; !found && i < numbers_.size() && i <= last + 1 + kMaxGap; ++i) {
      found = std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
        return line(i) == form || (form.size() >= kMinContained && line(i).find(form) != std::string_view::npos);
      });
      if (found) last = i;
    }
    if (!found) break;
    ++matched;
  }
  return matched;
}

std::optional<QuoteMatch> CodeSheet::find(const Quote& quote, std::optional<std::uint32_t> around,
                                          std::uint32_t window) const {
  if (quote.empty() || empty()) return std::nullopt;
  const auto& forms = quote.lines.front().forms;
  std::vector<std::size_t> hits;
  for (const std::string& form : forms) {
    if (hits.empty()) hits = equal_lines(form, around);
  }
  for (const std::string& form : forms) {
    if (hits.empty()) hits = containing_lines(form);
  }
  if (hits.empty()) return std::nullopt;

  const auto distance = [&](std::size_t i) {
    if (!around) return 0U;
    return numbers_[i] > *around ? numbers_[i] - *around : *around - numbers_[i];
  };
  // Near first, then how much of the quote follows, then how tightly, then how near.
  struct Rank {
    bool near = false;
    std::size_t rest = 0;
    std::size_t gaps = 0;
  };
  std::optional<QuoteMatch> best;
  Rank best_rank;
  std::uint32_t best_distance = 0;
  std::size_t equally_good = 0;
  for (const std::size_t hit : hits) {
    std::size_t last = hit;
    Rank rank{.near = around && distance(hit) <= window, .rest = rest_matched(quote, hit, last)};
    rank.gaps = last - hit - rank.rest;
    const auto key = [](const Rank& r) { return std::tuple(!r.near, -static_cast<std::ptrdiff_t>(r.rest), r.gaps); };
    const bool equal = best && key(rank) == key(best_rank);
    if (equal) ++equally_good;
    if (best && !(key(rank) < key(best_rank)) && !(equal && distance(hit) < best_distance)) continue;
    if (!equal) equally_good = 1;
    best = QuoteMatch{.lines = {numbers_[hit], numbers_[last]}, .near = rank.near};
    best_rank = rank;
    best_distance = distance(hit);
  }
  best->unique = equally_good == 1;
  return best;
}

bool CodeSheet::has_line(const Quote& quote) const {
  if (quote.empty()) return false;
  const auto& forms = quote.lines.front().forms;
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::string& form) { return !equal_lines(form, std::nullopt).empty(); });
}

}  // namespace assize
