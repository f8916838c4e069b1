// Picks how a call runs by its agent's adapter: as a local process or as an HTTP exchange.
#pragma once

#include <memory>

#include "calls/port.h"
#include "calls/process_port.h"

namespace assize {

// REQUIRES: the ports outlive it. Calls of kinds that nobody knows go to `process`, which says so.
std::unique_ptr<CallPort> make_dispatcher(CallPort& process, CallPort& http, AdapterResolver resolve);

}  // namespace assize
