// What a reviewer is asked to answer with: the JSON Schema, and the names in it. One place for both.
#pragma once

#include <string_view>

namespace assize {

// JSON Schema of a review, strict-mode clean: every property required, nullable where optional, none additional.
std::string_view review_schema();

}  // namespace assize
