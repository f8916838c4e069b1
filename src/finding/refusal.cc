#include "finding/refusal.h"

#include <array>
#include <string>

#include "core/text.h"

namespace assize {

namespace {

constexpr std::size_t kMaxRefusal = 2'000;  // bytes; longer texts say more than no
constexpr std::size_t kOpening = 500;       // a refusal says so at once

constexpr std::array<std::string_view, 22> kUnable = {
    "i can't",
    "i cannot",
    "i can not",
    "i won't",
    "i will not",
    "i'm unable to",
    "i am unable to",
    "i'm not able to",
    "i am not able to",
    "i must decline",
    "i have to decline",
    "i decline",
    "i'm not going to",
    "i am not going to",
    "unable to assist",
    "unable to help",
    "can't help with",
    "cannot help with",
    "i refuse",
    "i'm not comfortable",
    "i am not comfortable",
    "i'd rather not",
};
constexpr std::array<std::string_view, 22> kAsked = {
    "help",    "assist",   "comply",  "fulfill", "fulfil",      "do that",   "do this",  "provide",
    "engage",  "continue", "proceed", "perform", "participate", "review",    "complete", "support",
    "discuss", "analyze",  "analyse", "process", "respond",     "with that",
};
constexpr std::array<std::string_view, 8> kOutright = {
    "as an ai language model", "against my guidelines", "against my policies", "violates my guidelines",
    "content policy",          "usage policies",        "usage policy",        "i must decline",
};

// Typographic apostrophes as plain ones, lower case.
std::string fold(std::string_view text) {
  std::string folded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "\xE2\x80\x99") {
      folded += '\'';
      i += 2;
    } else {
      folded += text[i];
    }
  }
  return to_lower_ascii(folded);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "name.c:12" or "line 12": it talks about code after all.
bool cites_a_place(std::string_view text) {
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const bool in_word = (text[i - 1] >= 'a' && text[i - 1] <= 'z') || is_digit(text[i - 1]);
    if (text[i] == ':' && in_word && is_digit(text[i + 1])) return true;
  }
  for (std::size_t at = text.find("line "); at != std::string_view::npos; at = text.find("line ", at + 1)) {
    if (at + 5 < text.size() && is_digit(text[at + 5])) return true;
  }
  return false;
}

}  // namespace

bool is_refusal(std::string_view prose) {
  prose = trim(prose);
  if (prose.size() > kMaxRefusal) return false;
  const std::string text = fold(prose);
  if (cites_a_place(text)) return false;
  const std::string_view opening = std::string_view(text).substr(0, kOpening);
  for (const std::string_view phrase : kOutright) {
    if (opening.find(phrase) != std::string_view::npos) return true;
  }
  for (const std::string_view unable : kUnable) {
    const std::size_t at = opening.find(unable);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = opening.substr(at, opening.find_first_of(".!?\n", at) - at);
    for (const std::string_view asked : kAsked) {
      if (rest.find(asked) != std::string_view::npos) return true;
    }
  }
  return false;
}

}  // namespace assize
