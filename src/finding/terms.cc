#include "finding/terms.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace assize {

namespace {

// Weights of the kinds of words; chosen by measuring groups of findings that people had matched by hand.
constexpr double kWord = 1.0;
constexpr double kIdentifier = 1.3;      // camelCase, snake_case, call(), a.b
constexpr double kQuoted = 1.3;          // in quotes or backticks
constexpr double kPart = 0.7;            // of an identifier: "user" of getUserName
constexpr double kDetailShare = 0.5;     // a word of the detail against one of the title
constexpr std::size_t kMaxText = 4'000;  // bytes of a text that are compared; the rest repeats

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

bool is_upper(char32_t c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char32_t c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

// Han, Kana, Hangul, Thai, Lao, Burmese, Khmer.
bool is_unspaced(char32_t c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
         (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_letter(char32_t c) {
  if (c < 0x80) return is_upper(c) || is_lower(c) || is_digit(c) || c == '_';
  const bool punctuation = c < 0xC0 || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
                           (c >= 0xFE00 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF0F) || c == 0xFFFD || c == 0xFEFF;
  return !punctuation;
}

char32_t to_lower(char32_t c) {
  const bool latin = c >= 0xC0 && c <= 0xDE && c != 0xD7;
  const bool greek = c >= 0x391 && c <= 0x3A9;
  const bool cyrillic = c >= 0x410 && c <= 0x42F;
  if (is_upper(c) || latin || greek || cyrillic) return c + 0x20;
  return c >= 0x400 && c <= 0x40F ? c + 0x50 : c;
}

// The character at `pos`, which moves behind it. The text is valid UTF-8; what is not is U+FFFD.
char32_t next_char(std::string_view text, std::size_t& pos) {
  const auto lead = static_cast<unsigned char>(text[pos++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  if (more == 0) return 0xFFFD;
  char32_t c = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if (pos >= text.size() || (static_cast<unsigned char>(text[pos]) & 0xC0) != 0x80) return 0xFFFD;
    c = (c << 6) | (static_cast<unsigned char>(text[pos++]) & 0x3F);
  }
  return c;
}

void append(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

class TermReader {
 public:
  void read(std::string_view text, double share) {
    share_ = share;
    text = text.substr(0, kMaxText);
    char32_t before = ' ';
    for (std::size_t pos = 0; pos < text.size();) {
      const std::size_t start = pos;
      const char32_t c = next_char(text, pos);
      if (is_unspaced(c)) {
        pos = unspaced(text, start);
        before = ' ';
      } else if (is_letter(c)) {
        pos = word(text, start, before);
        before = 'a';
      } else {
        before = c;
      }
    }
  }

  std::vector<Term> take() {
    std::vector<Term> terms;
    terms.reserve(counts_.size());
    for (const auto& [stem, count] : counts_) {
      terms.push_back({.id = fnv1a(stem), .stem = stem, .weight = count.kind * (1 + std::log(count.times + 1))});
    }
    std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.id < b.id; });
    return terms;
  }

 private:
  struct Count {
    double times = 0;
    double kind = 0;
  };

  void add(const std::string& stem, double kind) {
    Count& count = counts_[stem];
    count.times += share_;
    count.kind = std::max(count.kind, kind);
  }

  std::size_t unspaced(std::string_view text, std::size_t pos) {
    std::string previous;
    std::size_t length = 0;
    while (pos < text.size()) {
      const std::size_t start = pos;
      const char32_t c = next_char(text, pos);
      if (!is_unspaced(c)) {
        pos = start;
        break;
      }
      std::string current;
      append(current, c);
      if (length++ > 0) add(previous + current, kWord);
      previous = std::move(current);
    }
    if (length == 1) add(previous, kWord);
    return pos;
  }

  std::size_t word(std::string_view text, std::size_t pos, char32_t before) {
    std::string whole;               // lower case, without '_'
    std::vector<std::string> parts;  // at '_' and between lower and upper case
    char32_t last = 0;
    bool open = false;  // a part is being written
    while (pos < text.size()) {
      const std::size_t start = pos;
      const char32_t c = next_char(text, pos);
      if (!is_letter(c) || is_unspaced(c)) {
        pos = start;
        break;
      }
      if (c == '_') {
        open = false;
      } else {
        const bool hump = (is_upper(c) && is_lower(last)) || (is_lower(c) && is_upper(last) && acronym_ends(parts));
        if (hump && is_lower(c)) {
          // "HTTPServer": the last capital belongs to the new part.
          std::string head(1, parts.back().back());
          parts.back().pop_back();
          parts.push_back(std::move(head));
        } else if (!open || hump) {
          parts.emplace_back();
        }
        open = true;
        append(parts.back(), to_lower(c));
        append(whole, to_lower(c));
      }
      last = c;
    }
    finish_word(whole, parts, before, pos < text.size() ? text[pos] : ' ', pos + 1 < text.size() ? text[pos + 1] : ' ');
    return pos;
  }

  static bool acronym_ends(const std::vector<std::string>& parts) { return !parts.empty() && parts.back().size() > 1; }

  void finish_word(const std::string& whole, const std::vector<std::string>& parts, char32_t before, char after,
                   char after_that) {
    if (whole.empty() || std::all_of(whole.begin(), whole.end(), [](char c) { return is_digit(c); })) return;
    const bool quoted = before == '`' || before == '\'' || before == '"' || before == 0x201C || before == 0x2018;
    const bool linked =
        after == '(' || before == '.' || (after == '.' && (is_lower(after_that) || is_upper(after_that)));
    const bool identifier = parts.size() > 1 || linked;
    double kind = identifier ? kIdentifier : kWord;
    if (quoted) kind = std::max(kind, kQuoted);
    add(stem_of(whole), kind);
    if (parts.size() < 2) return;
    for (const std::string& part : parts) {
      if (part.size() > 1) add(stem_of(part), kPart);
    }
  }

  double share_ = 1;
  std::map<std::string, Count> counts_;
};

bool has_vowel(std::string_view word) {
  return word.find_first_of("aeiouy") != std::string_view::npos;
}

}  // namespace

std::string stem_of(std::string_view word) {
  std::string stem(word);
  const bool plain =
      std::all_of(word.begin(), word.end(), [](char c) { return is_lower(static_cast<unsigned char>(c)); });
  if (!plain || stem.size() < 4) return stem;
  const auto ends = [&stem](std::string_view suffix) { return stem.ends_with(suffix); };
  const auto cut = [&stem](std::size_t n) { stem.resize(stem.size() - n); };
  if (ends("sses")) {
    cut(2);
  } else if (ends("ies")) {
    cut(2);
    stem.back() = 'y';
    stem.resize(stem.size());
  } else if (ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
    cut(1);
  }
  for (const std::string_view suffix : {"ing", "ed"}) {
    if (!ends(suffix) || stem.size() < suffix.size() + 3) continue;
    if (!has_vowel(std::string_view(stem).substr(0, stem.size() - suffix.size()))) continue;
    cut(suffix.size());
    const std::size_t n = stem.size();
    const bool doubled = stem[n - 1] == stem[n - 2] && stem[n - 1] != 'l' && stem[n - 1] != 's' && stem[n - 1] != 'z';
    if (doubled) cut(1);
    break;
  }
  if (stem.size() > 5 && ends("ly")) cut(2);
  if (stem.size() > 3 && ends("e")) cut(1);
  if (stem.size() > 3 && ends("y")) stem.back() = 'i';
  return stem;
}

std::vector<Term> terms_of(std::string_view title, std::string_view detail) {
  TermReader reader;
  reader.read(title, 1.0);
  reader.read(detail, kDetailShare);
  return reader.take();
}

}  // namespace assize
