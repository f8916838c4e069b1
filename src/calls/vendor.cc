#include "calls/vendor.h"

#include <fmt/core.h>

#include "agents/http_endpoint.h"

namespace assize {
namespace {

// Scheme, host and port; what cannot be read stands for itself.
std::string server_of(const std::string& endpoint) {
  const auto parsed = parse_endpoint(endpoint);
  return parsed ? parsed->base.substr(0, parsed->base.size() - parsed->path.size()) : endpoint;
}

}  // namespace

std::string vendor_name(const VendorOf& vendor_of, const AgentSpec& spec) {
  std::string vendor = vendor_of ? vendor_of(spec) : std::string();
  return vendor.empty() ? fmt::format("agent {}", spec.id) : vendor;
}

std::string account_of(const VendorOf& vendor_of, const AgentSpec& spec) {
  return fmt::format("{}\n{}\n{}\n{}", vendor_name(vendor_of, spec), server_of(spec.endpoint), spec.api_key_env,
                     spec.api_key_file);
}

}  // namespace assize
