// Plain words for rules whose own message is terse: what happens, in the terms in which a reviewer would say it. They
// make the report readable and let findings of different tools about one thing be recognised as such.
#pragma once

#include <string_view>

namespace assize::tool {

// What is wrong and what happens; empty when the tool's message has to do.
std::string_view plain_words(std::string_view rule);

}  // namespace assize::tool
