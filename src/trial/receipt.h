// Tells whether an endpoint was given the whole of a long prompt: a word at its start and one at its end, which the
// answer is to repeat. A server that drops the start of what does not fit says nothing about it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace assize {

struct Receipt {
  std::string first;  // eight letters each; of one run, agent and chunk
  std::string last;
};
Receipt make_receipt(std::string_view nonce, std::string_view agent, int chunk);

// The prompt between the two words, with the request to repeat them at the end of `summary`.
std::string with_receipt(const Receipt& receipt, std::string_view prompt);

// The word of the end came back and the one of the start did not. An answer with neither proves nothing.
bool was_cut(const Receipt& receipt, std::string_view answer);

// A text without the words, for reports.
std::string without_receipt(const Receipt& receipt, std::string_view text);

}  // namespace assize
