// The base URL of a model server, taken apart and held to what is allowed: nothing secret in it, nothing that two
// readers of URLs could understand differently. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace assize {

enum class Scheme { http, https };

struct Endpoint {
  Scheme scheme = Scheme::https;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::string path;  // "" or "/v1": no slash at its end
  std::string base;  // the whole again: scheme, host, port and path
  bool loopback = false;
};

// Error invalid: no http(s) URL, or one with a user name, a password, a query, a fragment, or a character that has no
// place there. The message never repeats the URL, which might hold a key.
Result<Endpoint> parse_endpoint(std::string_view url);

// localhost, 127.0.0.0/8 in four decimal numbers, ::1. Other ways to write these are not taken for loopback.
bool is_loopback_host(std::string_view host);

// One segment of a path: everything but unreserved characters becomes %XX (RFC 3986, 2.3).
std::string path_segment(std::string_view text);

}  // namespace assize
