#include "trial/receipt.h"

#include <fmt/format.h>

#include "core/hash.h"
#include "core/text.h"

namespace assize {

namespace {

constexpr std::size_t kLetters = 8;

std::string letters(std::string_view nonce, std::string_view agent, int chunk, std::string_view which) {
  std::string word = Digest().add(nonce).add(agent).add(std::to_string(chunk)).add(which).hex().substr(0, kLetters);
  for (char& digit : word) digit = static_cast<char>(digit <= '9' ? 'g' + (digit - '0') : digit);  // letters alone
  return word;
}

}  // namespace

Receipt make_receipt(std::string_view nonce, std::string_view agent, int chunk) {
  return {letters(nonce, agent, chunk, "first"), letters(nonce, agent, chunk, "last")};
}

std::string with_receipt(const Receipt& receipt, std::string_view prompt) {
  return fmt::format(
      "The first receipt word is {}.\n\n{}\nThe last receipt word is {}. End your `summary` with both receipt words, "
      "the "
      "one from the very start of this text and this one, so that it is known that you were shown all of it.\n",
      receipt.first, prompt, receipt.last);
}

bool was_cut(const Receipt& receipt, std::string_view answer) {
  return contains_ascii_nocase(answer, receipt.last) && !contains_ascii_nocase(answer, receipt.first);
}

std::string without_receipt(const Receipt& receipt, std::string_view text) {
  std::string out(text);
  for (const std::string& word : {receipt.first, receipt.last}) {
    for (auto at = out.find(word); at != std::string::npos; at = out.find(word, at)) out.erase(at, word.size());
  }
  return std::string(trim(out));
}

}  // namespace assize
