// Numbered code around an anchor, as a verifier is shown it. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "change/change.h"
#include "core/finding.h"

namespace assize {

inline constexpr std::uint32_t kExcerptContext = 20;  // spec: ±20 lines, as for the expanded context

// The lines of the anchor with `context` lines on either side, in the form of change/render.h (inert, numbered, `+` and
// `-` where the diff shows so), from the post-image where it is known, else from the lines of the diff. Empty: the
// anchor has no lines, or nothing near them is known. Long anchors are cut in the middle, and that is said.
std::string render_excerpt(const Change& change, const PostImages& images, const Anchor& anchor, std::uint32_t context);

}  // namespace assize
