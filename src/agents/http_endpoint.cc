#include "agents/http_endpoint.h"

#include <charconv>

#include "core/text.h"

namespace assize {

namespace {

constexpr std::string_view kHint = "write it like https://host/v1 or http://127.0.0.1:11434/v1";
constexpr std::size_t kMaxUrl = 2'000;  // what servers and proxies take
constexpr std::size_t kMaxHost = 253;   // RFC 1035
constexpr std::size_t kMaxPort = 65'535;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool is_alnum(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}
bool is_unreserved(char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

Error wrong(std::string_view message) {
  return invalid("endpoint: " + std::string(message), std::string(kHint));
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kMaxHost) return false;
  for (const char c : host) {
    if (!is_alnum(c) && c != '-' && c != '.' && c != '_') return false;
  }
  return true;
}

bool is_v6(std::string_view host) {
  if (host.find(':') == std::string_view::npos) return false;
  for (const char c : host) {
    if (!is_hex(c) && c != ':' && c != '.') return false;
  }
  return true;
}

bool is_path(std::string_view path) {
  constexpr std::string_view kAlso = "/:@!$&'()*+,;=";  // RFC 3986: pchar, and what separates them
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '%') {
      if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) return false;
    } else if (!is_unreserved(c) && kAlso.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// Of "host", "host:port", "[v6]:port".
struct Authority {
  std::string_view host;
  std::string_view port;
  bool v6 = false;
};
Result<Authority> parse_authority(std::string_view text) {
  Authority result;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return wrong("its address has no closing bracket");
    result.v6 = true;
    result.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const auto colon = text.find(':');
    result.host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (result.v6 ? !is_v6(result.host) : !is_name(result.host)) return wrong("its host is no host's name or address");
  if (rest.empty()) return result;
  result.port = rest.substr(1);
  std::size_t port = 0;
  const auto [end, failure] = std::from_chars(result.port.data(), result.port.data() + result.port.size(), port);
  const bool whole = failure == std::errc() && end == result.port.data() + result.port.size();
  if (rest.front() != ':' || !whole || port == 0 || port > kMaxPort) return wrong("its port is no number up to 65535");
  return result;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1") return true;
  const auto parts = split(host, '.');
  if (parts.size() != 4 || parts.front() != "127") return false;
  for (const std::string_view part : parts) {
    unsigned number = 0;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (failure != std::errc() || end != part.data() + part.size() || number > 255) return false;
    if (part.size() > 1 && part.front() == '0') return false;  // octal to some, decimal to others
  }
  return true;
}

Result<Endpoint> parse_endpoint(std::string_view url) {
  if (url.size() > kMaxUrl) return wrong("it is too long");
  Endpoint result;
  const std::string start = to_lower_ascii(url.substr(0, 8));
  std::string_view rest;
  if (start.starts_with("https://")) {
    rest = url.substr(8);
  } else if (start.starts_with("http://")) {
    result.scheme = Scheme::http;
    rest = url.substr(7);
  } else {
    return wrong("it does not begin with https:// or http://");
  }
  if (rest.find_first_of("?#") != std::string_view::npos) return wrong("it must not have a query or a fragment");
  const auto slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (authority.find('@') != std::string_view::npos) {
    return invalid("endpoint: it must not hold a user name or a password", "name the key with api_key_env");
  }
  TRY_ASSIGN(const Authority parts, parse_authority(authority));
  if (!is_path(path)) return wrong("its path holds a character that must be written as %XX");
  while (path.ends_with('/')) path.remove_suffix(1);
  result.host = to_lower_ascii(parts.host);
  result.path = path;
  result.loopback = is_loopback_host(result.host);
  result.base = result.scheme == Scheme::https ? "https://" : "http://";
  result.base += parts.v6 ? "[" + result.host + "]" : result.host;
  if (!parts.port.empty()) result.base += ":" + std::string(parts.port);
  result.base += result.path;
  return result;
}

std::string path_segment(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

}  // namespace assize
