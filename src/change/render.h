// How a diff is shown to a reviewer: every line with its number, so that it can be cited, as inert text.
//
//   diff --git a/src/x.c b/src/x.c
//   --- a/src/x.c
//   +++ b/src/x.c
//   @@ -41,3 +41,3 @@ int main(void)
//     41   int n = 0;
//     42 - n += 1;            the old number of a line that is gone
//     42 + n += 2;            the new number of all others
//     43   return n;
//
// The result is UTF-8 whatever the input. Controls (NUL and a CR inside a line included) and characters that hide or
// reorder text are shown as ⟦U+202E⟧, in names too, so that no line and no name can pass for another line. The CR of a
// file whose lines all end in one is left out, and said once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "change/change.h"
#include "change/plan.h"

namespace assize {

// How wide the numbers of a file are printed, right-aligned; at least four, so that most files line up alike.
int number_width(std::uint32_t largest);
// Appends what stands before a line's text: "  42 + ".
void append_number(LineKind kind, std::uint32_t number, int width, std::string& out);

// Appends one line's bytes as inert text, cut after kMaxShownLine bytes with a note.
void append_inert(std::string_view bytes, std::string& out);

}  // namespace assize
