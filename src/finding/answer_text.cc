#include "finding/answer_text.h"

#include "core/text.h"
#include "finding/lenient_string.h"

namespace assize {

namespace {

// U+FEFF and zero-width characters, which make a text look empty or hide its first bracket.
std::string_view skip_marks(std::string_view text) {
  while (true) {
    text = trim(text);
    if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xE2\x80\x8B")) {
      text.remove_prefix(3);
    } else {
      return text;
    }
  }
}

}  // namespace

AnswerText::AnswerText(std::string_view answer) : text_(skip_marks(answer.substr(0, kMaxAnswer))) {
  if (text_.size() <= 2 || text_.front() != '"' || text_.back() != '"') return;
  JsonRepairs ignored;
  const StringScan scan = scan_lenient_string(text_, 0, unwrapped_, ignored);
  const std::string_view inner = trim(unwrapped_);
  // Two quoted texts with something between them are prose.
  if (scan.stop != text_.size() || !(inner.starts_with('{') || inner.starts_with('['))) unwrapped_.clear();
}

}  // namespace assize
