// Blanks comments and string literals, language by language, keeping every column where it was. A tokenizer just good
// enough for rules: linear, one pass, never fails; what it misreads ends at the end of the line or of the literal.
#pragma once

#include <string>
#include <string_view>

#include "agents/lint/language.h"

namespace assize::lint {

class Masker {
 public:
  explicit Masker(Language language) : language_(language) {}

  struct Masked {
    std::string text;  // without comments
    std::string code;  // without comments and insides of strings
  };
  // Lines in order; the state (an open comment or string) is carried from line to line.
  Masked line(std::string_view raw);
  void reset() { *this = Masker(language_); }  // lines are missing here: begin again outside of everything

 private:
  enum class Inside { code, block_comment, string, here_document };
  std::size_t open_string(std::string_view raw, std::size_t at, Masked& out);
  std::size_t inside_string(std::string_view raw, std::size_t at, Masked& out);
  void note_here_document(std::string_view raw, std::size_t at);
  bool starts_line_comment(std::string_view raw, std::size_t at) const;
  bool is_quote(std::string_view raw, std::size_t at) const;

  Language language_;
  Inside inside_ = Inside::code;
  std::string closer_;        // what ends the string
  bool escapes_ = true;       // a backslash hides the next character of the string
  bool spans_lines_ = false;  // the string may go on in the next line
  std::string here_word_;     // the word that ends the here-document
  std::string pending_here_;  // found in this line; begins with the next
};

}  // namespace assize::lint
