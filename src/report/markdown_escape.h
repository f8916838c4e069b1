// Text from outside, made safe inside GitHub-flavoured Markdown (GitLab's too). Each function returns text that shows
// as the words that were given and does nothing: no link, mention, reference, image, HTML, emphasis, table cell or
// block. Mentions, references and bare addresses are found by the services after rendering, where a backslash does not
// help; a zero-width space (as the entity &#8203;) after the character that starts them does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// A text may be max_bytes long before it is escaped and twice that after; what is cut ends in "…".
namespace assize::report {

// For running Markdown text and table cells. One line: newlines become spaces. It may
// follow a list marker, but must not start a line by itself.
std::string md_line(std::string_view text, std::size_t max_bytes);

// Like md_line, but the lines of the text stay apart, by <br>. Still one line of Markdown, so no block can start in it.
std::string md_text(std::string_view text, std::size_t max_bytes);

// For raw HTML, such as inside <summary>, where Markdown is not read. One line.
std::string html_line(std::string_view text, std::size_t max_bytes);

// A fenced block with one line of code, newline included; the fence is longer than any run of backticks inside.
std::string md_code_block(std::string_view code, std::size_t max_bytes);

}  // namespace assize::report
