// Conditions that a pattern over one line cannot state. Each answers: is this match really one? They look at no more
// than kGuardWindow lines around the match.
#pragma once

#include "agents/lint/rule.h"

namespace assize::lint {

// Groups 1 and 2 are the same text (RE2 has no back-references).
bool same_operands(const Source& source, std::size_t line, Captures captures);
// The next line of code is nothing but what swallows an error: pass, continue, a closing brace.
bool nothing_follows(const Source& source, std::size_t line, Captures captures);
// Group 1 is a parameter or variable that is declared as a pointer, not as an array.
bool declared_pointer(const Source& source, std::size_t line, Captures captures);
// Group 1 was freed here and the next line of code reads it.
bool used_on_next_line(const Source& source, std::size_t line, Captures captures);
// No length of the copied text was taken with room for its NUL just above.
bool not_sized_above(const Source& source, std::size_t line, Captures captures);
// The names put into the statement are not lists of placeholders ("?, ?, ?").
bool interpolates_values(const Source& source, std::size_t line, Captures captures);
// Something about a password stands on this line or just above.
bool about_passwords(const Source& source, std::size_t line, Captures captures);
// Group 1 looks drawn at random: long, mixed, not a word, a path or a placeholder.
bool looks_random(const Source& source, std::size_t line, Captures captures);
// The statement that begins here ends without a WHERE.
bool statement_lacks_where(const Source& source, std::size_t line, Captures captures);
// The file is a workflow, and the line is part of a `run:` block.
bool in_run_block(const Source& source, std::size_t line, Captures captures);
// The file is a workflow that pull_request_target starts.
bool started_by_pull_request_target(const Source& source, std::size_t line, Captures captures);
// No later instruction of the file sets another user.
bool last_user(const Source& source, std::size_t line, Captures captures);
// The script does not stop by itself when a command fails, as far as can be seen.
bool script_goes_on(const Source& source, std::size_t line, Captures captures);
// The code is not a test.
bool not_a_test(const Source& source, std::size_t line, Captures captures);
// The next line of code closes the body before its error was looked at.
bool body_closed_unchecked(const Source& source, std::size_t line, Captures captures);
// No stage of the file is called as group 1 (FROM build).
bool not_a_stage(const Source& source, std::size_t line, Captures captures);

}  // namespace assize::lint
