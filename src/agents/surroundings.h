// The real world as a probe may see it: our environment, PATH, and small files. Reads only; runs nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agents/adapter.h"

namespace assize {

inline constexpr std::size_t kMaxSmallFile = 1U << 20;

std::unique_ptr<Surroundings> real_surroundings();

// The bytes of a regular file of at most kMaxSmallFile; nothing for anything else (a pipe would block).
std::optional<std::string> read_small_file(std::string_view path);

// The absolute path of an executable file: by its path when `name` has a slash, else the first on `path_variable`.
// Entries of PATH that are not absolute are passed over: they would run what a repository brings along.
std::optional<std::string> find_on_path(std::string_view name, std::string_view path_variable);

}  // namespace assize
