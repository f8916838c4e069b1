// The report as a comment on a pull request: GitHub-flavoured Markdown. Pure.
// Every string that is not ours is escaped: it can make no link, image, mention, reference, HTML, table or heading.
#pragma once

#include <cstddef>
#include <string>

#include "core/outcome.h"

namespace assize {

struct MarkdownOptions {
  // GitHub refuses a comment of more than 65,536 characters. Bytes are counted here, which are never fewer.
  std::size_t max_bytes = 65'536;
};

// Ends with a newline; valid UTF-8; at most max_bytes (taken as 16,384 when less). What does not fit is counted in a
// note.
std::string render_markdown(const Outcome& outcome, const MarkdownOptions& options = {});

}  // namespace assize
