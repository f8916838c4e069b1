// A file as the rules see it: its lines, once as they are, once without comments, once without comments and without
// what stands inside string literals. A rule that looks for code can then not be fooled by prose. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/lint/language.h"
#include "core/call.h"

namespace assize::lint {

// A line that is longer was written by a program; of it only `raw` is kept, so that secrets are still found in it while
// no guard has to read it again and again.
inline constexpr std::size_t kMaxCodeLine = 8192;

// The three texts of a line have equal lengths: what is masked is replaced by spaces.
struct SourceLine {
  std::uint32_t number = 0;  // of the post-image
  bool added = false;
  std::string raw;
  std::string text;  // comments are blank
  std::string code;  // comments and the insides of string literals are blank; the quotes stand
};

struct Source {
  std::string path;
  Language language = Language::other;
  bool whole = false;  // all lines of the file are here, not only those that the change shows
  std::vector<SourceLine> lines;
};

// The post-image when it is known and agrees with the added lines, else the shown lines of the post-image.
Source source_of(const ScopeFile& file);

// Index of the next line that holds code, at most `kGuardWindow` lines away; npos when there is none.
inline constexpr std::size_t kGuardWindow = 60;  // keeps every rule linear: no guard looks further than this
inline constexpr std::size_t kNoLine = static_cast<std::size_t>(-1);
std::size_t next_code_line(const Source& source, std::size_t index);

}  // namespace assize::lint
