// Keeps text from outside apart from our own in a prompt: fences with a nonce that nobody outside can know. Pure.
#pragma once

#include <string>
#include <string_view>

namespace assize {

// <<<ASSIZE:<kind>:<nonce>
// text
// ASSIZE:<kind>:<nonce>>>>
//
// Anything inside that is shaped like a fence of ours, with whatever nonce, is defused (its angle brackets become ‹ and
// ›), and what could hide or reorder text is made visible. `kind` is a word of ours; `text` may be any bytes. The
// result ends in \n.
std::string fence(std::string_view kind, std::string_view nonce, std::string_view text);

// The defusing alone.
std::string defuse_fences(std::string_view text);

}  // namespace assize
