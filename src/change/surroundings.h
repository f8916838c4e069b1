// The unchanged code around each hunk, for reviewers in expanded context. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "change/change.h"
#include "change/plan.h"

namespace assize {

inline constexpr std::uint32_t kSurroundingLines = 20;    // spec: change, "expanded"
inline constexpr ByteCount kSurroundingsBudget{100'000};  // half of the default max_bytes of a change

// Up to kSurroundingLines lines before and after each hunk of the kept files, numbered like the diff, as inert text;
// lines that the diff shows are not repeated. Files come in the change's order until `budget` is used up; what is left
// out then is said in a last line. Empty when no post-image is known.
std::string render_surroundings(const Change& change, const Plan& plan, const PostImages& images,
                                ByteCount budget = kSurroundingsBudget);

}  // namespace assize
