#include "calls/vendor.h"

#include <fmt/core.h>

#include "core/text.h"

namespace assize {

std::string vendor_name(const VendorOf& vendor_of, const AgentSpec& spec) {
  std::string vendor = vendor_of ? vendor_of(spec) : std::string();
  return vendor.empty() ? fmt::format("agent {}", spec.id) : vendor;
}

std::string account_of(const VendorOf& vendor_of, const AgentSpec& spec) {
  return fmt::format("{}\n{}\n{}\n{}", vendor_name(vendor_of, spec), authority_of(spec.endpoint), spec.api_key_env,
                     spec.api_key_file);
}

std::string authority_of(std::string_view endpoint) {
  if (const auto scheme = endpoint.find("://"); scheme != std::string_view::npos) endpoint.remove_prefix(scheme + 3);
  endpoint = endpoint.substr(0, endpoint.find_first_of("/?#\\"));
  if (const auto user = endpoint.rfind('@'); user != std::string_view::npos) endpoint.remove_prefix(user + 1);
  return to_lower_ascii(endpoint);
}

bool is_on_loopback(std::string_view endpoint) {
  const std::string authority = authority_of(endpoint);
  std::string_view host = authority;
  if (host.starts_with('[')) return host.starts_with("[::1]") && (host.size() == 5 || host[5] == ':');
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  // Digits and dots only, so that 127.0.0.1.example.org is not taken for an address.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace assize
