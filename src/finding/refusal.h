// Recognises answers that decline to answer.
#pragma once

#include <string_view>

namespace assize {

// A short text that says that its author will not or cannot do what was asked, and nothing about any code. `prose` has
// no readable review in it.
bool is_refusal(std::string_view prose);

}  // namespace assize
