// Text helpers that every folder needs. All of them take any bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assize {

// Replaces each maximal invalid UTF-8 sequence by U+FFFD. Linear.
std::string to_valid_utf8(std::string_view bytes);
bool is_valid_utf8(std::string_view bytes);

enum class Newlines { keep, to_space };
// Removes what can move a cursor, change colours or hide text: ANSI escape sequences (CSI, OSC, …), C0 and C1 controls
// but \n and \t, DEL. Invisible and bidirectional format characters are shown as ⟦U+202E⟧. Input must be valid UTF-8.
std::string strip_controls(std::string_view text, Newlines newlines);

// At most `max_bytes`, cut at a character boundary, with "…" when something was cut (the mark counts).
std::string cap_bytes(std::string_view text, std::size_t max_bytes);

std::string_view trim(std::string_view text);  // ASCII white space
std::string to_lower_ascii(std::string_view text);
std::vector<std::string_view> split_lines(std::string_view text);  // at \n; a \r before it is dropped; no empty tail
std::vector<std::string_view> split(std::string_view text, char separator);
bool contains_ascii_nocase(std::string_view haystack, std::string_view needle);

// The candidate with the smallest edit distance to `word`, if that is at most a third of its length; else empty.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace assize
