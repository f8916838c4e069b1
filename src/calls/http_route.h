// By which way a URL is reached: proxies and certificates as the user's environment says. Pure but for the
// surroundings.
#pragma once

#include <string>
#include <string_view>

#include "agents/adapter.h"

namespace assize {

struct HttpRoute {
  std::string proxy;     // empty: none
  std::string no_proxy;  // hosts that are reached without it
  std::string ca_file;   // empty: the system's
  std::string ca_path;
  // Of a proxy's URL; never shown.
  std::string proxy_password;
};

// Loopback is never reached through a proxy. Variables as curl reads them: https_proxy, HTTPS_PROXY or http_proxy
// (never HTTP_PROXY, which a CGI client can set), else all_proxy, ALL_PROXY; no_proxy, NO_PROXY. SSL_CERT_FILE and
// SSL_CERT_DIR as OpenSSL reads them.
HttpRoute route_to(std::string_view url, const Surroundings& world);

}  // namespace assize
