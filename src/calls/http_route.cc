#include "calls/http_route.h"

#include <initializer_list>

#include "agents/http_endpoint.h"

namespace assize {
namespace {

std::string first_of(const Surroundings& world, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (auto value = world.variable(name); value && !value->empty()) return *value;
  }
  return {};
}

// http://user:password@proxy:3128 -> password; empty when there is none.
std::string password_in(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const auto at = url.substr(0, url.find('/')).rfind('@');
  if (at == std::string_view::npos) return {};
  const auto colon = url.substr(0, at).find(':');
  return colon == std::string_view::npos ? std::string() : std::string(url.substr(colon + 1, at - colon - 1));
}

}  // namespace

HttpRoute route_to(std::string_view url, const Surroundings& world) {
  HttpRoute route;
  route.ca_file = first_of(world, {"SSL_CERT_FILE"});
  route.ca_path = first_of(world, {"SSL_CERT_DIR"});
  const auto endpoint = parse_endpoint(url.substr(0, url.find('?')));
  if (!endpoint || endpoint->loopback) return route;
  route.proxy = endpoint->scheme == Scheme::https
                    ? first_of(world, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                    : first_of(world, {"http_proxy", "all_proxy", "ALL_PROXY"});
  route.no_proxy = first_of(world, {"no_proxy", "NO_PROXY"});
  route.proxy_password = password_in(route.proxy);
  return route;
}

}  // namespace assize
