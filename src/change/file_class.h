// What a file is, judged by its name and its bytes. Only names of files count here, never those of directories.
#pragma once

#include <optional>
#include <string_view>

#include "change/change.h"

namespace assize {

// Program text by extension or well-known name (Makefile, Dockerfile, …), scripts and configuration that runs included.
bool is_source_name(std::string_view path);

// Something that a machine runs as it is: object code, archives of it, installers.
bool is_executable_name(std::string_view path);

// Keys, certificates, dumps and settings with secrets: names that are never read unless git tracks them.
bool is_private_name(std::string_view path);

// Why the name says that no person wrote the file ("lock file", "minified", …); empty when it says nothing.
struct GeneratedName {
  std::string_view rule;
  bool runs = false;  // it holds code, so that setting it aside hides something
};
std::optional<GeneratedName> generated_by_name(std::string_view path);

// Our own test, so that no attribute of the change can call text binary: a NUL, or too little text, among the first
// kBinaryProbe bytes of the changed lines, or a NUL after them.
inline constexpr std::size_t kBinaryProbe = 8'000;  // as git's buffer_is_binary
bool looks_binary(const FileChange& file);

// The lines of the change begin like a program: "#!", ELF, PE, Mach-O.
bool starts_like_program(const FileChange& file);

}  // namespace assize
