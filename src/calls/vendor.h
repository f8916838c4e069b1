// Whom a call asks in the end, for what is counted by vendor: how many calls at once, used-up quotas, prices.
#pragma once

#include <functional>
#include <string>

#include "core/call.h"

namespace assize {

// The maker of the model; empty: nobody knows, and the agent stands for itself.
using VendorOf = std::function<std::string(const AgentSpec&)>;

// The vendor's name, or "agent ID" for an agent without one. An empty VendorOf knows nobody.
std::string vendor_name(const VendorOf& vendor_of, const AgentSpec& spec);

// Whose quota a call uses: the vendor's, at this server, with this key. Two agents with one login share it; the same
// model at another server, or by another key, does not.
std::string account_of(const VendorOf& vendor_of, const AgentSpec& spec);

}  // namespace assize
