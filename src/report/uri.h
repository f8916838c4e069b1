// Paths of a repository as URI references.
#pragma once

#include <string>
#include <string_view>

namespace assize::report {

// Every byte but '/' and RFC 3986's unreserved ones becomes %XX, so that no path is read as a scheme, query or
// fragment.
std::string percent_encode_path(std::string_view path);

// The same, for a path that may be an agent's word: empty unless it is relative and has no empty, "." or ".." part.
std::string relative_uri(std::string_view path);

}  // namespace assize::report
